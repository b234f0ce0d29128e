"""Reading the archive anew after the extractor has changed: `index rebuild --reextract`.

Everything is driven by the record: a capture that the present extractor has read is passed
over, so this can be killed at any moment and started again. Nothing is fetched.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hanoiwatch.model import ReadArticle
from hanoiwatch.store import Record
from indexer.bases import InReading, Submit, read_again
from indexer.extract.layouts import LayoutBook
from indexer.recording import ReadCapture, RecordCounts, record_readings
from indexer.rereading import keep_no_articles, keep_rereadings
from indexer.rescope import with_gone_sources

READ_AHEAD = 256
"""Captures in the pool at once: what this needs of memory, whatever the archive's size."""
BATCH = 32
"""Readings recorded in one transaction."""


@dataclass(slots=True)
class ReextractCounts:
    """What reading anew has done so far, of ``total`` captures."""

    total: int
    done: int = 0
    differing: int = 0
    """Read otherwise than before: headline, text, captions, byline, time or tags."""
    worse: int = 0
    """The new reading lost most of the text: the older one stays."""
    no_longer_articles: int = 0
    """The older reading stays."""
    found: int = 0
    """Articles on pages that held none so far."""
    quarantined: int = 0


class Reextraction:
    """Reads every capture that matters by the present extractor, where it has not done so."""

    def __init__(
        self,
        record: Record,
        layouts: LayoutBook,
        submit: Submit,
        clock: Callable[[], datetime],
    ) -> None:
        self._record = record
        self._layouts = layouts
        self._submit = submit
        self._clock = clock
        self._sources = with_gone_sources(record, layouts.sources)
        self._wanting = self._wanted()
        self.counts = ReextractCounts(total=len(self._wanting))

    def run(self) -> Iterator[ReextractCounts]:
        """Yields the counts after each batch."""
        flying: deque[InReading] = deque()
        for start in range(0, len(self._wanting), BATCH):
            flying += self._read(self._wanting[start : start + BATCH])
            if len(flying) >= READ_AHEAD:
                yield self._keep([flying.popleft() for _ in range(BATCH)])
        while flying:
            yield self._keep([flying.popleft() for _ in range(min(BATCH, len(flying)))])

    def _wanted(self) -> array[int]:
        sources = self._record.rereadings.sources()
        extractors = {name: self._layouts.extractor(name) for name in sources}
        return self._record.rereadings.wanting(extractors, self._layouts.extractor(None))

    def _read(self, captures: Sequence[int]) -> list[InReading]:
        by_source: dict[str, list[int]] = {}
        for capture in self._record.readings.captures(captures):
            by_source.setdefault(capture.source, []).append(capture.capture_id)
        return [
            reading
            for source, ids in by_source.items()
            for reading in read_again(
                self._record, ids, self._layouts.extractor(source), self._submit
            )
        ]

    def _keep(self, read: list[InReading]) -> ReextractCounts:
        batch = [ReadCapture(capture=capture, result=future.result()) for capture, future in read]
        ended = keep_rereadings(self._record, batch, self._clock())
        loose = [
            item for item, what in zip(batch, ended, strict=True) if what == "not-standing"
        ]  # of pages without an article
        self.counts.done += len(batch)
        self.counts.differing += ended.count("differs")
        self.counts.worse += ended.count("worse")
        self.counts.no_longer_articles += ended.count("no-article")
        self.counts.quarantined += ended.count("quarantined")
        self._keep_loose(loose)
        return self.counts

    def _keep_loose(self, batch: list[ReadCapture]) -> None:
        articles = [item for item in batch if isinstance(item.result, ReadArticle)]
        others = [item for item in batch if not isinstance(item.result, ReadArticle)]
        made = RecordCounts()
        record_readings(
            self._record, articles, self._sources, self._clock(), made
        )  # as if they had just been fetched
        self.counts.found += sum(counts.get("new", 0) for counts in made.by_source.values())
        self.counts.quarantined += keep_no_articles(self._record, others, self._clock())

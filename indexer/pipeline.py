"""From unread captures to found articles: extract in the pool, record, link, index.

Everything is driven by done-marks in the record, so this can be killed at any moment and
started again: a capture is extracted until its reading is recorded, a change is indexed until
the index has it. One process does this at a time (a lock); others leave it to that one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from hanoiwatch.clock import from_stored
from hanoiwatch.config import Config
from hanoiwatch.errors import BusyError, IndexUnavailableError
from hanoiwatch.locks import FileLock
from hanoiwatch.log import logger
from hanoiwatch.model import WarcPlace
from hanoiwatch.sources.schema import Source
from hanoiwatch.store import Record
from hanoiwatch.store.readings import UnreadCapture
from indexer.bases import Bases
from indexer.drift.judge import judge_drift
from indexer.extract.layouts import LayoutBook
from indexer.extract.worker import Desk, ReadFunction, ReadTask, read_capture
from indexer.indexing import index_changes
from indexer.linking.linker import LinkerMaker
from indexer.linking.stage import LinkCounts, LinkingStage
from indexer.pool import PoolResult, ReadingPool
from indexer.rebuild import rebuild_index
from indexer.recording import (
    Evaluate,
    ReadCapture,
    RecordCounts,
    evaluate_nothing,
    record_readings,
)
from indexer.reextract import Reextraction
from indexer.rescope import Rescoped, rescope, with_gone_sources
from indexer.search.protocol import SearchIndex
from indexer.stories.linking import StoryLinker
from indexer.takedown import finish_takedowns
from indexer.vanished import judge_vanished

READ_AHEAD = 256
"""Captures handed to the pool at once: enough to keep the workers busy between two batches."""
BATCH = 32
"""Readings recorded in one transaction: one sync of the disk for all of them."""
BATCH_SECONDS = 0.5
"""A smaller batch is recorded after this long, so that fresh articles are found soon."""
IDLE_SECONDS = 0.02
INDEX_AGAIN_SECONDS = 20.0
"""After so long an index that could not be reached is tried again; recording goes on meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineParts:
    """What a pipeline works with, as the app builds it."""

    record: Record
    index: SearchIndex
    sources: Mapping[str, Source]
    layouts: LayoutBook
    archive_folder: Path
    config: Config
    clock: Callable[[], datetime]
    read: ReadFunction = read_capture
    linker: LinkerMaker | None = None
    """None: nothing is linked."""
    evaluate: Evaluate = evaluate_nothing
    """Alerts: evaluated with every transaction that adds to the change log."""


class Pipeline:
    """The indexer's thin shell. Use it as a context manager: the pool's processes end with it."""

    def __init__(self, parts: PipelineParts) -> None:
        self._parts = parts
        self._lock = FileLock(parts.config.data_path / "locks" / "indexer.lock")
        self._pool: ReadingPool | None = None
        self._flying: dict[Future[PoolResult], UnreadCapture] = {}
        self._bases = Bases(parts.record, self._submit)
        self._read: list[ReadCapture] = []
        self._last_id = 0
        self._recorded_at = time.monotonic()
        self._stories = StoryLinker(parts.record, parts.clock)
        self._linking = _linking_stage(parts)
        self.counts = RecordCounts()
        self.index_waits = ""
        """Why the index could not be reached, while it cannot: its changes wait in the record."""
        self._index_again_at = 0.0

    def step(self) -> None:
        """Does what can be done without waiting long: hand out, collect, record, link, index."""
        if not self._lock.acquire():
            time.sleep(IDLE_SECONDS * 5)
            return
        handed = self._hand_out()
        self._collect()
        late = time.monotonic() - self._recorded_at > BATCH_SECONDS
        if len(self._read) >= BATCH or (self._read and late):
            self._keep()
        elif not handed:
            time.sleep(IDLE_SECONDS)

    def drain(self) -> None:
        """Goes on until nothing that is there now waits: not here, nor with another process."""
        newest = self._parts.record.readings.newest_capture()
        unread_count = self._parts.record.readings.unread_count
        while self._flying or self._bases or self._read or unread_count(upto=newest):
            self.step()
            if self._read and not self._flying and not self._bases:
                self._keep()
        self._judge_runs()
        last = self._parts.record.articles.last_sequence()
        while not self._lock.acquire():
            if self._has_come_to(last):
                return  # the process that holds the lock has done it
            time.sleep(IDLE_SECONDS * 5)
        self._finish()

    def has_work(self, *, of_ended_runs: bool = False) -> bool:
        """Whether any capture, or any of a run that has ended, still waits to be recorded."""
        readings = self._parts.record.readings
        if of_ended_runs:
            return readings.waits_of_ended_runs()
        return bool(readings.unread_count(upto=readings.newest_capture()))

    def settle(self) -> None:
        """Judges what vanished in the runs that have ended and makes all that was recorded
        findable. Call it where `has_work` says that nothing they brought still waits."""
        self._judge_runs()
        if not self._lock.acquire():
            return  # the process that holds the lock does it
        self._finish()

    def _finish(self) -> None:
        """What is done once for all that was recorded; also what a killed process left."""
        self._stories.link_all()
        self.link_articles()
        self.follow_log()
        parts = self._parts
        finish_takedowns(parts.record, parts.archive_folder, parts.clock)

    def _judge_runs(self) -> None:
        """What the runs that have ended say of pages that vanished, and of a site that changes."""
        parts = self._parts
        judge_vanished(parts.record, parts.clock(), self.counts, parts.evaluate)
        judge_drift(parts.record, parts.clock(), self.counts)

    def reextraction(self) -> Reextraction:
        """Reads the archive anew where another extractor had read it; run it.

        Raises BusyError as `hold` does.
        """
        self.hold()
        parts = self._parts
        return Reextraction(parts.record, parts.layouts, self._submit, parts.clock)

    def rescope(self) -> Iterator[Rescoped]:
        """Decides anew about the articles of each source whose scope has changed.

        Raises BusyError as `hold` does.
        """
        self.hold()
        yield from rescope(self._parts.record, self._parts.sources, self._parts.clock)

    def link_stories(self) -> None:
        """Finds the stories of everything that was read otherwise since they were last found."""
        self._stories.link_all()

    def link_articles(self) -> None:
        """Links everything that was read otherwise since it was last linked."""
        if self._linking is not None:
            self._linking.link_all()

    def relink(self) -> Iterator[LinkCounts]:
        """Links the archive by the registry as it is now, and brings the index up to that; says
        after each batch how far it is. Nothing where this pipeline links nothing.

        Raises BusyError as `hold` does.
        """
        self.hold()
        if self._linking is None:
            return
        self.follow_log()
        for counts in self._linking.relink():
            self.follow_log()
            yield counts

    def follow_log(self) -> None:
        """Brings the index to the end of the change log.

        One that cannot be reached stops nothing: `index_waits` says so, and the next call, of
        this process or another, goes on from where the index is.
        """
        started = time.monotonic()
        try:
            for _ in self._index_changes():
                pass
        except IndexUnavailableError as error:
            # one that takes its time to say nothing is asked more rarely still
            tried = time.monotonic() - started
            self._index_again_at = time.monotonic() + max(INDEX_AGAIN_SECONDS, 5 * tried)
            if not self.index_waits:
                logger(__name__).warning("the index waits", reason=str(error))
            self.index_waits = str(error)
        else:
            self.index_waits = ""

    def _has_come_to(self, sequence: int) -> bool:
        try:
            return self._parts.index.position() >= sequence
        except IndexUnavailableError:
            return False

    def rebuild_index(self) -> Iterator[int]:
        """Makes the index anew from the record, beside the one that answers; yields how many
        articles or changes each batch had.

        Raises BusyError as `hold` does.
        """
        self.hold()
        yield from rebuild_index(self._parts.record, self._parts.index, self._parts.clock)

    def hold(self) -> None:
        """Raises BusyError while another process extracts and indexes; else none may begin to
        before `close`."""
        if not self._lock.acquire():
            raise BusyError(
                f"process {self._lock.holder() or '?'} is extracting and indexing: wait for it "
                "to end, then run the same command again."
            )

    def _index_changes(self) -> Iterator[int]:
        return index_changes(self._parts.record, self._parts.index, self._parts.clock)

    def _hand_out(self) -> bool:
        room = READ_AHEAD - len(self._flying)
        if room < READ_AHEAD // 2:
            return False
        unread = self._parts.record.readings.unread(after=self._last_id, limit=room)
        for capture in unread:
            self._flying[self._submit(capture)] = capture
            self._last_id = capture.capture_id
        return bool(unread)

    def _submit(self, capture: UnreadCapture) -> Future[PoolResult]:
        return self._pool_().submit(_task(capture))

    def _pool_(self) -> ReadingPool:
        if self._pool is None:
            crawl = self._parts.config.crawl
            self._pool = ReadingPool(
                workers=crawl.extract_workers,
                timeout_seconds=crawl.extract_timeout_seconds,
                desk=Desk(
                    archive_folder=self._parts.archive_folder,
                    layouts=self._parts.layouts,
                    linker=self._parts.linker,
                ),
                function=self._parts.read,
            )
        return self._pool

    def _collect(self) -> None:
        """What has come, each page's captures in their order."""
        self._read += self._bases.ready(self._parts.clock(), self.counts)
        behind = self._bases.waiting_pages()
        for future, capture in list(self._flying.items()):
            if capture.page_id in behind or not future.done():
                behind.add(capture.page_id)
                continue
            del self._flying[future]
            fresh = ReadCapture(capture=capture, result=future.result())
            if self._bases.take(fresh):
                behind.add(capture.page_id)
            else:
                self._read.append(fresh)

    def _keep(self) -> None:
        started = time.monotonic()
        parts = self._parts
        record_readings(
            parts.record, self._read, parts.sources, parts.clock(), self.counts, parts.evaluate
        )
        recorded, self._read = len(self._read), []
        self._stories.link_changed()
        if self._linking is not None:
            self._linking.link_changed()
        if time.monotonic() >= self._index_again_at:
            self.follow_log()
        self._recorded_at = time.monotonic()
        seconds = round(self._recorded_at - started, 3)
        logger(__name__).info("recorded", readings=recorded, seconds=seconds)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _linking_stage(parts: PipelineParts) -> LinkingStage | None:
    if parts.linker is None:
        return None
    sources = with_gone_sources(parts.record, parts.sources)
    return LinkingStage(parts.record, parts.linker, sources, parts.clock)


def _task(capture: UnreadCapture) -> ReadTask:
    return ReadTask(
        place=WarcPlace(
            file=capture.file,
            offset=capture.offset,
            length=capture.length,
            record_id=capture.record_id,
        ),
        url=capture.url,
        content_type=capture.content_type,
        status=capture.status,
        captured_at=from_stored(capture.fetched_at),
        source=capture.source,
        first_seen_at=from_stored(capture.first_seen_at),
    )

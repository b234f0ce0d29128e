"""The other half of a comparison: captures read earlier by an extractor that is not ours now.

A fresh reading is compared with the article's present one only if both are by one extractor.
Where they are not, the article's captures are read by the fresh one's extractor first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from hanoiwatch.model import CaptureId, ReadArticle
from hanoiwatch.store import Record
from hanoiwatch.store.readings import UnreadCapture
from hanoiwatch.store.rereadings import Base
from indexer.pool import PoolResult
from indexer.recording import ReadCapture, RecordCounts, identity_of
from indexer.rereading import keep_rereadings

NO_BASE = "no-base"
"""Counted where the earlier capture of an article cannot be read as one any more: then nobody
can say whether the fresh one was edited."""

Submit = Callable[[UnreadCapture], Future[PoolResult]]
"""Hands a capture to the pool."""

InReading = tuple[UnreadCapture, Future[PoolResult]]


def read_again(
    record: Record, captures: Sequence[int], extractor: str, submit: Submit
) -> list[InReading]:
    """The captures, each with what ``extractor`` makes of it; what it made of one before is
    taken from the record."""
    kept = record.rereadings.kept(captures, extractor)
    reading: list[InReading] = []
    for capture in record.readings.captures(captures):
        done = kept.get(capture.capture_id)
        reading.append((capture, submit(capture) if done is None else _done(done)))
    return reading


def _done(result: PoolResult) -> Future[PoolResult]:
    future: Future[PoolResult] = Future()
    future.set_result(result)
    return future


@dataclass(slots=True)
class _Waiting:
    """A fresh reading, and the captures that are being read before it can be judged."""

    fresh: ReadCapture
    base: Base
    reading: list[InReading]


class Bases:
    """Fresh readings go in, and come out when they can be judged, in the order of each page."""

    def __init__(self, record: Record, submit: Submit) -> None:
        self._record = record
        self._submit = submit
        self._waiting: deque[_Waiting] = deque()

    def __bool__(self) -> bool:
        """Something waits for its base."""
        return bool(self._waiting)

    def waiting_pages(self) -> set[int]:
        """Pages that nothing newer may be recorded of before."""
        return {one.fresh.capture.page_id for one in self._waiting}

    def take(self, fresh: ReadCapture) -> bool:
        """Keeps ``fresh`` back until its base is read; False where it can be judged at once."""
        if not isinstance(fresh.result, ReadArticle):
            return False
        base = self._record.rereadings.base(
            page_id=fresh.capture.page_id,
            url=identity_of(fresh.capture, fresh.result.content.url),
            extractor=fresh.result.extractor,
        )
        if base is None:
            return False
        reading = read_again(self._record, base.captures, fresh.result.extractor, self._submit)
        self._waiting.append(_Waiting(fresh=fresh, base=base, reading=reading))
        return True

    def ready(self, now: datetime, counts: RecordCounts) -> list[ReadCapture]:
        """Records the bases that have come. Returns the fresh readings that waited for them."""
        done = [one for one in self._waiting if all(future.done() for _, future in one.reading)]
        if not done:
            return []
        self._waiting = deque(one for one in self._waiting if one not in done)
        read = [
            ReadCapture(capture=capture, result=future.result())
            for one in done
            for capture, future in one.reading
        ]
        ended = keep_rereadings(self._record, read, now)
        based = {
            item.capture.capture_id
            for item, what in zip(read, ended, strict=True)
            if what in ("same", "differs", "not-standing")
        }
        _count(done, based, counts)
        return [one.fresh for one in done]


def _count(done: Sequence[_Waiting], based: set[CaptureId], counts: RecordCounts) -> None:
    for one in done:
        if one.base.current not in based:
            counts.add(one.fresh.capture.source, NO_BASE)

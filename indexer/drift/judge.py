"""Judging the fresh readings of every source against its history, when a crawl has ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection

from hanoiwatch.clock import to_stored
from hanoiwatch.log import logger
from hanoiwatch.store import Record
from hanoiwatch.store.drift import (
    Shape,
    add_collapses,
    earlier_of_page,
    history,
    keep_judged,
    new_shapes,
)
from hanoiwatch.store.engine import write
from indexer.drift.collapse import collapses
from indexer.drift.suspects import History, suspicion
from indexer.drift.usual import YOUNG
from indexer.recording import RecordCounts

COMPARED = 200
"""The newest pages of a source: about two days of a large paper, two weeks of a small one."""
RARE = 0.03
"""Of a first run's pages: what so few have, and nearly all have otherwise, is strange too."""
LEARNED_AFTER = timedelta(days=7)
"""What was suspect for so long and was not mended is how the source is now."""


def judge_drift(record: Record, now: datetime, counts: RecordCounts) -> None:
    """Judges what was read since it was last done, source by source and run by run.

    Killed anywhere, nothing is lost: what was not judged is judged the next time.
    """
    if not record.drifts.any_new():
        return
    with write(record.engine) as connection:
        fresh = sorted(new_shapes(connection), key=lambda one: (one.source, one.run_id, one.id))
        for (source, run_id), group in groupby(fresh, key=lambda one: (one.source, one.run_id)):
            for _ in range(_judge(connection, run_id, tuple(group), now)):
                counts.add(source, "suspect")


def _judge(connection: Connection, run_id: int, fresh: Sequence[Shape], now: datetime) -> int:
    source = fresh[0].source
    known = history(connection, source, before_run=run_id, limit=2 * COMPARED)
    trusted = _trusted(known, now)[:COMPARED]
    of_run = [one for one in fresh if one.first]
    compared = Compared(trusted, of_run)
    judged = [
        (page.id, suspicion(page, compared.with_page(page), earlier_of_page(connection, page)))
        for page in fresh
    ]
    found = collapses(of_run, known[:COMPARED])
    add_collapses(connection, source, run_id, found, now)
    keep_judged(connection, judged, source, run_id)
    suspects = sum(bool(said) for _, said in judged)
    if suspects or found:
        logger(__name__).warning(
            "drift", source=source, suspects=suspects, fields=[one.field for one in found]
        )
    return suspects


def _trusted(known: Sequence[Shape], now: datetime) -> list[Shape]:
    learned = to_stored(now - LEARNED_AFTER)
    return [one for one in known if not one.suspicion or one.at < learned]


class Compared:
    """What each page of a run is compared with: its source's history; while that is too short,
    other pages of the run, which are no less strange to it."""

    def __init__(self, known: Sequence[Shape], of_run: Sequence[Shape]) -> None:
        is_young = len(known) < YOUNG
        self._shapes = of_run[:COMPARED] if is_young else known
        self._inside = {one.id for one in self._shapes} if is_young else set()
        self._rare = RARE if is_young else 0.0
        self._common = History(self._shapes, self._rare)

    def with_page(self, page: Shape) -> History:
        if page.id not in self._inside:
            return self._common
        return History([one for one in self._shapes if one.id != page.id], self._rare)

"""The run ledger: every crawl that was launched, why, and how it ended.

A line is written before the child process starts and closed when everything it brought can be
found. What the child itself says of its run is in the table ``run``; a launch is there even where
no child came to be.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NewType

from sqlalchemy import Engine, insert, select, text, update

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read, write

LaunchId = NewType("LaunchId", int)
LaunchKind = Literal["crawl", "backfill", "partial", "check"]
"""``backfill``: a crawl with ``--since``; ``partial``: one with ``--limit``, or of single pages;
``check``: one that only tries the source. The timetable counts crawls alone."""
Why = Literal["timetable", "missed", "resumed", "first", "manual"]
LaunchOutcome = Literal["done", "partly", "failed", "interrupted", "refused"]
"""``refused``: another process was crawling the source. The timetable does not count it."""

WITHOUT_A_WORD = "the process ended without a word (killed, or the machine went down)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One line of the ledger; ``ended_at`` None while it goes on."""

    id: LaunchId
    source: str
    kind: LaunchKind
    why: Why
    due_at: datetime
    begun_at: datetime
    ended_at: datetime | None = None
    outcome: LaunchOutcome | None = None
    reason: str = ""
    seconds: float | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastLaunch:
    """The newest crawl, or check, of a source."""

    begun_at: datetime
    ended_at: datetime | None
    outcome: LaunchOutcome | None
    interrupted: int = 0
    """How many crawls up to the newest were interrupted in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchEnd:
    """How a launch ended."""

    outcome: LaunchOutcome
    reason: str = ""
    seconds: float
    counts: Mapping[str, int] = field(default_factory=dict)


class Launches:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(
        self, source: str, kind: LaunchKind, why: Why, *, due_at: datetime, at: datetime
    ) -> LaunchId:
        """A new line, written before anything is asked for."""
        with write(self._engine) as connection:
            result = connection.execute(
                insert(schema.launch).values(
                    source=source, kind=kind, why=why, due_at=to_stored(due_at),
                    begun_at=to_stored(at), process=os.getpid(),
                )
            )  # fmt: skip
            return LaunchId(int(result.lastrowid))

    def end(self, launch: LaunchId, at: datetime, end: LaunchEnd) -> None:
        with write(self._engine) as connection:
            connection.execute(
                update(schema.launch)
                .where(schema.launch.c.id == launch)
                .values(
                    ended_at=to_stored(at),
                    outcome=end.outcome,
                    reason=end.reason,
                    seconds=end.seconds,
                    counts=json.dumps(dict(end.counts), ensure_ascii=False),
                )
            )

    def open(self) -> list[Launch]:
        """Those that have no end: they go on, or their process was killed."""
        ended = schema.launch.c.ended_at
        return self._launches(select(schema.launch).where(ended.is_(None)))

    def give_up(self, launches: Iterable[LaunchId], at: datetime) -> None:
        """Closes lines whose process is no more."""
        ids = list(launches)
        if not ids:
            return
        with write(self._engine) as connection:
            connection.execute(
                update(schema.launch)
                .where(schema.launch.c.id.in_(ids))
                .values(ended_at=to_stored(at), outcome="interrupted", reason=WITHOUT_A_WORD)
            )

    def lasts(self) -> dict[str, LastLaunch]:
        """The newest crawl of every source that the timetable counts."""
        return self._newest("crawl")

    def first_looks(self) -> dict[str, LastLaunch]:
        """The newest check of every source."""
        return self._newest("check")

    def _newest(self, kind: LaunchKind) -> dict[str, LastLaunch]:
        with read(self._engine) as connection:
            rows = connection.execute(_LASTS, {"kind": kind})
            return {row.source: _last(row) for row in rows}

    def history(
        self, *, source: str | None = None, since: datetime | None = None, limit: int = 50
    ) -> list[Launch]:
        """The newest first."""
        launch = schema.launch.c
        query = select(schema.launch).order_by(launch.id.desc()).limit(limit)
        if source is not None:
            query = query.where(launch.source == source)
        if since is not None:
            query = query.where(launch.begun_at >= to_stored(since))
        return self._launches(query)

    def _launches(self, query: Any) -> list[Launch]:
        with read(self._engine) as connection:
            return [_launch(row) for row in connection.execute(query)]


def _launch(row: Any) -> Launch:
    return Launch(
        id=LaunchId(row.id),
        source=row.source,
        kind=row.kind,
        why=row.why,
        due_at=from_stored(row.due_at),
        begun_at=from_stored(row.begun_at),
        ended_at=from_stored(row.ended_at) if row.ended_at else None,
        outcome=row.outcome,
        reason=row.reason,
        seconds=row.seconds,
        counts=json.loads(row.counts),
    )


def _last(row: Any) -> LastLaunch:
    return LastLaunch(
        begun_at=from_stored(row.begun_at),
        ended_at=from_stored(row.ended_at) if row.ended_at else None,
        outcome=row.outcome,
        interrupted=row.interrupted,
    )


_LASTS = text("""
SELECT source, begun_at, ended_at, outcome,
       (SELECT count(*) FROM launch AS one
        WHERE one.source = launch.source AND one.kind = :kind AND one.outcome = 'interrupted'
          AND one.id > ifnull((
            SELECT max(id) FROM launch AS whole WHERE whole.source = launch.source
              AND whole.kind = :kind AND whole.outcome NOT IN ('interrupted', 'refused')), 0)
       ) AS interrupted
FROM launch WHERE id IN (
    SELECT max(id) FROM launch WHERE kind = :kind AND ifnull(outcome, '') <> 'refused'
    GROUP BY source)
""")

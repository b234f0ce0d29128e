"""The run ledger: every crawl of every source, when, with what outcome and counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import Engine, and_, func, insert, select, update

from hanoiwatch.clock import to_stored
from hanoiwatch.model import RunId
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read, write

RunOutcome = Literal["done", "failed", "interrupted"]


class Runs:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, source: str, kind: str, at: datetime) -> RunId:
        """A new run. Earlier ones of this source that never ended are marked interrupted.

        The caller holds the source's lock, so none of those can still be going on.
        """
        with write(self._engine) as connection:
            run = schema.run.c
            connection.execute(
                update(schema.run)
                .where(and_(run.source == source, run.ended_at.is_(None)))
                .values(
                    ended_at=to_stored(at),
                    outcome="interrupted",
                    reason="the process ended without a word (killed, or the machine went down)",
                )
            )
            result = connection.execute(
                insert(schema.run).values(source=source, kind=kind, started_at=to_stored(at))
            )
            return RunId(int(result.lastrowid))

    def last(self, source: str) -> int:
        """The id of the source's newest run; 0 where there is none."""
        run = schema.run.c
        query = select(func.coalesce(func.max(run.id), 0)).where(run.source == source)
        with read(self._engine) as connection:
            return int(connection.execute(query).scalar_one())

    def end(
        self,
        run_id: RunId,
        outcome: RunOutcome,
        at: datetime,
        *,
        reason: str = "",
        counts: Mapping[str, int],
    ) -> None:
        with write(self._engine) as connection:
            connection.execute(
                update(schema.run)
                .where(schema.run.c.id == run_id)
                .values(
                    ended_at=to_stored(at),
                    outcome=outcome,
                    reason=reason,
                    counts=json.dumps(dict(counts), ensure_ascii=False),
                )
            )

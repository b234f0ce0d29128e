"""One pace per host across all processes, and its robots.txt, kept a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read, write


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """A host's robots.txt as last fetched. ``status`` 0: it could not be reached."""

    fetched_at: datetime
    status: int
    body: str
    reason: str = ""


class Hosts:
    """What processes agree on about a host (name with its port where that is not the default)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def reserve(self, host: str, delay_seconds: float, now: float) -> float:
        """Takes the host's next free slot and returns its Unix time (``now`` or later).

        Atomic across processes: no two callers get slots closer than ``delay_seconds``.
        """
        with write(self._engine) as connection:
            statement = upsert(schema.host).values(host=host, next_at=now + delay_seconds)
            slot = func.max(schema.host.c.next_at, now)
            taken = connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["host"], set_={"next_at": slot + delay_seconds}
                ).returning(schema.host.c.next_at)
            ).scalar_one()
        return float(taken) - delay_seconds

    def back_off(self, host: str, until: float) -> None:
        """The host asked for quiet until this Unix time: no earlier slot is given out."""
        with write(self._engine) as connection:
            connection.execute(
                upsert(schema.host)
                .values(host=host, next_at=until)
                .on_conflict_do_update(
                    index_elements=["host"],
                    set_={"next_at": func.max(schema.host.c.next_at, until)},
                )
            )

    def robots(self, host: str) -> RobotsFile | None:
        query = select(schema.host).where(schema.host.c.host == host)
        with read(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None or row.robots_at is None:
            return None
        return RobotsFile(
            fetched_at=from_stored(row.robots_at),
            status=row.robots_status,
            body=row.robots_body or "",
            reason=row.robots_reason,
        )

    def keep_robots(self, host: str, robots: RobotsFile) -> None:
        values = {
            "robots_at": to_stored(robots.fetched_at),
            "robots_status": robots.status,
            "robots_body": robots.body,
            "robots_reason": robots.reason,
        }
        with write(self._engine) as connection:
            connection.execute(upsert(schema.host).values(host=host).on_conflict_do_nothing())
            connection.execute(
                update(schema.host).where(schema.host.c.host == host).values(**values)
            )

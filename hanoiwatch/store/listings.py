"""The lists that a run polled, with their answers as archived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from hanoiwatch.clock import from_stored
from hanoiwatch.model import WarcPlace
from hanoiwatch.store.engine import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A list that answered with a body."""

    kind: str
    url: str
    """As it was asked for."""
    final_url: str
    """After redirects."""
    content_type: str
    place: WarcPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A source of which its last run could read no list at all."""

    at: datetime
    """When its first list was asked for."""
    read_at: datetime | None
    """When any list of it was last read; None: never."""
    reasons: tuple[str, ...]


class Listings:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def answered(self, run_id: int) -> list[Answered]:
        """Every list that the run had a whole answer of, in order."""
        with read(self._engine) as connection:
            rows = connection.execute(_ANSWERED, {"run": run_id}).all()
        return [
            Answered(
                kind=row.kind,
                url=row.asked,
                final_url=row.url,
                content_type=row.content_type,
                place=WarcPlace(
                    file=row.file, offset=row.offset, length=row.length, record_id=row.record_id
                ),
            )
            for row in rows
        ]

    def unreadable(self, source: str) -> Unreadable | None:
        """None where the source's last run that asked for lists read any, or there was none."""
        with read(self._engine) as connection:
            polls = connection.execute(_LAST_POLLS, {"source": source}).all()
            if not polls or any(poll.outcome in _READ for poll in polls):
                return None
            last = connection.execute(_LAST_READ, {"source": source}).scalar()
        return Unreadable(
            at=from_stored(polls[0].at),
            read_at=from_stored(last) if last else None,
            reasons=tuple(f"{poll.url}: {poll.reason or poll.outcome}" for poll in polls),
        )


_READ = frozenset({"ok", "unchanged", "empty"})
_LAST_POLLS = text("""
SELECT poll.at, poll.outcome, poll.reason, origin.url
FROM poll JOIN origin ON origin.id = poll.origin_id
WHERE origin.kind <> 'manual' AND poll.run_id = (
    SELECT run.id FROM run
    WHERE run.source = :source AND EXISTS (SELECT 1 FROM poll WHERE poll.run_id = run.id)
    ORDER BY run.id DESC LIMIT 1)
ORDER BY poll.id
""")
_LAST_READ = text("""
SELECT poll.at FROM run JOIN poll ON poll.run_id = run.id
WHERE run.source = :source AND poll.outcome IN ('ok', 'unchanged', 'empty')
ORDER BY run.id DESC, poll.id DESC LIMIT 1
""")
_ANSWERED = text("""
SELECT origin.kind, origin.url AS asked, body.url, body.content_type, body.file, body.offset,
       body.length, body.record_id
FROM capture JOIN origin ON origin.id = capture.origin_id
JOIN capture AS body ON body.id = coalesce(capture.body_capture_id, capture.id)
WHERE capture.run_id = :run AND capture.status IN (200, 304) ORDER BY capture.id
""")

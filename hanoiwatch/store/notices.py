"""What the operator is told: noted while it is so, told once, in one message with what else is new.

A notice is open from when something was found until it is no longer found. It is told when it is
put into a message (`alert_message` of the kind ``operator``), and that message is delivered as
every other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import Connection, Engine, insert, text

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read
from hanoiwatch.store.messages import OPERATOR

NoticeKind = Literal[
    "disk", "rule", "dead", "channel", "failing", "unreadable", "cut-off", "silent", "moved",
    "drift", "robots", "tried",
]  # fmt: skip
KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)
"""What cannot wait first: in this order they are told."""
TOLD_AGAIN_AFTER = timedelta(hours=20)
"""What comes and goes is told once a night at most, also where the nights are not alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something that is so now and that the operator should know.

    ``episode`` is the same for as long as it is the same trouble; ``facts`` are what its sentence
    is made of, in whatever language; ``details`` are the command line's own sentences about it.
    """

    kind: NoticeKind
    subject: str = ""
    episode: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A concern that was noted at ``at``."""

    id: int
    at: datetime
    concern: Concern


class Notices:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_message(self, message_id: int) -> list[Notice]:
        """What a message tells, in the order in which it is told."""
        with read(self._engine) as connection:
            rows = connection.execute(_OF_MESSAGE, {"message": message_id})
            return in_order([_notice(row) for row in rows])

    def any_current(self) -> bool:
        """Whether anything is noted that was not seen to end."""
        with read(self._engine) as connection:
            return connection.execute(_ANY_CURRENT).first() is not None


def in_order(notices: Sequence[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda one: (KINDS.index(one.concern.kind), one.concern.subject))


def keep_concerns(connection: Connection, concerns: Sequence[Concern], now: datetime) -> int:
    """Notes what is new among all that is so now, and closes what is no longer so.

    Nothing is noted anew that is open, or that was told within `TOLD_AGAIN_AFTER`. Returns how
    many are new.
    """
    current = {(one.kind, one.subject, one.episode) for one in concerns}
    ended = [
        {"notice": row.id, "now": to_stored(now)}
        for row in connection.execute(_OPEN)
        if (row.kind, row.subject, row.episode) not in current
    ]
    if ended:
        connection.execute(_END, ended)
    fresh = [one for one in concerns if not _is_known(connection, one, now)]
    if fresh:
        connection.execute(insert(schema.notice), [_row(one, now) for one in fresh])
    return len(fresh)


def _is_known(connection: Connection, concern: Concern, now: datetime) -> bool:
    values = {"kind": concern.kind, "subject": concern.subject}
    rows = connection.execute(_LAST, values).all()
    if any(row.ended_at is None and row.episode == concern.episode for row in rows):
        return True
    told = [from_stored(row.at) for row in rows if row.message_id is not None]
    return any(abs(now - at) < TOLD_AGAIN_AFTER for at in told)


def fresh_notices(connection: Connection) -> list[Notice]:
    """What is so and in no message yet, in the order in which it is told."""
    return in_order([_notice(row) for row in connection.execute(_FRESH)])


def tell_notices(connection: Connection, notices: Sequence[Notice], message_id: int) -> None:
    """They are in this message."""
    rows = [{"notice": one.id, "message": message_id} for one in notices]
    connection.execute(_TELL, rows)


def last_told(connection: Connection) -> datetime | None:
    """When the last message to the operator was made."""
    found = connection.execute(_LAST_TOLD, {"rule": OPERATOR}).scalar()
    return from_stored(found) if found else None


def _row(concern: Concern, now: datetime) -> dict[str, Any]:
    return {
        "kind": concern.kind,
        "subject": concern.subject,
        "episode": concern.episode,
        "at": to_stored(now),
        "facts": msgspec.json.encode(concern.facts).decode(),
        "details": msgspec.json.encode(concern.details).decode(),
    }


def _notice(row: Any) -> Notice:
    concern = Concern(
        kind=row.kind,
        subject=row.subject,
        episode=row.episode,
        facts=_facts(row.facts),
        details=_details(row.details),
    )
    return Notice(id=row.id, at=from_stored(row.at), concern=concern)


_facts = msgspec.json.Decoder(dict[str, str]).decode
_details = msgspec.json.Decoder(tuple[str, ...]).decode

_OPEN = text("SELECT id, kind, subject, episode FROM notice WHERE ended_at IS NULL")
_ANY_CURRENT = text("SELECT 1 FROM notice WHERE ended_at IS NULL LIMIT 1")
_END = text("UPDATE notice SET ended_at = :now WHERE id = :notice")
_LAST = text("""
SELECT episode, at, ended_at, message_id FROM notice
WHERE kind = :kind AND subject = :subject ORDER BY id DESC LIMIT 20
""")
_FRESH = text("SELECT * FROM notice WHERE message_id IS NULL AND ended_at IS NULL ORDER BY id")
_TELL = text("UPDATE notice SET message_id = :message WHERE id = :notice")
_LAST_TOLD = text("SELECT max(made_at) FROM alert_message WHERE rule = :rule")
_OF_MESSAGE = text("SELECT * FROM notice WHERE message_id = :message ORDER BY id")

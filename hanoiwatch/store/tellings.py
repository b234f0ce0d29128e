"""Who is told what: alerts that are in no message yet, and the messages made of them.

Every function works inside a writer's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, insert, text, update

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.model import ArticleId
from hanoiwatch.store import schema
from hanoiwatch.store.messages import MessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshAlert:
    """An alert that is in no message yet."""

    id: int
    rule: str
    sequence: int
    article: int
    article_id: ArticleId
    kind: Literal["new", "edited", "withdrawn"]
    revision: int
    at: datetime
    old: bool
    found: str
    reading_id: int
    story_id: str | None
    signed: bool
    """Whether it is known of which story this text is."""
    run_ended: bool
    """Whether the run that brought it has ended, everything it brought was read, and no other
    crawl goes on: what a first night brings of all sources is told together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCopy:
    """An article of the same story that its rule's readers were told of."""

    article: int
    article_id: ArticleId
    story_id: str
    reading_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    key: str
    rule: str
    title: str
    kind: MessageKind
    alerts: tuple[int, ...]
    channels: tuple[str, ...]
    next_at: datetime


def fresh_alerts(connection: Connection, rule: str, begun_since: datetime) -> list[FreshAlert]:
    """In the order in which they were found. ``begun_since``: a crawl without an end that began
    before then does not count as going on."""
    return [
        FreshAlert(
            id=row.id,
            rule=row.rule,
            sequence=row.sequence,
            article=row.article,
            article_id=ArticleId(row.article_id),
            kind=row.kind,
            revision=row.revision,
            at=from_stored(row.at),
            old=bool(row.old),
            found=row.found,
            reading_id=row.reading_id,
            story_id=row.story_id,
            signed=bool(row.signed),
            run_ended=bool(row.run_ended),
        )
        for row in connection.execute(_FRESH, {"rule": rule, "begun": to_stored(begun_since)})
    ]


def told_copies(connection: Connection, rule: str, story_id: str) -> list[ToldCopy]:
    """The articles of a story that the rule's readers were told of, the first told first."""
    return [
        ToldCopy(
            article=row.article,
            article_id=ArticleId(row.id),
            story_id=row.story_id,
            reading_id=row.reading_id,
        )
        for row in connection.execute(_COPIES, {"rule": rule, "story": story_id})
    ]


def add_message(connection: Connection, message: NewMessage, now: datetime) -> int:
    """A message with its alerts and a delivery for each channel. Returns its id."""
    result = connection.execute(
        insert(schema.alert_message).values(
            key=message.key, rule=message.rule, title=message.title, kind=message.kind,
            made_at=to_stored(now),
        )
    )  # fmt: skip
    number = int(result.lastrowid)
    told = [{"alert_": one, "message": number} for one in message.alerts]
    if told:
        connection.execute(_TELL, told)
    deliveries = [
        {"message_id": number, "channel": channel, "state": "pending",
         "next_at": to_stored(message.next_at)}
        for channel in dict.fromkeys(message.channels)
    ]  # fmt: skip
    if deliveries:
        connection.execute(insert(schema.alert_delivery), deliveries)
    return number


def suppress_copy(connection: Connection, alert: int, copy: ToldCopy) -> None:
    """Its readers have read the sentence in the copy."""
    reason = f"copy of {copy.article_id}, which was told and has the matching sentence"
    connection.execute(_SUPPRESS, {"alert": alert, "reason": reason})


def serve_digest(connection: Connection, rule: str, moment: datetime) -> None:
    connection.execute(_SERVED, {"rule": rule, "moment": to_stored(moment)})


_ENDED = """
    coalesce(run.ended_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM capture WHERE capture.run_id = run.id AND capture.state = 'unread'
    ) AND NOT EXISTS (
        SELECT 1 FROM launch WHERE launch.ended_at IS NULL AND launch.begun_at > :begun), 1)
"""
_FRESH = text(f"""
SELECT alert.*, change.revision, article.id AS article_id, article.story_id,
       coalesce(evaluated.reading_id, article.reading_id) AS reading_id,
       coalesce(signature.reading_id = article.reading_id, 0) AS signed, {_ENDED} AS run_ended
FROM alert
JOIN change ON change.sequence = alert.sequence
JOIN article ON article.rowid_ = alert.article
LEFT JOIN alert_evaluation AS evaluated ON evaluated.sequence = alert.sequence
LEFT JOIN signature ON signature.article = article.rowid_
LEFT JOIN run ON run.id = alert.run_id
WHERE alert.state = 'fresh' AND alert.rule = :rule ORDER BY alert.sequence
""")  # noqa: S608 - the text put in is the constant above
_COPIES = text("""
SELECT alert.article, article.id, article.story_id,
       coalesce(evaluated.reading_id, article.reading_id) AS reading_id
FROM article
JOIN alert ON alert.article = article.rowid_ AND alert.rule = :rule AND alert.state = 'told'
LEFT JOIN alert_evaluation AS evaluated ON evaluated.sequence = alert.sequence
WHERE article.story_id = :story AND alert.kind IN ('new', 'edited') ORDER BY alert.sequence
""")
_TELL = (
    update(schema.alert)
    .where(schema.alert.c.id == bindparam("alert_"))
    .values(state="told", message_id=bindparam("message"))
)
_SUPPRESS = text("UPDATE alert SET state = 'copy', reason = :reason WHERE id = :alert")
_SERVED = text("UPDATE alert_rule SET digest_at = :moment WHERE id = :rule")

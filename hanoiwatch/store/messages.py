"""Messages and their deliveries in the record: from alerts that nobody was told to channels.

A delivery is `pending`, `sending` from just before it leaves, then `sent`, `failed` (to be tried
again at `next_at`) or `dead` (given up, listed). What is found `sending` when nobody sends was cut
off by a crash: whether it arrived is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, text, update

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.model import DEFAULT_RIGHTS, ArticleId, Content, Rights
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.readings import decode_content

OPERATOR = "@operator"
"""Stands where a message names its rule; no rule can be called so."""
MessageKind = Literal["single", "summary", "digest", "operator"]
"""``operator``: it tells notices, and no alerts."""
DeliveryState = Literal["pending", "sending", "sent", "failed", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """A message that should go out on a channel."""

    message_id: int
    channel: str
    key: str
    rule: str
    title: str
    kind: MessageKind
    made_at: datetime
    state: DeliveryState
    attempts: int
    unsure: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlert:
    """An alert of a message, with what a reader is shown of it."""

    kind: Literal["new", "edited", "withdrawn"]
    at: datetime
    old: bool
    found: str
    article_id: ArticleId
    url: str
    source: str
    source_title: str
    rights: Rights
    revision: int
    first_seen_at: datetime
    withdrawn_at: datetime | None
    content: Content
    before: Content | None
    copies: tuple[str, ...]
    """Titles of the other sources that tell the same story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTrouble:
    """What a channel did not take: given up, and waiting for longer than is usual."""

    channel: str
    dead: int = 0
    newest_dead: int = 0
    """Id of the newest message that was given up."""
    dead_reason: str = ""
    failing: int = 0
    failing_since: datetime | None = None
    """When the oldest of those that wait was made."""
    failing_reason: str = ""


class Messages:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rules_with_fresh(self) -> list[str]:
        """The rules that have found what is in no message yet."""
        with read(self._engine) as connection:
            query = "SELECT DISTINCT rule FROM alert WHERE state = 'fresh' ORDER BY rule"
            return [row.rule for row in connection.exec_driver_sql(query)]

    def due(self, now: datetime) -> list[DueDelivery]:
        """What should go out, oldest first. What was cut off by a crash is due at once."""
        with read(self._engine) as connection:
            rows = connection.execute(_DUE, {"now": to_stored(now)})
            return [_delivery(row) for row in rows]

    def waiting(self) -> int:
        """How many deliveries are to come, due or not."""
        with read(self._engine) as connection:
            return int(connection.exec_driver_sql(_WAITING).scalar_one())

    def begin(self, deliveries: Sequence[DueDelivery], now: datetime) -> None:
        """Notes that they leave, before they do. What was cut off before counts as unsure."""
        rows = [{**_names(one), "now": to_stored(now)} for one in deliveries]
        with write(self._engine) as connection:
            connection.execute(_BEGIN, rows)

    def release(self, deliveries: Sequence[DueDelivery]) -> None:
        """Takes back `begin` for what was not sent after all."""
        rows = [{**_names(one), "state_": one.state, "unsure_": one.unsure} for one in deliveries]
        with write(self._engine) as connection:
            connection.execute(_RELEASE, rows)

    def end(
        self,
        delivery: DueDelivery,
        state: DeliveryState,
        now: datetime,
        *,
        reason: str,
        next_at: datetime | None = None,
    ) -> None:
        """Notes what came of it. ``next_at``: when it is tried again."""
        table = schema.alert_delivery
        values: dict[str, Any] = {"state": state, "reason": reason, "at": to_stored(now)}
        if next_at is not None:
            values["next_at"] = to_stored(next_at)
        with write(self._engine) as connection:
            connection.execute(
                update(table)
                .where(table.c.message_id == delivery.message_id)
                .where(table.c.channel == delivery.channel)
                .values(**values)
            )

    def postpone(self, channel: str, message_ids: Sequence[int], reason: str, at: datetime) -> None:
        """These wait for a channel that is down: no attempt of theirs."""
        rows = [
            {"message": one, "channel_": channel, "at_": to_stored(at), "reason_": reason}
            for one in message_ids
        ]
        if rows:
            with write(self._engine) as connection:
                connection.execute(_POSTPONE, rows)

    def revive(self, now: datetime) -> int:
        """Dead letters are to be sent again, from a first attempt on. Returns how many."""
        with write(self._engine) as connection:
            return connection.execute(_REVIVE, {"now": to_stored(now)}).rowcount

    def troubles(self, made_before: datetime) -> list[ChannelTrouble]:
        """The channels with dead letters, or with what failed and was made before then."""
        with read(self._engine) as connection:
            rows = connection.execute(_TROUBLES, {"before": to_stored(made_before)})
            return [
                ChannelTrouble(
                    channel=row.channel,
                    dead=row.dead,
                    newest_dead=row.newest_dead or 0,
                    dead_reason=row.dead_reason or "",
                    failing=row.failing,
                    failing_since=from_stored(row.since) if row.since else None,
                    failing_reason=row.failing_reason or "",
                )
                for row in rows
            ]

    def alerts_of(self, message_id: int) -> list[ToldAlert]:
        """What a message tells, in the order in which it was found; a removed article is not
        among it."""
        with read(self._engine) as connection:
            rows = connection.execute(_TOLD, {"message": message_id}).all()
            return [_told(connection, row) for row in rows]

    def newest_of(self, rule: str, channel: str, limit: int) -> list[DueDelivery]:
        """The rule's last messages on a channel, newest first, whatever became of them."""
        with read(self._engine) as connection:
            values = {"rule": rule, "channel": channel, "limit": limit}
            return [_delivery(row) for row in connection.execute(_NEWEST, values)]

    def log(
        self, *, rule: str | None = None, dead: bool = False, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Rows for readers, newest first: every alert with what became of it, on each channel,
        and between them what the operator is told."""
        where = ["1 = 1"]
        if rule is not None:
            where.append("alert.rule = :rule")
        if dead:
            where.append("delivery.state = 'dead'")
        query = text(_LOG.format(where=" AND ".join(where)))
        values = {"limit": limit} | ({"rule": rule} if rule is not None else {})
        with read(self._engine) as connection:
            rows = [_log_row(row) for row in connection.execute(query, values)]
            if rule in (None, OPERATOR):
                also = "AND delivery.state = 'dead'" if dead else ""
                told = connection.execute(text(_NOTICE_LOG.format(also=also)), {"limit": limit})
                rows += [_notice_log_row(row) for row in told]
        return sorted(rows, key=lambda row: row["at"], reverse=True)[:limit]

    def counts_by_rule(self) -> dict[str, dict[str, Any]]:
        """For each rule how many alerts it has had, and when the last one came."""
        query = "SELECT rule, count(*) AS alerts, max(at) AS last FROM alert GROUP BY rule"
        with read(self._engine) as connection:
            return {
                row.rule: {"alerts": row.alerts, "last_at": from_stored(row.last)}
                for row in connection.exec_driver_sql(query)
            }


def _names(delivery: DueDelivery) -> dict[str, Any]:
    return {"message": delivery.message_id, "channel_": delivery.channel}


def _delivery(row: Any) -> DueDelivery:
    return DueDelivery(
        message_id=row.id,
        channel=row.channel,
        key=row.key,
        rule=row.rule,
        title=row.title,
        kind=row.kind,
        made_at=from_stored(row.made_at),
        state=row.state,
        attempts=row.attempts,
        unsure=row.unsure,
    )


def _told(connection: Connection, row: Any) -> ToldAlert:
    copies: Iterable[Any] = ()
    if row.story_id:
        values = {"story": row.story_id, "article": row.article}
        copies = connection.execute(_OTHER_SOURCES, values)
    return ToldAlert(
        kind=row.kind,
        at=from_stored(row.at),
        old=bool(row.old),
        found=row.found,
        article_id=ArticleId(row.article_id),
        url=row.url,
        source=row.source,
        source_title=row.source_title or row.source,
        rights=row.rights or DEFAULT_RIGHTS,
        revision=row.revision,
        first_seen_at=from_stored(row.first_seen_at),
        withdrawn_at=from_stored(row.withdrawn_at) if row.withdrawn_at else None,
        content=decode_content(row.content),
        before=decode_content(row.before) if row.before else None,
        copies=tuple(one.title for one in copies),
    )


def _log_row(row: Any) -> dict[str, Any]:
    state = row.delivery if row.state == "told" else row.state
    return {
        "at": from_stored(row.at),
        "rule": row.rule,
        "kind": row.kind,
        "article": row.article_id,
        "title": decode_content(row.content).title,
        "source": row.source,
        "channel": row.channel,
        "state": state or row.state,
        "attempts": row.attempts,
        "next_at": from_stored(row.next_at) if row.delivery in ("pending", "failed") else None,
        "reason": row.delivery_reason or row.reason,
        "message": row.key,
    }


def _notice_log_row(row: Any) -> dict[str, Any]:
    """What the operator was told; its subject stands where an alert has its source."""
    return {
        "at": from_stored(row.at),
        "rule": OPERATOR,
        "kind": row.kind,
        "article": None,
        "title": "",
        "source": row.subject,
        "channel": row.channel,
        "state": row.state or "fresh",
        "attempts": row.attempts,
        "next_at": from_stored(row.next_at) if row.state in ("pending", "failed") else None,
        "reason": row.reason or "",
        "message": row.key,
    }


_DELIVERY = """
SELECT message.id, message.key, message.rule, message.title, message.kind, message.made_at,
       delivery.channel, delivery.state, delivery.attempts, delivery.unsure
FROM alert_delivery AS delivery JOIN alert_message AS message ON message.id = delivery.message_id
"""
_DUE = text(f"""{_DELIVERY}
WHERE delivery.state IN ('pending', 'sending', 'failed')
  AND (delivery.next_at <= :now OR delivery.state = 'sending')
ORDER BY message.id
""")
_NEWEST = text(f"""{_DELIVERY}
WHERE message.rule = :rule AND delivery.channel = :channel ORDER BY message.id DESC LIMIT :limit
""")
_TROUBLES = text("""
WITH trouble AS (
    SELECT delivery.channel, delivery.message_id, delivery.state, delivery.reason, message.made_at
    FROM alert_delivery AS delivery
    JOIN alert_message AS message ON message.id = delivery.message_id
    WHERE delivery.state = 'dead' OR (delivery.state = 'failed' AND message.made_at < :before)
)
SELECT channel, sum(state = 'dead') AS dead,
       max(CASE state WHEN 'dead' THEN message_id END) AS newest_dead,
       (SELECT reason FROM trouble AS one WHERE one.channel = trouble.channel
            AND one.state = 'dead' ORDER BY message_id DESC LIMIT 1) AS dead_reason,
       sum(state = 'failed') AS failing,
       min(CASE state WHEN 'failed' THEN made_at END) AS since,
       (SELECT reason FROM trouble AS one WHERE one.channel = trouble.channel
            AND one.state = 'failed' ORDER BY message_id LIMIT 1) AS failing_reason
FROM trouble GROUP BY channel ORDER BY channel
""")
_WAITING = "SELECT count(*) FROM alert_delivery WHERE state IN ('pending', 'sending', 'failed')"
_BEGIN = text("""
UPDATE alert_delivery
SET unsure = unsure + (state = 'sending'), state = 'sending', attempts = attempts + 1, at = :now
WHERE message_id = :message AND channel = :channel_
""")
_RELEASE = text("""
UPDATE alert_delivery SET unsure = :unsure_, state = :state_, attempts = attempts - 1
WHERE message_id = :message AND channel = :channel_ AND state = 'sending'
""")
_POSTPONE = text("""
UPDATE alert_delivery
SET state = CASE state WHEN 'sending' THEN 'sending' ELSE 'failed' END,
    reason = :reason_, next_at = :at_
WHERE message_id = :message AND channel = :channel_ AND state <> 'sending'
""")
_REVIVE = text("""
UPDATE alert_delivery SET state = 'pending', attempts = 0, unsure = 0, next_at = :now
WHERE state = 'dead'
""")
_TOLD = text("""
SELECT alert.kind, alert.at, alert.old, alert.found, alert.article, article.id AS article_id,
       article.url, article.source, article.first_seen_at, article.withdrawn_at,
       article.story_id, change.revision, source.title AS source_title, source.rights,
       used.content, before.content AS before
FROM alert
JOIN change ON change.sequence = alert.sequence
JOIN article ON article.rowid_ = alert.article
LEFT JOIN source ON source.name = article.source
LEFT JOIN alert_evaluation AS evaluated ON evaluated.sequence = alert.sequence
JOIN reading AS used ON used.id = coalesce(evaluated.reading_id, article.reading_id)
LEFT JOIN reading AS before ON before.id = evaluated.before_id
WHERE alert.message_id = :message AND used.content IS NOT NULL ORDER BY alert.sequence
""")
_OTHER_SOURCES = text("""
SELECT DISTINCT coalesce(source.title, article.source) AS title
FROM article LEFT JOIN source ON source.name = article.source
WHERE article.story_id = :story AND article.rowid_ <> :article AND article.out_of_scope = ''
ORDER BY 1
""")
_LOG = """
SELECT alert.at, alert.rule, alert.kind, alert.state, alert.reason, article.id AS article_id,
       article.source, reading.content, message.key, delivery.channel,
       delivery.state AS delivery, delivery.attempts, delivery.next_at,
       delivery.reason AS delivery_reason
FROM alert
JOIN article ON article.rowid_ = alert.article
JOIN reading ON reading.id = article.reading_id
LEFT JOIN alert_message AS message ON message.id = alert.message_id
LEFT JOIN alert_delivery AS delivery ON delivery.message_id = message.id
WHERE {where} ORDER BY alert.id DESC, delivery.channel LIMIT :limit
"""
_NOTICE_LOG = """
SELECT notice.at, notice.kind, notice.subject, message.key, delivery.channel, delivery.state,
       delivery.attempts, delivery.next_at, delivery.reason
FROM notice
LEFT JOIN alert_message AS message ON message.id = notice.message_id
LEFT JOIN alert_delivery AS delivery ON delivery.message_id = message.id
WHERE (notice.ended_at IS NULL OR notice.message_id IS NOT NULL) {also}
ORDER BY notice.id DESC, delivery.channel LIMIT :limit
"""

"""Alerts in the record: since when rules are evaluated, which changes were, and what matched.

Functions that take a connection work inside a writer's transaction: an alert is committed with
the revision that brought it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, bindparam, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.model import ArticleId, Content
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read
from hanoiwatch.store.readings import decode_content

RuleState = Literal["active", "paused", "removed"]
AlertState = Literal["fresh", "told", "copy", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHead:
    """What the record needs of a rule's file."""

    id: str
    meaning: str
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRule:
    """Since when a rule is evaluated."""

    id: str
    meaning: str
    state: RuleState
    began_at: datetime
    began_sequence: int
    swept_sequence: int
    digest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChange:
    """A line of the change log, with what its evaluation needs."""

    sequence: int
    article: int
    article_id: ArticleId
    kind: Literal["new", "edited", "withdrawn"]
    at: datetime
    source: str
    url: str
    revision: int
    first_seen_at: datetime
    run_id: int | None
    story_id: str | None
    reading_id: int
    before_id: int | None
    """The reading of the revision before; None where there was none, or it was out of scope."""
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """A rule that matched at a change."""

    rule: str
    change: AlertChange
    old: bool
    found: str
    reason: str = ""


class Alerts:
    """For reading."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rules(self) -> dict[str, KnownRule]:
        """Every rule that was ever evaluated, by id."""
        with read(self._engine) as connection:
            return known_rules(connection)

    def changes(self, *, after: int, upto: int | None = None, limit: int) -> list[AlertChange]:
        """The evaluated kinds of changes behind ``after``, in order, out of scope left out."""
        with read(self._engine) as connection:
            return alert_changes(connection, after=after, upto=upto, limit=limit)

    def change_at_or_after(self, moment: datetime) -> int:
        """The last line of the change log before ``moment``; 0 where there is none."""
        query = text("SELECT coalesce(max(sequence), 0) FROM change WHERE at < :at")
        with read(self._engine) as connection:
            return int(connection.execute(query, {"at": to_stored(moment)}).scalar_one())

    def contents(self, reading_ids: Collection[int]) -> dict[int, Content]:
        """What these readings say."""
        with read(self._engine) as connection:
            return contents_of(connection, reading_ids)

    def found_sequences(self, rule: str, *, after: int, upto: int) -> set[int]:
        """The changes at which the rule has matched already."""
        with read(self._engine) as connection:
            values = {"rule": rule, "after": after, "upto": upto}
            return {row.sequence for row in connection.execute(_FOUND, values)}


def position(connection: Connection) -> tuple[int, int]:
    """How far the change log is evaluated, and the generation of the rules."""
    row = connection.execute(select(schema.alert_position)).one()
    return int(row.sequence), int(row.generation)


def move_position(connection: Connection, sequence: int) -> None:
    connection.execute(update(schema.alert_position).values(sequence=sequence))


def last_sequence(connection: Connection) -> int:
    query = text("SELECT coalesce(max(sequence), 0) FROM change")
    return int(connection.execute(query).scalar_one())


def known_rules(connection: Connection) -> dict[str, KnownRule]:
    rows = connection.execute(select(schema.alert_rule))
    return {
        row.id: KnownRule(
            id=row.id,
            meaning=row.meaning,
            state=row.state,
            began_at=from_stored(row.began_at),
            began_sequence=row.began_sequence,
            swept_sequence=row.swept_sequence,
            digest_at=from_stored(row.digest_at),
        )
        for row in rows
    }


def sync_rules(
    connection: Connection, heads: Sequence[RuleHead], faulty: Collection[str], now: datetime
) -> None:
    """Brings the record's rules up to their files.

    A rule begins now when it is new, means something else, or is no longer paused. One whose file
    is gone is removed, and what it found and nobody was told is dropped. One whose file is
    ``faulty`` stays as it was: a sweep makes up for the time between.
    """
    known = known_rules(connection)
    last = last_sequence(connection)
    begun = [head for head in heads if _begins(head, known.get(head.id))]
    rows = [_rule_row(head, last, now) for head in begun]
    if rows:
        connection.execute(_BEGIN, rows)
    ids = {head.id for head in heads} | set(faulty)
    gone = [one.id for one in known.values() if one.id not in ids and one.state != "removed"]
    for rule in gone:
        connection.execute(_REMOVE, {"rule": rule})
        connection.execute(_DROP, {"rule": rule})
    paused = [head.id for head in heads if _is_newly(head, known.get(head.id), "paused")]
    for rule in paused:
        connection.execute(_PAUSE, {"rule": rule})
    if rows or gone or paused:
        connection.execute(
            update(schema.alert_position).values(generation=schema.alert_position.c.generation + 1)
        )


def _begins(head: RuleHead, known: KnownRule | None) -> bool:
    if known is None or known.state == "removed" or known.meaning != head.meaning:
        return True
    return known.state == "paused" and not head.paused


def _is_newly(head: RuleHead, known: KnownRule | None, state: RuleState) -> bool:
    return head.paused and known is not None and known.state != state and not _begins(head, known)


def _rule_row(head: RuleHead, last: int, now: datetime) -> dict[str, Any]:
    return {
        "id": head.id,
        "meaning": head.meaning,
        "state": "paused" if head.paused else "active",
        "began_at": to_stored(now),
        "began_sequence": last,
        "swept_sequence": last,
        "digest_at": to_stored(now),
    }


def alert_changes(
    connection: Connection, *, after: int, upto: int | None = None, limit: int
) -> list[AlertChange]:
    """As `Alerts.changes`. A change that was evaluated before comes with the readings by which
    it was: what we read better since is no news."""
    values = {"after": after, "upto": upto if upto is not None else 1 << 62, "limit": limit}
    return [
        AlertChange(
            sequence=row.sequence,
            article=row.article,
            article_id=ArticleId(row.id),
            kind=row.kind,
            at=from_stored(row.at),
            source=row.source,
            url=row.url,
            revision=row.revision,
            first_seen_at=from_stored(row.first_seen_at),
            run_id=row.run_id,
            story_id=row.story_id,
            reading_id=row.reading_id,
            before_id=row.before_id,
            content=decode_content(row.content),
        )
        for row in connection.execute(_CHANGES, values)
    ]


def contents_of(connection: Connection, reading_ids: Collection[int]) -> dict[int, Content]:
    rows = connection.execute(_CONTENTS, {"ids": list(reading_ids)})
    return {row.id: decode_content(row.content) for row in rows}


def keep_evaluated(connection: Connection, changes: Iterable[AlertChange]) -> None:
    """Notes by which readings these changes were evaluated."""
    rows = [
        {"sequence": one.sequence, "reading_id": one.reading_id, "before_id": one.before_id}
        for one in changes
    ]
    if rows:
        connection.execute(_EVALUATED, rows)


def keep_alerts(connection: Connection, alerts: Iterable[NewAlert], now: datetime) -> int:
    """Notes what matched, once for each rule and change. Returns how many are new."""
    rows = [
        {
            "rule": alert.rule,
            "sequence": alert.change.sequence,
            "article": alert.change.article,
            "kind": alert.change.kind,
            "at": to_stored(now),
            "run_id": alert.change.run_id if alert.change.kind != "withdrawn" else None,
            "old": int(alert.old),
            "found": alert.found,
            "state": "fresh",
            "reason": alert.reason,
        }
        for alert in alerts
    ]
    return sum(connection.execute(_ADD, row).rowcount for row in rows)


def keep_swept(connection: Connection, rules: Iterable[str], upto: int) -> None:
    """A sweep has proved these rules up to this change."""
    for rule in rules:
        connection.execute(_SWEPT, {"rule": rule, "upto_": upto})


def quarantine_alert(
    connection: Connection, change: AlertChange, reason: str, detail: str, now: datetime
) -> None:
    """A change whose evaluation broke."""
    connection.execute(
        insert(schema.quarantine).values(
            stage="alerts", reason=reason, at=to_stored(now),
            detail=f"change {change.sequence} of {change.article_id}: {detail}"[:500],
        )
    )  # fmt: skip


# A revision's own reading; for a withdrawal what the article shows. The revision before counts
# only if the article was in scope before this change.
_CHANGES = text("""
SELECT change.sequence, change.article, change.kind, change.at, change.revision,
       article.id, article.source, article.url, article.first_seen_at, article.story_id,
       capture.run_id,
       used.id AS reading_id, used.content,
       CASE WHEN evaluated.sequence IS NOT NULL THEN evaluated.before_id
            WHEN change.kind = 'edited' AND 'removed' <> coalesce((
                SELECT earlier.kind FROM change AS earlier
                WHERE earlier.article = change.article AND earlier.sequence < change.sequence
                  AND earlier.kind IN ('removed', 'restored', 'new')
                ORDER BY earlier.sequence DESC LIMIT 1), '')
            THEN before.reading_id END AS before_id
FROM change
JOIN article ON article.rowid_ = change.article
LEFT JOIN alert_evaluation AS evaluated ON evaluated.sequence = change.sequence
LEFT JOIN revision ON revision.article = change.article AND revision.number = change.revision
LEFT JOIN revision AS before
       ON before.article = change.article AND before.number = change.revision - 1
JOIN reading AS used ON used.id = coalesce(evaluated.reading_id,
    CASE WHEN change.kind = 'withdrawn' THEN article.reading_id ELSE revision.reading_id END,
    article.reading_id)
JOIN capture ON capture.id = used.capture_id
WHERE change.sequence > :after AND change.sequence <= :upto
  AND change.kind IN ('new', 'edited', 'withdrawn') AND article.out_of_scope = ''
  AND used.content IS NOT NULL
ORDER BY change.sequence LIMIT :limit
""")
_CONTENTS = select(schema.reading.c.id, schema.reading.c.content).where(
    schema.reading.c.id.in_(bindparam("ids", expanding=True)),
    schema.reading.c.content.is_not(None),
)
_FOUND = text(
    "SELECT sequence FROM alert WHERE rule = :rule AND sequence > :after AND sequence <= :upto"
)
_REMOVE = text("UPDATE alert_rule SET state = 'removed' WHERE id = :rule")
_PAUSE = text("UPDATE alert_rule SET state = 'paused' WHERE id = :rule")
_DROP = text("""
UPDATE alert SET state = 'dropped', reason = 'its rule was removed before it was told'
WHERE rule = :rule AND state = 'fresh'
""")
_SWEPT = text("UPDATE alert_rule SET swept_sequence = :upto_ WHERE id = :rule")
_EVALUATED = upsert(schema.alert_evaluation).on_conflict_do_nothing()
_ADD = upsert(schema.alert).on_conflict_do_nothing(index_elements=["rule", "sequence"])


def _begin_statement() -> Any:
    statement = upsert(schema.alert_rule)
    names = ("meaning", "state", "began_at", "began_sequence", "swept_sequence", "digest_at")
    return statement.on_conflict_do_update(
        index_elements=["id"], set_={name: statement.excluded[name] for name in names}
    )


_BEGIN = _begin_statement()

"""Rules, what they found, messages and their deliveries, and what the operator was told."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hanoiwatch.store.schema.metadata import metadata

alert_rule = Table(
    "alert_rule",  # since when each rule is evaluated; what it says is in its file
    metadata,
    Column("id", Text, primary_key=True),
    Column("meaning", Text, nullable=False),  # digest of what it matches: another one begins anew
    Column("state", Text, nullable=False),  # active | paused | removed
    Column("began_at", Text, nullable=False),
    Column("began_sequence", Integer, nullable=False),  # changes up to this one are not its own
    Column("swept_sequence", Integer, nullable=False),  # up to here a sweep has proved it
    Column("digest_at", Text, nullable=False),  # the digest's last moment that was served
)

alert_position = Table(
    "alert_position",  # one line: how far the change log is evaluated
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("generation", Integer, nullable=False),  # grows whenever a rule begins or ends
)

alert_evaluation = Table(
    "alert_evaluation",  # which readings a change was evaluated by; done-mark of evaluation
    metadata,
    Column("sequence", Integer, ForeignKey("change.sequence"), primary_key=True),
    Column("reading_id", Integer, ForeignKey("reading.id"), nullable=False),
    Column("before_id", Integer, ForeignKey("reading.id")),  # of the revision that was edited
)

alert_message = Table(
    "alert_message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # never changes: idempotency, Message-ID
    Column("rule", Text, nullable=False),
    Column("title", Text, nullable=False),  # the rule's, when it was made
    Column("kind", Text, nullable=False),  # single | summary | digest | operator
    Column("made_at", Text, nullable=False),
    Index("alert_message_rule", "rule", "id"),
)

alert = Table(
    "alert",  # one rule matched at one change
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("sequence", Integer, ForeignKey("change.sequence"), nullable=False),
    Column("article", Integer, ForeignKey("article.rowid_"), nullable=False),
    Column("kind", Text, nullable=False),  # new | edited | withdrawn
    Column("at", Text, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id")),  # that brought it; empty: a withdrawal
    Column("old", Integer, nullable=False),  # 1: more than a week old at first sight
    Column("found", Text, nullable=False),  # JSON: where the rule's words stand
    # fresh: no message yet; told: in a message; copy: suppressed; dropped: its rule was removed
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("message_id", Integer, ForeignKey("alert_message.id")),
    UniqueConstraint("rule", "sequence"),
    Index("alert_fresh", "rule", "id", sqlite_where=text("state = 'fresh'")),
    Index("alert_article", "article"),
    Index("alert_told", "message_id", sqlite_where=text("message_id IS NOT NULL")),
)

alert_delivery = Table(
    "alert_delivery",  # a message on one channel
    metadata,
    Column("message_id", Integer, ForeignKey("alert_message.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),  # pending | sending | sent | failed | dead
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("unsure", Integer, nullable=False, server_default="0"),  # attempts cut off by a crash
    Column("next_at", Text, nullable=False),
    Column("at", Text),  # of the last attempt
    Column("reason", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("message_id", "channel"),
    Index(
        "alert_delivery_due",
        "next_at",
        sqlite_where=text("state IN ('pending', 'sending', 'failed')"),
    ),
)

notice = Table(
    "notice",  # something that the operator is told: what it is about, since when, in which message
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),  # hanoiwatch.store.notices.NoticeKind
    Column("subject", Text, nullable=False),  # a source, host, channel, rule; or empty
    Column("episode", Text, nullable=False),  # tells one trouble of the subject from the next
    Column("at", Text, nullable=False),
    Column("facts", Text, nullable=False),  # JSON: what its sentence is made of
    Column("details", Text, nullable=False),  # JSON: sentences as the command line says them
    Column("ended_at", Text),  # when it was no longer so
    Column("message_id", Integer, ForeignKey("alert_message.id")),
    Index("notice_subject", "kind", "subject", "id"),
    Index("notice_message", "message_id", sqlite_where=text("message_id IS NOT NULL")),
)

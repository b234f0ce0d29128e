"""What articles link to, what people say of it, and what the registry lacks."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from hanoiwatch.store.schema.metadata import metadata

linked = Table(
    "linked",  # what each article links to: the done-mark of linking its present reading
    metadata,
    Column("article", Integer, ForeignKey("article.rowid_"), primary_key=True),
    Column("reading_id", Integer, ForeignKey("reading.id"), nullable=False),
    Column("registry", Text, nullable=False),  # fingerprint of the registry and linker behind it
    Column("links", Text, nullable=False),  # JSON of Links, without corrections
    Column("failure", Text, nullable=False, server_default=""),  # why it has none
    Index("linked_failure", "article", sqlite_where=text("failure <> ''")),
)

link_name = Table(
    "link_name",  # what readers need of the registry: how what was linked to is called
    metadata,
    Column("kind", Text, nullable=False),  # official | post | body | topic
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("kind", "id"),
    sqlite_with_rowid=False,
)

correction = Table(
    "correction",  # a person's word about a link of an article; it is never deleted, but undone
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("article", Integer, ForeignKey("article.rowid_"), nullable=False),
    Column("kind", Text, nullable=False),  # official | body | topic
    Column("target", Text, nullable=False),  # id of the registry
    Column("says", Text, nullable=False),  # wrong | missing
    Column("link", Text, nullable=False, server_default=""),  # JSON of what is added
    Column("words", Text, nullable=False, server_default=""),  # of the article that name it
    Column("because", Text, nullable=False, server_default=""),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("undone_at", Text),
    Column("undone_by", Text, nullable=False, server_default=""),
    Column("undone_because", Text, nullable=False, server_default=""),
    Index("correction_article", "article", sqlite_where=text("undone_at IS NULL")),
    sqlite_autoincrement=True,
)

candidate = Table(
    "candidate",  # what articles say and the registry does not have, for a person to decide
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),  # of what is the same in all articles
    Column("state", Text, nullable=False),  # open | accepted | dismissed
    Column("decided_at", Text),
    Column("decided_by", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

candidate_seen = Table(
    "candidate_seen",
    metadata,
    Column("candidate", Integer, ForeignKey("candidate.id"), nullable=False),
    Column("article", Integer, ForeignKey("article.rowid_"), nullable=False),
    Column("said", Text, nullable=False),  # JSON of Candidate
    PrimaryKeyConstraint("candidate", "article"),
    Index("candidate_seen_article", "article"),
    sqlite_with_rowid=False,
)

"""Articles, what they said and say, and what was taken down."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from hanoiwatch.store.schema.metadata import metadata

article = Table(
    "article",
    metadata,
    Column("rowid_", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("page_id", Integer, ForeignKey("page.id"), nullable=False),
    Column("first_seen_at", Text, nullable=False),
    Column("published_at", Text),
    Column("revision", Integer, nullable=False),
    Column("reading_id", Integer, ForeignKey("reading.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("indexed_at", Text),
    Column("withdrawn_at", Text),
    # why it left its source's scope; such an article is in no index. Empty: it is in scope
    Column("out_of_scope", Text, nullable=False, server_default=""),
    Column("story_id", Text),  # the id of the article that founded the story; empty: it is alone
    Index("article_page", "page_id"),
    Index("article_reading", "reading_id"),
    Index("article_story", "story_id", sqlite_where=text("story_id IS NOT NULL")),
)

address = Table(
    "address",  # further addresses at which an article is or was to be had
    metadata,
    Column("url", Text, primary_key=True),  # canonical
    Column("article", Integer, ForeignKey("article.rowid_"), nullable=False),
    Column("page_id", Integer, ForeignKey("page.id")),
    Column("at", Text, nullable=False),
    Index("address_article", "article"),
)

held = Table(
    "held",  # captures that are worse than the good copy, and replaced nothing
    metadata,
    Column("capture_id", Integer, ForeignKey("capture.id"), primary_key=True),
    Column("article", Integer, ForeignKey("article.rowid_"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("held_article", "article"),
)

signature = Table(
    "signature",  # what tells near-copies: one line for each article, of its present reading
    metadata,
    Column("article", Integer, ForeignKey("article.rowid_"), primary_key=True),
    Column("reading_id", Integer, ForeignKey("reading.id"), nullable=False),
    Column("at", Text, nullable=False),  # published, else first seen: stories span three days
    Column("minhash", LargeBinary, nullable=False),
    Column("recipe", Text, nullable=False),  # how it was made; of another one it counts as none
    Index("signature_at", "at"),
)

revision = Table(
    "revision",
    metadata,
    Column("article", Integer, ForeignKey("article.rowid_"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("capture_id", Integer, ForeignKey("capture.id"), nullable=False),
    Column("reading_id", Integer, ForeignKey("reading.id"), nullable=False),
    Column("recorded_at", Text, nullable=False),
    PrimaryKeyConstraint("article", "number"),
    Index("revision_capture", "capture_id"),
)

change = Table(
    "change",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("article", Integer, ForeignKey("article.rowid_"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Index("change_article", "article", "sequence"),
    sqlite_autoincrement=True,
)

takedown = Table(
    "takedown",  # the tombstone of an article that was removed, and its audit line
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article", Integer, ForeignKey("article.rowid_"), nullable=False, unique=True),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("records", Integer, nullable=False, server_default="0"),  # of the archive, overwritten
    Column("archive_done_at", Text),  # empty: records are still to be overwritten
)

takedown_page = Table(
    "takedown_page",  # pages of articles that were taken down: never fetched nor read again
    metadata,
    Column("page_id", Integer, ForeignKey("page.id"), primary_key=True),
    Column("takedown", Integer, ForeignKey("takedown.id"), nullable=False),
    Index("takedown_page_of", "takedown"),
)

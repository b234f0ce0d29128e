"""The archive as the record knows it, and what was read in it."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hanoiwatch.store.schema.metadata import metadata

warc_file = Table(
    "warc_file",
    metadata,
    Column("name", Text, primary_key=True),
    Column("length", Integer, nullable=False),  # committed bytes; more is a crash tail
)

capture = Table(
    "capture",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("page_id", Integer, ForeignKey("page.id")),
    Column("origin_id", Integer, ForeignKey("origin.id")),
    Column("url", Text, nullable=False),
    Column("fetched_at", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("file", Text, ForeignKey("warc_file.name"), nullable=False),
    Column("offset", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("record_id", Text, nullable=False, unique=True),
    Column("body_capture_id", Integer, ForeignKey("capture.id")),  # of a revisit
    # unread: an article page that waits for extraction; read, quarantined: done;
    # kept: nothing to read in it (feeds, errors, redirects, unchanged pages)
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Index("capture_unread", "id", sqlite_where=text("state = 'unread'")),
    Index("capture_page", "page_id", "id"),
    Index("capture_run", "run_id", "page_id"),
)

rendering = Table(
    "rendering",  # the page that a browser made of a capture: what is read in its place
    metadata,
    Column("capture_id", Integer, ForeignKey("capture.id"), primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("file", Text, ForeignKey("warc_file.name"), nullable=False),
    Column("offset", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("record_id", Text, nullable=False, unique=True),
)

reading = Table(
    "reading",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("capture_id", Integer, ForeignKey("capture.id"), nullable=False),
    Column("extractor", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("layout", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),  # of no article
    Column("content", Text),  # JSON of Content; empty: no article
    Column("digest", Text, nullable=False, server_default=""),  # of what makes a revision
    UniqueConstraint("capture_id", "extractor"),
    Index("reading_digest", "digest", sqlite_where=text("digest <> ''")),
)

shape = Table(
    "shape",  # what each fresh reading looked like; the newest of a source are its history
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("page_id", Integer, ForeignKey("page.id"), nullable=False),
    Column("capture_id", Integer, ForeignKey("capture.id"), nullable=False, unique=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("at", Text, nullable=False),
    Column("first", Integer, nullable=False),  # 1: of a page that had no reading before
    Column("layout", Text, nullable=False),
    Column("reason", Text, nullable=False),  # of no article, in words
    Column("extractor", Text, nullable=False),
    Column("traits", Text, nullable=False),  # JSON
    Column("judged", Integer, nullable=False, server_default="0"),
    Column("suspicion", Text, nullable=False, server_default=""),  # in words; empty: none
    Index("shape_source", "source", "id"),
    Index("shape_page", "page_id", "id"),
    Index("shape_run", "run_id"),
    Index("shape_new", "id", sqlite_where=text("judged = 0")),
)

drift = Table(
    "drift",  # a field of a source that collapsed
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),  # that found it
    Column("at", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("before", Float, nullable=False),
    Column("now", Float, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("examples", Text, nullable=False),  # JSON: addresses
    Index("drift_run", "run_id"),
)

verdict = Table(
    "verdict",  # the last check of each source
    metadata,
    Column("source", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # ok | problems | failed
    Column("findings", Text, nullable=False),  # JSON
)

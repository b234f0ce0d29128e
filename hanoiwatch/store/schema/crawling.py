"""What is crawled: sources, runs, lists, pages, hosts, and how each page ended."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
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

source = Table(
    "source",  # what readers need of a source, as its file said at the last crawl
    metadata,
    Column("name", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("home", Text, nullable=False),
    Column("rights", Text, nullable=False),
    # JSON of the scope by which its articles were last decided; empty: by none yet
    Column("scope", Text, nullable=False, server_default=""),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("ended_at", Text),
    Column("outcome", Text),  # done | failed | interrupted; empty while it goes on
    Column("reason", Text, nullable=False, server_default=""),
    Column("counts", Text, nullable=False, server_default="{}"),  # JSON
    Index("run_source", "source", "id"),
)

launch = Table(
    "launch",  # a crawl as whoever launched it saw it: before there was a run, to its very end
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),  # crawl | backfill | partial | check
    Column("why", Text, nullable=False),  # timetable | missed | resumed | first | manual
    Column("due_at", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("process", Integer, nullable=False),  # that launched it
    Column("ended_at", Text),
    # done | partly | failed | interrupted | refused; empty while it goes on
    Column("outcome", Text),
    Column("reason", Text, nullable=False, server_default=""),
    Column("seconds", Float),
    Column("counts", Text, nullable=False, server_default="{}"),  # JSON
    Index("launch_source", "source", "kind", "id"),
    Index("launch_open", "id", sqlite_where=text("ended_at IS NULL")),
)

origin = Table(
    "origin",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),  # feed | sitemap | section | manual
    Column("url", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("sha256", Text),  # of the last body that could be read
    Column("capture_id", Integer),  # of that body; no foreign key, it would make a cycle
    Column("poll_id", Integer),  # the last poll that listed anything: overlap is counted with it
    UniqueConstraint("source", "url"),
)

poll = Table(
    "poll",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin_id", Integer, ForeignKey("origin.id"), nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("at", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # ok | unchanged | empty | failed | refused
    Column("items", Integer, nullable=False, server_default="0"),
    Column("new", Integer, nullable=False, server_default="0"),
    Column("shared", Integer),  # with the last poll that listed anything; empty: there was none
    Column("reason", Text, nullable=False, server_default=""),
    Index("poll_run", "run_id"),
)

gap = Table(
    "gap",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin_id", Integer, ForeignKey("origin.id"), nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("suspected_at", Text, nullable=False),
    Column("since", Text, nullable=False),  # when the origin was last read in full
    Column("closed_by", Text, nullable=False, server_default=""),  # origins, in words
    Column("found", Integer, nullable=False, server_default="0"),
    Column("missing", Text, nullable=False, server_default=""),  # what could not be read, in words
    Index("gap_run", "run_id"),
)

page = Table(
    "page",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),  # canonical
    Column("listed_url", Text, nullable=False),
    Column("listed_title", Text),
    Column("listed_published_at", Text),
    Column("first_seen_at", Text, nullable=False),
    Column("first_seen_day", Text, nullable=False),
    Column("next_visit_at", Text),  # empty: none is due
    Column("visits", Integer, nullable=False, server_default="0"),  # that brought a good body
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("etag", Text),
    Column("last_modified", Text),
    Column("sha256", Text),
    Column("capture_id", Integer),  # the last good body; no foreign key, it would make a cycle
    UniqueConstraint("source", "url"),
    Index("page_day", "source", "first_seen_day"),
    Index("page_due", "source", "next_visit_at", sqlite_where=text("next_visit_at IS NOT NULL")),
)

sighting = Table(
    "sighting",
    metadata,
    Column("page_id", Integer, ForeignKey("page.id"), nullable=False),
    Column("origin_id", Integer, ForeignKey("origin.id"), nullable=False),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("poll_id", Integer, nullable=False),  # the last one that listed it
    PrimaryKeyConstraint("page_id", "origin_id"),
    Index("sighting_poll", "poll_id"),
)

vanished = Table(
    "vanished",  # an article's page that was gone; at most one line of a page is open
    metadata,
    Column("id", Integer, primary_key=True),
    Column("page_id", Integer, ForeignKey("page.id"), nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),  # that met it first
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("how", Text, nullable=False),  # status 404, redirect to a list page, …
    # fresh: its run is not judged yet; waiting: to be confirmed; reform: held by the alarm;
    # closed by withdrawn, back, moved or left
    Column("state", Text, nullable=False),
    Index("vanished_page", "page_id", "id"),
    Index("vanished_open", "run_id", sqlite_where=text("state IN ('fresh', 'waiting', 'reform')")),
)

host = Table(
    "host",
    metadata,
    Column("host", Text, primary_key=True),  # with its port where it is not the default
    Column("next_at", Float, nullable=False, server_default="0"),  # Unix time of the next free slot
    Column("robots_at", Text),
    Column("robots_status", Integer),  # 0: could not be reached
    Column("robots_body", Text),
    Column("robots_reason", Text, nullable=False, server_default=""),
)

outcome = Table(
    "outcome",
    metadata,
    Column("page_id", Integer, ForeignKey("page.id"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("page_id", "stage"),
    sqlite_with_rowid=False,
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("page_id", Integer, ForeignKey("page.id")),
    Column("capture_id", Integer, ForeignKey("capture.id")),
    Column("stage", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("at", Text, nullable=False),
)

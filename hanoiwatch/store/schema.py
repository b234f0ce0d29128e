"""The record's tables. Every arrow of the data flow is a table with a done-mark.

Times are text in UTC, fixed width (`hanoiwatch.clock.to_stored`), so that text order is time
order. Days are Hanoi days, ``YYYY-MM-DD``. Migrations are in ``migrations/`` (Alembic); a test
asserts that they and this module describe the same tables.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

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

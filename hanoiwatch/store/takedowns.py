"""Articles that were taken down: nothing of their text is kept, and a tombstone says so.

The article's row stays, with its id and addresses, so that it is known again when a list names it:
it is never fetched, read or indexed again. What it said is gone from every table in one
transaction, and SQLite writes zeros over it; the archive's records follow (`indexer.takedown`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, TextClause, bindparam, insert, select, text, update

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.model import ArticleId, Content, PageId, WarcPlace
from hanoiwatch.store import schema
from hanoiwatch.store.captures import keep_outcome
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.scopes import leave_scope

TAKEN_DOWN = "taken down"
"""Why such an article is out of scope, and its pages are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takedown:
    """A tombstone."""

    article: ArticleId
    source: str
    url: str
    at: datetime
    by: str
    because: str
    records: int
    """Of the archive, that were overwritten."""
    is_done: bool
    """Every record of the archive is overwritten."""


class Takedowns:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, rowid: int, *, by: str, because: str, at: datetime) -> bool:
        """Removes all that the record has of the article. False: it was taken down before."""
        with write(self._engine) as connection:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
            if connection.execute(_KNOWN, {"row": rowid}).first():
                return False
            values = {"article": rowid, "at": to_stored(at), "by": by, "because": because}
            number = int(connection.execute(insert(schema.takedown).values(**values)).lastrowid)
            leave_scope(connection, rowid, TAKEN_DOWN, at)
            for page in connection.execute(_CARRIERS, {"row": rowid}).all():
                refuse_page(connection, number, PageId(page.page_id), at)
            _forget_article(connection, rowid)
        self._checkpoint()
        return True

    def _checkpoint(self) -> None:
        """The log of writes holds what was there before; so far as no reader needs it, no more."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def listed(self) -> list[Takedown]:
        """Every tombstone, newest first."""
        with read(self._engine) as connection:
            return [_takedown(row) for row in connection.execute(_LISTED)]

    def of(self, rowid: int) -> Takedown | None:
        """The article's tombstone, if it has one."""
        with read(self._engine) as connection:
            row = connection.execute(_OF, {"row": rowid}).first()
            return _takedown(row) if row else None

    def unfinished(self) -> dict[int, tuple[WarcPlace, ...]]:
        """By tombstone, the archive's records that are still to be overwritten."""
        found: dict[int, tuple[WarcPlace, ...]] = {}
        with read(self._engine) as connection:
            for row in connection.execute(_UNFINISHED).all():
                places = connection.execute(_PLACES, {"takedown": row.id})
                found[row.id] = tuple(WarcPlace(**place) for place in places.mappings())
        return found

    def finish(self, number: int, records: int, at: datetime) -> None:
        """All of a tombstone's records are overwritten, unless another has come meanwhile."""
        table = schema.takedown
        with write(self._engine) as connection:
            if len(connection.execute(_PLACES, {"takedown": number}).all()) == records:
                connection.execute(
                    update(table)
                    .where(table.c.id == number)
                    .values(records=records, archive_done_at=to_stored(at))
                )


def takedown_of(connection: Connection, page_id: PageId, url: str) -> int | None:
    """The tombstone of the article that this page carries, or that is or was at ``url``."""
    return connection.execute(_AT, {"page": page_id, "url": url}).scalar()


def refuse_page(connection: Connection, takedown: int, page_id: PageId, at: datetime) -> None:
    """The page carries what was taken down: it is never asked for again, and nothing that was
    read of it stays."""
    values: Mapping[str, Any] = {"page": page_id, "takedown": takedown, "none": _NOTHING_SAID}
    for statement in _REFUSE:
        connection.execute(statement, values)
    keep_outcome(connection, page_id, "fetch", "refused", TAKEN_DOWN, at)


def _forget_article(connection: Connection, rowid: int) -> None:
    for statement in _FORGET:
        connection.execute(statement, {"row": rowid})


def _takedown(row: Any) -> Takedown:
    return Takedown(
        article=ArticleId(row.article_id),
        source=row.source,
        url=row.url,
        at=from_stored(row.at),
        by=row.by,
        because=row.because,
        records=row.records,
        is_done=row.archive_done_at is not None,
    )


def _statements(script: str) -> tuple[TextClause, ...]:
    return tuple(text(statement) for statement in script.split(";") if statement.strip())


_NOTHING_SAID = msgspec.json.encode(Content(url="", title="")).decode()
"""What every reading of a page says once it is taken down."""

_KNOWN = select(schema.takedown.c.id).where(schema.takedown.c.article == bindparam("row"))
_CARRIERS = text("""
SELECT page_id FROM article WHERE rowid_ = :row
UNION SELECT page_id FROM address WHERE article = :row AND page_id IS NOT NULL
""")
_TOMBSTONES = """
SELECT takedown.*, article.id AS article_id, article.source, article.url
FROM takedown JOIN article ON article.rowid_ = takedown.article
"""
_LISTED = text(_TOMBSTONES + "ORDER BY takedown.at DESC, takedown.id DESC")
_OF = text(_TOMBSTONES + "WHERE takedown.article = :row")
_UNFINISHED = text("SELECT id FROM takedown WHERE archive_done_at IS NULL ORDER BY id")
_PLACES = text("""
SELECT file, offset, length, record_id FROM capture
WHERE page_id IN (SELECT page_id FROM takedown_page WHERE takedown = :takedown)
UNION ALL
SELECT rendering.file, rendering.offset, rendering.length, rendering.record_id
FROM rendering JOIN capture ON capture.id = rendering.capture_id
WHERE capture.page_id IN (SELECT page_id FROM takedown_page WHERE takedown = :takedown)
ORDER BY file, offset
""")
_AT = text("""
SELECT takedown FROM takedown_page WHERE page_id = :page
UNION SELECT takedown.id FROM takedown JOIN article ON article.rowid_ = takedown.article
    WHERE article.url = :url
UNION SELECT takedown.id FROM takedown JOIN address ON address.article = takedown.article
    WHERE address.url = :url
LIMIT 1
""")
# Its outcomes are void: the page ends at its fetch, refused.
_REFUSE = _statements("""
INSERT INTO takedown_page (page_id, takedown) VALUES (:page, :takedown) ON CONFLICT DO NOTHING;
UPDATE takedown SET archive_done_at = NULL WHERE id = :takedown;
UPDATE page SET next_visit_at = NULL, listed_title = NULL, etag = NULL, last_modified = NULL,
    sha256 = NULL, capture_id = NULL WHERE id = :page;
UPDATE capture SET state = 'kept', sha256 = '' WHERE page_id = :page;
UPDATE reading SET content = :none, digest = '', reason = ''
    WHERE content IS NOT NULL AND capture_id IN (SELECT id FROM capture WHERE page_id = :page);
DELETE FROM shape WHERE page_id = :page;
DELETE FROM outcome WHERE page_id = :page;
UPDATE quarantine SET detail = '' WHERE page_id = :page
""")
_FORGET = _statements("""
UPDATE article SET story_id = NULL, published_at = NULL WHERE rowid_ = :row;
DELETE FROM signature WHERE article = :row;
DELETE FROM linked WHERE article = :row;
DELETE FROM correction WHERE article = :row;
DELETE FROM candidate_seen WHERE article = :row;
UPDATE alert SET state = 'dropped', reason = 'its article was taken down', found = '',
    message_id = NULL WHERE article = :row
""")

"""Which scope decided about a source's articles, and what leaves or enters when it changes.

An article that leaves its scope stays in the record with its revisions; it is in no index, and
the ledger counts its page as out of scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, text, update

from hanoiwatch.clock import to_stored
from hanoiwatch.model import Content, ReadArticle
from hanoiwatch.store import schema
from hanoiwatch.store.changes import log_change
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.readings import decode_content


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopedArticle:
    """An article as it stands, with why it is out of scope; empty: it is in."""

    rowid: int
    content: Content
    out_of_scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A page that was read as an article and never recorded as one, for the scope of its day."""

    page_id: int
    capture_id: int
    reading: ReadArticle


class Scopes:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, source: str, scope: str) -> None:
        """From here on all articles of ``source`` count as decided by ``scope``."""
        table = schema.source
        with write(self._engine) as connection:
            connection.execute(update(table).where(table.c.name == source).values(scope=scope))

    def articles(self, source: str, *, after: int, limit: int) -> list[ScopedArticle]:
        """The source's articles by rowid, in and out of scope, from just behind ``after``."""
        with read(self._engine) as connection:
            rows = connection.execute(_ARTICLES, {"of": source, "after_": after, "limit_": limit})
            return [
                ScopedArticle(
                    rowid=row.rowid_,
                    content=decode_content(row.content),
                    out_of_scope=row.out_of_scope,
                )
                for row in rows
            ]

    def left_out(self, source: str, *, after: int, limit: int) -> list[LeftOut]:
        """The source's pages out of scope that carry no article, by id, each with its newest
        reading as an article, from just behind the page ``after``."""
        with read(self._engine) as connection:
            rows = connection.execute(_LEFT_OUT, {"of": source, "after": after, "limit": limit})
            return [_left_out(row) for row in rows]


def _left_out(row: Any) -> LeftOut:
    reading = ReadArticle(
        content=decode_content(row.content), layout=row.layout, extractor=row.extractor
    )
    return LeftOut(page_id=row.page_id, capture_id=row.capture_id, reading=reading)


def leave_scope(connection: Connection, rowid: int, reason: str, at: datetime) -> None:
    """The article is out of its source's scope from here on; its record stays whole."""
    connection.execute(_SET, {"row": rowid, "reason": reason})
    log_change(connection, rowid, "removed", at)
    values = {"row": rowid, "reason": reason, "at": to_stored(at)}
    for page in connection.execute(_LEAVE, values).all():
        connection.execute(_NOT_INDEXED, {"page": page.page_id})


def enter_scope(connection: Connection, rowid: int, at: datetime) -> None:
    """The article is in scope again, and waits for the index."""
    connection.execute(_SET, {"row": rowid, "reason": ""})
    log_change(connection, rowid, "restored", at)
    connection.execute(_ENTER, {"row": rowid, "at": to_stored(at)})


_ARTICLES = (
    select(schema.article.c.rowid_, schema.article.c.out_of_scope, schema.reading.c.content)
    .join(schema.reading, schema.reading.c.id == schema.article.c.reading_id)
    .where(
        schema.article.c.source == bindparam("of"),
        schema.article.c.rowid_ > bindparam("after_"),
        schema.article.c.rowid_.not_in(select(schema.takedown.c.article)),
    )
    .order_by(schema.article.c.rowid_)
    .limit(bindparam("limit_"))
)
_LEFT_OUT = text("""
SELECT page.id AS page_id, reading.capture_id, reading.content, reading.layout, reading.extractor
FROM page
JOIN outcome ON outcome.page_id = page.id AND outcome.stage = 'record'
JOIN reading ON reading.id = (
    SELECT reading.id FROM capture JOIN reading ON reading.capture_id = capture.id
    WHERE capture.page_id = page.id AND reading.content IS NOT NULL
    ORDER BY capture.id DESC, reading.at DESC, reading.id DESC LIMIT 1)
WHERE page.source = :of AND page.id > :after AND outcome.outcome = 'out-of-scope'
  AND NOT EXISTS (SELECT 1 FROM article WHERE article.page_id = page.id)
  AND NOT EXISTS (SELECT 1 FROM address WHERE address.page_id = page.id)
ORDER BY page.id LIMIT :limit
""")
# It leaves every index, so its time of indexing is void.
_SET = (
    update(schema.article)
    .where(schema.article.c.rowid_ == bindparam("row"))
    .values(out_of_scope=bindparam("reason"), indexed_at=None)
)
_CARRIES = """
    SELECT page_id FROM article WHERE rowid_ = :row
    UNION SELECT page_id FROM address WHERE article = :row"""
_LEAVE = text(f"""
UPDATE outcome SET outcome = 'out-of-scope', reason = :reason, at = :at
WHERE stage = 'record' AND outcome = 'recorded' AND page_id IN ({_CARRIES})
RETURNING page_id
""")  # noqa: S608 - the text put in is the constant above
_NOT_INDEXED = text("DELETE FROM outcome WHERE page_id = :page AND stage = 'index'")
# One page counts the article: its own where that was left out, else the one that it had first.
_ENTER = text(f"""
UPDATE outcome SET outcome = 'recorded', reason = '', at = :at
WHERE stage = 'record' AND page_id = (
    SELECT page_id FROM outcome AS left_out
    WHERE stage = 'record' AND outcome = 'out-of-scope' AND page_id IN ({_CARRIES})
    ORDER BY page_id = (SELECT page_id FROM article WHERE rowid_ = :row) DESC, page_id LIMIT 1)
""")  # noqa: S608 - the text put in is the constant above

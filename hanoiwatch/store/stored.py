"""What the decision about a new reading needs to know of the articles that are recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from hanoiwatch.clock import to_stored
from hanoiwatch.model import ArticleId, Content, PageId
from hanoiwatch.store import schema
from hanoiwatch.store.readings import decode_content

MINUTE = len("2026-11-20T03:00")
"""Characters of a stored time down to its minute: papers publish to the minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article at its present reading."""

    rowid: int
    id: ArticleId
    url: str
    page_id: PageId
    revision: int
    extractor: str
    layout: str
    digest: str
    content: Content
    rendered: bool = False
    """Its present reading is of the page as a browser showed it."""
    is_withdrawn: bool = False
    out_of_scope: str = ""


def article_at(connection: Connection, url: str) -> StoredArticle | None:
    """The article at ``url``, else the one that was to be had there."""
    return _one(connection, _AT_URL, url_=url) or _one(connection, _AT_ADDRESS, url_=url)


def article_of_page(connection: Connection, page_id: PageId) -> StoredArticle | None:
    """The article that the page carries."""
    return _one(connection, _OF_PAGE, page=page_id)


def twin_of(
    connection: Connection, source: str, digest: str, published_at: datetime | None
) -> StoredArticle | None:
    """The source's article that says the very same and was published in the same minute; where
    ``published_at`` is None, one that names no time either."""
    same = {"source_": source, "digest_": digest}
    if published_at is None:
        return _one(connection, _UNDATED_TWIN, **same)
    return _one(connection, _TWIN, **same, minute=to_stored(published_at)[:MINUTE])


def _one(connection: Connection, query: Any, **values: Any) -> StoredArticle | None:
    row = connection.execute(query, values).first()
    if row is None:
        return None
    return StoredArticle(
        rowid=row.rowid_,
        id=ArticleId(row.id),
        url=row.url,
        page_id=PageId(row.page_id),
        revision=row.revision,
        extractor=row.extractor,
        layout=row.layout,
        digest=row.digest,
        content=decode_content(row.content),
        rendered=row.rendered_capture is not None,
        is_withdrawn=row.withdrawn_at is not None,
        out_of_scope=row.out_of_scope,
    )


_ARTICLE = schema.article.c
_STORED = select(
    _ARTICLE.rowid_,
    _ARTICLE.id,
    _ARTICLE.url,
    _ARTICLE.page_id,
    _ARTICLE.revision,
    _ARTICLE.withdrawn_at,
    _ARTICLE.out_of_scope,
    schema.reading.c.extractor,
    schema.reading.c.layout,
    schema.reading.c.digest,
    schema.reading.c.content,
    schema.rendering.c.capture_id.label("rendered_capture"),
)
_STORED = _STORED.join(schema.reading, schema.reading.c.id == _ARTICLE.reading_id).outerjoin(
    schema.rendering, schema.rendering.c.capture_id == schema.reading.c.capture_id
)
_AT_URL = _STORED.where(_ARTICLE.url == bindparam("url_"))
_AT_ADDRESS = _STORED.join(schema.address, schema.address.c.article == _ARTICLE.rowid_).where(
    schema.address.c.url == bindparam("url_")
)
_OF_PAGE = _STORED.where(_ARTICLE.page_id == bindparam("page")).order_by(_ARTICLE.rowid_)
_SAME_WORDS = _STORED.where(
    schema.reading.c.digest == bindparam("digest_"), _ARTICLE.source == bindparam("source_")
).order_by(_ARTICLE.rowid_)
_TWIN = _SAME_WORDS.where(func.substr(_ARTICLE.published_at, 1, MINUTE) == bindparam("minute"))
_UNDATED_TWIN = _SAME_WORDS.where(_ARTICLE.published_at.is_(None))

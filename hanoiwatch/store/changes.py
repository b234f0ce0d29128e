"""Changes of an article that make no revision, each with its line in the change log.

Every function works inside a writer's transaction.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Executable, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import to_stored
from hanoiwatch.model import CaptureId, ChangeKind, Content, PageId
from hanoiwatch.store import schema


def log_change(connection: Connection, rowid: int, kind: ChangeKind, at: datetime) -> None:
    """A line of the change log at the article's present revision; the article points to it."""
    article = schema.article.c
    number = connection.execute(select(article.revision).where(article.rowid_ == rowid)).scalar()
    result = connection.execute(
        insert(schema.change).values(article=rowid, kind=kind, revision=number, at=to_stored(at))
    )
    _set(connection, rowid, sequence=int(result.lastrowid))


def reread(
    connection: Connection, rowid: int, reading_id: int, content: Content, at: datetime
) -> None:
    """The article shows another reading under the same revision; its time of indexing stays."""
    published = content.published_at
    stored = to_stored(published) if published else None
    _set(connection, rowid, reading_id=reading_id, published_at=stored)
    log_change(connection, rowid, "reread", at)


def withdraw(connection: Connection, rowid: int, gone_at: datetime, at: datetime) -> None:
    """The article's page is gone for good; its last good copy stays what it shows."""
    _set(connection, rowid, withdrawn_at=to_stored(gone_at))
    log_change(connection, rowid, "withdrawn", at)


def restore(connection: Connection, rowid: int, at: datetime) -> None:
    """The article's page is back."""
    _set(connection, rowid, withdrawn_at=None)
    log_change(connection, rowid, "restored", at)


def move(connection: Connection, rowid: int, url: str, at: datetime) -> None:
    """The article is at ``url`` from here on; where it was stays known."""
    article = schema.article.c
    old = connection.execute(
        select(article.url, article.page_id).where(article.rowid_ == rowid)
    ).one()
    if old.url == url:
        return
    add_address(connection, rowid, old.url, PageId(old.page_id), at)
    _set(connection, rowid, url=url)
    log_change(connection, rowid, "reread", at)


def change_page(connection: Connection, rowid: int, page_id: PageId, at: datetime) -> None:
    """The article lives on another page from here on, which is revisited in its stead."""
    connection.execute(_KEEP_PAGE, {"article": rowid, "at": to_stored(at)})
    _set(connection, rowid, page_id=page_id)


def add_address(
    connection: Connection, rowid: int, url: str, page_id: PageId, at: datetime
) -> None:
    """A further address at which the article is or was to be had."""
    connection.execute(
        _ADD_ADDRESS, {"url": url, "article": rowid, "page_id": page_id, "at": to_stored(at)}
    )


def free_page(connection: Connection, page_id: PageId) -> None:
    """The page carries another article from here on than the one it was an address of."""
    connection.execute(delete(schema.address).where(schema.address.c.page_id == page_id))


def hold(
    connection: Connection, rowid: int, capture_id: CaptureId, reason: str, at: datetime
) -> bool:
    """Notes a capture that is worse than the good copy. False: the page's last reading said the
    very same, so that it is reported already."""
    same = connection.execute(_SAME_AS_BEFORE, {"capture": capture_id}).scalar()
    if same:
        return False
    connection.execute(
        upsert(schema.held)
        .values(capture_id=capture_id, article=rowid, reason=reason, at=to_stored(at))
        .on_conflict_do_nothing()
    )
    return True


def _set(connection: Connection, rowid: int, **values: object) -> None:
    table = schema.article
    connection.execute(update(table).where(table.c.rowid_ == rowid).values(**values))


def _add_address_statement() -> Executable:
    statement = upsert(schema.address).values(
        {name: bindparam(name) for name in ("url", "article", "page_id", "at")}
    )
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["url"],
        set_={"article": new.article, "page_id": new.page_id, "at": new.at},
        where=(schema.address.c.article != new.article)
        | schema.address.c.page_id.is_distinct_from(new.page_id),
    )


_ADD_ADDRESS = _add_address_statement()
# by the page's own address: the article's may be another by now
_KEEP_PAGE = text("""
INSERT INTO address (url, article, page_id, at)
SELECT page.url, article.rowid_, page.id, :at
FROM article JOIN page ON page.id = article.page_id WHERE article.rowid_ = :article
ON CONFLICT (url) DO UPDATE SET article = excluded.article, page_id = excluded.page_id
""")
_SAME_AS_BEFORE = text("""
SELECT before.digest = now.digest AND before.reason = now.reason
FROM capture
JOIN reading AS now ON now.capture_id = capture.id
JOIN capture AS earlier ON earlier.page_id = capture.page_id AND earlier.id < capture.id
JOIN reading AS before ON before.capture_id = earlier.id
WHERE capture.id = :capture
ORDER BY now.id DESC, before.capture_id DESC, before.id DESC
LIMIT 1
""")

"""A record filled without a crawl: articles of any content, as if they had been read just now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import hanoi_day, to_stored
from hanoiwatch.model import CaptureId, Content, ReadArticle
from hanoiwatch.store import Record, schema
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.readings import add_reading
from hanoiwatch.urls import article_id

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An article to be recorded; its content's url is its identity."""

    source: str
    content: Content
    seen_at: datetime


def fill(record: Record, articles: Iterable[Recorded]) -> list[int]:
    """Records each article, or the next revision of the one at its address; one transaction.

    Returns their rowids.
    """
    run_id = record.runs.begin("bench", "crawl", BEGUN)
    with write(record.engine) as connection:
        connection.execute(upsert(schema.warc_file).on_conflict_do_nothing(), _WARC_FILE)
        return [_fill(connection, each, run_id) for each in articles]


def story_ids(record: Record) -> dict[int, str | None]:
    """By rowid each article's story."""
    article = schema.article.c
    with read(record.engine) as connection:
        rows = connection.execute(select(article.rowid_, article.story_id))
        return {row.rowid_: row.story_id for row in rows}


_WARC_FILE = {"name": "bench", "length": 0}


def _fill(connection: Connection, article: Recorded, run_id: int) -> int:
    content, moment = article.content, to_stored(article.seen_at)
    known = schema.article.c
    stored = connection.execute(
        select(known.rowid_, known.page_id, known.revision).where(known.url == content.url)
    ).first()
    page_id = stored.page_id if stored else _page(connection, article)
    reading_id = _reading(connection, article, run_id, page_id)
    revision = stored.revision + 1 if stored else 1
    values = {
        "reading_id": reading_id,
        "revision": revision,
        "published_at": to_stored(content.published_at) if content.published_at else None,
    }
    if stored is None:
        fixed = {"id": article_id(content.url), "url": content.url, "source": article.source}
        new = {"page_id": page_id, "first_seen_at": moment, "sequence": 0}
        rowid = _add(connection, schema.article, **values, **fixed, **new)
    else:
        rowid = stored.rowid_
    kind = "edited" if stored else "new"
    changed = {"article": rowid, "kind": kind, "revision": revision, "at": moment}
    values["sequence"] = _add(connection, schema.change, **changed)
    connection.execute(update(schema.article).where(known.rowid_ == rowid).values(**values))
    return rowid


def _page(connection: Connection, article: Recorded) -> int:
    return _add(
        connection,
        schema.page,
        source=article.source,
        url=article.content.url,
        listed_url=article.content.url,
        first_seen_at=to_stored(article.seen_at),
        first_seen_day=str(hanoi_day(article.seen_at)),
    )


def _reading(connection: Connection, article: Recorded, run_id: int, page_id: int) -> int:
    """A capture without a body, and what was read in it."""
    capture_id = _add(
        connection,
        schema.capture,
        source=article.source,
        run_id=run_id,
        page_id=page_id,
        url=article.content.url,
        fetched_at=to_stored(article.seen_at),
        status=200,
        content_type="text/html",
        sha256="",
        file="bench",
        offset=0,
        length=0,
        record_id=f"urn:bench:{page_id}:{run_id}",
        state="read",
    )
    reading = ReadArticle(content=article.content, layout="general", extractor="bench")
    return add_reading(connection, CaptureId(capture_id), reading, article.seen_at)[0]


def _add(connection: Connection, table: Table, **values: Any) -> int:
    return int(connection.execute(insert(table), values).lastrowid)

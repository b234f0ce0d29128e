"""Made-up articles as rows of a record: many at once, where nothing of how they came counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import insert

from hanoiwatch.clock import to_stored
from hanoiwatch.model import Article
from hanoiwatch.store import Record, schema
from hanoiwatch.store.engine import write


def make_room(record: Record) -> None:
    """The one run and the one WARC file that all captures say they are of."""
    with write(record.engine) as connection:
        run = {"id": 1, "source": "", "kind": "crawl", "started_at": ""}
        connection.execute(insert(schema.run), run)
        connection.execute(insert(schema.warc_file), {"name": "made-up.warc.gz", "length": 0})


def record_rows(articles: Iterable[Article]) -> dict[Any, list[dict[str, Any]]]:
    """For each table its rows; articles that were indexed at once."""
    rows: dict[Any, list[dict[str, Any]]] = {
        schema.page: [], schema.capture: [], schema.reading: [], schema.article: [],
        schema.linked: [], schema.change: [],
    }  # fmt: skip
    for article in articles:
        number, url, at = article.rowid, article.content.url, to_stored(article.fetched_at)
        rows[schema.page].append(
            {"id": number, "source": article.source, "url": url, "listed_url": url,
             "first_seen_at": at, "first_seen_day": at[:10]}
        )  # fmt: skip
        rows[schema.capture].append(
            {"id": number, "source": article.source, "run_id": 1, "page_id": number, "url": url,
             "fetched_at": at, "status": 200, "content_type": "text/html", "sha256": "0",
             "file": "made-up.warc.gz", "offset": 0, "length": 0, "state": "read",
             "record_id": article.capture_record_id}
        )  # fmt: skip
        rows[schema.reading].append(
            {"id": number, "capture_id": number, "extractor": "1", "at": at, "layout": "general",
             "content": msgspec.json.encode(article.content).decode()}
        )  # fmt: skip
        rows[schema.article].append(
            {"rowid_": number, "id": article.id, "url": url, "source": article.source,
             "page_id": number, "first_seen_at": at, "published_at": at, "revision": 1,
             "reading_id": number, "sequence": article.sequence, "indexed_at": at}
        )  # fmt: skip
        rows[schema.linked].append(
            {"article": number, "reading_id": number, "registry": "made up",
             "links": msgspec.json.encode(article.links).decode()}
        )  # fmt: skip
        rows[schema.change].append(
            {"sequence": article.sequence, "article": number, "kind": "new", "revision": 1,
             "at": at}
        )  # fmt: skip
    return rows

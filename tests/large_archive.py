"""Archives of many articles, written straight into the record: a crawl would take minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import insert

from hanoiwatch.clock import to_stored
from hanoiwatch.config import Config
from hanoiwatch.model import Block, Content, Image
from hanoiwatch.store import Record, schema
from hanoiwatch.store.engine import write
from indexer.search.embedded import EmbeddedIndex
from indexer.search.protocol import IndexChange

SOURCE = "bao-lon"
BATCH = 1000
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_AT = to_stored(_FIRST)
_PICTURES = 30
"""Their addresses make an article as heavy as those of the press; no index takes them."""


def made_content(number: int) -> Content:
    pictures = tuple(
        Image(url=f"https://anh.example/{number}/{picture}/{'bo-ke-song-hong-' * 6}.jpg")
        for picture in range(_PICTURES)
    )
    return Content(
        url=f"https://bao.example/bo-ke-{number}.html",
        title=f"Bờ kè số {number} được vá trước mùa mưa",
        lead="Tổ dân phố xin làm trước đoạn gần trường học.",
        section=("Đô thị", "Xã hội")[number % 2],
        published_at=None if number % 500 == 499 else _FIRST + timedelta(minutes=number * 10),
        blocks=(Block(kind="paragraph", text="Đoạn kè trước chợ đã bong, nước rỉ qua khe."),),
        images=pictures,
    )


def write_archive(config: Config, count: int) -> None:
    """A record of ``count`` articles of one source, and its index."""
    record = Record.open(config.record_path)
    index = EmbeddedIndex(config.index_path)
    try:
        _write_head(record)
        for first in range(1, count + 1, BATCH):
            numbers = range(first, min(first + BATCH, count + 1))
            _write_articles(record, numbers)
            index.apply(list(_changes(record, index.position())))
    finally:
        index.close()
        record.close()


def _write_head(record: Record) -> None:
    with write(record.engine) as connection:
        connection.execute(
            insert(schema.source),
            {"name": SOURCE, "title": "Báo Lớn", "home": "https://bao.example/", "rights": "full"},
        )
        connection.execute(insert(schema.warc_file), {"name": "a.warc.gz", "length": 1})
    record.runs.begin(SOURCE, "crawl", _FIRST)


def _write_articles(record: Record, numbers: range) -> None:
    rows = [_rows(number, made_content(number)) for number in numbers]
    with write(record.engine) as connection:
        for name in ("page", "capture", "reading", "article", "change"):
            table = schema.metadata.tables[name]
            connection.execute(insert(table), [row[name] for row in rows])


def _rows(number: int, content: Content) -> dict[str, dict[str, object]]:
    url, published = content.url, content.published_at
    return {
        "page": {
            "id": number, "source": SOURCE, "url": url, "listed_url": url, "first_seen_at": _AT,
            "first_seen_day": _AT[:10],
        },
        "capture": {
            "id": number, "source": SOURCE, "run_id": 1, "page_id": number, "url": url,
            "fetched_at": _AT, "status": 200, "content_type": "text/html", "sha256": "0",
            "file": "a.warc.gz", "offset": number, "length": 1, "record_id": f"urn:uuid:{number}",
            "state": "read",
        },
        "reading": {
            "id": number, "capture_id": number, "extractor": "1", "at": _AT,
            "content": msgspec.json.encode(content).decode(), "digest": str(number),
        },
        "article": {
            "rowid_": number, "id": f"{number * 7919 % 999_983:016x}", "url": url,
            "source": SOURCE, "page_id": number, "first_seen_at": _AT,
            "published_at": to_stored(published) if published else None, "revision": 1,
            "reading_id": number, "sequence": number, "indexed_at": _AT,
        },
        "change": {"article": number, "kind": "new", "revision": 1, "at": _AT},
    }  # fmt: skip


def _changes(record: Record, after: int) -> Iterator[IndexChange]:
    changes = record.articles.changes(after=after, limit=BATCH)
    articles = record.articles.by_rowids([change.article_rowid for change in changes])
    for change in changes:
        yield IndexChange(change=change, article=articles[change.article_rowid])


def data_folder(folder: Path, count: int) -> Path:
    """`write_archive` into ``folder``; names it for ``--data-dir``."""
    write_archive(Config(base=str(folder), data_dir="data"), count)
    return folder / "data"

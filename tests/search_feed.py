"""Feeding a search index in tests: articles of any content, and a change log."""

from __future__ import annotations

from datetime import datetime

from hanoiwatch.clock import HANOI
from hanoiwatch.model import Article, ArticleId, Change, Content
from indexer.search.protocol import IndexChange, SearchIndex

NOON = datetime(2026, 9, 30, 12, 0, tzinfo=HANOI)


def id_of(rowid: int) -> ArticleId:
    """In another order than the rowids."""
    return ArticleId(f"{rowid * 7919 % 10_007:016x}")


def make_article(rowid: int, content: Content, source: str = "bao-pho") -> Article:
    return Article(
        id=id_of(rowid),
        rowid=rowid,
        source=source,
        content=content,
        first_seen_at=NOON,
        fetched_at=NOON,
        indexed_at=None,
        revision=1,
        sequence=rowid,
        rights="full",
        layout="general",
        extractor="1",
        capture_record_id="urn:uuid:0",
        capture_sha256="0",
    )


class Feed:
    """A change log that feeds an index as it is written."""

    def __init__(self, index: SearchIndex) -> None:
        self.index = index
        self.changes: list[IndexChange] = []

    def note(self, rowid: int, article: Article | None) -> IndexChange:
        change = Change(
            sequence=len(self.changes) + 1,
            article_rowid=rowid,
            article_id=id_of(rowid),
            kind="removed" if article is None else "new",
        )
        self.changes.append(IndexChange(change=change, article=article))
        return self.changes[-1]

    def put(self, *articles: Article) -> None:
        self.index.apply([self.note(article.rowid, article) for article in articles])

    def remove(self, rowid: int) -> None:
        self.index.apply([self.note(rowid, None)])

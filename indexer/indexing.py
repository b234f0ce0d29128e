"""Bringing the search index up to the record's change log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from hanoiwatch.store import Record
from indexer.search.protocol import IndexChange, SearchIndex

INDEX_BATCH = 128
"""Changes applied to the index in one of its transactions."""


def index_changes(
    record: Record, index: SearchIndex, clock: Callable[[], datetime]
) -> Iterator[int]:
    """Applies every change that the index has not seen, batch by batch; yields batch sizes.

    Killed anywhere, it goes on from the index's own position; a batch applied twice does no
    harm, because a change stands for its article's newest state.
    """
    while True:
        changes = record.articles.changes(after=index.position(), limit=INDEX_BATCH)
        if not changes:
            return
        rowids = list({change.article_rowid for change in changes})
        articles = record.articles.by_rowids(rowids)
        index.apply(
            [
                IndexChange(change=change, article=articles.get(change.article_rowid))
                for change in changes
            ]
        )
        record.articles.mark_indexed(articles, clock())
        yield len(changes)

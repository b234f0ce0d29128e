"""Bringing the search index up to the record's change log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.store import Record
from indexer.search.protocol import IndexChange, SearchIndex

INDEX_BATCH = 128
"""Changes applied to the index in one of its transactions."""


def index_changes(
    record: Record, index: SearchIndex, clock: Callable[[], datetime]
) -> Iterator[int]:
    """Applies every change that the index has not seen, batch by batch; yields batch sizes.

    Killed anywhere, it goes on from the index's own position; a batch applied twice does no
    harm, because a change stands for its article's newest state. An article that the index
    cannot take is quarantined, and the rest goes on.
    """
    # a crash between the index's commit and the record's mark
    record.articles.mark_indexed(record.articles.unmarked(upto=index.position()), clock())
    while True:
        changes = record.articles.changes(after=index.position(), limit=INDEX_BATCH)
        if not changes:
            return
        articles = record.articles.by_rowids(list({one.article_rowid for one in changes}))
        batch = [
            IndexChange(change=change, article=articles.get(change.article_rowid))
            for change in changes
        ]
        refused = _apply(index, batch)
        record.articles.mark_indexed((rowid for rowid in articles if rowid not in refused), clock())
        for rowid, reason in refused.items():
            record.articles.mark_not_indexable(rowid, clock(), reason)
        yield len(changes)


def _apply(index: SearchIndex, batch: list[IndexChange]) -> dict[int, str]:
    """Applies the batch; one by one where it breaks. Returns the refused rowids with reasons."""
    try:
        index.apply(batch)
    except HanoiwatchError:
        raise
    except Exception as error:  # noqa: BLE001 - the stage's border: what breaks here is quarantined
        if len(batch) > 1:
            refused: dict[int, str] = {}
            for one in batch:
                refused |= _apply(index, [one])
            return refused
        (only,) = batch
        index.apply([IndexChange(change=only.change, article=None)])
        return {only.change.article_rowid: f"{type(error).__name__}: {error}"}
    return {}

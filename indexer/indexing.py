"""Bringing the search index up to the record's change log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

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
    cannot take is quarantined, and the rest goes on. An index that another version of this
    program made is made anew first; searches go on meanwhile.
    """
    if index.outdated():
        from indexer.rebuild import rebuild_index

        yield from rebuild_index(record, index, clock)
    # a crash between the index's commit and the record's mark
    record.articles.mark_indexed(record.articles.unmarked(upto=index.position()), clock())
    for changed, refused in follow(record, index):
        record.articles.mark_indexed(changed - refused.keys(), clock())
        mark_refused(record, refused, clock)
        yield len(changed)


class Following(Protocol):
    """What follows the change log: an index, or its successor."""

    def position(self) -> int: ...

    def apply(self, changes: Sequence[IndexChange]) -> None: ...


def follow(record: Record, index: Following) -> Iterator[tuple[set[int], dict[int, str]]]:
    """Brings the index to the end of the log; yields for each batch the articles it then has,
    and among them those that it refused, with reasons."""
    while changes := record.articles.changes(after=index.position(), limit=INDEX_BATCH):
        articles = record.articles.by_rowids(list({one.article_rowid for one in changes}))
        batch = [
            IndexChange(change=change, article=articles.get(change.article_rowid))
            for change in changes
        ]
        yield set(articles), _apply(index, batch)


def mark_refused(record: Record, refused: Mapping[int, str], clock: Callable[[], datetime]) -> None:
    for rowid, reason in refused.items():
        record.articles.mark_not_indexable(rowid, clock(), reason)


def _apply(index: Following, batch: list[IndexChange]) -> dict[int, str]:
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

"""Making the search index anew from the record, while the old one answers.

Articles go in by rowid, each once, however often it changed; then the change log is followed
from where it ended when this began. An article that changed meanwhile goes in twice, and the
log's line puts that right. See docs/decisions/0010.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.store import Record
from indexer.indexing import follow, index_changes, mark_refused
from indexer.search.protocol import SearchIndex, Successor


def rebuild_index(
    record: Record, index: SearchIndex, clock: Callable[[], datetime]
) -> Iterator[int]:
    """Yields how many articles, then changes, each batch brought; first, where another call was
    cut, how many that one had brought.

    Killed anywhere, the old index answers on, and the next call goes on from there. An article
    that the index cannot take is quarantined, and the rest goes on.
    """
    successor = index.successor(position=record.articles.last_sequence())
    try:
        for count, refused in _fill(record, successor):
            mark_refused(record, refused, clock)
            yield count
        for changed, refused in follow(record, successor):
            mark_refused(record, refused, clock)
            yield len(changed)
        successor.take_over()
    finally:
        successor.close()
    yield from index_changes(record, index, clock)


def _fill(record: Record, successor: Successor) -> Iterator[tuple[int, dict[int, str]]]:
    last = record.articles.last_rowid()
    if there := successor.filled_to():
        yield record.articles.count(upto=there), {}
    while (after := successor.filled_to()) < last:
        yield _fill_range(record, successor, after, min(after + successor.at_once, last))


def _fill_range(
    record: Record, successor: Successor, after: int, upto: int
) -> tuple[int, dict[int, str]]:
    """Halves what breaks, until a single article is refused."""
    try:
        counted = successor.counts_links_alone
        articles = record.articles.stream(after=after, upto=upto, counted_links=counted)
        return successor.fill(articles, upto=upto), {}
    except HanoiwatchError:
        raise
    except Exception as error:  # noqa: BLE001 - the stage's border: what breaks here is quarantined
        if upto == after + 1:
            successor.fill((), upto=upto)
            return 0, {upto: f"{type(error).__name__}: {error}"}
        middle = (after + upto) // 2
        first, refused = _fill_range(record, successor, after, middle)
        second, more = _fill_range(record, successor, middle, upto)
        return first + second, refused | more

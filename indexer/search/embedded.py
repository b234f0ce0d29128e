"""The search index in one SQLite file, without any server. See docs/decisions/0004.

Postings of our own rather than FTS5: one set of words answers with and without marks, sets of
documents are integers, and `~n` means what the query language says.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from hanoiwatch.errors import StoreError
from hanoiwatch.model import Article, Filters, Match, Matches, SortOrder
from hanoiwatch.query import Node, without_marks
from indexer.search.evaluate import Evaluation
from indexer.search.indexfile import IndexFile
from indexer.search.merging import bury, merge, next_merge, purge, segment_heads
from indexer.search.narrowing import Narrowing, facets
from indexer.search.order import by_date, by_day
from indexer.search.protocol import IndexChange
from indexer.search.view import View
from indexer.search.writing import Segment, Vocabulary, document_row, write_segment


class EmbeddedIndex:
    """`SearchIndex` on a file of its own, made where it is not there. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._file = IndexFile(path)
        self._vocabulary = Vocabulary()
        self._view: View | None = None
        self._seen = -1

    def position(self) -> int:
        with self._file.read() as connection:
            return _position(connection)

    def clear(self) -> None:
        self._forget()
        self._file.make_empty()

    def close(self) -> None:
        self._file.close()

    # --- feeding ---------------------------------------------------------------------------

    def apply(self, changes: Sequence[IndexChange]) -> None:
        try:
            with self._file.write() as connection:
                self._note_other_writers()
                self._apply(connection, changes)
            self._merge()
        except BaseException:
            self._forget()  # what was numbered in a lost transaction is not in the file
            raise
        self._view = None

    def _apply(self, connection: sqlite3.Connection, changes: Sequence[IndexChange]) -> None:
        position = _position(connection)
        newest = {
            change.change.article_rowid: change.article
            for change in changes
            if change.change.sequence > position
        }
        if not newest:
            return
        gone = [rowid for rowid, article in newest.items() if article is None]
        changed = newest.keys() - set(gone)
        bury(connection, _drop_documents(connection, changed))
        if removed := _drop_documents(connection, gone):
            purge(connection, removed)
            self._vocabulary.forget()
        self._add(connection, [article for article in newest.values() if article])
        last = max(change.change.sequence for change in changes)
        connection.execute("UPDATE meta SET value = ? WHERE name = 'position'", (last,))

    def _add(self, connection: sqlite3.Connection, articles: Sequence[Article]) -> None:
        if not articles:
            return
        first_doc, place = connection.execute(
            "SELECT ifnull(max(first_doc + docs), 0), ifnull(max(end_place), 0) FROM segment"
        ).fetchone()
        segment = Segment(first_doc, place)
        try:
            for article in articles:
                segment.add(article)
        except OverflowError as error:
            raise StoreError(
                f"the search index {self._file.path} is full at four billion words: "
                "run `hanoiwatch index rebuild`, which drops those of former revisions."
            ) from error
        write_segment(connection, self._vocabulary, segment)
        connection.executemany(
            "INSERT INTO document (doc, article, id, published, month) VALUES (?, ?, ?, ?, ?)",
            [document_row(doc, article) for doc, article in enumerate(articles, first_doc)],
        )

    def _merge(self) -> None:
        """Each merge is a transaction of its own: searching sees no difference."""
        while run := next_merge(segment_heads(self._file.connection)):
            with self._file.write() as connection:
                merge(connection, run)

    # --- searching -------------------------------------------------------------------------

    def search(
        self,
        tree: Node | None,
        filters: Filters,
        *,
        sort: SortOrder = "newest",
        limit: int = 10,
        offset: int = 0,
    ) -> Matches:
        with self._file.read() as connection:
            view = self._current_view(connection)
            narrowing = Narrowing.of(filters, view, connection)
            evaluation = Evaluation(view)
            found = evaluation.docs(tree) if tree else view.alive
            result = found & narrowing.sources & narrowing.sections & narrowing.dates
            if sort == "relevance" and tree:
                from indexer.search.relevance import by_relevance

                matches = by_relevance(view, connection, tree, result, limit=limit, offset=offset)
            else:
                rowids = by_date(
                    view, connection, result, newest=sort != "oldest", limit=limit, offset=offset
                )
                matches = [Match(article_rowid=rowid) for rowid in rowids]
            return Matches(
                total=result.bit_count(),
                matches=tuple(matches),
                facets=facets(found, narrowing, view),
                hint=None if result or not tree else _hint(evaluation, tree, narrowing),
            )

    def rowids(
        self, tree: Node | None, filters: Filters, *, sort: SortOrder = "newest"
    ) -> array[int]:
        with self._file.read() as connection:
            view = self._current_view(connection)
            result = self._result(view, connection, tree, filters)
            count = result.bit_count()
            newest = sort != "oldest"
            return array(
                "q", by_date(view, connection, result, newest=newest, limit=count, offset=0)
            )

    def days(self, tree: Node | None, filters: Filters) -> Mapping[date | None, int]:
        with self._file.read() as connection:
            view = self._current_view(connection)
            return by_day(connection, self._result(view, connection, tree, filters))

    def _result(
        self, view: View, connection: sqlite3.Connection, tree: Node | None, filters: Filters
    ) -> int:
        narrowing = Narrowing.of(filters, view, connection)
        found = Evaluation(view).docs(tree) if tree else view.alive
        return found & narrowing.sources & narrowing.sections & narrowing.dates

    def _current_view(self, connection: sqlite3.Connection) -> View:
        _position(connection)  # the first read fixes what this transaction sees
        self._note_other_writers()
        if self._view is None:
            self._view = View(connection)
        return self._view

    def _note_other_writers(self) -> None:
        version = self._file.data_version()
        if version != self._seen:
            self._forget()
            self._seen = version

    def _forget(self) -> None:
        self._view = None
        self._vocabulary.forget()


def _position(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT value FROM meta WHERE name = 'position'").fetchone()
    return int(row[0])


def _drop_documents(connection: sqlite3.Connection, rowids: Iterable[int]) -> list[int]:
    """The documents that these articles had."""
    dropped = []
    for rowid in rowids:
        row = connection.execute(
            "DELETE FROM document WHERE article = ? RETURNING doc", (rowid,)
        ).fetchone()
        if row:
            dropped.append(int(row[0]))
    return dropped


def _hint(evaluation: Evaluation, tree: Node, narrowing: Narrowing) -> str | None:
    folded = without_marks(tree)
    if folded is None:
        return None
    found = evaluation.docs(folded) & narrowing.sources & narrowing.sections & narrowing.dates
    if not found:
        return None
    return (
        f"Nothing has these words with exactly these marks; {found.bit_count()} "
        "would match without marks (type none, or put ~ before a word)."
    )

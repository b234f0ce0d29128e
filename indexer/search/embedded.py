"""The search index in one SQLite file, without any server. See docs/decisions/0004 and 0010.

Postings of our own rather than FTS5: one set of words answers with and without marks, sets of
documents are integers, and `~n` means what the query language says.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from hanoiwatch.errors import StoreError
from hanoiwatch.model import Article, Filters, Match, Matches, SortOrder
from hanoiwatch.query import Node, without_marks
from indexer.search.evaluate import Evaluation
from indexer.search.feeding import Feeder
from indexer.search.generations import Generations
from indexer.search.indexfile import IndexFile
from indexer.search.narrowing import Narrowing, facets
from indexer.search.order import by_date, by_day
from indexer.search.protocol import Difference, IndexChange
from indexer.search.succession import EmbeddedSuccessor
from indexer.search.view import View


class EmbeddedIndex:
    """`SearchIndex` on a file of its own, made where it is not there. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._generations = Generations(path)
        self._number, self._file = self._opened()
        self._feeder = Feeder(self._file)
        self._view: View | None = None
        self._seen = -1

    def _opened(self) -> tuple[int, IndexFile]:
        """The generation that answers now, made where there is none."""
        while True:
            number = self._generations.current()
            with suppress(FileNotFoundError):
                # Created only where no switch is about to remove it: see the second look.
                create = number == self._generations.current()
                file = IndexFile(self._generations.file(number), create=create)
                if number == self._generations.current():
                    return number, file
                file.close()

    def _here(self) -> IndexFile:
        """The file that answers, another one than before where there was a switch."""
        if self._generations.current() != self._number:
            self._file.close()
            self._number, self._file = self._opened()
            self._feeder = Feeder(self._file)
            self._view, self._seen = None, -1
        return self._file

    def close(self) -> None:
        self._file.close()

    # --- state -----------------------------------------------------------------------------

    def outdated(self) -> bool:
        return self._here().outdated

    def caveat(self) -> str:
        file = self._here()
        if not file.outdated or not file.readable:
            return ""
        return (
            "the search index was made by another version of this program: answers may miss "
            "something until the next crawl or `hanoiwatch index rebuild` makes it anew."
        )

    def position(self) -> int:
        file = self._here()
        if not file.readable:
            return 0
        with file.read():
            return file.number("position")

    def versions(self) -> Iterator[tuple[int, int]]:
        with self._readable().read() as connection:
            yield from connection.execute("SELECT article, sequence FROM document ORDER BY article")

    def storage_faults(self) -> list[str]:
        with self._here().read() as connection:
            said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(100)")]
            return [] if said == ["ok"] else said

    def differences(
        self, articles_of: Callable[[Sequence[int]], Mapping[int, Article]]
    ) -> Iterator[Difference | int]:
        from indexer.search.audit import differences

        with self._readable().read() as connection:
            yield from differences(connection, articles_of)

    def _readable(self) -> IndexFile:
        file = self._here()
        if not file.readable:
            raise StoreError(
                f"the search index {file.path} was made by another version of this program, and "
                "this one cannot read it: run `hanoiwatch index rebuild` (a crawl does it, too)."
            )
        return file

    # --- feeding ---------------------------------------------------------------------------

    def apply(self, changes: Sequence[IndexChange]) -> None:
        file = self._here()
        if file.outdated:
            raise StoreError(
                f"the search index {file.path} was made by another version of this program: "
                "it takes no changes before `hanoiwatch index rebuild`."
            )
        try:
            with file.write():
                self._note_other_writers()
                self._feeder.apply(changes)
            self._feeder.merge()
        except BaseException:
            self._forget()  # what was numbered in a lost transaction is not in the file
            raise
        self._view = None

    def successor(self, *, position: int) -> EmbeddedSuccessor:
        return EmbeddedSuccessor(self._generations, position=position)

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
        with self._readable().read() as connection:
            view = self._current_view(connection)
            narrowing = Narrowing.of(filters, view, connection)
            evaluation = Evaluation(view)
            found = evaluation.docs(tree) if tree else view.alive
            result = found & narrowing.all()
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
        with self._readable().read() as connection:
            view = self._current_view(connection)
            result = self._result(view, connection, tree, filters)
            count = result.bit_count()
            newest = sort != "oldest"
            return by_date(view, connection, result, newest=newest, limit=count, offset=0)

    def days(self, tree: Node | None, filters: Filters) -> Mapping[date | None, int]:
        with self._readable().read() as connection:
            view = self._current_view(connection)
            return by_day(connection, self._result(view, connection, tree, filters))

    def _result(
        self, view: View, connection: sqlite3.Connection, tree: Node | None, filters: Filters
    ) -> int:
        narrowing = Narrowing.of(filters, view, connection)
        found = Evaluation(view).docs(tree) if tree else view.alive
        return found & narrowing.all()

    def _current_view(self, connection: sqlite3.Connection) -> View:
        self._file.number("position")  # the first read fixes what this transaction sees
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
        self._feeder.vocabulary.forget()


def _hint(evaluation: Evaluation, tree: Node, narrowing: Narrowing) -> str | None:
    folded = without_marks(tree)
    if folded is None:
        return None
    found = evaluation.docs(folded) & narrowing.all()
    if not found:
        return None
    return (
        f"Nothing has these words with exactly these marks; {found.bit_count()} "
        "would match without marks (type none, or put ~ before a word)."
    )

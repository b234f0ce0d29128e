"""Changes into one file of the index, batch by batch; and the segments kept few."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from hanoiwatch.errors import StoreError
from hanoiwatch.model import Article
from indexer.search.indexfile import IndexFile
from indexer.search.merging import bury, merge, next_merge, purge, segment_heads
from indexer.search.protocol import IndexChange
from indexer.search.writing import (
    Segment,
    Vocabulary,
    document_row,
    insert_documents,
    write_segment,
)


class Feeder:
    """Writes what `SearchIndex.apply` promises. Forget it after a rollback."""

    def __init__(self, file: IndexFile) -> None:
        self._file = file
        self.vocabulary = Vocabulary()

    def apply(self, changes: Sequence[IndexChange]) -> None:
        """Inside a transaction of the file."""
        position = self._file.number("position")
        newest = {
            change.change.article_rowid: change.article
            for change in changes
            if change.change.sequence > position
        }
        if not newest:
            return
        connection = self._file.connection
        gone = [rowid for rowid, article in newest.items() if article is None]
        bury(connection, _drop_documents(connection, newest.keys() - set(gone)))
        if removed := _drop_documents(connection, gone):
            purge(connection, removed)
            self.vocabulary.forget()
        self._add([article for article in newest.values() if article])
        self._file.keep_number("position", max(change.change.sequence for change in changes))

    def _add(self, articles: Sequence[Article]) -> None:
        if not articles:
            return
        first_doc, place = next_numbers(self._file.connection)
        segment = Segment(first_doc, place)
        try:
            for article in articles:
                segment.add(article)
        except OverflowError as error:
            raise full(self._file) from error
        write_segment(self._file.connection, self.vocabulary, segment)
        insert_documents(
            self._file.connection,
            [document_row(doc, article) for doc, article in enumerate(articles, first_doc)],
        )

    def merge(self) -> None:
        """Each merge is a transaction of its own: searching sees no difference."""
        while run := next_merge(segment_heads(self._file.connection)):
            with self._file.write() as connection:
                merge(connection, run)


def next_numbers(connection: sqlite3.Connection) -> tuple[int, int]:
    """Of the next document, and of the next place."""
    row = connection.execute(
        "SELECT ifnull(max(first_doc + docs), 0), ifnull(max(end_place), 0) FROM segment"
    ).fetchone()
    return int(row[0]), int(row[1])


def full(file: IndexFile) -> StoreError:
    return StoreError(
        f"the search index {file.path} is full at four billion words: "
        "run `hanoiwatch index rebuild`, which drops those of former revisions."
    )


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

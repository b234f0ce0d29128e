"""One measurement of `bench.rebuild`, in a process of its own: ``NAME RECORD OUT``."""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

from bench.rows import make_room, record_rows
from bench.search_corpus import articles
from hanoiwatch.clock import now
from hanoiwatch.model import Article
from hanoiwatch.query import FIELDS, lines_by_field
from hanoiwatch.store import Record
from hanoiwatch.store.engine import write
from hanoiwatch.text import canon, fold_canon, words
from indexer.rebuild import rebuild_index
from indexer.search.embedded import EmbeddedIndex
from indexer.search.indexfile import BODY, MONTH, OFFICIAL, POST, SECTION, SOURCE, TOPIC
from indexer.search.writing import facet_values

OURS, FTS5_ONE, FTS5_BOTH = "ours", "fts5-one", "fts5-both"
TITLES = {
    OURS: "hanoiwatch index rebuild",
    FTS5_ONE: "FTS5, marks kept",
    FTS5_BOTH: "FTS5, with and without marks",
}
AT_ONCE = 1_000
"""Rows prepared before they are inserted, untimed; articles put into the record together."""
_FAST = ("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "cache_size = -32000")
_FACETS = {
    "source": SOURCE, "section": SECTION, "month": MONTH, "official": OFFICIAL, "post": POST,
    "body": BODY, "topic": TOPIC,
}  # fmt: skip
"""What our index counts and filters by besides the words: a column each."""
_COLUMNS = {"canon": (*FIELDS, *_FACETS), "fold": FIELDS}
"""Of each table. Values of facets have no marks to be without: one table has them."""

Prepared = tuple[int | str, ...]
"""A row of the table with marks: its number and its columns."""


def add_articles(record: Record, first: int, end: int) -> None:
    """Articles number ``first`` to ``end - 1`` of the benchmark's corpus, as if indexed before."""
    if first == 1:
        make_room(record)
    made = articles(first, end)
    while some := list(islice(made, AT_ONCE)):
        with write(record.engine) as connection:
            for table, rows in record_rows(some).items():
                connection.execute(insert(table), rows)


def rebuild_seconds(record: Record, out: Path) -> float:
    index = EmbeddedIndex(out)
    started = time.perf_counter()
    for _ in rebuild_index(record, index, now):
        pass
    seconds = time.perf_counter() - started
    index.close()
    return seconds


def fts5_seconds(record: Record, out: Path, *, tables: int) -> float:
    """Of insertion alone: the rows of one table, or of both."""
    with closing(sqlite3.connect(out, isolation_level=None)) as connection:
        for pragma in _FAST:
            connection.execute(f"PRAGMA {pragma}")
        for table in list(_COLUMNS)[:tables]:
            connection.execute(_make(table))
        connection.execute("BEGIN")
        seconds = 0.0
        for rows in _prepared(record):
            folded = [_folded(row) for row in rows if tables > 1]
            started = time.perf_counter()
            connection.executemany(_insert("canon"), rows)
            if folded:
                connection.executemany(_insert("fold"), folded)
            seconds += time.perf_counter() - started
        started = time.perf_counter()
        connection.execute("COMMIT")
        return seconds + time.perf_counter() - started


def _make(table: str) -> str:
    return (
        f"CREATE VIRTUAL TABLE {table} USING fts5({', '.join(_COLUMNS[table])},"
        " content = '', tokenize = 'unicode61 remove_diacritics 0')"
    )


def _insert(table: str) -> str:
    columns = ("rowid", *_COLUMNS[table])
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _folded(row: Prepared) -> Prepared:
    return row[0], *(fold_canon(str(text)) for text in row[1 : 1 + len(FIELDS)])


def _prepared(record: Record) -> Iterator[list[Prepared]]:
    rows = _rows(record)
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _rows(record: Record) -> Iterator[Prepared]:
    for article in record.articles.stream(after=0, upto=record.articles.last_rowid()):
        yield article.rowid, *map(_normal, lines_by_field(article.content)), *_facets(article)


def _facets(article: Article) -> Iterator[str]:
    """For each facet its values, each as one word."""
    values: dict[int, list[str]] = defaultdict(list)
    for kind, value in facet_values(article):
        values[kind].append("".join(words(canon(value))))
    return (" ".join(values[kind]) for kind in _FACETS.values())


def _normal(lines: Iterable[str]) -> str:
    return canon("\n".join(lines))


_WAYS = {
    OURS: rebuild_seconds,
    FTS5_ONE: partial(fts5_seconds, tables=1),
    FTS5_BOTH: partial(fts5_seconds, tables=2),
}


def main(name: str, record_path: str, out: str) -> None:
    """Prints the lap as JSON; leaves nothing."""
    record = Record.open(Path(record_path))
    seconds = _WAYS[name](record, Path(out))
    record.close()
    left = list(Path(out).parent.glob(f"{Path(out).name}*"))
    size = sum(path.stat().st_size for path in left)
    for path in left:
        path.unlink()
    # The kernel counts kilobytes.
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    sys.stdout.write(json.dumps({"seconds": seconds, "rss_mb": rss, "bytes": size}))


if __name__ == "__main__":
    main(*sys.argv[1:])

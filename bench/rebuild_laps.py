"""One measurement of `bench.rebuild`, in a process of its own: ``NAME RECORD OUT``."""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

from bench.rows import make_room, record_rows
from bench.search_corpus import articles
from hanoiwatch.clock import now
from hanoiwatch.query import lines_by_field
from hanoiwatch.store import Record
from hanoiwatch.store.engine import write
from hanoiwatch.text import canon, fold_canon
from indexer.rebuild import rebuild_index
from indexer.search.embedded import EmbeddedIndex

OURS, FTS5_ONE, FTS5_BOTH = "ours", "fts5-one", "fts5-both"
TITLES = {
    OURS: "hanoiwatch index rebuild",
    FTS5_ONE: "FTS5, marks kept",
    FTS5_BOTH: "FTS5, with and without marks",
}
AT_ONCE = 1_000
"""Rows prepared before they are inserted, untimed; articles put into the record together."""
_FAST = ("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "cache_size = -32000")
_MAKE = (
    "CREATE VIRTUAL TABLE {} USING fts5(title, lead, text, caption, byline, tag,"
    " content = '', tokenize = 'unicode61 remove_diacritics 0')"
)
_INSERT = (
    "INSERT INTO {} (rowid, title, lead, text, caption, byline, tag) VALUES (?, ?, ?, ?, ?, ?, ?)"
)

Prepared = tuple[int, str, str, str, str, str, str]


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
        for table in ("canon", "fold")[:tables]:
            connection.execute(_MAKE.format(table))
        connection.execute("BEGIN")
        seconds = 0.0
        for rows in _prepared(record):
            folded = [(row[0], *map(fold_canon, row[1:])) for row in rows if tables > 1]
            started = time.perf_counter()
            connection.executemany(_INSERT.format("canon"), rows)
            if folded:
                connection.executemany(_INSERT.format("fold"), folded)
            seconds += time.perf_counter() - started
        started = time.perf_counter()
        connection.execute("COMMIT")
        return seconds + time.perf_counter() - started


def _prepared(record: Record) -> Iterator[list[Prepared]]:
    rows = _rows(record)
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _rows(record: Record) -> Iterator[Prepared]:
    for article in record.articles.stream(after=0, upto=record.articles.last_rowid()):
        title, lead, text, caption, byline, tag = map(_normal, lines_by_field(article.content))
        yield article.rowid, title, lead, text, caption, byline, tag


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

"""The file of the embedded index: its tables, its version, its transactions.

    term      the words, and the values of the facets, by number
    segment   a run of documents; immutable but for those that have died since
    posting   where a term is, for each segment and field
    document  what orders a result; one row for each article that is there now

A *document* is an article as it was indexed once: a changed article is a new document, and the
old one is dead. A *place* is the number of a word in the whole index, in the order of reading;
each passage takes one place more than it has words, so no two passages touch.
Numbers in blobs are unsigned, 32 bits, in this machine's byte order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hanoiwatch.errors import StoreError
from hanoiwatch.store.engine import BUSY_TIMEOUT_SECONDS, explained
from hanoiwatch.text import NORMALISER_VERSION

LAYOUT_VERSION = 1
VERSION = f"{LAYOUT_VERSION}.{NORMALISER_VERSION}"
"""An index of any other version is thrown away and fed anew."""

WORD, SOURCE, SECTION, MONTH = range(4)
"""Kinds of terms. A word's text is its canon form."""

FACET_SLOT = 15
"""The slot of a facet's value in a posting's key; words have the number of their field."""
MAX_PLACE = 2**32 - 1
SLOT_BITS, TERM_BITS = 4, 40
"""A posting's key is segment, term and slot in one integer: one look-up, no second index."""

_TABLES = ("meta", "term", "segment", "posting", "document")
_SCHEMA = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    """
    CREATE TABLE term (
        id INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        text TEXT NOT NULL,
        folded TEXT,                -- of a word: without marks
        UNIQUE (kind, text)
    )""",
    "CREATE INDEX term_folded ON term (folded) WHERE folded IS NOT NULL",
    """
    CREATE TABLE segment (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        first_doc INTEGER NOT NULL,
        docs INTEGER NOT NULL,      -- how many documents, dead ones too
        end_place INTEGER NOT NULL,
        stale INTEGER NOT NULL,     -- how many dead documents its postings still hold
        dead BLOB NOT NULL,         -- bits, counted from first_doc
        starts BLOB NOT NULL,       -- the first place of each document
        breaks BLOB NOT NULL        -- the place behind the last word of each passage
    )""",
    """
    CREATE TABLE posting (
        key INTEGER PRIMARY KEY,
        docs BLOB,                  -- bits, counted from first_doc; NULL where places are few
        places BLOB                 -- ascending; NULL for the value of a facet
    )""",
    """
    CREATE TABLE document (
        doc INTEGER PRIMARY KEY,
        article INTEGER NOT NULL UNIQUE,
        id TEXT NOT NULL,
        published INTEGER,          -- microseconds since 1970
        month TEXT NOT NULL         -- YYYY-MM in Hanoi; empty where undated
    )""",
    "CREATE INDEX document_in_order ON document (month, published DESC, id, doc, article)",
    "INSERT INTO meta VALUES ('position', 0)",
)


def posting_key(segment: int, term: int, slot: int) -> int:
    return segment << TERM_BITS | term << SLOT_BITS | slot


class IndexFile:
    """A connection to the index. For one thread at a time.

    A file that SQLite cannot read is opened all the same, and refuses every use but
    `make_empty`: whoever asks is told, and nothing is thrown away unasked.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self.connection = _connect(path)
            with suppress(_DamagedError):
                if self._version() != VERSION:
                    self._make_tables(unless_made=True)

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One consistent view."""
        with self._explained():
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                self.connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """All of it, or nothing."""
        with self._explained():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def data_version(self) -> int:
        """Changes whenever another connection has written."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def make_empty(self) -> None:
        """Drops everything; a file that SQLite cannot read is replaced."""
        with explained(self.path):
            try:
                self._make_tables()
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._replace()
                self._make_tables()

    def _make_tables(self, *, unless_made: bool = False) -> None:
        """``unless_made``: not where another process has been quicker."""
        drops = [f"DROP TABLE IF EXISTS {table}" for table in _TABLES]
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            if unless_made and self._version() == VERSION:
                self.connection.execute("ROLLBACK")
                return
            for statement in (*drops, *_SCHEMA):
                self.connection.execute(statement)
            self.connection.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
            self.connection.execute("COMMIT")
        except sqlite3.DatabaseError:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def _replace(self) -> None:
        self.connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        self.connection = _connect(self.path)

    def _version(self) -> str:
        """Empty where there is no index yet. Raises _DamagedError."""
        try:
            known = self.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'")
            if known.fetchone() is None:
                return ""
            row = self.connection.execute("SELECT value FROM meta WHERE name = 'version'")
            return str(row.fetchone()[0])
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            raise _DamagedError from error

    @contextmanager
    def _explained(self) -> Iterator[None]:
        with explained(self.path):
            try:
                yield
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                raise StoreError(
                    f"the search index {self.path} is damaged; the record is not. "
                    "Run `hanoiwatch index rebuild`."
                ) from error


class _DamagedError(Exception):
    """SQLite cannot read the file."""


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            connection.close()
            raise
    return connection


_PRAGMAS = (
    "page_size = 8192",
    "journal_mode = WAL",
    "journal_size_limit = 8000000",  # a merge makes it 50 MB once
    "synchronous = NORMAL",  # a power cut may lose the last batches whole: they are fed again
    "cache_size = -32000",
)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return any(said in str(error) for said in ("malformed", "not a database"))

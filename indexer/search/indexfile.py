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

LAYOUT_VERSION = 3
VERSION = f"{LAYOUT_VERSION}.{NORMALISER_VERSION}"
"""An index of any other version is made anew before it is fed again."""
READABLE_LAYOUTS = frozenset({1, 2, 3})
"""What `search` can read. Layout 1 kept no sequences of its documents, and 1 and 2 no links."""

WORD, SOURCE, SECTION, MONTH, OFFICIAL, POST, BODY, TOPIC = range(8)
"""Kinds of terms. A word's text is its canon form; the last four have ids of the registry."""

FACET_SLOT = 15
"""The slot of a facet's value in a posting's key; words have the number of their field."""
MAX_PLACE = 2**32 - 1
SLOT_BITS, TERM_BITS = 4, 40
"""A posting's key is segment, term and slot in one integer: one look-up, no second index."""

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
        month TEXT NOT NULL,        -- YYYY-MM in Hanoi; empty where undated
        sequence INTEGER NOT NULL   -- of the article's newest change when it was indexed
    )""",
    "CREATE INDEX document_in_order ON document (month, published DESC, id, doc, article)",
    "INSERT INTO meta VALUES ('position', 0), ('filled', 0)",
)


def posting_key(segment: int, term: int, slot: int) -> int:
    return segment << TERM_BITS | term << SLOT_BITS | slot


class IndexFile:
    """A connection to one file of the index. For one thread at a time.

    A file that SQLite cannot read is opened all the same, and refuses every use: whoever asks
    is told, and nothing is thrown away unasked.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Raises FileNotFoundError where there is no file and none is to be created."""
        self.path = path
        self.version = ""
        """``layout.normaliser``; empty where the file is damaged."""
        with explained(path):
            if create:
                path.parent.mkdir(parents=True, exist_ok=True)
            elif not path.exists():
                raise FileNotFoundError(path)
            self.connection = _connect(path, create=create)
            with suppress(_DamagedError):
                if not self._version():
                    self._make_tables()
                self.version = self._version()

    @property
    def outdated(self) -> bool:
        """Whether another version of this program made it: it must not be fed."""
        return self.version not in ("", VERSION)

    @property
    def readable(self) -> bool:
        return not self.version or int(self.version.partition(".")[0]) in READABLE_LAYOUTS

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

    def is_sound(self) -> bool:
        """Whether SQLite finds the file whole: it reads all of it."""
        try:
            said: str = self.connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError:
            return False
        return said == "ok"

    def begin_build(self) -> None:
        """Nobody else has the file: what is only appended is not written twice. A killed process
        leaves its last transaction; a power cut may leave a file that is not sound."""
        self.connection.execute("PRAGMA journal_mode = TRUNCATE")
        self.connection.execute("PRAGMA synchronous = OFF")

    def end_build(self) -> None:
        self.connection.execute("PRAGMA journal_mode = WAL")

    def number(self, name: str) -> int:
        """What ``meta`` has under this name; inside a transaction."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return int(row[0])

    def keep_number(self, name: str, value: int) -> None:
        self.connection.execute("UPDATE meta SET value = ? WHERE name = ?", (value, name))

    def _make_tables(self) -> None:
        """Does nothing where another process has been quicker."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            if not self._version():
                for statement in _SCHEMA:
                    self.connection.execute(statement)
                self.connection.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

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


def _connect(path: Path, *, create: bool) -> sqlite3.Connection:
    mode = "rwc" if create else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
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

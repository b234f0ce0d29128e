"""Makes one segment of a batch of articles."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

from hanoiwatch.clock import HANOI
from hanoiwatch.model import NO_LINKS, Article, Links
from hanoiwatch.query import FIELDS, passages
from hanoiwatch.text import canon, fold_canon, words
from indexer.search.bits import to_bytes
from indexer.search.indexfile import (
    BODY,
    FACET_SLOT,
    MONTH,
    OFFICIAL,
    POST,
    SECTION,
    SLOT_BITS,
    SOURCE,
    TOPIC,
    WORD,
    posting_key,
)

SPARSE = 64
"""In how many documents of a segment (one in so many) a word must be to have a set of bits.
Below, its places tell the documents, at half the size of the bits or less."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 24 * 60 * 60

Places = dict[str, "array[int]"]
new_list = partial(array, "I")
Row = tuple[int, bytes | None, "array[int] | memoryview | bytes | None"]
"""Of the table of postings."""


def microseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * _DAY + since.seconds) * 1_000_000 + since.microseconds


def month_of(moment: datetime | None) -> str:
    return _month(moment) if moment else ""


@lru_cache(maxsize=64)
def _month(moment: datetime) -> str:
    """Kept because an article asks for its own twice."""
    return moment.astimezone(HANOI).isoformat()[: len("2026-09")]


@dataclass(slots=True)
class Segment:
    """Postings of consecutive documents, being gathered."""

    first_doc: int
    place: int
    """Of the next word."""
    starts: array[int] = field(default_factory=lambda: array("I"))
    breaks: array[int] = field(default_factory=lambda: array("I"))
    places: tuple[Places, ...] = field(
        default_factory=lambda: tuple(defaultdict(new_list) for _ in FIELDS)
    )
    docs: tuple[dict[str, int], ...] = field(
        default_factory=lambda: tuple(defaultdict(int) for _ in FIELDS)
    )
    facets: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, article: Article) -> None:
        bit = 1 << len(self.starts)
        self.starts.append(self.place)
        for field_name, group in groupby(passages(article.content), key=attrgetter("field")):
            slot = FIELDS.index(field_name)
            seen: set[str] = set()
            for passage in group:
                here = words(canon(passage.text))
                seen.update(here)
                self._add_passage(here, self.places[slot])
            docs = self.docs[slot]
            for word in seen:
                docs[word] |= bit
        for value in facet_values(article):
            self.facets[value] |= bit

    def _add_passage(self, here: list[str], places: Places) -> None:
        for place, word in enumerate(here, self.place):
            places[word].append(place)
        self.place += len(here)
        self.breaks.append(self.place)
        self.place += 1


def facet_values(article: Article) -> Iterator[tuple[int, str]]:
    """Kind and value of each facet of an article; the month is empty for an undated one."""
    yield SOURCE, article.source
    if article.content.section:
        yield SECTION, article.content.section
    yield MONTH, month_of(article.content.published_at)
    if article.links is not NO_LINKS:
        yield from _linked(article.links.counted())


def _linked(links: Links) -> Iterator[tuple[int, str]]:
    """Each value once: a post may be held by several of an article's officials."""
    for official in links.officials:
        yield OFFICIAL, official.id
    for post in {post for official in links.officials for post in official.post_ids}:
        yield POST, post
    for body in links.bodies:
        yield BODY, body.id
    for topic in links.topics:
        yield TOPIC, topic.id


DocumentRow = tuple[int, int, str, int | None, str, int]
"""Of the table of documents."""


def document_row(doc: int, article: Article) -> DocumentRow:
    published = article.content.published_at
    moment = microseconds(published) if published else None
    return doc, article.rowid, article.id, moment, month_of(published), article.sequence


class Vocabulary:
    """Numbers of terms. Keeps what it has looked up: forget it after a rollback."""

    MAX_KEPT = 300_000

    def __init__(self) -> None:
        self._known: dict[int, dict[str, int]] = defaultdict(dict)

    def forget(self) -> None:
        self._known.clear()

    def ids(self, connection: sqlite3.Connection, kind: int, texts: set[str]) -> dict[str, int]:
        """The number of every text (and of others); new ones get theirs now."""
        if len(self._known[kind]) > self.MAX_KEPT:
            self._known[kind].clear()
        known = self._known[kind]
        new = [text for text in texts if text not in known]
        if new:
            connection.executemany(
                "INSERT OR IGNORE INTO term (kind, text, folded) VALUES (?, ?, ?)",
                [(kind, text, fold_canon(text) if kind == WORD else None) for text in new],
            )
            known.update(connection.execute(_LOOK_UP, (json.dumps(new), kind)).fetchall())
        return known


_LOOK_UP = """
    SELECT text, term.id FROM json_each(?) AS wanted
    CROSS JOIN term ON kind = ? AND text = wanted.value
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """Of the table of segments: a new one, in which nothing is dead."""

    first_doc: int
    docs: int
    end_place: int
    starts: bytes | array[int]
    breaks: bytes | array[int]


def insert_segment(connection: sqlite3.Connection, row: SegmentRow) -> int:
    """Returns its number."""
    number = connection.execute(
        "INSERT INTO segment (first_doc, docs, end_place, stale, dead, starts, breaks)"
        " VALUES (?, ?, ?, 0, x'', ?, ?)",
        (row.first_doc, row.docs, row.end_place, row.starts, row.breaks),
    ).lastrowid
    assert number is not None
    return number


def write_segment(connection: sqlite3.Connection, vocabulary: Vocabulary, segment: Segment) -> None:
    """Adds the segment to the index. Raises OverflowError past four billion words."""
    count = len(segment.starts)
    row = SegmentRow(
        first_doc=segment.first_doc,
        docs=count,
        end_place=segment.place,
        starts=segment.starts,
        breaks=segment.breaks,
    )
    first_key = posting_key(insert_segment(connection, row), 0, 0)
    ids = vocabulary.ids(connection, WORD, set().union(*segment.places))
    rows: list[Row] = [
        (
            first_key + (ids[word] << SLOT_BITS) + slot,
            docs_blob(bits, count),
            segment.places[slot][word],
        )
        for slot, docs in enumerate(segment.docs)
        for word, bits in docs.items()
    ]
    rows += facet_rows(connection, vocabulary, segment.facets, first_key)
    insert_postings(connection, rows)


def facet_rows(
    connection: sqlite3.Connection,
    vocabulary: Vocabulary,
    facets: Mapping[tuple[int, str], int],
    first_key: int,
) -> Iterator[Row]:
    for (kind, value), bits in facets.items():
        term = vocabulary.ids(connection, kind, {value})[value]
        yield first_key + (term << SLOT_BITS) + FACET_SLOT, to_bytes(bits), None


def insert_documents(connection: sqlite3.Connection, rows: Iterable[DocumentRow]) -> None:
    _insert(connection, _INTO_DOCUMENT, list(rows))


def insert_postings(connection: sqlite3.Connection, rows: list[Row]) -> None:
    """In the order of their keys, which fills the pages of the table from left to right."""
    rows.sort(key=_key)
    _insert(connection, _INTO_POSTING, rows)


_INTO_DOCUMENT = "INSERT INTO document (doc, article, id, published, month, sequence) VALUES"
_INTO_POSTING = "INSERT INTO posting (key, docs, places) VALUES"
_ROWS_AT_ONCE = 128
"""Of one statement, so that it has fewer values than any SQLite takes: 999."""


def _insert(connection: sqlite3.Connection, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Many rows by one statement: at each statement another thread may take its turn, and a
    rebuild reads while it writes."""
    one = f"({', '.join('?' * len(rows[0]))})" if rows else ""
    many = " ".join((into, ", ".join([one] * _ROWS_AT_ONCE)))
    whole = len(rows) - len(rows) % _ROWS_AT_ONCE
    for start in range(0, whole, _ROWS_AT_ONCE):
        few = rows[start : start + _ROWS_AT_ONCE]
        connection.execute(many, tuple(chain.from_iterable(few)))
    if whole < len(rows):
        connection.executemany(" ".join((into, one)), rows[whole:])


def _key(row: Row) -> int:
    return row[0]


def docs_blob(bits: int, count: int) -> bytes | None:
    return to_bytes(bits) if bits.bit_count() * SPARSE >= count else None

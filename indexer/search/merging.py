"""Keeps the segments few: small neighbours become one, and the dead are left out.

Every word of a question is looked up once in each segment, so there must not be many; and a
merge copies what it merges, so it must not happen often. Segments of like size are merged when
`FANOUT` of them stand together, which copies each article about log(articles) times.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from indexer.search.bits import from_bytes, to_bytes
from indexer.search.indexfile import FACET_SLOT, SLOT_BITS, TERM_BITS, posting_key
from indexer.search.writing import SPARSE, Row, docs_blob, insert_postings

FANOUT = 8
MAX_DOCS = 16_384
"""A merge of this size holds about 50 MB and the write lock for one or two seconds."""
STALE_SHARE = 4
"""A segment is rewritten when one in so many of its documents is dead weight."""

_REST = (1 << TERM_BITS) - 1
_SLOT = (1 << SLOT_BITS) - 1


@dataclass(frozen=True)
class SegmentHead:
    """A segment without its postings."""

    id: int
    first_doc: int
    docs: int
    end_place: int
    stale: int
    dead: int

    @property
    def level(self) -> int:
        """How often segments have to be merged to come to its size."""
        level, docs = 0, self.docs
        while docs >= FANOUT:
            docs //= FANOUT
            level += 1
        return level

    @cached_property
    def alive(self) -> int:
        """Bits, counted from ``first_doc``."""
        return ((1 << self.docs) - 1) & ~self.dead


def segment_heads(connection: sqlite3.Connection) -> list[SegmentHead]:
    """In the order of their documents."""
    rows = connection.execute(
        "SELECT id, first_doc, docs, end_place, stale, dead FROM segment ORDER BY first_doc"
    )
    return [
        SegmentHead(number, first_doc, docs, end_place, stale, from_bytes(dead))
        for number, first_doc, docs, end_place, stale, dead in rows
    ]


def next_merge(heads: Sequence[SegmentHead]) -> list[SegmentHead]:
    """The neighbours to be made one next (or one to be cleaned); empty where all is well."""
    for head in heads:
        if head.stale * STALE_SHARE >= head.docs:
            return [head]
    small = [*takewhile(lambda head: head.docs < MAX_DOCS // 2, reversed(heads))]
    for level in sorted({head.level for head in small}):
        tail = _tail(small, level)
        if len(tail) >= FANOUT:
            return _at_most(MAX_DOCS, tail)
    return []


def _tail(newest_first: Sequence[SegmentHead], level: int) -> list[SegmentHead]:
    """The newest segments up to this level, oldest first."""
    return [*takewhile(lambda head: head.level <= level, newest_first)][::-1]


def _at_most(docs: int, heads: list[SegmentHead]) -> list[SegmentHead]:
    taken = [heads[0]]
    for head in heads[1:]:
        docs_so_far = sum(head.docs for head in taken)
        if docs_so_far + head.docs > docs:
            break
        taken.append(head)
    return taken


def merge(connection: sqlite3.Connection, run: Sequence[SegmentHead]) -> int:
    """Replaces these neighbouring segments by one, without what is dead in them.

    Returns the number of the new one.
    """
    first, last = run[0], run[-1]
    count = last.first_doc + last.docs - first.first_doc
    dead = sum(head.dead << (head.first_doc - first.first_doc) for head in run)
    parts = [_Part.read(connection, head, first) for head in run]
    number = connection.execute(
        "INSERT INTO segment (first_doc, docs, end_place, stale, dead, starts, breaks)"
        " VALUES (?, ?, ?, 0, ?, ?, ?)",
        (
            first.first_doc,
            count,
            last.end_place,
            to_bytes(dead),
            b"".join(part.starts for part in parts),
            b"".join(part.breaks for part in parts),
        ),
    ).lastrowid
    assert number is not None
    insert_postings(connection, list(_merged_rows(connection, parts, number, count)))
    for head in run:
        forget(connection, head.id)
    return number


def bury(connection: sqlite3.Connection, docs: Sequence[int]) -> list[SegmentHead]:
    """Takes documents out of every result; their postings go with a later merge.

    Returns the segments that held them, as they are now.
    """
    heads = segment_heads(connection)
    first_docs = [head.first_doc for head in heads]
    dying: dict[int, int] = defaultdict(int)
    for doc in docs:
        number = bisect_right(first_docs, doc) - 1
        dying[number] |= 1 << (doc - first_docs[number])
    touched = [
        replace(
            heads[number],
            dead=heads[number].dead | bits,
            stale=heads[number].stale + bits.bit_count(),
        )
        for number, bits in dying.items()
    ]
    connection.executemany(
        "UPDATE segment SET dead = ?, stale = ? WHERE id = ?",
        [(to_bytes(head.dead), head.stale, head.id) for head in touched],
    )
    return touched


def purge(connection: sqlite3.Connection, docs: Sequence[int]) -> None:
    """Removes documents, their postings and the terms that only they had, overwritten on disk."""
    connection.execute("PRAGMA secure_delete = ON")
    for head in bury(connection, docs):
        before = _terms(connection, head.id)
        after = _terms(connection, merge(connection, [head]))
        connection.executemany(_DROP_UNUSED, [{"term": term} for term in before - after])
    connection.execute("PRAGMA secure_delete = OFF")


_DROP_UNUSED = """
    DELETE FROM term WHERE id = :term AND NOT EXISTS (
        SELECT 1 FROM segment CROSS JOIN posting ON key
        BETWEEN (segment.id << 40) + (:term << 4) AND (segment.id << 40) + (:term << 4) + 15
    )
"""


def _terms(connection: sqlite3.Connection, segment: int) -> set[int]:
    rows = connection.execute(
        "SELECT key FROM posting WHERE key >= ? AND key < ?",
        (posting_key(segment, 0, 0), posting_key(segment + 1, 0, 0)),
    )
    return {(key & _REST) >> SLOT_BITS for (key,) in rows}


def forget(connection: sqlite3.Connection, segment: int) -> None:
    connection.execute(
        "DELETE FROM posting WHERE key >= ? AND key < ?",
        (posting_key(segment, 0, 0), posting_key(segment + 1, 0, 0)),
    )
    connection.execute("DELETE FROM segment WHERE id = ?", (segment,))


@dataclass(frozen=True)
class _Part:
    """A segment that goes into another one."""

    head: SegmentHead
    shift: int
    """Of its documents in the new segment."""
    starts: bytes
    breaks: bytes

    @classmethod
    def read(cls, connection: sqlite3.Connection, head: SegmentHead, first: SegmentHead) -> _Part:
        row = connection.execute(
            "SELECT starts, breaks FROM segment WHERE id = ?", (head.id,)
        ).fetchone()
        return cls(head, head.first_doc - first.first_doc, *row)

    def postings(self, connection: sqlite3.Connection) -> Iterator[tuple[int, _Piece]]:
        """What lives of each term and slot."""
        rows = connection.execute(
            "SELECT key, docs, places FROM posting WHERE key >= ? AND key < ?",
            (posting_key(self.head.id, 0, 0), posting_key(self.head.id + 1, 0, 0)),
        )
        if not self.head.stale:
            return ((key & _REST, (self, docs, places)) for key, docs, places in rows)
        return (
            (key & _REST, (self, to_bytes(alive), self._alive(places)))
            for key, docs, places in rows
            if (alive := self.bits(docs, places) & self.head.alive)
        )

    def bits(self, docs: bytes | None, places: bytes | None) -> int:
        """The documents of a posting, counted from the segment's first."""
        if docs is not None:
            return from_bytes(docs)
        bits = 0
        for place in memoryview(places or b"").cast("I"):
            bits |= 1 << (bisect_right(self._first_places, place) - 1)
        return bits

    def _alive(self, places: bytes | None) -> bytes | None:
        if places is None:
            return None
        return array(
            "I", [place for place in memoryview(places).cast("I") if self._is_alive(place)]
        ).tobytes()

    def _is_alive(self, place: int) -> bool:
        return bool(self.head.alive >> (bisect_right(self._first_places, place) - 1) & 1)

    @cached_property
    def _first_places(self) -> array[int]:
        result = array("I")
        result.frombytes(self.starts)
        return result


_Piece = tuple[_Part, bytes | None, bytes | None]
"""Of a posting: the segment it is in, its documents and its places there."""


def _merged_rows(
    connection: sqlite3.Connection, parts: Sequence[_Part], number: int, count: int
) -> Iterator[Row]:
    pieces: dict[int, list[_Piece]] = defaultdict(list)
    for part in parts:
        for rest, piece in part.postings(connection):
            pieces[rest].append(piece)
    first_key = posting_key(number, 0, 0)
    for rest, found in pieces.items():
        if rest & _SLOT == FACET_SLOT:
            yield first_key | rest, to_bytes(_bits(found)), None
            continue
        places = b"".join([places for _, _, places in found if places])
        # So few places cannot be in so many documents that their set were kept.
        sparse = len(places) // array("I").itemsize * SPARSE < count
        yield first_key | rest, None if sparse else docs_blob(_bits(found), count), places


def _bits(found: Sequence[_Piece]) -> int:
    bits = 0
    for part, docs, places in found:
        bits |= part.bits(docs, places) << part.shift
    return bits

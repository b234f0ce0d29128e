"""The index as one search sees it: terms, and where they are."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from indexer.search.bits import bits_of, from_bytes
from indexer.search.indexfile import FACET_SLOT, WORD, posting_key
from indexer.search.merging import SegmentHead, segment_heads

_DOCS = """
    SELECT first_doc, segment.id, key & 15, posting.docs,
           CASE WHEN posting.docs IS NULL THEN places END
    FROM segment CROSS JOIN posting
    ON key BETWEEN (segment.id << 40) + (:term << 4) AND (segment.id << 40) + (:term << 4) + 14
"""
_WEIGHT = """
    SELECT total(length(places)) FROM segment CROSS JOIN posting
    ON key BETWEEN (segment.id << 40) + (:term << 4) AND (segment.id << 40) + (:term << 4) + 14
"""
_FACETS = """
    SELECT text, first_doc, posting.docs FROM term CROSS JOIN segment
    CROSS JOIN posting ON key = (segment.id << 40) + (term.id << 4) + 15
    WHERE kind = ?
"""


class View:
    """Reads inside one transaction; what it has read may be used until the index changes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._facets: dict[int, Mapping[str, int]] = {}
        self._starts: dict[int, array[int]] = {}
        self._breaks: dict[int, array[int]] = {}

    @cached_property
    def segments(self) -> list[SegmentHead]:
        return segment_heads(self._connection)

    @cached_property
    def size(self) -> int:
        """One more than the highest number of a document."""
        return max((head.first_doc + head.docs for head in self.segments), default=0)

    @cached_property
    def alive(self) -> int:
        """Every document that stands for an article as it is now."""
        return sum(head.alive << head.first_doc for head in self.segments)

    def facet(self, kind: int) -> Mapping[str, int]:
        """Each value's living documents."""
        if kind not in self._facets:
            found: dict[str, int] = defaultdict(int)
            for value, first_doc, docs in self._connection.execute(_FACETS, (kind,)):
                found[value] |= from_bytes(docs) << first_doc
            self._facets[kind] = {value: bits & self.alive for value, bits in found.items()}
        return self._facets[kind]

    def terms(self, spellings: Iterable[str], *, folded: bool) -> list[int]:
        """The terms that these spellings stand for."""
        column = "folded" if folded else "text"
        query = f"SELECT id FROM term WHERE kind = {WORD} AND {column} = ?"  # noqa: S608 - two constants
        return [
            row[0] for spelling in spellings for row in self._connection.execute(query, (spelling,))
        ]

    def docs(self, terms: Iterable[int], slots: Collection[int]) -> int:
        """The documents that have any of these terms in any of these fields."""
        bits = 0
        few: list[int] = []
        for term in terms:
            for first_doc, segment, slot, docs, places in self._connection.execute(
                _DOCS, {"term": term}
            ):
                if slot not in slots:
                    continue
                if docs is not None:
                    bits |= from_bytes(docs) << first_doc
                else:
                    few += self.docs_at(segment, first_doc, memoryview(places).cast("I"))
        return bits | bits_of(few, self.size)

    def docs_at(self, segment: int, first_doc: int, places: Iterable[int]) -> list[int]:
        starts = self.starts(segment)
        return [first_doc - 1 + bisect_right(starts, place) for place in places]

    def weight(self, terms: Iterable[int]) -> int:
        """How many places these terms have, in all."""
        return sum(
            int(self._connection.execute(_WEIGHT, {"term": term}).fetchone()[0]) // 4
            for term in terms
        )

    def places(self, segment: int, terms: Sequence[int]) -> dict[int, list[memoryview[int]]]:
        """By slot, for each of the terms that is there, its places in the segment."""
        found: dict[int, list[memoryview[int]]] = defaultdict(list)
        for term in terms:
            rows = self._connection.execute(
                "SELECT key & 15, places FROM posting WHERE key BETWEEN ? AND ?",
                (posting_key(segment, term, 0), posting_key(segment, term, FACET_SLOT - 1)),
            )
            for slot, places in rows:
                found[slot].append(memoryview(places).cast("I"))
        return found

    def starts(self, segment: int) -> array[int]:
        if segment not in self._starts:
            self._starts[segment] = self._numbers("starts", segment)
        return self._starts[segment]

    def breaks(self, segment: int) -> array[int]:
        if segment not in self._breaks:
            self._breaks[segment] = self._numbers("breaks", segment)
        return self._breaks[segment]

    def _numbers(self, column: str, segment: int) -> array[int]:
        row = self._connection.execute(
            f"SELECT {column} FROM segment WHERE id = ?",  # noqa: S608 - two constants
            (segment,),
        ).fetchone()
        result = array("I")
        result.frombytes(row[0])
        return result

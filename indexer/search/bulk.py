"""Makes one segment of many articles at once: what a rebuild does instead of many batches.

The same postings as `indexer.search.writing` makes, over whole arrays and with numpy. What it
holds at once is about 30 bytes a word of the segment.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from hanoiwatch.model import Article
from hanoiwatch.query import FIELDS, lines_by_field
from indexer.search.bits import bits_of
from indexer.search.indexfile import MAX_PLACE, SLOT_BITS, posting_key
from indexer.search.wordnumbers import U8, U32, Positions, WordNumbers
from indexer.search.writing import (
    SPARSE,
    DocumentRow,
    Row,
    SegmentRow,
    Vocabulary,
    document_row,
    facet_rows,
    facet_values,
    insert_documents,
    insert_postings,
    insert_segment,
    new_list,
)

_AT_ONCE = 64
"""Articles whose words are looked up together: their arrays stay in the processor's cache."""

_SETS_AT_ONCE = 256
"""Sets of documents that are made together: two megabytes of flags."""

U16 = npt.NDArray[np.uint16]


class BulkSegment:
    """Gathers articles; `write` adds them to the index as one segment."""

    MAX_DOCS = 8_192
    """Large enough that no merge touches it again."""
    MAX_WORDS = 12_000_000
    """Long articles make a segment of fewer documents, so that its arrays keep their size."""

    def __init__(self, numbers: WordNumbers) -> None:
        self._numbers = numbers
        self._waiting: list[str] = []
        self._terms: list[U32] = []
        self._counts: list[Positions] = []
        self._slots = bytearray()
        """Of each line."""
        self._lines = array("I")
        """How many each document has."""
        self._documents: list[DocumentRow] = []
        self._facets: dict[tuple[int, str], array[int]] = defaultdict(new_list)
        self._words = 0

    def __len__(self) -> int:
        """How many articles it has."""
        return len(self._lines)

    def add(self, article: Article) -> None:
        before = len(self._slots)
        for slot, lines in enumerate(lines_by_field(article.content)):
            self._waiting += lines
            self._slots += bytes((slot,)) * len(lines)
        number = len(self._lines)
        self._lines.append(len(self._slots) - before)
        self._documents.append(document_row(number, article))
        for value in facet_values(article):
            self._facets[value].append(number)
        if len(self._lines) % _AT_ONCE == 0:
            self._look_up()

    @property
    def full(self) -> bool:
        return len(self._lines) >= self.MAX_DOCS or self._words >= self.MAX_WORDS

    def _look_up(self) -> None:
        terms, counts = self._numbers.of(self._waiting)
        self._terms.append(terms)
        self._counts.append(counts)
        self._words += len(terms)
        self._waiting.clear()

    def write(
        self, connection: sqlite3.Connection, vocabulary: Vocabulary, first_doc: int, place: int
    ) -> None:
        """Adds them. Raises OverflowError past four billion words."""
        if self._waiting:
            self._look_up()
        text = _Text.of(self._terms, self._counts, bytes(self._slots), self._lines, place)
        self._terms.clear()
        row = SegmentRow(
            first_doc=first_doc,
            docs=len(self._lines),
            end_place=text.end_place,
            starts=text.starts.tobytes(),
            breaks=text.breaks.tobytes(),
        )
        first_key = posting_key(insert_segment(connection, row), 0, 0)
        rows: list[Row] = [
            (first_key + (term << SLOT_BITS) + slot, docs, places)
            for slot in range(len(FIELDS))
            for term, docs, places in text.postings(slot)
        ]
        del text
        facets = {value: bits_of(docs, row.docs) for value, docs in self._facets.items()}
        rows += facet_rows(connection, vocabulary, facets, first_key)
        insert_postings(connection, rows)
        insert_documents(connection, [(first_doc + row[0], *row[1:]) for row in self._documents])


class _Text(NamedTuple):
    """All words of a segment, and where each line and each document begins and ends."""

    terms: U32
    docs: U16
    """In which document each place is, counted from the first."""
    line_starts: Positions
    line_counts: Positions
    line_slots: U8
    starts: U32
    breaks: U32
    first_place: int
    end_place: int

    @classmethod
    def of(
        cls, terms: list[U32], counts: list[Positions], slots: bytes, lines: array[int],
        first_place: int,
    ) -> Self:  # fmt: skip
        spans = np.concatenate([*counts, _NONE]) + 1
        """Places that each line takes: one more than it has words."""
        ends = first_place + np.cumsum(spans)
        end_place = int(ends[-1]) if len(ends) else first_place
        if end_place > MAX_PLACE:
            raise OverflowError(end_place)
        line_starts = np.append(ends - spans, end_place)
        lines_of_docs = np.asarray(lines)
        starts = line_starts[np.cumsum(lines_of_docs) - lines_of_docs]
        return cls(
            np.concatenate([*terms, _NONE.astype(np.uint32)]),
            np.repeat(np.arange(len(lines), dtype=np.uint16), np.diff(starts, append=end_place)),
            line_starts[:-1],
            np.maximum(spans - 1, 0),
            np.frombuffer(slots, np.uint8),
            starts.astype(np.uint32),
            (ends - 1)[spans > 0].astype(np.uint32),
            first_place,
            end_place,
        )

    def postings(self, slot: int) -> Iterator[Posting]:
        """What is done with is let go at once: these arrays are most of what a rebuild holds."""
        lines = self.line_slots == slot
        terms = self.terms[np.repeat(lines, self.line_counts)]
        if not len(terms):
            return
        order = _order(terms)
        terms = terms[order]
        places = _places(self.line_starts[lines], self.line_counts[lines])[order]
        del order
        docs = self.docs[places - self.first_place]
        starts = np.flatnonzero(np.append(True, terms[1:] != terms[:-1]))
        ends = np.append(starts[1:], len(terms))
        sets = _sets(docs, starts, ends, len(self.starts))
        del docs
        view = places.data
        for term, start, end in zip(
            terms[starts].tolist(), starts.tolist(), ends.tolist(), strict=True
        ):
            yield term, sets.get(start), view[start:end]


Posting = tuple[int, "bytes | None", memoryview]
"""A term, the set of its documents where they are many, and its places."""

_NONE = np.zeros(0, np.intp)
_LOW = 0xFFFF
"""What `astype(np.uint16)` keeps of a number."""


def _places(starts: Positions, counts: Positions) -> U32:
    """Of the words of some lines, by where each line begins and how many words it has."""
    before = starts - (np.cumsum(counts) - counts)
    places = np.repeat(before.astype(np.uint32), counts)
    places += np.arange(len(places), dtype=np.uint32)
    return places


def _order(terms: U32) -> Positions:
    """Of the terms by number, places ascending within each: sixteen bits at a time, for which
    numpy has a radix sort, four times as fast as its others."""
    order = np.argsort(terms.astype(np.uint16), kind="stable")
    if terms.max() > _LOW:
        order = order[np.argsort((terms >> 16).astype(np.uint16)[order], kind="stable")]
    return order


def _sets(docs: U16, starts: Positions, ends: Positions, size: int) -> dict[int, bytes]:
    """Of each stretch of ``docs`` that has many of them, by its start: their set."""
    found: dict[int, bytes] = {}
    long = np.flatnonzero((ends - starts) * SPARSE >= size)
    for few in np.array_split(long, len(long) // _SETS_AT_ONCE + 1):
        flags = np.zeros((len(few), size), bool)
        for row, number in enumerate(few.tolist()):
            flags[row, docs[starts[number] : ends[number]]] = True
        enough = np.count_nonzero(flags, axis=1) * SPARSE >= size
        packed = np.packbits(flags, axis=1, bitorder="little")
        for row in np.flatnonzero(enough).tolist():
            found[int(starts[few[row]])] = packed[row].tobytes().rstrip(b"\0")
    return found

"""Does the embedded index hold what the record says? Word by word, segment by segment.

From the postings of a segment the text of its documents is put together again, as numbers of
terms, and compared with what each living document's article gives. What is held at once is one
segment: about 20 bytes a word.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hanoiwatch.model import Article
from hanoiwatch.query import FIELDS, lines_by_field
from hanoiwatch.text import fold_canon
from indexer.search.bits import from_bytes, numbers_of
from indexer.search.indexfile import (
    BODY,
    FACET_SLOT,
    MONTH,
    OFFICIAL,
    POST,
    SECTION,
    SLOT_BITS,
    SOURCE,
    TERM_BITS,
    TOPIC,
    WORD,
    posting_key,
)
from indexer.search.merging import SegmentHead, segment_heads
from indexer.search.protocol import Difference
from indexer.search.wordnumbers import U64, WordNumbers
from indexer.search.writing import document_row, facet_values

ArticlesOf = Callable[[Sequence[int]], Mapping[int, Article]]
"""The articles in scope with these rowids, as the record has them now."""

_AT_ONCE = 128
"""Articles that are compared together."""
_UNKNOWN = 2**32 - 1
"""The number of a word that the index does not know."""
_BREAK = 1 << 40
"""What stands behind the last word of a passage. A word is its slot, from one, and its term."""
_NAMES = {
    SOURCE: "source", SECTION: "section", MONTH: "month",
    OFFICIAL: "official", POST: "post", BODY: "body", TOPIC: "topic",
}  # fmt: skip
_REST = (1 << TERM_BITS) - 1


class Document(NamedTuple):
    """A row of the table of documents."""

    doc: int
    article: int
    id: str
    published: int | None
    month: str
    sequence: int


def differences(
    connection: sqlite3.Connection, articles_of: ArticlesOf
) -> Iterator[Difference | int]:
    """What is wrong, and now and then how many documents were compared since the last time.

    Inside a reader's transaction. An article that has changed since it was indexed is passed
    over, and so is one that the record does not have: `versions` tells of both.
    """
    yield from _misfolded(connection)
    heads = segment_heads(connection)
    yield from _homeless(connection, heads)
    numbers = WordNumbers(lambda words: _known(connection, words))
    for head in heads:
        yield from _Audit(connection, head, numbers, articles_of).run()


def _misfolded(connection: sqlite3.Connection) -> Iterator[Difference]:
    for text, folded in connection.execute("SELECT text, folded FROM term WHERE kind = ?", (WORD,)):
        if fold_canon(text) != folded:
            yield Difference(what=f"the word {text!r} is kept with the wrong form without marks")


def _homeless(connection: sqlite3.Connection, heads: Sequence[SegmentHead]) -> Iterator[Difference]:
    """Documents that no segment holds alive."""
    alive = sum(head.alive << head.first_doc for head in heads)
    for doc, article in connection.execute("SELECT doc, article FROM document ORDER BY doc"):
        if not alive >> doc & 1:
            yield Difference(rowid=article, what="its words are not in the index")


def _known(connection: sqlite3.Connection, words: set[str]) -> dict[str, int]:
    rows = connection.execute(
        "SELECT text, term.id FROM json_each(?) AS wanted CROSS JOIN term"
        " ON kind = ? AND text = wanted.value",
        (json.dumps(list(words)), WORD),
    )
    return dict.fromkeys(words, _UNKNOWN) | dict(rows)


@dataclass
class _Audit:
    """Of one segment."""

    connection: sqlite3.Connection
    head: SegmentHead
    numbers: WordNumbers
    articles_of: ArticlesOf

    def run(self) -> Iterator[Difference | int]:
        self._first_place, starts, breaks = self._numbers()
        self._starts = np.append(starts, self.head.end_place).astype(np.int64) - self._first_place
        self._stray = 0
        self._wrong_sets: set[int] = set()
        self._facets: dict[tuple[int, str], int] = {}
        self._text = np.zeros(self.head.end_place - self._first_place, np.uint64)
        self._text[breaks.astype(np.int64) - self._first_place] = _BREAK
        self._read_postings()
        if self._stray:
            said = f"{self._stray} places of words in segment {self.head.id} contradict others"
            yield Difference(what=said)
        rows = self._documents()
        compared: set[int] = set()
        expected: dict[tuple[int, str], int] = defaultdict(int)
        while few := list(islice(rows, _AT_ONCE)):
            compared |= {row.doc for row in few}
            yield from self._compare(few, expected)
            yield len(few)
        yield from self._ghosts(compared)
        yield from self._wrong_facets(expected, compared)

    def _numbers(self) -> tuple[int, npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
        starts, breaks = self.connection.execute(
            "SELECT starts, breaks FROM segment WHERE id = ?", (self.head.id,)
        ).fetchone()
        places = np.frombuffer(starts, np.uint32)
        first = int(places[0]) if len(places) else self.head.end_place
        return first, places, np.frombuffer(breaks, np.uint32)

    def _documents(self) -> Iterator[Document]:
        """Those that stand for an article; read at once, because the record is read between."""
        rows = self.connection.execute(
            "SELECT doc, article, id, published, month, sequence FROM document"
            " WHERE doc >= ? AND doc < ? ORDER BY doc",
            (self.head.first_doc, self.head.first_doc + self.head.docs),
        ).fetchall()
        return map(Document._make, rows)

    def _read_postings(self) -> None:
        facets: dict[int, int] = {}
        for key, docs, places in self.connection.execute(
            "SELECT key, docs, places FROM posting WHERE key >= ? AND key < ?",
            (posting_key(self.head.id, 0, 0), posting_key(self.head.id + 1, 0, 0)),
        ):
            term, slot = (key & _REST) >> SLOT_BITS, key & ((1 << SLOT_BITS) - 1)
            if slot == FACET_SLOT:
                facets[term] = from_bytes(docs or b"")
            else:
                self._put(term, slot, docs, places or b"")
        for term, bits in facets.items():
            row = self.connection.execute(
                "SELECT kind, text FROM term WHERE id = ?", (term,)
            ).fetchone()
            self._facets[row or (-1, "")] = bits

    def _put(self, term: int, slot: int, docs: bytes | None, places: bytes) -> None:
        whole = len(places) - len(places) % 4
        at = np.frombuffer(places[:whole], np.uint32).astype(np.int64) - self._first_place
        inside = (at >= 0) & (at < len(self._text))
        inside[1:] &= np.diff(at) > 0
        inside[inside] = self._text[at[inside]] == 0
        self._stray += len(at) - int(np.count_nonzero(inside)) + (whole != len(places))
        at = at[inside]
        self._text[at] = (slot + 1) << 32 | term
        if docs is not None:
            said = np.zeros(self.head.docs + 1, bool)
            said[np.searchsorted(self._starts, at, "right") - 1] = True
            bits = from_bytes(np.packbits(said, bitorder="little").tobytes())
            self._wrong_sets.update(numbers_of((bits ^ from_bytes(docs)) & self.head.alive))

    def _compare(
        self, rows: Sequence[Document], facets: dict[tuple[int, str], int]
    ) -> Iterator[Difference]:
        articles = self.articles_of([row.article for row in rows])
        there = [
            (row, article)
            for row in rows
            if (article := articles.get(row.article)) and article.sequence == row.sequence
        ]
        texts = _texts([article for _, article in there], self.numbers)
        for (row, article), text in zip(there, texts, strict=True):
            number = row.doc - self.head.first_doc
            for value in facet_values(article):
                facets[value] |= 1 << number
            if tuple(row) != document_row(row.doc, article):
                yield Difference(rowid=row.article, what="its id or its date in the index differs")
            if number in self._wrong_sets:
                yield Difference(rowid=row.article, what="a word's set of articles is wrong on it")
            if where := _where(self._text_of(number), text):
                said = f"its words in the index are not those of the record ({where})"
                yield Difference(rowid=row.article, what=said)
        compared = {row.doc for row, _ in there}
        for row in rows:
            if row.doc not in compared:
                self._passed_over(row, facets)

    def _passed_over(self, row: Document, facets: dict[tuple[int, str], int]) -> None:
        """What is not compared is taken to be right."""
        bit = 1 << (row.doc - self.head.first_doc)
        for value, bits in self._facets.items():
            facets[value] |= bits & bit

    def _text_of(self, number: int) -> U64:
        return self._text[self._starts[number] : self._starts[number + 1]]

    def _ghosts(self, compared: set[int]) -> Iterator[Difference]:
        """Found by their words, but of no article."""
        for number in numbers_of(self.head.alive):
            doc = self.head.first_doc + number
            if doc not in compared:
                yield Difference(what=f"document {doc} is found, but belongs to no article")

    def _wrong_facets(
        self, expected: Mapping[tuple[int, str], int], compared: set[int]
    ) -> Iterator[Difference]:
        wrong: dict[int, set[str]] = defaultdict(set)
        for kind, value in expected.keys() | self._facets.keys():
            bits = expected.get((kind, value), 0) ^ self._facets.get((kind, value), 0)
            for number in numbers_of(bits & self.head.alive):
                if self.head.first_doc + number in compared:
                    wrong[self.head.first_doc + number].add(_NAMES.get(kind, "facet"))
        for doc, names in sorted(wrong.items()):
            row = self.connection.execute(
                "SELECT article FROM document WHERE doc = ?", (doc,)
            ).fetchone()
            said = f"it is counted under another {', '.join(sorted(names))} than the record says"
            yield Difference(rowid=row[0], what=said)


def _texts(articles: Sequence[Article], numbers: WordNumbers) -> Iterator[U64]:
    """Each article as the index should hold it."""
    lines: list[str] = []
    slots = array("Q")
    counts = []
    for article in articles:
        by_field = lines_by_field(article.content)
        counts.append(sum(map(len, by_field)))
        for slot, here in enumerate(by_field):
            lines += here
            slots.extend([slot + 1] * len(here))
    if not lines:
        return iter([np.zeros(0, np.uint64) for _ in articles])
    return _cut(lines, slots, counts, numbers)


def _cut(
    lines: Sequence[str], slots: array[int], counts: Sequence[int], numbers: WordNumbers
) -> Iterator[U64]:
    terms, words = numbers.of(lines)
    spans = words + 1
    ends = np.cumsum(spans)
    everything = np.full(int(ends[-1]), _BREAK, np.uint64)
    in_words = np.ones(len(everything), bool)
    in_words[(ends - 1)[spans > 0]] = False
    slot_of_words = np.repeat(np.asarray(slots), np.maximum(words, 0))
    everything[in_words] = slot_of_words << np.uint64(32) | terms
    bounds = np.append(0, ends)[np.append(0, np.cumsum(counts))].tolist()
    for start, end in pairwise(bounds):
        yield everything[start:end]


def _where(stored: U64, expected: U64) -> str:
    """Where the texts part; empty where they do not."""
    if np.array_equal(stored, expected):
        return ""
    common = min(len(stored), len(expected))
    unlike = np.flatnonzero(stored[:common] != expected[:common])
    at = int(unlike[0]) if len(unlike) else common
    here = {int(text[at]) >> 32 for text in (expected, stored) if at < len(text)}
    field = next((FIELDS[slot - 1] for slot in here if 0 < slot <= len(FIELDS)), "an end of a line")
    return f"first in {field}, place {at + 1} of {len(expected)}"

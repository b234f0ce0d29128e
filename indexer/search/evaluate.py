"""From a query's tree to the set of its documents."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, assert_never

from hanoiwatch.query import FIELDS, AllOf, AnyOf, Node, Not, Phrase
from indexer.search.bits import bits_of
from indexer.search.merging import SegmentHead
from indexer.search.view import View
from indexer.search.windows import windows, worth_numpy


class Evaluation:
    """Answers one search; a phrase that occurs twice in the query is looked up once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._known: dict[Phrase, int] = {}

    def docs(self, tree: Node) -> int:
        """The living documents that match."""
        return self._docs(tree) & self._view.alive

    def _docs(self, tree: Node) -> int:
        match tree:
            case Phrase():
                if tree not in self._known:
                    slots = frozenset(map(FIELDS.index, tree.fields))
                    self._known[tree] = self.phrase_docs(tree, slots)
                return self._known[tree]
            case Not(part):
                return self._view.alive & ~self._docs(part)
            case AllOf(parts):
                return self._all(parts)
            case AnyOf(parts):
                bits = 0
                for part in parts:
                    bits |= self._docs(part)
                return bits
        assert_never(tree)

    def _all(self, parts: tuple[Node, ...]) -> int:
        bits = self._view.alive
        for part in parts:
            bits &= self._docs(part)
            if not bits:
                break
        return bits

    def phrase_docs(self, phrase: Phrase, slots: Collection[int]) -> int:
        """The documents, dead ones too, that have the phrase in any of these fields."""
        words = [self._view.terms(word, folded=phrase.folded) for word in phrase.words]
        if not all(words):
            return 0
        if len(words) == 1:
            return self._view.docs(words[0], slots)
        weights = [self._view.weight(terms) for terms in words]
        rarest_first = sorted(range(len(words)), key=weights.__getitem__)
        find = _docs_numpy if worth_numpy(min(weights)) else _docs_plain
        bits = 0
        for segment in self._view.segments:
            for found in self._segment(segment, words, rarest_first, slots):
                bits |= find(self._view, segment, found, phrase.slop)
        return bits

    def _segment(
        self,
        segment: SegmentHead,
        words: list[list[int]],
        rarest_first: list[int],
        slots: Collection[int],
    ) -> list[list[Any]]:
        """For each field that has all the words, each word's places."""
        found: dict[int, Any] = {}
        for number in rarest_first:
            found[number] = self._view.places(segment.id, words[number])
            slots = [slot for slot in slots if slot in found[number]]
            if not slots:
                return []
        return [[found[number][slot] for number in range(len(words))] for slot in slots]


def _docs_plain(view: View, segment: SegmentHead, found: list[Any], slop: int) -> int:
    places = windows(found, slop, view.breaks(segment.id) if slop else ())
    return bits_of(view.docs_at(segment.id, segment.first_doc, places), view.size) if places else 0


def _docs_numpy(view: View, segment: SegmentHead, found: list[Any], slop: int) -> int:
    from indexer.search.longwindows import docs_with_windows

    bits = docs_with_windows(found, slop, view.breaks(segment.id), view.starts(segment.id))
    return bits << segment.first_doc

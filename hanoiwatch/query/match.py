"""Asks a query of one article: does it match, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import assert_never

from hanoiwatch.model import Content
from hanoiwatch.query.passages import Passage, passages
from hanoiwatch.query.tree import FIELDS, AllOf, AnyOf, Field, Node, Not, Phrase, wanted_phrases
from hanoiwatch.text import canon, fold_canon, word_places, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of words that made a query match; code points of the NFC text of the field's item."""

    field: Field
    item: int
    start: int
    end: int


class SearchedPassage:
    """A passage and its words in both forms, each made once and only when asked for."""

    __slots__ = ("_canon", "_canon_words", "_folded", "_folded_words", "_places", "passage")

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self._canon: str | None = None
        self._folded: str | None = None
        self._canon_words: list[str] | None = None
        self._folded_words: list[str] | None = None
        self._places: list[tuple[int, int]] | None = None

    def occurrences(self, phrase: Phrase) -> Iterator[tuple[int, ...]]:
        """The numbers of the words that make up each occurrence of ``phrase``.

        Each begins at another word and is the shortest that begins there.
        """
        if not self._may_hold(phrase):
            return
        here = self._words(folded=phrase.folded)
        first = phrase.words[0]
        for start, word in enumerate(here):
            if word in first and (found := _follow(here, phrase, start)):
                yield found

    def place(self, word: int) -> tuple[int, int]:
        """Start and end of a word in the item's text."""
        if self._places is None:
            self._places = word_places(self._form(folded=False))
        start, end = self._places[word]
        return self.passage.start + start, self.passage.start + end

    def _may_hold(self, phrase: Phrase) -> bool:
        """Looks for the letters alone: most passages need not be cut into words."""
        text = self._form(folded=phrase.folded)
        for spellings in phrase.words:
            for spelling in spellings:
                if spelling in text:
                    break
            else:
                return False
        return True

    def _form(self, *, folded: bool) -> str:
        if self._canon is None:
            self._canon = canon(self.passage.text)
        if not folded:
            return self._canon
        if self._folded is None:
            self._folded = fold_canon(self._canon)
        return self._folded

    def _words(self, *, folded: bool) -> list[str]:
        if folded:
            if self._folded_words is None:
                self._folded_words = words(self._form(folded=True))
            return self._folded_words
        if self._canon_words is None:
            self._canon_words = words(self._form(folded=False))
        return self._canon_words


class SearchedContent:
    """An article made ready for many queries: pass it wherever a Content is taken."""

    def __init__(self, content: Content) -> None:
        self.passages = tuple(map(SearchedPassage, passages(content)))


def matches(tree: Node, content: Content | SearchedContent) -> bool:
    """Whether the article is among the results of the query."""
    return _holds(tree, _searched(content))


def spans(tree: Node, content: Content | SearchedContent) -> tuple[Span, ...]:
    """The words that speak for a match, in reading order, touching ones joined.

    Empty where the query does not match, and where it only says what must not occur.
    """
    searched = _searched(content)
    if not _holds(tree, searched):
        return ()
    phrases = wanted_phrases(tree)
    return tuple(
        Span(field=at.passage.field, item=at.passage.item, start=start, end=end)
        for at in sorted(searched.passages, key=lambda at: FIELDS.index(at.passage.field))
        for start, end in joined(
            run
            for phrase in phrases
            if at.passage.field in phrase.fields
            for found in at.occurrences(phrase)
            for run in runs(at, found)
        )
    )


def runs(at: SearchedPassage, found: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The places of an occurrence: one for each run of words with no other word between."""
    first = found[0]
    for word, following in pairwise((*found, -1)):
        if following != word + 1:
            yield at.place(first)[0], at.place(word)[1]
            first = following


def joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted, and overlapping ones made one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _searched(content: Content | SearchedContent) -> SearchedContent:
    return content if isinstance(content, SearchedContent) else SearchedContent(content)


def _holds(tree: Node, content: SearchedContent) -> bool:
    match tree:
        case Phrase():
            return any(
                next(at.occurrences(tree), None) is not None
                for at in content.passages
                if at.passage.field in tree.fields
            )
        case AllOf(parts):
            return all(_holds(part, content) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, content) for part in parts)
        case Not(part):
            return not _holds(part, content)
    assert_never(tree)


def _follow(here: Sequence[str], phrase: Phrase, start: int) -> tuple[int, ...] | None:
    """The next of each word behind the one before: nothing that begins here ends sooner."""
    last = min(start + len(phrase.words) - 1 + phrase.slop, len(here) - 1)
    found = [start]
    for spellings in phrase.words[1:]:
        at = found[-1] + 1
        while at <= last and here[at] not in spellings:
            at += 1
        if at > last:
            return None
        found.append(at)
    return tuple(found)

"""The phrases of all rules, found in an article in one pass.

A phrase whose words follow each other is looked for by its rarest two neighbours, one that lets
other words between by its rarest word. Which of them an article has costs what the article is
long, however many phrases there are. docs/decisions/0021 has the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hanoiwatch.alerts.wording import ArticleWords, Lexicon, Wording
from hanoiwatch.query import FIELDS, Field, Phrase


class Needle:
    """One phrase as it is looked for."""

    __slots__ = ("anchor", "fields", "folded", "is_near", "slop", "words")

    def __init__(self, phrase: Phrase, lexicon: Lexicon) -> None:
        self.words = lexicon.of_phrase(phrase.words, folded=phrase.folded)
        self.folded = phrase.folded
        self.slop = phrase.slop
        self.fields: tuple[Field, ...] | None = None if phrase.fields == FIELDS else phrase.fields
        self.is_near = phrase.slop > 0 and len(self.words) > 1
        self.anchor = self.words[0]
        """The rarest of its words."""

    def is_in(self, wording: Wording) -> bool:
        """Whether a phrase that lets words between is here."""
        if self.fields is None:
            return wording.has_near(self.words, self.slop, self.anchor)
        return any(
            wording.of_field(field).has_near(self.words, self.slop, self.anchor)
            for field in self.fields
        )

    def is_in_its_fields(self, wording: Wording) -> bool:
        """Whether words that follow each other, and are in the article, are where they should."""
        if self.fields is None:
            return True
        return any(self.words in wording.of_field(field).text for field in self.fields)


class PhraseBook:
    """The distinct phrases of many trees, each with a number."""

    def __init__(self) -> None:
        self.lexicon = Lexicon()
        self.needles: list[Needle] = []
        self._numbers: dict[Phrase, int] = {}

    def number(self, phrase: Phrase) -> int:
        known = self._numbers.setdefault(phrase, len(self.needles))
        if known == len(self.needles):
            self.needles.append(Needle(phrase, self.lexicon))
        return known


class Asked:
    """One article, and what is known of its phrases so far."""

    __slots__ = ("_needles", "near", "runs", "wordings")

    def __init__(self, wordings: tuple[Wording, Wording], needles: Sequence[Needle]) -> None:
        self.wordings, self._needles = wordings, needles
        self.runs: set[int] = set()
        """The phrases that it has whose words follow each other: all of them."""
        self.near: dict[int, bool] = {}

    def has(self, number: int) -> bool:
        needle = self._needles[number]
        if not needle.is_near:
            return number in self.runs
        known = self.near.get(number)
        if known is None:
            known = self.near[number] = needle.is_in(self.wordings[needle.folded])
        return known


class PhraseIndex:
    """Finds which of the phrases an article has, and knows which are rare."""

    def __init__(self, book: PhraseBook, sample: Iterable[ArticleWords] = ()) -> None:
        """``sample``: articles that tell which words and phrases are common."""
        self._needles = book.needles
        self._lexicon = book.lexicon
        wordings = [article.wordings(self._lexicon) for article in sample]
        self._common = tuple(_commonness(each[folded] for each in wordings) for folded in (0, 1))
        self._forms = tuple(
            _FormIndex(book.needles, self._common[folded], folded=folded)
            for folded in (False, True)
        )
        self._articles: Counter[int] = Counter()
        for each in wordings:
            self._articles.update(self._ask(each).runs)

    def commonness(self, number: int) -> int:
        """In how many articles of the sample it may have been found."""
        needle = self._needles[number]
        if needle.is_near:
            return self._common[needle.folded][needle.anchor]
        return self._articles[number]

    def ask(self, article: ArticleWords) -> Asked:
        """The article with the phrases that it has whose words follow each other."""
        return self._ask(article.wordings(self._lexicon))

    def _ask(self, wordings: tuple[Wording, Wording]) -> Asked:
        asked = Asked(wordings, self._needles)
        for form in self._forms:
            form.look(asked)
        return asked

    def look_near(self, asked: Asked, wanted: set[int]) -> list[int]:
        """Which it has of the ``wanted`` phrases that let words between."""
        return [number for form in self._forms for number in form.look_near(asked, wanted)]


def _commonness(wordings: Iterable[Wording]) -> Counter[str]:
    """In how many articles each letter and each pair of neighbours stands."""
    common: Counter[str] = Counter()
    for wording in wordings:
        common.update(wording.distinct)
        common.update({one + other for one, other in pairwise(wording.text)})
    return common


class _FormIndex:
    """The phrases of one form, by what is rarest in each."""

    def __init__(self, needles: Sequence[Needle], common: Counter[str], *, folded: bool) -> None:
        self._folded = folded
        self._common = common
        self._pairs = _Pairs()
        self._by_pair: dict[str, list[tuple[int, int, Needle]]] = {}
        self._single: dict[str, list[tuple[int, Needle]]] = {}
        self._near: dict[str, list[tuple[str, str, int]]] = {}
        for number, needle in enumerate(needles):
            if needle.folded is folded:
                self._file(number, needle)
        self._single_words, self._near_words = set(self._single), set(self._near)
        for pair in self._by_pair:
            self._pairs.add(pair)

    def _file(self, number: int, needle: Needle) -> None:
        needle.anchor = min(needle.words, key=self._common.__getitem__)
        if needle.is_near:
            filed = self._near.setdefault(needle.anchor, [])
            second = sorted(needle.words, key=self._common.__getitem__)[1]
            filed.append((second, needle.words, number))
            return
        if len(needle.words) == 1:
            self._single.setdefault(needle.words, []).append((number, needle))
            return
        pairs = [one + other for one, other in pairwise(needle.words)]
        pair = min(pairs, key=self._rank)
        offset = pairs.index(pair)
        self._by_pair.setdefault(pair, []).append((number, offset, needle))

    def _rank(self, pair: str) -> tuple[int, int]:
        """How common a pair is; by its words where the sample does not have it."""
        return self._common[pair], min(self._common[word] for word in pair)

    def look(self, asked: Asked) -> None:
        wording, found = asked.wordings[self._folded], asked.runs
        for word in wording.distinct & self._single_words if self._single else ():
            for number, needle in self._single[word]:
                if needle.is_in_its_fields(wording):
                    found.add(number)
        text = wording.text
        for place in self._pairs.places(text) if self._by_pair else ():
            for number, offset, needle in self._by_pair.get(text[place : place + 2], ()):
                if not text.startswith(needle.words, max(place - offset, 0)) or number in found:
                    continue
                if needle.is_in_its_fields(wording):
                    found.add(number)

    def look_near(self, asked: Asked, wanted: set[int]) -> Iterator[int]:
        if not self._near:
            return
        here = asked.wordings[self._folded].distinct
        for word in here & self._near_words:
            for second, words, number in self._near[word]:
                if second not in here or not here.issuperset(words):
                    continue
                if number in wanted and asked.has(number):
                    yield number


class _Pairs:
    """Tells at which places of a text a pair of letters may stand that is among the given ones."""

    _BITS = 18
    """A quarter of a megabyte: what is not there is found there in one place of 25."""

    def __init__(self) -> None:
        self._table = np.zeros(1 << self._BITS, np.bool_)

    def add(self, pair: str) -> None:
        self._table[self._slots(pair)] = True

    def places(self, text: str) -> list[int]:
        places: list[int] = np.flatnonzero(self._table[self._slots(text)]).tolist()
        return places

    def _slots(self, text: str) -> NDArray[np.uint32]:
        letters = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        mixed = letters[:-1] * np.uint32(2_654_435_761) + letters[1:] * np.uint32(2_246_822_519)
        return mixed >> np.uint32(32 - self._BITS)

"""The phrases of all rules, found in an article in one pass.

A phrase whose words follow each other is looked for by its rarest two neighbours, one that lets
other words between by its rarest word. Which of them an article has costs what the article is
long, however many phrases there are. docs/decisions/0021 has the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle, islice, pairwise

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
        self._needles = needles
        self._pairs = _Pairs()
        self._by_pair: dict[str, list[tuple[int, int, Needle]]] = {}
        self._single, self._near = _Needs(), _Needs()
        for number, needle in enumerate(needles):
            if needle.folded is folded:
                self._file(number, needle)
        self._single.finish()
        self._near.finish()
        for pair in self._by_pair:
            self._pairs.add(pair)

    def _file(self, number: int, needle: Needle) -> None:
        needle.anchor = min(needle.words, key=self._common.__getitem__)
        if needle.is_near or len(needle.words) == 1:
            needs = self._near if needle.is_near else self._single
            needs.add(number, sorted(needle.words, key=self._common.__getitem__))
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
        for number in self._single.met(wording):
            if self._needles[number].is_in_its_fields(wording):
                found.add(number)
        text = wording.text
        for place in self._pairs.places(wording.codes) if self._by_pair else ():
            for number, offset, needle in self._by_pair.get(text[place : place + 2], ()):
                if not text.startswith(needle.words, max(place - offset, 0)) or number in found:
                    continue
                if needle.is_in_its_fields(wording):
                    found.add(number)

    def look_near(self, asked: Asked, wanted: set[int]) -> Iterator[int]:
        for number in self._near.met(asked.wordings[self._folded]):
            if number in wanted and asked.has(number):
                yield number


class _Needs:
    """Tells of which phrases an article has the words, the four rarest of each."""

    _MOST = 4

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._letters: list[str] = []
        self._codes: list[NDArray[np.uint32]] = []
        self._size = 0

    def add(self, number: int, letters: Sequence[str]) -> None:
        """``letters``: the rarest first."""
        self._numbers.append(number)
        self._letters.append("".join(islice(cycle(letters), self._MOST)))

    def finish(self) -> None:
        codes = np.frombuffer("".join(self._letters).encode("utf-32-le"), np.uint32)
        self._codes = [codes[place :: self._MOST].copy() for place in range(self._MOST)]
        self._size = int(codes.max(initial=0)) + 1

    def met(self, wording: Wording) -> list[int]:
        if not self._numbers:
            return []
        codes = wording.codes
        here = np.zeros(self._size, np.bool_)
        here[codes[codes < self._size]] = True
        first, second, third, fourth = (here[one] for one in self._codes)
        places = np.flatnonzero(first & second & third & fourth).tolist()
        return [self._numbers[place] for place in places]


class _Pairs:
    """Tells at which places of a text a pair of letters may stand that is among the given ones."""

    _BITS = 18
    """A quarter of a megabyte: what is not there is found there in one place of 25."""

    def __init__(self) -> None:
        self._table = np.zeros(1 << self._BITS, np.bool_)

    def add(self, pair: str) -> None:
        self._table[self._slots(Wording(pair).codes)] = True

    def places(self, codes: NDArray[np.uint32]) -> list[int]:
        places: list[int] = np.flatnonzero(self._table[self._slots(codes)]).tolist()
        return places

    def _slots(self, codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        mixed = codes[:-1] * np.uint32(2_654_435_761) + codes[1:] * np.uint32(2_246_822_519)
        return mixed >> np.uint32(32 - self._BITS)

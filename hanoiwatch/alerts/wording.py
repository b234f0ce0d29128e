"""An article's words as rules see them: one letter for each word that any rule knows.

Words are compared as `hanoiwatch.query.match` compares them; spellings that readers take for one
(``kỉ``, ``kỷ``) are made one here, on both sides. Each word that a rule names is given a letter of
its own; an article becomes a string of about as many letters as it has words, in which phrases
are found as a text is searched for words. The article is cut into words first and each distinct
word brought into its form once: `canon` never sees more than one word, but for its first step,
`nfc`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from hanoiwatch.model import Content
from hanoiwatch.query import FIELDS, Field, lines_by_field
from hanoiwatch.query.spelling import spellings
from hanoiwatch.text import canon, fold_canon, nfc

LINE = "\n"
"""Stands behind each passage, where no phrase goes on."""
UNKNOWN = "\0"
"""Stands for every word that no rule names."""

MOST_KEPT = 200_000
"""Words whose letters are kept; numbers and names would fill the memory for ever."""

_FIRST_LETTER, _SURROGATES, _AFTER_SURROGATES = 0x100, 0xD800, 0xE000

_WORD_OR_LINE = re.compile(r"[^\W_]+|\n")


def spelled(word: str) -> str:
    """The one spelling that stands for all that are the same to a reader."""
    return max(spellings(word))


class Lexicon:
    """The words of all phrases, each with its letter, apart for those that are compared exactly
    and those that are compared folded."""

    def __init__(self) -> None:
        self._exact: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        self._kept = _Kept(self._letters)

    def of_phrase(self, words: Iterable[tuple[str, ...]], *, folded: bool) -> str:
        """The letters of a phrase, whose words are in their form already."""
        letters = self._folded if folded else self._exact
        return "".join(self._give(letters, spelled(first)) for first, *_ in words)

    def of_text(self, words: list[str]) -> tuple[str, str]:
        """The letters, exact and folded, of words as they were written."""
        both = "".join(map(self._kept.__getitem__, words))
        return both[::2], both[1::2]

    def _give(self, letters: dict[str, str], word: str) -> str:
        known = letters.get(word)
        if known is None:
            code = _FIRST_LETTER + len(letters)
            beyond = _AFTER_SURROGATES - _SURROGATES if code >= _SURROGATES else 0
            known = letters[word] = chr(code + beyond)
            self._kept.clear()
        return known

    def _letters(self, written: str) -> str:
        if written == LINE:
            return LINE + LINE
        exact = canon(written)
        return self._exact.get(spelled(exact), UNKNOWN) + self._folded.get(
            spelled(fold_canon(exact)), UNKNOWN
        )


class _Kept(dict[str, str]):
    """Both letters of each word as it was written, looked up once."""

    def __init__(self, letters: Callable[[str], str]) -> None:
        super().__init__()
        self._letters = letters

    def __missing__(self, word: str) -> str:
        if len(self) >= MOST_KEPT:
            self.clear()
        return self.setdefault(word, self._letters(word))


class Wording:
    """An article in one form: its letters, `LINE` behind each passage."""

    def __init__(self, text: str, line_counts: tuple[int, ...] = ()) -> None:
        self.text = text
        self._line_counts = line_counts
        self._fields: dict[Field, Wording] = {}

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """The letters as numbers."""
        return np.frombuffer(self.text.encode("utf-32-le"), np.uint32)

    @property
    def distinct(self) -> set[str]:
        return set(self.text)

    def of_field(self, field: Field) -> Wording:
        """The same of one field alone."""
        if not self._fields:
            lines, end = self.text.split(LINE), 0
            for name, count in zip(FIELDS, self._line_counts, strict=True):
                start, end = end, end + count
                self._fields[name] = Wording(LINE.join(lines[start:end]) + LINE)
        return self._fields[field]

    def has_near(self, words: str, slop: int, anchor: str) -> bool:
        """Whether the words stand in this order in one passage, at most ``slop`` others between.

        Looks only around where ``anchor`` stands, which is one of them.
        """
        reach = len(words) + slop
        place = self.text.find(anchor)
        while place >= 0:
            if _near(self.text[max(place - reach + 1, 0) : place + reach], words, reach):
                return True
            place = self.text.find(anchor, place + 1)
        return False


def _near(around: str, words: str, reach: int) -> bool:
    for word in words:
        if word not in around:
            return False
    start = around.find(words[0])
    while start >= 0:
        end = _follow(around, words, start, start + reach)
        if end and LINE not in around[start:end]:
            return True
        start = around.find(words[0], start + 1)
    return False


def _follow(here: str, words: str, start: int, stop: int) -> int:
    """Behind the last of the words, the next of each taken; 0 where they reach past ``stop``."""
    at = start + 1
    for word in words[1:]:
        at = here.find(word, at, stop) + 1
        if not at:
            return 0
    return at


class ArticleWords:
    """An article ready for every rule: normalised once, cut into words once."""

    def __init__(self, content: Content) -> None:
        fields = lines_by_field(content)
        self._line_counts = tuple(map(len, fields))
        lines = LINE.join(chain.from_iterable(fields))
        self._words: list[str] = _WORD_OR_LINE.findall(nfc(lines) + LINE)

    def wordings(self, lexicon: Lexicon) -> tuple[Wording, Wording]:
        """Exact and folded."""
        exact, folded = lexicon.of_text(self._words)
        return Wording(exact, self._line_counts), Wording(folded, self._line_counts)

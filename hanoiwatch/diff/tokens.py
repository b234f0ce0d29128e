"""Text as the words that are compared, with the space before each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

# A number with its points and commas is one word: 10.000 that became 12.000 is no changed "10".
# Possessive: never tried again from inside, so a page of digits costs no more than its length.
_TOKEN = re.compile(r"\s++|\d++(?:[.,:/]\d++)++|\w++|[^\w\s]")

LETTERS = 0x110000
"""How many different words an `Alphabet` tells apart."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """``spaces[0] + words[0] + spaces[1] + … + tail`` is the text to the letter."""

    words: tuple[str, ...]
    spaces: tuple[str, ...]
    tail: str
    sums: tuple[int, ...]
    """How many of the tokens before each place are words, not punctuation."""

    def count(self, start: int, end: int) -> int:
        """How many of the tokens from ``start`` to before ``end`` are words."""
        return self.sums[end] - self.sums[start]

    def text(self, start: int, end: int) -> str:
        """The words from ``start`` to before ``end``, each with the space before it."""
        return "".join(
            space + word
            for space, word in zip(self.spaces[start:end], self.words[start:end], strict=True)
        )


def tokens(text: str) -> Tokens:
    """Syllables, numbers and single punctuation marks of ``text``."""
    words, spaces, pending = [], [], ""
    for token in _TOKEN.findall(text):
        if token.isspace():
            pending = token
        else:
            spaces.append(pending)
            words.append(token)
            pending = ""
    sums = tuple(accumulate(map(is_word, words), initial=0))
    return Tokens(words=tuple(words), spaces=tuple(spaces), tail=pending, sums=sums)


def is_word(token: str) -> bool:
    """Whether it is a syllable or number, not punctuation."""
    return token[0].isalnum() or token[0] == "_"


def count_words(text: str) -> int:
    return tokens(text).sums[-1]


class Alphabet:
    """One character for each word: rapidfuzz compares strings many times as fast as lists.

    Past `LETTERS` different words two may share one: who needs certainty spells no more.
    """

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}

    def letter(self, word: str) -> str:
        code = self._codes.get(word)
        if code is None:
            code = self._codes[word] = chr(len(self._codes) % LETTERS)
        return code

    def spell(self, words: tuple[str, ...] | list[str]) -> str:
        return "".join(map(self.letter, words))

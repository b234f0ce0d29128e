"""The words of many articles at once, as numbers of terms: what a rebuild does for `words`.

It gives what ``words(canon(text))`` gives, ten times as fast, over whole arrays. A letter is a
code of one byte, the same for both cases, so a word of up to eight letters is exactly one 64-bit
number, and a table finds its term. What is rare goes the ordinary way: longer words, letters of
other alphabets, text that is not NFC.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hanoiwatch.text import canon, nfc, words

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.intp]

_SIGNS = range(0x2000, 0x2300)
"""Punctuation and currencies; the few letters among them are none of ours."""
_PLAIN = (range(0x180), range(0x1A0, 0x1B1), range(0x1EA0, 0x1EFA), _SIGNS)
"""Latin as the press of Viet Nam writes it, foreign names included."""
_TABLE_END = _SIGNS.stop + 1
_LINE_END = ord("\n")
_SEPARATOR, _FOREIGN, _ODD = 0, 254, 255
"""Codes: parts words; a letter without a code of its own; must be looked at in its context."""

_LONGEST = 8
_MASKS = np.array([2 ** (8 * length) - 1 for length in range(_LONGEST + 1)], np.uint64)
_TABLE_BITS = 18
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio: multiplied by it, near numbers come far apart."""
_SHIFT = np.uint64(64 - _TABLE_BITS)
_ALL_BITS = 2**64 - 1
_MOST_KEPT = 300_000

Numbers = Callable[[set[str]], Mapping[str, int]]
"""The number of every word (of canon form) asked for."""


class Words(NamedTuple):
    """The words of some lines, in order."""

    terms: U32
    counts: Positions
    """How many each line has; -1 for one that is empty once its invisible characters are out."""


class WordNumbers:
    """Remembers what it has met; one for each index that is being made."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._known: dict[int, int] = {}
        self._forget()

    def _forget(self) -> None:
        self._known.clear()
        self._keys = np.zeros(2**_TABLE_BITS, np.uint64)
        self._terms = np.zeros(2**_TABLE_BITS, np.uint32)

    def of(self, lines: Sequence[str]) -> Words:
        if len(self._known) > _MOST_KEPT:
            self._forget()
        text, points, codes, emptied = _coded(lines)
        edges = np.diff((codes[:-_LONGEST] != _SEPARATOR).view(np.int8), prepend=np.int8(0))
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        lengths = ends - starts
        keys = _windows(codes)[starts] & _MASKS[np.minimum(lengths, _LONGEST)]
        spelled = lengths > _LONGEST
        foreign = np.flatnonzero(codes == _FOREIGN)
        spelled[np.searchsorted(starts, foreign, "right") - 1] = True
        at = (keys * _SPREAD) >> _SHIFT
        terms, missing = self._terms[at], self._keys[at] != keys
        spelling = _Spelling(text, starts, ends)
        self._fill_packed(terms, np.flatnonzero(missing & ~spelled), keys, spelling)
        self._fill_spelled(terms, np.flatnonzero(spelled), spelling)
        line_ends = np.searchsorted(starts, np.flatnonzero(points == _LINE_END))
        counts = np.diff(line_ends, prepend=0)
        counts[list(emptied)] = -1
        return Words(terms, counts)

    def _fill_packed(self, terms: U32, missing: Positions, keys: U64, spelling: _Spelling) -> None:
        """The terms of packed words that are not in their place of the table."""
        sought = dict(zip(keys[missing].tolist(), missing.tolist(), strict=True))
        new = {key: spelling.of(at) for key, at in sought.items() if key not in self._known}
        if new:
            found = self._numbers(set(new.values()))
            for key, word in new.items():
                self._keep(key, found[word])
        terms[missing] = [self._known[key] for key in keys[missing].tolist()]

    def _keep(self, key: int, term: int) -> None:
        """In the table, too, unless another word has its place there: that one came first,
        and is likely to be more frequent."""
        self._known[key] = term
        at = (key * int(_SPREAD) & _ALL_BITS) >> int(_SHIFT)
        if not self._keys[at]:
            self._keys[at], self._terms[at] = key, term

    def _fill_spelled(self, terms: U32, these: Positions, spelling: _Spelling) -> None:
        words_here = [spelling.of(at) for at in these.tolist()]
        found = self._numbers(set(words_here))
        terms[these] = [found[word] for word in words_here]


class _Spelling(NamedTuple):
    text: str
    starts: Positions
    ends: Positions

    def of(self, word: int) -> str:
        """In canon form. Its letters alone tell it: no rule of `canon` looks beyond a word."""
        return canon(self.text[self.starts[word] : self.ends[word]])


class _Coded(NamedTuple):
    text: str
    """The lines, each with its end."""
    points: U32
    codes: U8
    """With room for a window behind."""
    emptied: Sequence[int] = ()
    """The lines of which nothing is left."""


def _coded(lines: Sequence[str]) -> _Coded:
    plain = _plainly_coded(lines)
    odd = np.flatnonzero(plain.codes == _ODD)
    if not len(odd):
        return plain
    mended = list(lines)
    line_ends = np.flatnonzero(plain.points == _LINE_END)
    numbers = np.unique(np.searchsorted(line_ends, odd)).tolist()
    for number in numbers:
        mended[number] = canon(mended[number])
    text, points, codes, _ = _plainly_coded(mended)
    odd = np.flatnonzero(codes == _ODD)
    for point in np.unique(points[odd]).tolist():
        codes[:-_LONGEST][points == point] = _FOREIGN if words(chr(point)) else _SEPARATOR
    return _Coded(text, points, codes, [number for number in numbers if not mended[number]])


def _plainly_coded(lines: Sequence[str]) -> _Coded:
    text = "\n".join((*lines, ""))
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    codes = np.zeros(len(points) + _LONGEST, np.uint8)
    _codes().take(points, out=codes[:-_LONGEST], mode="clip")
    return _Coded(text, points, codes)


@cache
def _codes() -> U8:
    """The code of each code point; the last is for all beyond."""
    table = np.full(_TABLE_END, _ODD, np.uint8)
    letters: dict[str, int] = {}
    for point in chain(*_PLAIN):
        char = chr(point)
        if nfc(char) != char or unicodedata.combining(char):
            continue
        if words(char) and point < _SIGNS.start:
            table[point] = letters.setdefault(canon(char), len(letters) + 1)
        elif not words(char):
            table[point] = _SEPARATOR
    return table


def _windows(codes: U8) -> U64:
    """From each place on, eight codes as one number."""
    count = len(codes) - _LONGEST + 1
    return np.ndarray((count,), "<u8", codes.data, strides=(1,))

"""A text as linking reads it: syllables with their places, abbreviations as the words they mean.

``UBND TP.Hà Nội`` is read as *ủy ban nhân dân thành phố hà nội*: the four syllables of ``UBND``
share its place, and nothing may begin or end within it. Sentences are told apart, so that no name
and no phrase runs from one into the next.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

from hanoiwatch.registry.vocabulary import vocabulary
from hanoiwatch.text import canon, nfc, word_places, words

CAPITALS_SHARE = 0.6
"""A line with so large a share of its words in capitals is a headline set in capitals."""
_MIN_CAPITALS_WORDS = 3
_JOINING = (".", "/", ". ")
_STOP = (".", ". ")
_END = re.compile(r"[.!?…][\"”')\]]*\s+|\s*\n\s*")


@dataclass(slots=True)
class Syllables:
    """The syllables of one field."""

    text: str
    """NFC, as the offsets count."""
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentence: list[int]
    inner: set[int]
    """Those that are not the first of their abbreviation."""
    _shouted: dict[int, bool]

    def __len__(self) -> int:
        return len(self.words)

    def capital(self, at: int) -> bool:
        return self.text[self.starts[at]].isupper()

    def upper(self, at: int) -> bool:
        """All its letters are capitals."""
        return self.text[self.starts[at] : self.ends[at]].isupper()

    def plain(self, at: int) -> bool:
        """Nothing but blanks parts it from the syllable before."""
        if at in self.inner:
            return True
        before, start = self.ends[at - 1], self.starts[at]
        if start == before + 1:
            return at > 0 and self.text[before] == " "
        return at > 0 and start > before and not self.text[before:start].strip(" ")

    def gap(self, at: int) -> str:
        """What stands between syllable ``at`` and the one before it."""
        if not 0 < at < len(self.words) or at in self.inner:
            return ""
        return self.text[self.ends[at - 1] : self.starts[at]]

    def said(self, first: int, end: int) -> str:
        return self.text[self.starts[first] : self.ends[end - 1]]

    def bounds(self, at: int) -> tuple[int, int]:
        """The syllables of the sentence of ``at``: from, to."""
        number = self.sentence[at]
        return bisect_left(self.sentence, number), bisect_right(self.sentence, number)

    def sentence_text(self, at: int) -> str:
        first, end = self.bounds(at)
        stop = self.ends[end - 1]
        while stop < len(self.text) and self.text[stop] in ".!?…”\"')":
            stop += 1
        return self.text[self.starts[first] : stop]

    def shouted(self, at: int) -> bool:
        """Whether the sentence of ``at`` is set in capitals."""
        number = self.sentence[at]
        if number not in self._shouted:
            first, end = self.bounds(at)
            letters = [one for one in self.said(first, end) if one.isalpha()]
            capitals = sum(one.isupper() for one in letters)
            long = end - first >= _MIN_CAPITALS_WORDS
            self._shouted[number] = long and capitals >= CAPITALS_SHARE * len(letters)
        return self._shouted[number]


@dataclass(frozen=True, slots=True)
class _Reading:
    whole: dict[str, tuple[str, ...]]
    split: dict[tuple[str, str], tuple[str, ...]]
    areas: dict[str, str]
    caseless: frozenset[str]
    never_in_capitals: frozenset[str]
    stopped: frozenset[str]
    interesting: frozenset[str]
    """Every syllable with which an abbreviation may begin."""


@cache
def _reading() -> _Reading:
    known = vocabulary()
    whole = {canon(short): tuple(meant.split()) for short, meant in known.abbreviations.items()}
    split = {
        (canon(one), canon(two)): tuple(meant.split())
        for one, two, meant in known.split_abbreviations
    }
    areas = {canon(letter): word for letter, word in known.area_letters.items()}
    return _Reading(
        whole=whole,
        split=split,
        areas=areas,
        interesting=frozenset({*whole, *(one for one, _ in split), *areas}),
        caseless=frozenset(map(canon, known.caseless)),
        never_in_capitals=frozenset(map(canon, known.never_in_capitals)),
        stopped=known.stopped,
    )


def phrase_words(phrase: str) -> tuple[str, ...]:
    """A phrase of the registry as the same syllables, its abbreviations as words."""
    reading = _reading()
    found: list[str] = []
    text = canon(phrase)
    surface = nfc(phrase)
    for start, end in word_places(text):
        word = text[start:end]
        read = word not in reading.never_in_capitals or surface[start:end].isupper()
        found += reading.whole.get(word, (word,)) if read else (word,)
    return tuple(found)


def syllables(text: str) -> Syllables:
    """The syllables of a field."""
    text = nfc(text)
    lower = canon(text)
    places = word_places(lower)
    made = Syllables(
        text=text,
        words=words(lower),
        starts=[start for start, _ in places],
        ends=[end for _, end in places],
        sentence=[],
        inner=set(),
        _shouted={},
    )
    made.sentence = _sentences(made)
    _expand(made)
    return made


def _expand(made: Syllables) -> None:
    """Puts the words of each abbreviation in its place, the last one first."""
    interesting = _reading().interesting
    grown: list[tuple[int, int, int]] = []
    for at in reversed([at for at, word in enumerate(made.words) if word in interesting]):
        meant, taken = _meant(made, at)
        if meant is None:
            continue
        if _explains(made, at, meant):
            _drop_explained(made, at)
            grown.append((at, 0, 1))
            continue
        count, stop = len(meant), at + taken
        made.starts[at:stop] = [made.starts[at]] * count
        made.ends[at:stop] = [made.ends[stop - 1]] * count
        made.sentence[at:stop] = [made.sentence[at]] * count
        made.words[at:stop] = meant
        grown.append((at, count, taken))
    shift = 0
    for at, count, taken in reversed(grown):
        made.inner.update(range(at + shift + 1, at + shift + count))
        shift += count - taken


def _explains(made: Syllables, at: int, meant: tuple[str, ...]) -> bool:
    """``Ủy ban nhân dân (UBND)``: the abbreviation only says again what stands before it."""
    said = tuple(made.words[max(at - len(meant), 0) : at])
    after = made.text[made.ends[at] : made.ends[at] + 1]
    return said == meant and made.gap(at).strip() == "(" and after == ")"


def _drop_explained(made: Syllables, at: int) -> None:
    """Takes it out; its brackets then belong to the word before."""
    made.ends[at - 1] = made.ends[at] + 1
    del made.words[at], made.starts[at], made.ends[at], made.sentence[at]


def _meant(made: Syllables, at: int) -> tuple[tuple[str, ...] | None, int]:
    """What stands for the syllable, and how many syllables it stands for."""
    reading, word = _reading(), made.words[at]
    if word in reading.whole:
        capitals = made.upper(at) or word in reading.caseless
        is_word = word in reading.never_in_capitals and made.shouted(at)
        return (reading.whole[word] if capitals and not is_word else None), 1
    if at + 1 >= len(made.words) or len(word) != 1:
        return None, 1
    between = made.gap(at + 1)
    pair = word, made.words[at + 1]
    if pair in reading.split and between in _JOINING and (word == "đ" or made.upper(at)):
        return reading.split[pair], 2
    if word in reading.areas and between in _STOP and made.upper(at) and made.capital(at + 1):
        return (reading.areas[word],), 1
    return None, 1


def _sentences(made: Syllables) -> list[int]:
    """The number of each syllable's sentence."""
    numbers: list[int] = []
    for found in _END.finditer(made.text):
        at = bisect_left(made.starts, found.end())
        if at > len(numbers) and _ends(made, found, at):
            numbers += [numbers[-1] + 1 if numbers else 0] * (at - len(numbers))
    numbers += [numbers[-1] + 1 if numbers else 0] * (len(made.words) - len(numbers))
    return numbers


def _ends(made: Syllables, found: re.Match[str], at: int) -> bool:
    if "\n" in found[0] or at >= len(made.words):
        return True
    if made.text[made.starts[at]].islower():
        return False
    return made.words[at - 1] not in _reading().stopped or found[0].strip() != "."

"""Finds words that follow each other closely, by their places alone.

For a place of the phrase's rarest word the shortest occurrence around it is found by going to
the next place of each later word and to the nearest earlier place of each word before: if any
occurrence around that place is short enough, this one is. With no other word allowed between,
that is a phrase.

`indexer.search.longwindows` does the same over numpy, for long lists. Importing numpy costs a
one-shot `hanoiwatch search` a third of its time, so short lists go without.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

Places = Sequence[int]
NUMPY_FROM = 30_000
"""Places of the rarest word from which the import pays at once."""
NUMPY_LOADED_FROM = 300


def worth_numpy(places: int) -> bool:
    return places >= (NUMPY_LOADED_FROM if "numpy" in sys.modules else NUMPY_FROM)


def windows(words: Sequence[list[Places]], slop: int, breaks: Places) -> list[int]:
    """Places of the phrase's rarest word in occurrences of the phrase.

    ``words``: for each word of the phrase the ascending places of each of its spellings.
    An occurrence has at most ``slop`` other words between its first and last, and no break.
    """
    lists = [_one_list(spellings) for spellings in words]
    anchor = min(range(len(lists)), key=lambda number: len(lists[number]))
    before, after = lists[:anchor][::-1], lists[anchor + 1 :]
    most = len(lists) - 1 + slop
    found = ((place, _around(place, before, after, most)) for place in lists[anchor])
    return [place for place, window in found if window and _unbroken(window, breaks)]


def _around(
    place: int, before: Sequence[Places], after: Sequence[Places], most: int
) -> tuple[int, int] | None:
    start = end = place
    for places in after:
        at = bisect_right(places, end)
        if at == len(places) or places[at] - place > most:
            return None
        end = places[at]
    for places in before:
        at = bisect_left(places, start)
        if not at or end - places[at - 1] > most:
            return None
        start = places[at - 1]
    return start, end


def _unbroken(window: tuple[int, int], breaks: Places) -> bool:
    """Always so for words in a row, since a break takes a place: they need no ``breaks``."""
    return bisect_left(breaks, window[0]) == bisect_left(breaks, window[1])


def _one_list(spellings: list[Places]) -> Places:
    if len(spellings) == 1:
        return spellings[0]
    return sorted(place for places in spellings for place in places)

"""Words that follow each other closely: both ways of finding them, and a naive third."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.search.bits import bits_of
from indexer.search.longwindows import docs_with_windows
from indexer.search.windows import (
    NUMPY_FROM,
    NUMPY_LOADED_FROM,
    Places,
    windows,
    worth_numpy,
)
from tests.thorough import examples

SIZE = 60
places = st.sets(st.integers(100, 100 + SIZE - 1), max_size=SIZE).map(sorted)
one_word = st.lists(places.filter(bool), min_size=1, max_size=2)
phrases = st.lists(one_word, min_size=2, max_size=4)


def _naive(words: list[list[list[int]]], slop: int, breaks: list[int]) -> set[tuple[int, ...]]:
    lists = [sorted({place for spelling in word for place in spelling}) for word in words]
    return {
        chosen
        for chosen in product(*lists)
        if list(chosen) == sorted(set(chosen))
        and chosen[-1] - chosen[0] <= len(words) - 1 + slop
        and not any(chosen[0] < at < chosen[-1] for at in breaks)
    }


def _without(words: list[list[list[int]]], breaks: set[int]) -> list[list[list[int]]]:
    """No word stands on the place of a break."""
    return [[[p for p in spelling if p not in breaks] for spelling in word] for word in words]


@given(phrases, st.integers(0, 4), st.sets(st.integers(100, 100 + SIZE), max_size=6))
@settings(max_examples=examples(300))
def test_both_ways_find_the_documents_that_the_naive_one_finds(
    words: list[list[list[int]]], slop: int, breaks: set[int]
) -> None:
    # every tenth place begins a document, behind a break
    starts = list(range(100, 100 + SIZE, 10))
    every_break = sorted(breaks | {start + 9 for start in starts})
    words = _without(words, set(every_break))
    expected = {(chosen[0] - 100) // 10 for chosen in _naive(words, slop, every_break)}
    if all(any(word) for word in words):
        assert docs_with_windows(words, slop, every_break, starts) == bits_of(expected, len(starts))
    found = windows(words, slop, every_break)
    assert {(place - 100) // 10 for place in found} == expected


@pytest.mark.parametrize(
    "words",
    [
        [[[2**32 - 1]], [[2**32 - 9, 2**32 - 8]]],
        [[[2**32 - 9, 2**32 - 8]], [[2**32 - 1]]],
        [[[3, 4]], [[0]]],
        [[[0]], [[3, 4]]],
    ],
)
def test_numbers_do_not_wrap_round_at_the_ends_of_their_range(words: list[list[Places]]) -> None:
    for slop in (0, 1):
        assert docs_with_windows(words, slop, [], [0]) == 0
        assert windows(words, slop, []) == []


def test_numpy_pays_for_long_lists_only() -> None:
    assert worth_numpy(NUMPY_FROM)
    assert not worth_numpy(NUMPY_LOADED_FROM - 1)

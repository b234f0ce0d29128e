"""How alike two blocks are, and which are worth asking about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from rapidfuzz.distance import LCSseq

ALIKE_HERE = 0.4
"""Between the same neighbours. Of 2,535 pairs of different paragraphs of one article (the bundled
sample) none shares more than 0.18 of its words in order, half of them 0.07; below 0.4 the old
paragraph beside the new one reads better than their words mixed."""

ALIKE_ELSEWHERE = 0.6
"""Elsewhere in the text more is asked of a paragraph that moved and changed."""

WITHIN = 0.75
"""Or that share of the shorter one is within the longer: cut, or a part of a split one."""

WITHIN_WORDS = 8
"""A shorter block is within many others by chance; of longer ones never more than 0.19."""

COMMON = 400
"""A pair of words that would make so many pairs of blocks says nothing about any."""

MOST_LIKELY = 8
"""So many candidates of a block are compared word by word."""


class Likeness:
    """Compares blocks that are spelled with one alphabet."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old, self._new = old, new

    def rank(self, place: int, to: int, *, near: bool, moved_words: int) -> float:
        """How surely they are one block, above 0; 0.0: they are not.

        ``near``: they stand between the same neighbours.
        """
        one, other = self._old[place], self._new[to]
        shorter = min(len(one), len(other))
        shared = LCSseq.similarity(one, other)
        ratio = 2 * shared / (len(one) + len(other))
        if not near:
            return ratio if ratio >= ALIKE_ELSEWHERE and shorter >= moved_words else 0.0
        within = shared / shorter if shorter >= WITHIN_WORDS else 0.0
        if ratio < ALIKE_HERE and within < WITHIN:
            return 0.0
        return max(ratio, within / 2) + 0.2  # a neighbour before a stranger


def likely_pairs(
    old: Sequence[str],
    new: Sequence[str],
    gap_of_old: Mapping[int, int],
    gap_of_new: Mapping[int, int],
) -> Iterator[tuple[int, int]]:
    """Pairs that share rare pairs of words, and those at the same height of the same gap.

    The work grows with the length of the texts, not with the number of pairs: 500 paragraphs
    that became 500 others are told apart by what few of them share.
    """
    shared = _shared_pairs(old, new, gap_of_old, gap_of_new)
    level = _level_pairs(gap_of_old, gap_of_new)
    for place in gap_of_old:
        best = [to for to, _ in shared[place].most_common(MOST_LIKELY)]
        yield from ((place, to) for to in dict.fromkeys((*best, *level[place])))


def _shared_pairs(
    old: Sequence[str], new: Sequence[str], mine: Mapping[int, int], theirs: Mapping[int, int]
) -> Mapping[int, Counter[int]]:
    holders: dict[tuple[str, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for place in mine:
        for pair in set(pairwise(old[place])):
            holders[pair][0].append(place)
    for place in theirs:
        for pair in set(pairwise(new[place])):
            holders[pair][1].append(place)
    shared: dict[int, Counter[int]] = defaultdict(Counter)
    for here, there in holders.values():
        if there and len(here) * len(there) <= COMMON:
            for place in here:
                shared[place].update(there)
    return shared


def _level_pairs(mine: Mapping[int, int], theirs: Mapping[int, int]) -> Mapping[int, list[int]]:
    """In each gap the first with the first and so on, and the last with the last."""
    old, new = _by_gap(mine), _by_gap(theirs)
    level: dict[int, list[int]] = defaultdict(list)
    for gap, places in old.items():
        others = new.get(gap, [])
        for one, other in (
            *zip(places, others, strict=False),
            *zip(places[::-1], others[::-1], strict=False),
        ):
            level[one].append(other)
    return level


def _by_gap(gaps: Mapping[int, int]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = defaultdict(list)
    for place, gap in gaps.items():
        places[gap].append(place)
    return places

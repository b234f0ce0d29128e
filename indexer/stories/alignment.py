"""How much of two texts is the same words in the same order.

A run is three or more words that follow each other in both texts. Between two runs that lie
close together also single words count: there, a desk has changed a word here and there.
Paragraphs that were moved are found by looking again among what is left over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from hanoiwatch.model import Content
from indexer.stories.wording import wording_of

RUN = 3
"""Words. Two unrelated articles of 600 words share 8% of them in order by chance, but hardly
ever three in a row (0.2%)."""
CLOSE = 16
"""Words between two runs within which single words still count. Of notices of 60 to 120 words
with exactly one in five replaced, 16 recognises 96%, 12 only 93%; unrelated texts gain nothing."""
MOVED_RUN = 5
"""Words in a row that were moved. Shorter ones are phrases that any two articles may share."""
PASSES = 4
"""One for what stands in order, the others for what was moved."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Words of either text between two words that both have, or before the first and behind the
    last of them: what was changed there."""

    before: Sequence[str]
    after: Sequence[str]

    @property
    def close(self) -> bool:
        """Whether it is so short that what stands around it belongs together."""
        return max(len(self.before), len(self.after)) <= CLOSE


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which words of two texts belong together."""

    length: int
    """Words of both texts."""
    kept: tuple[str, ...]
    """The words that both have in the same order."""
    moved: int
    """Words that both have, elsewhere."""
    gaps: tuple[Gap, ...]
    apart: float
    """The share of the shorter text that stands in no close gap, and for which the other text
    says something else: 0.0 of a text that was cut, or changed a word here and there."""

    @property
    def similarity(self) -> float:
        """From 0.0 to 1.0: the share of the words of both texts that the other has too."""
        return 2 * (len(self.kept) + self.moved) / self.length if self.length else 0.0


def similarity(a: Content, b: Content) -> float:
    """How much of title, lead and body of two articles is the same words in the same order.

    0.8 means that one word in five was replaced; captions, bylines and tags do not count.
    """
    return align(wording_of(a).words, wording_of(b).words).similarity


def align(a: Sequence[str], b: Sequence[str]) -> Alignment:
    """Finds what ``a`` and ``b`` share, in time proportional to the product of their lengths
    (0.2 ms for 600 words each)."""
    found = _Found(a, b, RUN, beyond=0)
    moved, rest = 0, found
    gaps = found.gaps()
    for _ in range(PASSES - 1):
        left = rest.leftovers()
        if min(map(len, left)) < MOVED_RUN:
            break
        rest = _Found(*left, MOVED_RUN, beyond=CLOSE + 1)
        if not rest.blocks:
            break
        moved += sum(size for _, _, size in rest.blocks)
    kept = tuple(word for at, _, size in found.blocks for word in a[at : at + size])
    close = [gap for gap in gaps if gap.close]
    alone = (
        len(a) - sum(len(gap.before) for gap in close),
        len(b) - sum(len(gap.after) for gap in close),
    )
    return Alignment(
        length=len(a) + len(b),
        kept=kept,
        moved=moved,
        gaps=tuple(gaps),
        apart=max(0, min(alone) - len(kept) - moved) / max(1, min(len(a), len(b))),
    )


class _Found:
    """The blocks ``(place in a, place in b, words)`` that count, in order."""

    def __init__(self, a: Sequence[str], b: Sequence[str], run: int, *, beyond: int) -> None:
        """The texts are thought to agree ``beyond`` so many words before and behind."""
        self._a, self._b = a, b
        every = [
            (block.a, block.b, block.size)
            for block in LCSseq.editops(a, b).as_matching_blocks()
            if block.size
        ]
        self._ends = (-beyond, -beyond, 0), (len(a) + beyond, len(b) + beyond, 0)
        self.blocks = _counting(every, run, self._ends)

    def gaps(self) -> list[Gap]:
        return [
            Gap(self._a[at + size : next_at], self._b[bt + size : next_bt])
            for (at, bt, size), (next_at, next_bt, _) in pairwise(
                (self._ends[0], *self.blocks, self._ends[1])
            )
        ]

    def leftovers(self) -> tuple[list[str], list[str]]:
        a, b = list(self._a), list(self._b)
        for at, bt, size in reversed(self.blocks):
            del a[at : at + size]
            del b[bt : bt + size]
        return a, b


_Block = tuple[int, int, int]


def _counting(blocks: list[_Block], run: int, ends: tuple[_Block, _Block]) -> list[_Block]:
    """Runs, and between two close runs also the shorter blocks; the ends count as runs."""
    counting: list[_Block] = []
    waiting: list[_Block] = []
    last, end = ends
    for block in (*blocks, end):
        if block[2] < run and block is not end:
            waiting.append(block)
            continue
        if _close(last, block):
            counting += waiting
        counting.append(block)
        waiting, last = [], block
    return counting[:-1]


def _close(one: _Block, other: _Block) -> bool:
    between = (other[0] - one[0] - one[2], other[1] - one[1] - one[2])
    return max(between) <= CLOSE

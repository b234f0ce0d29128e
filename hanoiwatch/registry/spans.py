"""Spans of syllables that can be asked quickly, however many there are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from hanoiwatch.registry.gazetteer import Hit

Span = tuple[int, int]


class Cover:
    """What some spans cover."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._stop: dict[int, int] = {}
        for first, end in spans:
            for at in range(first, end):
                self._stop[at] = max(end, self._stop.get(at, 0))

    def __contains__(self, at: int) -> bool:
        return at in self._stop

    def holds(self, first: int, end: int) -> bool:
        """Whether one of the spans holds all of it."""
        return self._stop.get(first, -1) >= end

    def touches(self, first: int, end: int) -> bool:
        return any(at in self._stop for at in range(first, end))


class Around:
    """Hits by where they stand: those near a place, without looking at all of them."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = sorted(hits, key=lambda hit: hit.first)
        self._firsts = [hit.first for hit in self._hits]

    def between(self, first: int, last: int) -> Sequence[Hit]:
        """Those that begin at ``first`` to ``last``."""
        return self._hits[bisect_left(self._firsts, first) : bisect_left(self._firsts, last + 1)]

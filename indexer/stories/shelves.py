"""Candidates: which articles of the days around may tell the same text.

The record holds the signatures. Here each day of publication is a table of the MinHash library,
filled from the record when a day is first asked for, and put away again when others are needed:
memory depends on how much is published in a week, not on the archive. So it is all the same
whether today's articles come in or those of ten years ago.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rensa import RMinHash

from hanoiwatch.clock import from_stored
from hanoiwatch.store.stories import StoredSignature
from indexer.stories.minhash import THRESHOLD, empty_shelf, restored

SPAN = timedelta(days=3)
"""Copies come out within this time of each other."""
MOST = 24
"""Candidates, the most alike first: a source that answers everything with one page must not
make each of its articles slower than the one before."""
FEWEST_DAYS = 10
"""Kept in any case: what one article asks for (seven or eight days), and a little more."""
MOST_SIGNATURES = 8_000
"""Kept beyond those days: some 60 MB."""

LoadDay = Callable[[str], Iterable[StoredSignature]]
"""The stored signatures of one day of publication, ``YYYY-MM-DD`` in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    article: int
    estimate: float
    """The share of word pairs that both texts have, give or take 0.05."""


class Shelves:
    """The days in memory. Whoever uses them is the only writer of signatures meanwhile."""

    def __init__(self, load: LoadDay) -> None:
        self._load = load
        self._days: OrderedDict[str, _Shelf] = OrderedDict()

    def near(self, own: StoredSignature) -> list[Candidate]:
        """Articles within `SPAN` that may be copies, the most alike first, at most `MOST`."""
        made, at = restored(own.minhash), from_stored(own.at)
        found = [
            candidate
            for day in _days_around(at)
            for candidate in self._day(day).near(made, at)
            if candidate.article != own.article
        ]
        self._put_away()
        return sorted(found, key=lambda each: (-each.estimate, each.article))[:MOST]

    def put(self, signature: StoredSignature) -> None:
        """Adds a signature that is about to be stored; one of the same article and day is
        replaced."""
        day = signature.at[:10]
        if day in self._days:
            self._days[day].put(signature)

    def remove(self, article: int) -> None:
        """Forgets an article's signature."""
        for shelf in self._days.values():
            shelf.remove(article)

    def clear(self) -> None:
        self._days.clear()

    def _day(self, day: str) -> _Shelf:
        if day not in self._days:
            self._days[day] = _Shelf(self._load(day))
        self._days.move_to_end(day)
        return self._days[day]

    def _put_away(self) -> None:
        held = sum(map(len, self._days.values()))
        while len(self._days) > FEWEST_DAYS and held > MOST_SIGNATURES:
            held -= len(self._days.popitem(last=False)[1])


class _Shelf:
    """One day."""

    def __init__(self, signatures: Iterable[StoredSignature]) -> None:
        self._table = empty_shelf()
        self._made: dict[int, tuple[RMinHash, datetime]] = {}
        for signature in signatures:
            self.put(signature)

    def __len__(self) -> int:
        return len(self._made)

    def put(self, signature: StoredSignature) -> None:
        self.remove(signature.article)
        if signature.minhash:
            made = restored(signature.minhash)
            self._table.insert(signature.article, made)
            self._made[signature.article] = made, from_stored(signature.at)

    def remove(self, article: int) -> None:
        if self._made.pop(article, None) is not None:
            self._table.remove(article)

    def near(self, made: RMinHash, at: datetime) -> Iterator[Candidate]:
        for article in self._table.query(made):
            other, published = self._made[article]
            estimate = made.jaccard(other)
            if estimate >= THRESHOLD and abs(published - at) <= SPAN:
                yield Candidate(article=article, estimate=estimate)


def _days_around(at: datetime) -> list[str]:
    first = at - SPAN
    return [
        (first + timedelta(days=count)).strftime("%Y-%m-%d") for count in range(2 * SPAN.days + 1)
    ]

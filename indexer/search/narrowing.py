"""Filters and facets: sets of documents by what they link to, source, section and date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from hanoiwatch.model import FacetCount, Filters
from indexer.search.bits import bits_of
from indexer.search.indexfile import BODY, MONTH, OFFICIAL, POST, SECTION, SOURCE, TOPIC
from indexer.search.view import View
from indexer.search.writing import microseconds, month_of

_INSTANT = timedelta(microseconds=1)
_FAR = 2**62


KINDS = {
    "officials": OFFICIAL, "posts": POST, "bodies": BODY, "topics": TOPIC,
    "sources": SOURCE, "sections": SECTION,
}  # fmt: skip
"""The facets that are filters of the same name, in the order in which answers have them."""

_EVERY = -1
"""Every bit: what a filter that says nothing lets through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """The documents that each filter lets through; `_EVERY` where it says nothing."""

    values: Mapping[str, int]
    """By the names of `KINDS`."""
    dates: int

    @classmethod
    def of(cls, filters: Filters, view: View, connection: sqlite3.Connection) -> Narrowing:
        named = {name: getattr(filters, name) for name in KINDS}
        return cls(
            values={
                name: _any_of(given, view.facet(KINDS[name]))
                for name, given in named.items()
                if given
            },
            dates=_published(filters.since, filters.until, view, connection),
        )

    def all(self) -> int:
        """What every filter lets through."""
        return self.without("")

    def without(self, name: str) -> int:
        """What every other filter lets through."""
        bits = _EVERY if name == "months" else self.dates
        for other, docs in self.values.items():
            if other != name:
                bits &= docs
        return bits


def facets(found: int, narrowing: Narrowing, view: View) -> dict[str, tuple[FacetCount, ...]]:
    """Counts over the documents ``found`` by the words, each without its own filter."""
    counted = {
        name: _by_count(_counts(found & narrowing.without(name), view.facet(kind)))
        for name, kind in KINDS.items()
    }
    months = _counts(found & narrowing.without("months"), view.facet(MONTH))
    return counted | {"months": tuple(sorted(months, key=attrgetter("id"), reverse=True))}


def _counts(found: int, values: Mapping[str, int]) -> list[FacetCount]:
    return [
        FacetCount(id=value, name=value, count=count)
        for value, bits in values.items()
        if value and (count := (found & bits).bit_count())
    ]


def _by_count(counts: Iterable[FacetCount]) -> tuple[FacetCount, ...]:
    return tuple(sorted(counts, key=lambda facet: (-facet.count, facet.id)))


def _any_of(names: Iterable[str], values: Mapping[str, int]) -> int:
    bits = 0
    for name in names:
        bits |= values.get(name, 0)
    return bits


def _published(
    since: datetime | None, until: datetime | None, view: View, connection: sqlite3.Connection
) -> int:
    """Whole months by their sets; the documents of the first and the last month one by one."""
    if since is None and until is None:
        return _EVERY
    first = month_of(since) or "0000-00"
    last = month_of(until - _INSTANT) if until else "9999-99"
    bits = 0
    for month, docs in view.facet(MONTH).items():
        if first < month < last:
            bits |= docs
    rows = connection.execute(
        "SELECT doc FROM document WHERE month IN (?, ?) AND published >= ? AND published < ?",
        (
            first,
            last,
            microseconds(since) if since else -_FAR,
            microseconds(until) if until else _FAR,
        ),
    )
    return bits | bits_of((doc for (doc,) in rows), view.size)

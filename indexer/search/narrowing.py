"""Filters and facets: sets of documents by source, section and date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from hanoiwatch.model import FacetCount, Filters
from indexer.search.bits import bits_of
from indexer.search.indexfile import MONTH, SECTION, SOURCE
from indexer.search.view import View
from indexer.search.writing import microseconds, month_of

_INSTANT = timedelta(microseconds=1)
_FAR = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """The documents that each filter lets through; -1 (every bit) where it says nothing."""

    sources: int
    sections: int
    dates: int

    @classmethod
    def of(cls, filters: Filters, view: View, connection: sqlite3.Connection) -> Narrowing:
        return cls(
            sources=_any_of(filters.sources, view.facets.get(SOURCE, {})),
            sections=_any_of(filters.sections, view.facets.get(SECTION, {})),
            dates=_published(filters.since, filters.until, view, connection),
        )


def facets(found: int, narrowing: Narrowing, view: View) -> dict[str, tuple[FacetCount, ...]]:
    """Counts over the documents ``found`` by the words, each without its own filter."""
    by_source = found & narrowing.sections & narrowing.dates
    by_section = found & narrowing.sources & narrowing.dates
    by_month = found & narrowing.sources & narrowing.sections
    return {
        "sources": _by_count(_counts(by_source, view.facets.get(SOURCE, {}))),
        "sections": _by_count(_counts(by_section, view.facets.get(SECTION, {}))),
        "months": tuple(
            sorted(
                _counts(by_month, view.facets.get(MONTH, {})), key=attrgetter("id"), reverse=True
            )
        ),
    }


def _counts(found: int, values: Mapping[str, int]) -> list[FacetCount]:
    return [
        FacetCount(id=value, name=value, count=count)
        for value, bits in values.items()
        if value and (count := (found & bits).bit_count())
    ]


def _by_count(counts: Iterable[FacetCount]) -> tuple[FacetCount, ...]:
    return tuple(sorted(counts, key=lambda facet: (-facet.count, facet.id)))


def _any_of(names: Iterable[str], values: Mapping[str, int]) -> int:
    bits, said = 0, False
    for name in names:
        bits, said = bits | values.get(name, 0), True
    return bits if said else -1


def _published(
    since: datetime | None, until: datetime | None, view: View, connection: sqlite3.Connection
) -> int:
    """Whole months by their sets; the documents of the first and the last month one by one."""
    if since is None and until is None:
        return -1
    first = month_of(since) or "0000-00"
    last = month_of(until - _INSTANT) if until else "9999-99"
    bits = 0
    for month, docs in view.facets.get(MONTH, {}).items():
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

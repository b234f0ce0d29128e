"""Counts over a whole result, each facet without its own filter, every value of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from hanoiwatch.model import FacetCount
from indexer.search.elastic.mapping import FACET_FIELDS
from indexer.search.elastic.querying import Query, all_but

MANY = 5_000
"""Values of a facet that come at once; where there are more, the rest is asked for."""
_PAGE = 10_000
_PLACES = {**FACET_FIELDS, "months": "month"}

Counted = dict[str, int]
Ask = Callable[[Query], Any]
"""Sends an aggregation over the same articles; returns the answer's `aggregations`."""


def facet_requests(narrowed: dict[str, Query]) -> Query:
    """The `aggs` of a search whose query leaves all filters out."""
    return {
        name: {
            "filter": all_but(narrowed, name),
            "aggs": {"values": {"terms": {"field": place, "size": MANY}}},
        }
        for name, place in _PLACES.items()
    }


def facets_of(
    answer: dict[str, Any], narrowed: dict[str, Query], ask: Ask
) -> dict[str, tuple[FacetCount, ...]]:
    """What `facet_requests` brought; empty facets where there is no index."""
    counted: dict[str, list[FacetCount]] = {}
    for name in _PLACES:
        values = answer.get(name, {}).get("values", {"buckets": ()})
        counts = {one["key"]: one["doc_count"] for one in values["buckets"]}
        if values.get("sum_other_doc_count"):
            counts = _all_values(name, narrowed, ask)
        counted[name] = [
            FacetCount(id=value, name=value, count=count)
            for value, count in counts.items()
            if value and count
        ]
    months = counted.pop("months")
    ordered = {name: _by_count(counts) for name, counts in counted.items()}
    return ordered | {"months": tuple(sorted(months, key=attrgetter("id"), reverse=True))}


def _all_values(name: str, narrowed: dict[str, Query], ask: Ask) -> Counted:
    """Page by page, by the order of the values."""
    counts: Counted = {}
    source = {
        "composite": {"size": _PAGE, "sources": [{"at": {"terms": {"field": _PLACES[name]}}}]}
    }
    while True:
        asked = {"filter": all_but(narrowed, name), "aggs": {"values": source}}
        found = ask({name: asked})[name]["values"]
        counts |= {one["key"]["at"]: one["doc_count"] for one in found["buckets"]}
        if not found.get("after_key"):
            return counts
        source["composite"]["after"] = found["after_key"]


def _by_count(counts: Iterable[FacetCount]) -> tuple[FacetCount, ...]:
    return tuple(sorted(counts, key=lambda facet: (-facet.count, facet.id)))

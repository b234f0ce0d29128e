"""What Kibana would ask Elasticsearch for the sake of an object or a rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.kibana_export.charts import (
    Column,
    CountColumn,
    HistogramColumn,
    LensAttributes,
    TermsColumn,
    layer_of,
)
from tests.kibana_export.objects import source_of
from tests.kibana_export.rules import read_rule
from tests.kibana_export.shapes import (
    DataViewAttributes,
    Filter,
    Query,
    SavedObject,
    SearchAttributes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A search that an object makes of Elasticsearch, without its window of time."""

    what: str
    index: str
    body: dict[str, Any]
    fields: frozenset[str]
    """Every field that it, or the page that shows it, names."""


def requests_of(objects: list[SavedObject]) -> Iterator[Request]:
    """One for each saved search and each chart."""
    views = {
        one.id: msgspec.convert(one.attributes, DataViewAttributes)
        for one in objects
        if one.type == "index-pattern"
    }
    for found in objects:
        if found.type == "search":
            yield _of_search(found, views)
        elif found.type == "lens":
            yield _of_chart(found, views)


def request_of_rule(text: str) -> Request:
    rule = read_rule(text)
    query = json.loads(rule.params.esQuery)["query"]
    fields = frozenset([rule.params.timeField, *_fields_in(query)])
    (index,) = rule.params.index
    return Request(what=rule.name, index=index, body={"query": query, "size": 1}, fields=fields)


def _of_search(found: SavedObject, views: dict[str, DataViewAttributes]) -> Request:
    source = source_of(found)
    assert isinstance(source.indexRefName, str)
    view = views[found.named(source.indexRefName)]
    search = msgspec.convert(found.attributes, SearchAttributes)
    query = _query(source.query, source.filter)
    shown = {*search.columns, *(field for field, _ in search.sort), view.timeFieldName}
    return Request(
        what=search.title,
        index=view.title,
        body={
            "query": query,
            "size": 1,
            "sort": [{field: {"order": order}} for field, order in search.sort],
            "_source": search.columns,
        },
        fields=frozenset({*shown, *_fields_in(query)}),
    )


def _of_chart(found: SavedObject, views: dict[str, DataViewAttributes]) -> Request:
    name, layer = layer_of(found)
    view = views[found.named(f"indexpattern-datasource-layer-{name}")]
    lens = msgspec.convert(found.attributes, LensAttributes)
    query = _query(lens.state.query, lens.state.filters)
    aggregations: dict[str, Any] = {}
    for column in reversed(layer.columnOrder):
        if (one := _aggregation(layer.columns[column])) is not None:
            aggregations = {column: one | ({"aggs": aggregations} if aggregations else {})}
    named = {one.sourceField for one in layer.columns.values() if not isinstance(one, CountColumn)}
    return Request(
        what=lens.title,
        index=view.title,
        body={
            "query": query, "size": 0, "track_total_hits": True,
            **({"aggs": aggregations} if aggregations else {}),
        },
        fields=frozenset({view.timeFieldName, *named, *_fields_in(query)}),
    )  # fmt: skip


def _aggregation(column: Column) -> dict[str, Any] | None:
    """A count of documents is what every bucket has."""
    match column:
        case CountColumn():
            return None
        case HistogramColumn():
            return {
                "date_histogram": {
                    "field": column.sourceField,
                    "calendar_interval": column.params.interval,
                    "time_zone": "Asia/Ho_Chi_Minh",
                    "min_doc_count": 1,
                }
            }
        case TermsColumn():
            order = {"_count": column.params.orderDirection}
            size = column.params.size
            return {"terms": {"field": column.sourceField, "size": size, "order": order}}


def _query(query: Query, filters: list[Filter]) -> dict[str, Any]:
    """As Kibana puts them together; Lucene's syntax goes to Elasticsearch as it is."""
    assert query.language == "lucene" or not query.query
    words = {"query_string": {"query": query.query, "analyze_wildcard": True}}
    must = [words] if query.query else []
    return {"bool": {"must": must, "filter": [one.query for one in filters]}}


def _fields_in(query: Any) -> set[str]:
    """Fields that a query names: keys of leaf queries, and those before a colon."""
    if isinstance(query, list):
        return {field for one in query for field in _fields_in(one)}
    assert isinstance(query, dict)
    found: set[str] = set()
    for kind, inner in query.items():
        if kind == "bool":
            found |= {field for clause in inner.values() for field in _fields_in(clause)}
        elif kind == "query_string":
            found |= _fields_in_lucene(inner["query"])
        else:
            assert kind in ("match_phrase", "term"), kind
            found |= set(inner)
    return found


def _fields_in_lucene(text: str) -> set[str]:
    """Only what ours use: phrases, OR, ``field:value`` and ``_exists_:field``."""
    bare = "".join(text.split('"')[::2])
    words = [word for word in bare.split() if ":" in word]
    pairs = [word.split(":") for word in words]
    return {value if field == "_exists_" else field for field, value in pairs}

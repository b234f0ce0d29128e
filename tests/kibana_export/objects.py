"""A whole export, object by object."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from tests.kibana_export.charts import check_chart
from tests.kibana_export.dashboards import panels_of
from tests.kibana_export.shapes import (
    DataViewAttributes,
    SavedObject,
    SearchAttributes,
    SearchSource,
)


def read_export(ndjson: str) -> list[SavedObject]:
    """Every object, in order. Raises where anything is not as the schemas say."""
    return [read_object(line) for line in ndjson.splitlines()]


def read_object(line: str) -> SavedObject:
    found = msgspec.json.decode(line, type=SavedObject)
    match found.type:
        case "index-pattern":
            _check_view(found)
        case "search":
            source_of(found)
        case "lens":
            check_chart(found)
        case "dashboard":
            panels_of(found)
    return found


def _check_view(found: SavedObject) -> None:
    view = msgspec.convert(found.attributes, DataViewAttributes)
    for text in (view.fields, view.sourceFilters):
        assert msgspec.json.decode(text, type=list[Any]) == []
    for text in (view.fieldAttrs, view.fieldFormatMap, view.runtimeFieldMap, view.typeMeta):
        assert msgspec.json.decode(text, type=dict[str, Any]) == {}


def source_of(found: SavedObject) -> SearchSource:
    """A saved search's source; every name that it calls a data view by is one it refers to."""
    search = msgspec.convert(found.attributes, SearchAttributes)
    source = msgspec.json.decode(search.kibanaSavedObjectMeta.searchSourceJSON, type=SearchSource)
    assert source.indexRefName is not UNSET
    called = {source.indexRefName, *(one.meta.indexRefName for one in source.filter)}
    assert called == {one.name for one in found.references}
    return source

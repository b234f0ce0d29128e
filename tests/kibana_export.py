"""Reads an export as Kibana's documented schemas have it, and asks what Kibana would ask.

The shapes are written anew from Kibana's published schemas of these types: `search` as of 8.8
(`SCHEMA_SEARCH_V8_8_0`), `dashboard` as of 8.9 (its attributes, version 1), `lens` as of 8.9
(attributes, and the state that its form-based datasource, its metric and its xy visualization
keep), `index-pattern` as of 8.0. Every struct forbids what they do not know, and so does Kibana.
"""

# ruff: noqa: N815 - the fields are called as Kibana calls them
from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType


class Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    pass


NonEmpty = Annotated[str, Meta(min_length=1)]


class Reference(Strict):
    name: NonEmpty
    type: Literal["index-pattern", "search", "lens"]
    id: NonEmpty


class Query(Strict):
    query: str
    language: Literal["lucene", "kuery"]


class Appearance(Strict):
    store: Literal["appState", "globalState"]


class FilterMeta(Strict):
    """Of a filter on one value; ``indexRefName`` is the name of a reference."""

    indexRefName: NonEmpty
    type: Literal["phrase"]
    key: NonEmpty
    field: NonEmpty
    params: dict[Literal["query"], str]
    alias: str | None
    negate: bool
    disabled: bool


class Filter(Strict):
    meta: FilterMeta
    query: dict[str, Any]
    state: Appearance = msgspec.field(name="$state")


class SearchSource(Strict):
    query: Query
    filter: list[Filter]
    highlightAll: bool | UnsetType = UNSET
    version: bool | UnsetType = UNSET
    indexRefName: NonEmpty | UnsetType = UNSET


class ObjectMeta(Strict):
    searchSourceJSON: str


class DataViewAttributes(Strict):
    title: NonEmpty
    name: NonEmpty
    timeFieldName: NonEmpty
    fields: str
    fieldAttrs: str
    fieldFormatMap: str
    runtimeFieldMap: str
    sourceFilters: str
    typeMeta: str


class SearchAttributes(Strict):
    title: NonEmpty
    description: str
    columns: list[str]
    sort: list[Annotated[list[str], Meta(min_length=2, max_length=2)]]
    grid: dict[Literal["columns"], dict[str, Any]]
    hideChart: bool
    isTextBasedQuery: bool
    kibanaSavedObjectMeta: ObjectMeta


class RefreshInterval(Strict):
    pause: bool
    value: float


class DashboardAttributes(Strict):
    title: NonEmpty
    description: str
    timeRestore: bool
    timeFrom: NonEmpty
    timeTo: NonEmpty
    refreshInterval: RefreshInterval
    panelsJSON: str
    optionsJSON: str
    kibanaSavedObjectMeta: ObjectMeta


class Options(Strict):
    useMargins: bool
    syncColors: bool
    syncCursor: bool
    syncTooltips: bool
    hidePanelTitles: bool


class Spot(Strict):
    x: Annotated[int, Meta(ge=0, lt=48)]
    y: Annotated[int, Meta(ge=0)]
    w: Annotated[int, Meta(ge=1, le=48)]
    h: Annotated[int, Meta(ge=1)]
    i: NonEmpty


class Panel(Strict):
    version: NonEmpty
    type: Literal["lens", "search"]
    gridData: Spot
    panelIndex: NonEmpty
    embeddableConfig: dict[Literal["enhancements"], dict[str, Any]]
    panelRefName: NonEmpty


class CountParams(Strict):
    emptyAsNull: bool


class CountColumn(Strict, tag_field="operationType", tag="count"):
    label: NonEmpty
    customLabel: Literal[True]
    dataType: Literal["number"]
    isBucketed: Literal[False]
    scale: Literal["ratio"]
    sourceField: Literal["___records___"]
    params: CountParams


class HistogramParams(Strict):
    interval: Literal["auto", "1h", "1d", "1w", "1M", "1y"]
    includeEmptyRows: bool
    dropPartials: bool


class HistogramColumn(Strict, tag_field="operationType", tag="date_histogram"):
    label: NonEmpty
    customLabel: Literal[True]
    dataType: Literal["date"]
    isBucketed: Literal[True]
    scale: Literal["interval"]
    sourceField: NonEmpty
    params: HistogramParams


class OrderBy(Strict):
    type: Literal["column"]
    columnId: NonEmpty


class TermsParams(Strict):
    size: Annotated[int, Meta(ge=1, le=1000)]
    orderBy: OrderBy
    orderDirection: Literal["asc", "desc"]
    otherBucket: bool
    missingBucket: bool
    parentFormat: dict[Literal["id"], Literal["terms"]]


class TermsColumn(Strict, tag_field="operationType", tag="terms"):
    label: NonEmpty
    customLabel: Literal[True]
    dataType: Literal["string"]
    isBucketed: Literal[True]
    scale: Literal["ordinal"]
    sourceField: NonEmpty
    params: TermsParams


Column = CountColumn | HistogramColumn | TermsColumn


class Layer(Strict):
    columns: dict[str, Column]
    columnOrder: list[str]
    incompleteColumns: dict[str, Any]


class FormBased(Strict):
    layers: dict[str, Layer]


class Datasources(Strict):
    formBased: FormBased


class MetricState(Strict):
    layerId: NonEmpty
    layerType: Literal["data"]
    metricAccessor: NonEmpty


class XYLayer(Strict):
    layerId: NonEmpty
    layerType: Literal["data"]
    seriesType: Literal["bar", "bar_stacked", "bar_horizontal", "line", "area"]
    position: Literal["top"]
    showGridlines: bool
    xAccessor: NonEmpty
    accessors: list[str]
    splitAccessor: NonEmpty | UnsetType = UNSET


class Axes(Strict):
    x: bool
    yLeft: bool
    yRight: bool


class Legend(Strict):
    isVisible: bool
    position: Literal["top", "left", "bottom", "right"]


class XYState(Strict):
    preferredSeriesType: str
    layers: list[XYLayer]
    legend: Legend
    valueLabels: Literal["hide", "show"]
    fittingFunction: Literal["None", "Zero", "Linear", "Carry", "Lookahead"]
    axisTitlesVisibilitySettings: Axes
    tickLabelsVisibilitySettings: Axes
    gridlinesVisibilitySettings: Axes


class LensState(Strict):
    visualization: dict[str, Any]
    query: Query
    filters: list[Filter]
    datasourceStates: Datasources
    internalReferences: list[Reference]
    adHocDataViews: dict[str, Any]


class LensAttributes(Strict):
    title: NonEmpty
    description: str
    visualizationType: Literal["lnsMetric", "lnsXY"]
    state: LensState


class SavedObject(Strict):
    type: Literal["index-pattern", "search", "lens", "dashboard"]
    id: NonEmpty
    attributes: dict[str, Any]
    references: list[Reference]
    coreMigrationVersion: Literal["8.8.0"]
    typeMigrationVersion: Literal["8.0.0", "8.9.0"]
    managed: bool

    def named(self, name: str) -> str:
        """The id of what it calls so."""
        (found,) = [one.id for one in self.references if one.name == name]
        return found


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
            _check_lens(found)
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


def layer_of(found: SavedObject) -> tuple[str, Layer]:
    """A chart's one layer, by its name."""
    state = msgspec.convert(found.attributes, LensAttributes).state
    ((name, layer),) = state.datasourceStates.formBased.layers.items()
    return name, layer


def _check_lens(found: SavedObject) -> None:
    """Columns are ordered, and what is drawn are columns of the layer."""
    lens = msgspec.convert(found.attributes, LensAttributes)
    name, layer = layer_of(found)
    assert sorted(layer.columnOrder) == sorted(layer.columns)
    assert [one.name for one in found.references] == [
        f"indexpattern-datasource-layer-{name}",
        *(one.meta.indexRefName for one in lens.state.filters),
    ]
    if lens.visualizationType == "lnsMetric":
        metric = msgspec.convert(lens.state.visualization, MetricState)
        assert metric.layerId == name
        drawn = {metric.metricAccessor}
    else:
        (axes,) = msgspec.convert(lens.state.visualization, XYState).layers
        assert axes.layerId == name
        drawn = {axes.xAccessor, *axes.accessors}
        drawn |= set() if axes.splitAccessor is UNSET else {axes.splitAccessor}
    assert drawn == set(layer.columns)
    for column in layer.columns.values():
        if isinstance(column, TermsColumn):
            assert isinstance(layer.columns[column.params.orderBy.columnId], CountColumn)


def panels_of(found: SavedObject) -> list[Panel]:
    """A dashboard's panels: beside each other, none over another, each referring to an object."""
    board = msgspec.convert(found.attributes, DashboardAttributes)
    panels = msgspec.json.decode(board.panelsJSON, type=list[Panel])
    msgspec.json.decode(board.optionsJSON, type=Options)
    msgspec.json.decode(board.kibanaSavedObjectMeta.searchSourceJSON, type=SearchSource)
    wanted = {f"{one.panelIndex}:{one.panelRefName}": one.type for one in panels}
    assert wanted == {one.name: one.type for one in found.references}
    taken = [cell for panel in panels for cell in _cells(panel.gridData)]
    assert len(taken) == len(set(taken))
    assert all(panel.gridData.i == panel.panelIndex for panel in panels)
    return panels


def _cells(spot: Spot) -> Iterator[tuple[int, int]]:
    assert spot.x + spot.w <= 48
    for x in range(spot.x, spot.x + spot.w):
        for y in range(spot.y, spot.y + spot.h):
            yield x, y


# --- rules ------------------------------------------------------------------------------------


class Schedule(Strict):
    interval: Annotated[str, Meta(pattern=r"^\d+[smhd]$")]


class EsQueryParams(Strict):
    searchType: Literal["esQuery"]
    index: Annotated[list[NonEmpty], Meta(min_length=1)]
    timeField: NonEmpty
    esQuery: NonEmpty
    size: Annotated[int, Meta(ge=0, le=10_000)]
    timeWindowSize: Annotated[int, Meta(ge=1)]
    timeWindowUnit: Literal["s", "m", "h", "d"]
    threshold: Annotated[list[float], Meta(min_length=1, max_length=1)]
    thresholdComparator: Literal[">", ">=", "<", "<="]
    excludeHitsFromPreviousRun: bool
    aggType: Literal["count"]
    groupBy: Literal["all"]


class RuleBody(Strict):
    """What the alerting API takes to make a rule of the type `.es-query`."""

    name: NonEmpty
    rule_type_id: Literal[".es-query"]
    consumer: Literal["stackAlerts", "alerts", "discover", "logs", "observability"]
    enabled: bool
    tags: list[str]
    schedule: Schedule
    params: EsQueryParams
    actions: list[dict[str, Any]]


def read_rule(text: str) -> RuleBody:
    rule = msgspec.json.decode(text, type=RuleBody)
    assert set(json.loads(rule.params.esQuery)) == {"query"}
    return rule


# --- what Kibana would ask --------------------------------------------------------------------


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

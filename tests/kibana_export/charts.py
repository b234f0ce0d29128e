"""Charts: what they count, and what they draw of it."""

# ruff: noqa: N815 - the fields are called as Kibana calls them
from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from tests.kibana_export.shapes import Filter, NonEmpty, Query, Reference, SavedObject, Strict


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


def layer_of(found: SavedObject) -> tuple[str, Layer]:
    """A chart's one layer, by its name."""
    state = msgspec.convert(found.attributes, LensAttributes).state
    ((name, layer),) = state.datasourceStates.formBased.layers.items()
    return name, layer


def check_chart(found: SavedObject) -> None:
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

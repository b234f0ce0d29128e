"""Charts, as Lens keeps them: one layer, counting documents by time, by a field, or at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from indexer.kibana.objects import SavedObject
from indexer.kibana.views import EVERYTHING, DataView, Question

LAYER = "layer"
DOCUMENTS = "___records___"
"""What Lens calls the field of a count of documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """How many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTime:
    """How many in each stretch of time; one bar for each value of ``split``, where it is given."""

    field: str
    interval: Literal["1d", "1w", "1M"] = "1w"
    split: str = ""
    split_label: str = ""
    split_size: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """The values that occur in most documents, the most frequent first."""

    field: str
    label: str
    size: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    id: str
    title: str
    description: str
    view: DataView
    shows: Number | OverTime | Top
    counted: str
    """What the documents are called: the axis's label."""
    question: Question = EVERYTHING

    def saved(self) -> SavedObject:
        kind, visualization, buckets = _drawn(self.shows)
        columns = buckets | {"count": _count(self.counted)}
        layer = {"columns": columns, "columnOrder": list(columns), "incompleteColumns": {}}
        narrow = "filter-index-pattern-0"
        filters = self.question.filters(narrow)
        state = {
            "visualization": visualization,
            "query": self.question.query(),
            "filters": filters,
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
            "internalReferences": [],
            "adHocDataViews": {},
        }
        attributes = {
            "title": self.title,
            "description": self.description,
            "visualizationType": kind,
            "state": state,
        }
        names = [f"indexpattern-datasource-layer-{LAYER}", *([narrow] if filters else [])]
        references = tuple(self.view.called(name) for name in names)
        return SavedObject(type="lens", id=self.id, attributes=attributes, references=references)


Columns = dict[str, dict[str, Any]]


def _drawn(shows: Number | OverTime | Top) -> tuple[str, dict[str, Any], Columns]:
    """The kind of visualization, its state, and the columns that divide the documents."""
    match shows:
        case Number():
            state = {"layerId": LAYER, "layerType": "data", "metricAccessor": "count"}
            return "lnsMetric", state, {}
        case OverTime():
            columns = _split(shows) | {"time": _histogram(shows)}
            return "lnsXY", _axes("bar_stacked", "time", split=bool(shows.split)), columns
        case Top():
            terms = {"value": _terms(shows.field, shows.label, shows.size)}
            return "lnsXY", _axes("bar_horizontal", "value"), terms


def _split(shows: OverTime) -> Columns:
    if not shows.split:
        return {}
    return {"split": _terms(shows.split, shows.split_label, shows.split_size, others=True)}


def _count(label: str) -> dict[str, Any]:
    return {
        "label": label,
        "customLabel": True,
        "dataType": "number",
        "operationType": "count",
        "isBucketed": False,
        "scale": "ratio",
        "sourceField": DOCUMENTS,
        "params": {"emptyAsNull": False},
    }


def _histogram(shows: OverTime) -> dict[str, Any]:
    return {
        "label": "Thời gian",
        "customLabel": True,
        "dataType": "date",
        "operationType": "date_histogram",
        "isBucketed": True,
        "scale": "interval",
        "sourceField": shows.field,
        "params": {"interval": shows.interval, "includeEmptyRows": True, "dropPartials": False},
    }


def _terms(field: str, label: str, size: int, *, others: bool = False) -> dict[str, Any]:
    return {
        "label": label,
        "customLabel": True,
        "dataType": "string",
        "operationType": "terms",
        "isBucketed": True,
        "scale": "ordinal",
        "sourceField": field,
        "params": {
            "size": size,
            "orderBy": {"type": "column", "columnId": "count"},
            "orderDirection": "desc",
            "otherBucket": others,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def _axes(series: str, across: str, *, split: bool = False) -> dict[str, Any]:
    layer = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": series,
        "position": "top",
        "showGridlines": False,
        "xAccessor": across,
        "accessors": ["count"],
    }
    return {
        "preferredSeriesType": series,
        "layers": [layer | ({"splitAccessor": "split"} if split else {})],
        "legend": {"isVisible": split, "position": "right"},
        "valueLabels": "hide" if split else "show",
        "fittingFunction": "None",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": False, "yRight": False},
        "tickLabelsVisibilitySettings": {"x": True, "yLeft": True, "yRight": True},
        "gridlinesVisibilitySettings": {"x": True, "yLeft": True, "yRight": True},
    }

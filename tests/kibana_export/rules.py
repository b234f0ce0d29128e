"""Rules, as the alerting API takes them."""

# ruff: noqa: N815 - the fields are called as Kibana calls them
from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from tests.kibana_export.shapes import NonEmpty, Strict


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

"""Dashboards: which panels stand where."""

# ruff: noqa: N815 - the fields are called as Kibana calls them
from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from tests.kibana_export.shapes import NonEmpty, ObjectMeta, SavedObject, SearchSource, Strict


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

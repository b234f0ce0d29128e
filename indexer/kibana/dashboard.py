"""A dashboard: charts and searches on a grid of 48 columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.kibana.objects import Reference, SavedObject, compact

PANEL_VERSION = "8.11.0"
"""Of the panels' own shape."""
COLUMNS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Panels beside each other, of equal width."""

    height: int
    panels: tuple[SavedObject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    id: str
    title: str
    description: str
    since: str
    """How far back it looks at first, as in ``now-90d``."""
    rows: tuple[Row, ...]

    def saved(self) -> SavedObject:
        panels, references = _laid_out(self.rows)
        attributes = {
            "title": self.title,
            "description": self.description,
            "timeRestore": True,
            "timeFrom": self.since,
            "timeTo": "now",
            "refreshInterval": {"pause": True, "value": 60_000},
            "panelsJSON": compact(panels),
            "optionsJSON": compact(
                {
                    "useMargins": True,
                    "syncColors": False,
                    "syncCursor": True,
                    "syncTooltips": False,
                    "hidePanelTitles": False,
                }
            ),
            "kibanaSavedObjectMeta": {
                "searchSourceJSON": compact(
                    {"query": {"query": "", "language": "lucene"}, "filter": []}
                )
            },
        }
        return SavedObject(
            type="dashboard", id=self.id, attributes=attributes, references=references
        )


def _laid_out(rows: Sequence[Row]) -> tuple[list[dict[str, Any]], tuple[Reference, ...]]:
    panels: list[dict[str, Any]] = []
    references: list[Reference] = []
    down = 0
    for row in rows:
        width = COLUMNS // len(row.panels)
        for place, panel in enumerate(row.panels):
            key = str(len(panels) + 1)
            spot = {"x": place * width, "y": down, "w": width, "h": row.height, "i": key}
            panels.append(_panel(panel, spot, key))
            name = f"{key}:panel_{key}"
            references.append(Reference(name=name, type=panel.type, id=panel.id))
        down += row.height
    return panels, tuple(references)


def _panel(shown: SavedObject, spot: dict[str, Any], key: str) -> dict[str, Any]:
    return {
        "version": PANEL_VERSION,
        "type": shown.type,
        "gridData": spot,
        "panelIndex": key,
        "embeddableConfig": {"enhancements": {}},
        "panelRefName": f"panel_{key}",
    }

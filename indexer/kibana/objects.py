"""Saved objects as Kibana imports them: one JSON object a line.

The shapes are those of the versions named here, which every Kibana from 8.9 to 9 brings up to
its own: an object without a version would be taken for one of the oldest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

ObjectType = Literal["index-pattern", "search", "lens", "dashboard"]

SHAPES: dict[ObjectType, str] = {
    "index-pattern": "8.0.0",
    "search": "8.0.0",
    "lens": "8.9.0",
    "dashboard": "8.9.0",
}
"""Of which version of its type an object's attributes are."""
CORE_SHAPE = "8.8.0"
"""Of everything around the attributes; unchanged since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Another object that one uses, by the name that its attributes call it."""

    name: str
    type: ObjectType
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedObject:
    """One object; its id stays, so that importing again replaces it."""

    type: ObjectType
    id: str
    attributes: dict[str, Any]
    references: tuple[Reference, ...] = ()

    @property
    def title(self) -> str:
        return str(self.attributes["title"])


def to_line(found: SavedObject) -> str:
    """As the line of an export."""
    return compact(
        {
            "type": found.type,
            "id": found.id,
            "attributes": found.attributes,
            "references": [
                {"name": one.name, "type": one.type, "id": one.id} for one in found.references
            ],
            "coreMigrationVersion": CORE_SHAPE,
            "typeMigrationVersion": SHAPES[found.type],
            "managed": False,
        }
    )


def to_ndjson(objects: Iterable[SavedObject]) -> str:
    """A whole export; each object after those that it refers to."""
    return "".join(to_line(one) + "\n" for one in objects)


def compact(value: Any) -> str:
    """JSON as Kibana keeps it inside of attributes: on one line, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

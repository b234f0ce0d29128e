"""What a rule asks for. Frozen, no I/O; `hanoiwatch.alerts.files` reads it from its file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Literal, get_args

from hanoiwatch.query import Node

AlertKind = Literal["new", "edited", "withdrawn"]
KINDS: tuple[AlertKind, ...] = get_args(AlertKind)
FacetName = Literal["officials", "bodies", "topics", "sources", "sections"]
FACETS: tuple[FacetName, ...] = get_args(FacetName)

IMMEDIATELY = "immediately"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Minutes of Hanoi's day, from the first on and before the second; it may cross midnight."""

    start: int
    end: int

    def __str__(self) -> str:
        return "-".join(f"{at // 60:02}:{at % 60:02}" for at in (self.start, self.end))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. An article must match the query, and of each facet that is named any one."""

    id: str
    title: str
    query: str = ""
    tree: Node | None = None
    """The query as it is understood; None: every article that the facets let through."""
    officials: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    on: tuple[AlertKind, ...] = KINDS
    channels: tuple[str, ...] = ()
    digest: str = IMMEDIATELY
    """Or a cron expression: what was found waits for its next moment."""
    quiet_hours: QuietHours | None = None
    paused: bool = False

    def facet(self, name: FacetName) -> tuple[str, ...]:
        values: tuple[str, ...] = getattr(self, name)
        return values

    @property
    def has_facets(self) -> bool:
        return bool(self.officials or self.bodies or self.topics or self.sources or self.sections)

    @property
    def meaning(self) -> str:
        """A digest of what it matches: a rule that means something else begins anew."""
        said = [self.query, sorted(self.on), *(sorted(self.facet(name)) for name in FACETS)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]

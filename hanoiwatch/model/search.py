"""What is asked of a search, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a result besides its words. Names within one field are alternatives."""

    officials: tuple[str, ...] = ()
    """Ids of the registry, here and below: of links that count (`Links.counted`)."""
    posts: tuple[str, ...] = ()
    """Held by an official of the article, on its day."""
    bodies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    since: datetime | None = None
    """Published at or after."""
    until: datetime | None = None
    """Published before."""


SortOrder = Literal["newest", "oldest", "relevance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    id: str
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One article that a search found; ``score`` is 0.0 unless sorted by relevance."""

    article_rowid: int
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What an index answers: the whole count, one page of matches, facets over all."""

    total: int
    matches: tuple[Match, ...]
    facets: dict[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    """Keys: ``officials``, ``posts``, ``bodies``, ``topics`` (by id), ``sources``, ``sections``,
    ``months`` (``YYYY-MM``, Hanoi time)."""
    hint: str | None = None

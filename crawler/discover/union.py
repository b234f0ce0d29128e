"""What several lists found, once: one discovery per canonical URL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hanoiwatch.model import Discovered, OriginId
from hanoiwatch.urls import canonical_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One article address, and every origin that listed it."""

    canonical: str
    discovered: Discovered
    """As first listed, with what later lists add to it."""
    origins: tuple[OriginId, ...]


def union(
    discoveries: Iterable[tuple[OriginId, Iterable[Discovered]]],
) -> tuple[Sighting, ...]:
    """Each article once, in the order of first listing. Addresses of nothing are left out."""
    found: dict[str, Sighting] = {}
    for origin, items in discoveries:
        for item in items:
            canonical = canonical_url(item.url)
            if canonical is not None:
                found[canonical] = _seen(found.get(canonical), canonical, origin, item)
    return tuple(found.values())


def by_canonical(items: Iterable[Discovered]) -> dict[str, Discovered]:
    """The items of one list by canonical URL, in order, each once."""
    nobody = OriginId(0)
    return {one.canonical: one.discovered for one in union([(nobody, items)])}


def _seen(known: Sighting | None, canonical: str, origin: OriginId, item: Discovered) -> Sighting:
    if known is None:
        return Sighting(canonical=canonical, discovered=item, origins=(origin,))
    merged = replace(
        known.discovered,
        title=known.discovered.title or item.title,
        published_at=known.discovered.published_at or item.published_at,
    )
    origins = known.origins if origin in known.origins else (*known.origins, origin)
    return replace(known, discovered=merged, origins=origins)

"""What a feed, sitemap or section page lists, and where to read on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.visit import OriginVisit
from hanoiwatch.model import Discovered, OriginKind
from hanoiwatch.sources.schema import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """A list to read next."""

    kind: OriginKind
    url: str
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One origin's answer, read."""

    items: Mapping[str, Discovered] = field(default_factory=dict)
    """By canonical URL."""
    further: tuple[Further, ...] = ()
    """A sitemap index's children, a section's next page."""
    failure: str = ""
    """Why it could not be read; then there are no items."""


def read_listing(
    visit: OriginVisit, body: bytes, content_type: str, url: str, source: Source
) -> Listing:
    urls = re.findall(rb"<link>(http[^<]+)</link>", body)
    return Listing(items={u.decode(): Discovered(url=u.decode()) for u in urls if b".html" in u})

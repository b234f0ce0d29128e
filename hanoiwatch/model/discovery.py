"""What lists name, and pages that are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hanoiwatch.model.names import PageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """One article address as a feed, sitemap or section page listed it."""

    url: str
    """Absolute, as listed (before canonicalisation)."""
    title: str | None = None
    published_at: datetime | None = None
    """What the listing claims; never believed for the article itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """A page that should be fetched now."""

    page_id: PageId
    url: str
    """Canonical."""
    first_visit: bool
    listed_url: str = ""
    """As it was first listed."""
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    """Hex digest of the last good body, to recognise an unchanged page."""
    rendered_sha256: str | None = None
    """Hex digest of what a browser made of that body, where it was read so."""
    published_at: datetime | None = None
    """Of the recorded article; else what the listing claims; else None."""
    first_seen_at: datetime | None = None
    failures: int = 0
    """Attempts in a row that brought no good body."""
    has_article: bool = False
    gone_since: datetime | None = None
    """When its article's page was first met gone; None: it is there, as far as we know."""
    alarm: bool = False
    """It vanished together with many others."""

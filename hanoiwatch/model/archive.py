"""Responses, and where they lie in the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hanoiwatch.model.names import CaptureId, PageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One HTTP request and its response, as it crossed the wire.

    ``body`` is as received: content coding kept, transfer coding removed.
    Header pairs keep their order and case as far as the HTTP client gives them.
    """

    url: str
    requested_at: datetime
    fetched_at: datetime
    status: int
    reason: str
    request_headers: tuple[tuple[str, str], ...]
    response_headers: tuple[tuple[str, str], ...]
    body: bytes
    method: str = "GET"
    ip: str | None = None
    protocol: str = "HTTP/1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as a browser showed it after its scripts had run: its DOM as HTML in UTF-8."""

    body: bytes
    at: datetime
    by: str
    """The browser and its version."""
    type: str = "text/html; charset=utf-8"
    """Other than HTML where the page led to a feed or a sitemap: then it is that, as received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPlace:
    """Where a record lies: ``length`` bytes (its whole gzip member) at ``offset`` of ``file``."""

    file: str
    """Name relative to the archive folder."""
    offset: int
    length: int
    record_id: str
    """``urn:uuid:…`` without angle brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refers:
    """The earlier capture that a revisit record points to."""

    record_id: str
    url: str
    fetched_at: datetime
    sha256: str = ""
    """Hex digest of its body: the payload digest of a revisit that brings no body itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRecord:
    """A record that the archive must hold: what `archive verify` looks for."""

    file: str
    offset: int
    record_id: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One response of the record, with its place in the archive."""

    id: CaptureId
    source: str
    page_id: PageId | None
    url: str
    fetched_at: datetime
    status: int
    content_type: str
    sha256: str
    """Hex digest of the body as received; for a 304 the digest of the body it stands for."""
    place: WarcPlace
    body_place: WarcPlace
    """Where the body is: ``place`` itself, or for a revisit the capture that holds it."""

"""RSS 2.0, RSS 1.0 (RDF) and Atom, as they are and as they are broken."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crawler.discover.listed_time import listed_time
from crawler.discover.markup import absolute, is_html, is_well_formed, mended
from crawler.discover.titles import plain_title
from hanoiwatch.model import Discovered

MAX_BROKEN_BYTES = 300_000
"""feedparser mends broken XML in time that grows with the square of some inputs: four seconds
for the worst we found of this size. Feeds of the press have 20 to 200 KB."""

_ROOTS = (b"<rss", b"<feed", b"<rdf")
_LOOKED_AT = 8192

_LONG_SPACE = re.compile(rb"\s{80,}")
"""Means no more than one, and in front of the first element costs feedparser time that grows with
its square: 40 seconds for 50,000 spaces."""

_BENIGN = ("CharacterEncodingOverride", "NonXMLContentType")
"""What feedparser calls an error and is none: a feed served as text/html, say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedResult:
    """``problem``: why there is nothing, or what of it could not be read; None: all was."""

    items: tuple[Discovered, ...] = ()
    problem: str | None = None


def read_feed(body: bytes, content_type: str, base_url: str) -> FeedResult:
    """The items of a feed, in its order, with what it says of them. Never raises.

    A feed without items is a problem: an outlet that publishes nothing does not exist, but one
    that answers an unknown section with an empty feed does.
    """
    refusal = _refusal(body)
    if refusal:
        return FeedResult(problem=refusal)
    body = _LONG_SPACE.sub(b"\n", mended(body))
    if len(body) > MAX_BROKEN_BYTES and not is_well_formed(body):
        return FeedResult(problem=f"broken XML, and {len(body)} bytes are too many to mend")
    try:
        feed = _parse(body, content_type, base_url)
    except Exception as error:  # noqa: BLE001 - a foreign parser's slips on foreign bytes
        return FeedResult(problem=f"not a feed: {type(error).__name__} while it was read")
    return _result(feed, base_url)


def _refusal(body: bytes) -> str | None:
    """Why a body need not be parsed at all, by how it begins."""
    if not body.strip():
        return "the body is empty"
    head = body[:_LOOKED_AT].replace(b"\x00", b"").lower()  # UTF-16 too
    if not any(root in head for root in _ROOTS):
        return "an HTML page instead of a feed" if is_html(body) else "not a feed"
    if b"<!entity" in head:
        return "it declares entities of its own, which no feed needs"
    return None


def _parse(body: bytes, content_type: str, base_url: str) -> Any:
    import feedparser

    headers = {"content-type": content_type or "text/xml", "content-location": base_url}
    # A stream, for a string could be taken for an address or a file name.
    return feedparser.parse(
        io.BytesIO(body),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,
    )


def _result(feed: Any, base_url: str) -> FeedResult:
    entries = tuple(feed.get("entries", ()))
    items = tuple(item for entry in entries if (item := _item(entry, base_url)) is not None)
    return FeedResult(items=items, problem=_problem(feed, len(entries), len(items)))


def _item(entry: Any, base_url: str) -> Discovered | None:
    url = next((found for said in _links(entry) if (found := absolute(said, base_url))), None)
    if url is None:
        return None
    return Discovered(
        url=url,
        title=plain_title(entry.get("title")),
        published_at=listed_time(_said_time(entry)),
    )


def _said_time(entry: Any) -> str | None:
    """Publication, else the last change; feedparser's own `get` mixes the two, and warns."""
    return dict.get(entry, "published") or dict.get(entry, "updated")


def _links(entry: Any) -> Iterator[str]:
    """What may be the article's address, best first; entities are sometimes escaped twice."""
    for key in ("link", "id"):
        if value := entry.get(key):
            yield html.unescape(value)


def _problem(feed: Any, entries: int, items: int) -> str | None:
    error = feed.get("bozo_exception")
    if error is not None and type(error).__name__ not in _BENIGN:
        return f"broken XML ({_one_line(error)}); {items} items could be read"
    if not entries:
        return "the feed has no items"
    if items < entries:
        return f"{entries - items} of {entries} items have no usable link"
    return None


def _one_line(error: Exception) -> str:
    said = error.getMessage() if hasattr(error, "getMessage") else str(error)
    return " ".join(str(said).split())[:120]

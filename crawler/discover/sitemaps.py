"""Sitemaps: lists of pages, indexes of sitemaps, plain text; gzip'd or not.

https://www.sitemaps.org/protocol.html and Google's news extension.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from crawler.discover.feeds import read_feed
from crawler.discover.listed_time import listed_time
from crawler.discover.markup import absolute, is_html, mended
from crawler.discover.titles import plain_title
from hanoiwatch.archive.coding import gunzip, is_gzip
from hanoiwatch.errors import PageError
from hanoiwatch.model import Discovered

MAX_BYTES = 52_428_800
"""The protocol's limit of a sitemap, uncompressed."""

MAX_ENTRIES = 50_000
"""The protocol's limit of one file; more is not read."""

MAX_URL_BYTES = 8192
"""What the last address of a cut file can take, with room."""

_LOC_TAG = re.compile(rb"<(/?)(?:[\w-]+:)?loc\b")

_FEED_ROOTS = ("rss", "feed", "RDF")
"""The protocol allows a feed where a sitemap is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapChild:
    """A sitemap that an index names."""

    url: str
    lastmod: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapResult:
    """``problem``: why there is nothing, or what of it could not be read; None: all was."""

    children: tuple[SitemapChild, ...] = ()
    items: tuple[Discovered, ...] = ()
    problem: str | None = None


def read_sitemap(body: bytes, base_url: str) -> SitemapResult:
    """The pages or the further sitemaps that a sitemap lists, in its order. Never raises.

    A page's time is its news publication date, else its ``lastmod``.
    """
    try:
        plain = _plain(body)
    except PageError as error:
        return SitemapResult(problem=str(error))
    if not plain:
        return SitemapResult(problem="the body is empty")
    if not _is_markup(plain):
        return _read_text(plain, base_url)
    return _read_xml(plain, base_url)


def _plain(body: bytes) -> bytes:
    """Also of a ``.xml.gz`` that a server compressed once more on its way."""
    for _ in range(2):
        if is_gzip(body):
            body = gunzip(body, MAX_BYTES)
    if len(body) > MAX_BYTES:
        raise PageError(f"the size is over {MAX_BYTES} bytes")
    return body.removeprefix(b"\xef\xbb\xbf").strip()


def _is_markup(plain: bytes) -> bool:
    """Whether it begins with a tag, in UTF-8 or UTF-16."""
    return plain[:8].replace(b"\x00", b"").lstrip(b"\xff\xfe").startswith(b"<")


def _read_text(body: bytes, base_url: str) -> SitemapResult:
    """One address a line."""
    lines = body.decode("utf-8", "replace").split()[:MAX_ENTRIES]
    items = tuple(
        Discovered(url=line)
        for line in lines
        if line.startswith(("http://", "https://")) and absolute(line, base_url)
    )
    if not items or len(items) * 2 < len(lines):  # none: of characters that part words alone
        return SitemapResult(problem="neither XML nor a list of addresses")
    return SitemapResult(items=items)


# --- XML -----------------------------------------------------------------------------------


class _Entries:
    """Reads ``url`` and ``sitemap`` elements one by one, in constant memory."""

    def __init__(self, body: bytes) -> None:
        self._events = etree.iterparse(
            io.BytesIO(body),
            events=("start", "end"),
            recover=True,
            no_network=True,
            load_dtd=False,
            resolve_entities=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self.root = ""
        self.fault = ""

    def __iter__(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Each entry as its kind and its fields: ``loc``, ``lastmod``, ``news:title``…"""
        try:
            for event, element in self._events:
                name = _local(element)
                if event == "start":
                    self.root = self.root or name
                elif name in ("url", "sitemap"):
                    yield name, _fields(element)
                    _forget(element)
        except (etree.XMLSyntaxError, ValueError) as error:
            self.fault = str(error)
        if not self.fault and len(self._events.error_log):
            first = self._events.error_log[0]
            self.fault = f"line {first.line}: {first.message}"


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _fields(entry: etree._Element) -> dict[str, str]:
    """The texts of an entry's own children, and of its ``news:news`` child's; not images'."""
    fields: dict[str, str] = {}
    namespace = _namespace(entry)
    for child in entry:
        if _local(child) == "news" and len(child):
            for part in child:
                fields.setdefault(f"news:{_local(part)}", (part.text or "").strip())
        elif _namespace(child) == namespace:
            fields.setdefault(_local(child), (child.text or "").strip())
    return fields


def _namespace(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[0] if isinstance(tag, str) else ""


def _forget(element: etree._Element) -> None:
    """Frees an entry that was read, and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _read_xml(body: bytes, base_url: str) -> SitemapResult:
    body = mended(body)
    entries = _Entries(body)
    listed: list[SitemapChild | Discovered] = []
    unusable = 0
    for kind, fields in entries:
        entry = _entry(kind, fields, base_url)
        if entry is None:
            unusable += 1
        elif len(listed) == MAX_ENTRIES:
            entries.fault = f"more than {MAX_ENTRIES} entries"
            break
        else:
            listed.append(entry)
    if entries.root in _FEED_ROOTS:
        feed = read_feed(body, "text/xml", base_url)
        return SitemapResult(items=feed.items, problem=feed.problem)
    if entries.fault and _is_cut(body):
        del listed[-1:]
    return SitemapResult(
        children=tuple(entry for entry in listed if isinstance(entry, SitemapChild)),
        items=tuple(entry for entry in listed if isinstance(entry, Discovered)),
        problem=_problem(entries, body, len(listed), unusable),
    )


def _entry(kind: str, fields: dict[str, str], base_url: str) -> SitemapChild | Discovered | None:
    loc = fields.get("loc", "")
    url = absolute(loc, base_url) if loc else None
    if url is None:
        return None
    if kind == "sitemap":
        return SitemapChild(url=url, lastmod=listed_time(fields.get("lastmod")))
    return Discovered(
        url=url,
        title=plain_title(fields.get("news:title")),
        published_at=listed_time(fields.get("news:publication_date") or fields.get("lastmod")),
    )


def _is_cut(body: bytes) -> bool:
    """Whether the body ends within an address: then the last one is only a part of it."""
    tail = body[-MAX_URL_BYTES:]
    tags = _LOC_TAG.findall(tail)
    return bool(tags) and tags[-1] == b""


def _problem(entries: _Entries, body: bytes, usable: int, unusable: int) -> str | None:
    if entries.root not in ("urlset", "sitemapindex") and not usable:
        return "an HTML page instead of a sitemap" if is_html(body) else "not a sitemap"
    if entries.fault:
        fault = " ".join(entries.fault.split())[:120]
        return f"cut or broken ({fault}); {usable} entries could be read"
    if not usable and not unusable:
        return "the sitemap has no entries"
    if unusable:
        return f"{unusable} of {usable + unusable} entries have no usable address"
    return None

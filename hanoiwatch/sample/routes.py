"""What is at which address: ``(edition, path) -> Page``, a pure function."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from hanoiwatch.sample import feeds, images, sitemaps
from hanoiwatch.sample.edition import Edition
from hanoiwatch.sample.render import lists
from hanoiwatch.sample.render.articles import article_page

HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
XML = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A response before HTTP: ``changed_at`` becomes Last-Modified."""

    body: bytes
    content_type: str
    changed_at: datetime
    status: int = 200
    location: str | None = None


def page_at(edition: Edition, path: str) -> Page:
    """What the outlet shows at ``path`` (without query); a 404 page where there is nothing."""
    entry = edition.by_path.get(path)
    if entry is not None:
        html = article_page(entry, edition)
        return Page(body=html.encode(), content_type=HTML, changed_at=entry.changed_at)
    if path in edition.gone:
        return _gone(edition, path)
    found = _list(edition, path) or _feed(edition, path) or _file(edition, path)
    if found is None:
        return _page(edition, lists.not_found_page(edition), HTML, status=404)
    body, content_type = found
    return _page(edition, body, content_type)


def article_paths(edition: Edition) -> tuple[str, ...]:
    return tuple(edition.by_path)


def _page(edition: Edition, body: str | bytes, content_type: str, status: int = 200) -> Page:
    encoded = body.encode() if isinstance(body, str) else body
    return Page(body=encoded, content_type=content_type, changed_at=edition.now, status=status)


def _gone(edition: Edition, path: str) -> Page:
    gone = edition.gone[path]
    body = lists.not_found_page(edition).encode() if gone.location is None else b""
    return Page(
        body=body,
        content_type=HTML,
        changed_at=edition.now,
        status=gone.status,
        location=gone.location,
    )


_SECTION = re.compile(r"^/([a-z-]+)(?:/trang-(\d{1,4}))?$")
_SECTION_FEED = re.compile(r"^/rss/([a-z-]+)(\.rss)?$")
_SECTION_RDF = re.compile(r"^/rdf/([a-z-]+)$")
_DAY = re.compile(r"^/sitemap-article-(\d{4}-\d\d-\d\d)\.xml(?:\.gz)?$")

_Found = tuple[str | bytes, str] | None


def _list(edition: Edition, path: str) -> _Found:
    if path == "/":
        return lists.home_page(edition), HTML
    if path == lists.INTERNAL_PATH:
        return lists.internal_page(edition), HTML
    match = _SECTION.match(path)
    if not match or match[1] not in edition.site.sections:
        return None
    html = lists.section_page(edition, match[1], int(match[2] or 1))
    return (html, HTML) if html is not None else None


def _feed(edition: Edition, path: str) -> _Found:
    if path == "/rss/home":
        return feeds.home_rss(edition), RSS
    if path == "/atom.xml":
        return feeds.atom(edition), "application/atom+xml; charset=utf-8"
    if (match := _SECTION_RDF.match(path)) and match[1] in edition.site.sections:
        return feeds.rdf(edition, match[1]), "application/rdf+xml; charset=utf-8"
    if (match := _SECTION_FEED.match(path)) and match[1] in edition.site.sections:
        wrong_form = match[2]  # ONECMS knows /rss/<section>; with .rss it answers an empty feed
        body = feeds.empty_rss(edition) if wrong_form else feeds.section_rss(edition, match[1])
        return body, RSS
    return None


def _file(edition: Edition, path: str) -> _Found:
    if path == "/robots.txt":
        return sitemaps.robots_txt(edition), "text/plain; charset=utf-8"
    if path == "/sitemap.xml":
        return sitemaps.index(edition), XML
    if path == "/sitemap-news.xml":
        return sitemaps.news(edition), XML
    if path.startswith("/images/") and path.endswith(".png"):
        return images.png(path), "image/png"
    if match := _DAY.match(path):
        return _day_file(edition, path, match[1])
    return None


def _day_file(edition: Edition, path: str, day: str) -> _Found:
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        return None
    body = sitemaps.day_file(edition, wanted)
    if body is None or sitemaps.day_path(edition, wanted) != path:
        return None
    return body, "application/gzip" if path.endswith(".gz") else XML

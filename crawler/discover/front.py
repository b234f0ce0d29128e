"""What a front page tells of its outlet: its name, its feeds, its sections. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from lxml.html import HtmlElement

from crawler.discover.article_urls import article_urls
from crawler.discover.markup import absolute
from hanoiwatch.page.charset import decode_html
from hanoiwatch.page.tree import parse_html, text_of, tidy
from hanoiwatch.sources.schema import Source
from hanoiwatch.urls import canonical_url, same_site

_FEED_TYPE = re.compile(r"rss|atom|rdf", re.IGNORECASE)
_FEED_PATH = re.compile(r"(?:^|[/._-])(?:rss|feed|atom|rdf)(?:$|[/._?-])|\.rss$", re.IGNORECASE)
_MENU = re.compile(r"menu|nav|category|chuyen-?muc", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|css|js|zip|xml|rss|apk|docx?)$", re.IGNORECASE
)
_NO_SECTION = re.compile(
    r"rss|feed|tim-kiem|search|dang-nhap|dang-ky|login|register|lien-he|gioi-thieu|contact|about|"
    r"quang-cao|toa-soan|bang-gia|dieu-khoan|terms|privacy|chinh-sach-bao-mat|video|podcast|audio|"
    r"photo|anh|media|emagazine|e-magazine|infographic|tag|chu-de|su-kien|member|user|app|english|"
    r"^/en$|lich|thoi-tiet|truyen-hinh|tv",
    re.IGNORECASE,
)
_WANTED = re.compile(r"chinh-?tri|thoi-su|ha-noi|thu-do|xa-hoi|do-thi|kinh-te|phap-luat|tin-tuc")
"""What desks follow first; the others come after."""
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """A front page, or a page that lists feeds."""

    title: str = ""
    feeds: tuple[str, ...] = ()
    feed_pages: tuple[str, ...] = ()
    """Pages that may list feeds, or be one."""
    sections: tuple[tuple[str, str], ...] = ()
    """Address and name; main sections before their parts, those that desks follow first."""
    links: tuple[str, ...] = ()
    """Every address of the site that it links to."""


def read_front(body: bytes, content_type: str, url: str, source: Source) -> Front:
    """What the page tells. Never raises."""
    root = parse_html(decode_html(body, content_type))
    if root is None:
        return Front()
    links = list(_links(root, url))
    feeds = [*_declared_feeds(root, url), *(one for one, _ in links if _is_feed(one))]
    return Front(
        title=_title(root),
        feeds=tuple(dict.fromkeys(one for one in feeds if one != url)),
        feed_pages=tuple(dict.fromkeys(one for one, link in links if _says_rss(link))),
        sections=tuple(_sections(links, url, source)),
        links=tuple(dict.fromkeys(one for one, _ in links)),
    )


def _title(root: HtmlElement) -> str:
    for meta in root.iter("meta"):
        is_name = (meta.get("property") or meta.get("name")) == "og:site_name"
        if is_name and (name := tidy(meta.get("content") or "")):
            return name
    title = tidy(str(root.findtext(".//title") or ""))
    return re.split(r"\s+[|\u2013\u2014-]\s+", title)[0]


def _links(root: HtmlElement, url: str) -> Iterator[tuple[str, HtmlElement]]:
    for link in root.iter("a"):
        address = absolute(link.get("href") or "", url)
        if address and same_site(url, address):
            yield urldefrag(address).url, link


def _declared_feeds(root: HtmlElement, url: str) -> Iterator[str]:
    for link in root.iter("link"):
        if "alternate" in (link.get("rel") or "") and _FEED_TYPE.search(link.get("type") or ""):
            address = absolute(link.get("href") or "", url)
            if address and same_site(url, address):
                yield address


def _is_feed(url: str) -> bool:
    return bool(_FEED_PATH.search(urlsplit(url).path))


def _says_rss(link: HtmlElement) -> bool:
    said = f"{text_of(link)} {link.get('title') or ''}"
    return "rss" in said.lower()


def _sections(
    links: Iterable[tuple[str, HtmlElement]], url: str, source: Source
) -> list[tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    rules, home = article_urls(source), canonical_url(url)
    for address, link in links:
        canonical, name = canonical_url(address), text_of(link)
        if canonical is None or canonical == home or canonical in found:
            continue
        named = 0 < len(name) <= _LONGEST_NAME and _may_be_section(address)
        if named and _in_menu(link) and not rules.is_linked_article(address):
            found[canonical] = (address, name)
    return sorted(found.values(), key=lambda one: (_depth(one[0]), not _WANTED.search(one[0])))


def _depth(url: str) -> int:
    return len([one for one in urlsplit(url).path.split("/") if one])


def _in_menu(link: HtmlElement) -> bool:
    for parent in link.iterancestors():
        if parent.tag in {"nav", "header"}:
            return True
        if _MENU.search(f"{parent.get('class') or ''} {parent.get('id') or ''}"):
            return True
    return False


def _may_be_section(url: str) -> bool:
    parts = urlsplit(url)
    if not 1 <= _depth(url) <= 2 or parts.query or _FILE.search(parts.path):
        return False
    return not _NO_SECTION.search(parts.path)

"""Section pages: their links to articles, in page order, and the page after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urldefrag

from lxml.html import HtmlElement

from crawler.discover.article_urls import article_urls
from crawler.discover.markup import absolute
from crawler.discover.next_page import next_by_links, next_by_template
from crawler.discover.titles import plain_title
from hanoiwatch.model import Discovered
from hanoiwatch.page.charset import decode_html
from hanoiwatch.page.tree import parse_html, text_of
from hanoiwatch.sources.schema import Source
from hanoiwatch.urls import canonical_url

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NEAR = 4
"""How far above a link its heading may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionResult:
    """``problem``: why there is nothing, or what of it could not be read; None: all was."""

    items: tuple[Discovered, ...] = ()
    next_url: str | None = None
    """The page after this one; also where this one lists nothing."""
    problem: str | None = None


def read_section(body: bytes, content_type: str, url: str, source: Source) -> SectionResult:
    """The articles that a page of ``source`` links to, each once. Never raises."""
    if not body.strip():
        return SectionResult(problem="the body is empty")
    root = parse_html(decode_html(body, content_type))
    if root is None:
        return SectionResult(problem="not an HTML page")
    base_url = _base_url(root, url)
    items = tuple(_articles(root, base_url, url, source))
    next_url = next_by_template(source.discover, url) or next_by_links(root, base_url, url)
    return SectionResult(items=items, next_url=next_url, problem=_problem(root, items, source))


def _base_url(root: HtmlElement, url: str) -> str:
    for element in root.iter("base"):
        if found := absolute(element.get("href") or "", url):
            return found
    return url


@dataclass(slots=True)
class _Found:
    """An article's first address on the page, and the best title that any link gives it."""

    url: str
    title: str | None = None
    rank: int = 9


def _articles(root: HtmlElement, base_url: str, url: str, source: Source) -> Iterator[Discovered]:
    rules, here = article_urls(source), canonical_url(url)
    found: dict[str, _Found | None] = {}
    for link in root.iter("a", "area"):
        address = absolute(link.get("href") or "", base_url)
        canonical = canonical_url(address) if address else None
        if address is None or canonical is None or canonical == here:
            continue
        if canonical not in found:
            listed = urldefrag(address).url
            found[canonical] = _Found(listed) if rules.is_linked_article(listed) else None
        if article := found[canonical]:
            _take_title(article, link)
    for article in found.values():
        if article is not None:
            yield Discovered(url=article.url, title=article.title)


def _take_title(article: _Found, link: HtmlElement) -> None:
    for rank, text in _titles(link):
        if rank < article.rank and (title := plain_title(text)):
            article.title, article.rank = title, rank
            return


def _titles(link: HtmlElement) -> Iterator[tuple[int, str | None]]:
    """What a link says of its article, best first. Links around pictures and leads say less."""
    heading = next(link.iter(*_HEADINGS), None)
    if heading is not None:
        yield 0, text_of(heading)
    if any(parent.tag in _HEADINGS for parent in islice(link.iterancestors(), _NEAR)):
        yield 0, text_of(link)
    yield 1, link.get("title")
    yield 2, text_of(link)
    yield 3, next((image.get("alt") for image in link.iter("img")), None)


def _problem(root: HtmlElement, items: tuple[Discovered, ...], source: Source) -> str | None:
    faults = "; ".join(article_urls(source).faults)
    if items:
        return faults or None
    links = sum(1 for _ in root.iter("a"))
    said = f"none of its {links} links is an article" if links else "the page has no links"
    return f"{said}; {faults}" if faults else said

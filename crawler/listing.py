"""What a feed, sitemap or section page lists, and where to read on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import assert_never

from crawler.discover.article_urls import article_urls
from crawler.discover.children import needed_children
from crawler.discover.feeds import read_feed
from crawler.discover.sections import read_section
from crawler.discover.sitemaps import SitemapChild, SitemapResult, read_sitemap
from crawler.discover.union import by_canonical
from hanoiwatch.clock import hanoi_day
from hanoiwatch.model import Discovered, OriginKind
from hanoiwatch.sources.schema import Discover, Source

SITEMAP_DAYS = timedelta(days=7)
"""How far an ordinary crawl reads large sitemaps back: a week without a crawl loses nothing."""

SMALL_INDEX = 31
SMALL_SITEMAP = 1000
"""Sitemaps with no more children or pages than this are read whole, whatever their dates."""

MOST_CHILDREN = 100
"""Of an index whose children bear no dates, in an ordinary crawl."""

_NOTHING_THERE = (
    "the body is empty",
    "the feed has no items",
    "the sitemap has no entries",
    "the page has no links",
    "none of its",
)
"""How the readers of `crawler.discover` begin to say that a list is empty."""

DEEPEST_INDEX = 3
"""Sitemaps within sitemaps; the protocol allows one level."""

GAP_PAGES = 10
BACKFILL_PAGES = 50
"""How far sections are paged back to close a gap, and for ``--since`` where no sitemap helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far back a run reads lists."""

    now: datetime
    since: datetime | None = None
    """Asked for by the user: all that is listed from then on."""
    gap_since: datetime | None = None
    """A feed may have missed what was published from then on."""

    @property
    def first_day(self) -> date:
        """The first day of which sitemaps are read."""
        known = (self.since, self.gap_since, self.now - SITEMAP_DAYS)
        return min(hanoi_day(moment) for moment in known if moment is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list as it answered."""

    kind: OriginKind
    url: str
    number: int
    """Of a section: which of its pages; of a sitemap: how deep in indexes, from 1."""
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """A list to read next."""

    kind: OriginKind
    url: str
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list, read."""

    items: Mapping[str, Discovered] = field(default_factory=dict)
    """Articles of the source, by canonical URL."""
    children: tuple[Further, ...] = ()
    """Of a sitemap index: those worth reading."""
    next_page: Further | None = None
    """Of a section."""
    problem: str = ""
    """What could not be read, or why there is nothing."""
    left_out: str = ""
    """What was not taken on purpose, in words."""

    @property
    def gives_nothing(self) -> bool:
        return not self.items and not self.children

    @property
    def is_readable(self) -> bool:
        """It says that it has nothing, rather than saying nothing that can be read."""
        return not self.problem or self.problem.startswith(_NOTHING_THERE)


def read_listing(page: ListPage, source: Source, reach: Reach) -> Listing:
    """What ``page`` lists of ``source``. Never raises on what a server may send."""
    match page.kind:
        case "feed" | "manual":
            feed = read_feed(page.body, page.content_type, page.url)
            return _listing(feed.items, source, feed.problem)
        case "sitemap":
            return _read_sitemap(page, source, reach)
        case "section":
            section = read_section(page.body, page.content_type, page.url, source)
            following = section.next_url and Further(
                kind="section", url=section.next_url, number=page.number + 1
            )
            return Listing(
                items=by_canonical(section.items),
                next_page=following or None,
                problem=section.problem or "",
            )
        case _:
            assert_never(page.kind)


def reads_on(discover: Discover, reach: Reach, number: int, *, items: int, known: int) -> bool:
    """Whether the page after a section's page ``number`` is read as well.

    ``items``: how many articles that page lists; ``known``: how many of them earlier runs knew.
    """
    if items == 0:
        return False
    if number < discover.section_pages:
        return True
    if reach.since is not None and not discover.sitemaps:
        return number < BACKFILL_PAGES
    return reach.gap_since is not None and number < GAP_PAGES and known * 2 < items


def _read_sitemap(page: ListPage, source: Source, reach: Reach) -> Listing:
    result = read_sitemap(page.body, page.url)
    children, left = _children(page, result, reach)
    recent = _recent(result.items, reach)
    older = len(result.items) - len(recent)
    listing = _listing(recent, source, result.problem, nothing_left=not children and not older)
    if older:
        left = f"{older} pages of before {reach.first_day}"
    return Listing(items=listing.items, children=children, problem=listing.problem, left_out=left)


def _children(
    page: ListPage, result: SitemapResult, reach: Reach
) -> tuple[tuple[Further, ...], str]:
    found: tuple[SitemapChild, ...] = result.children
    if page.number >= DEEPEST_INDEX:
        return (), f"{len(found)} sitemaps nested too deep" if found else ""
    if len(found) > SMALL_INDEX or reach.since is not None:
        found = needed_children(found, since=reach.first_day)
    left = ""
    if len(found) > MOST_CHILDREN and reach.since is None:
        left = f"{len(found) - MOST_CHILDREN} sitemaps without a date"
        found = found[:MOST_CHILDREN]
    number = page.number + 1
    return tuple(Further(kind="sitemap", url=one.url, number=number) for one in found), left


def _recent(items: tuple[Discovered, ...], reach: Reach) -> tuple[Discovered, ...]:
    if len(items) <= SMALL_SITEMAP and reach.since is None:
        return items
    return tuple(
        item
        for item in items
        if item.published_at is None or hanoi_day(item.published_at) >= reach.first_day
    )


def _listing(
    items: Iterable[Discovered],
    source: Source,
    problem: str | None,
    *,
    nothing_left: bool = True,
) -> Listing:
    listed = tuple(items)
    rules = article_urls(source)
    wanted = by_canonical(item for item in listed if rules.is_article(item.url))
    said = list(filter(None, (problem, *rules.faults)))
    if listed and not wanted and nothing_left:
        said.append(f"none of its {len(listed)} items is an article of this source")
    return Listing(items=wanted, problem="; ".join(said))

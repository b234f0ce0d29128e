"""What was found of an unknown outlet, and the source file that follows from it. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.discover.front import Front
from crawler.discover.pattern import Pattern, derive_pattern
from hanoiwatch.sources.draft import Draft, Listed
from hanoiwatch.sources.schema import Discover, Source
from hanoiwatch.store.verdicts import TriedPage
from hanoiwatch.urls import canonical_url, same_site

PROBE = "probe"
"""The outlet's name in the scratch folder."""
ARTICLES = 5
SECTION_PAGES = 3
"""How far sections are read back, where they link their next page."""
_NUMBER = re.compile(r"/.*(?:\d{5,}|id=\d{3,})", re.IGNORECASE)
NOT_THERE = "status 404"
"""What most of the addresses say at which outlets of this kind have their lists."""
FEWEST_LINKED = 3
"""Articles that a section lists."""


@dataclass(slots=True)
class Found:
    """What was found so far."""

    home: str
    title: str = ""
    feeds: dict[str, list[str]] = field(default_factory=dict)
    """Addresses of articles by feed; likewise below."""
    sitemaps: dict[str, list[str]] = field(default_factory=dict)
    sections: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    pages_back: bool = False
    """Whether sections link a page after themselves."""


def outlet_source(home: str, pattern: Pattern | None = None) -> Source:
    discover = Discover(article_url=pattern.expressions if pattern else ())
    return Source(name=PROBE, title=PROBE, home=home, discover=discover)


def is_ours(home: str, url: str) -> bool:
    same = same_site(home, url)
    return same and urlsplit(url).scheme in ("http", "https")


# --- which addresses are articles --------------------------------------------------------------


def pattern_of(found: Found, front: Front) -> Pattern:
    """By what feeds list; else sitemaps; else what sections link to that looks like an article."""
    ours = (url for urls in found.feeds.values() for url in urls if is_ours(found.home, url))
    articles = list(ours) or [
        url for urls in found.sitemaps.values() for url in urls if is_ours(found.home, url)
    ]
    others = [*found.names, found.home]
    if not articles:
        articles = _linked(found, front, {canonical_url(url) for url in others})
    menu = {canonical_url(url) for url in found.names}
    return derive_pattern(
        [url for url in articles if canonical_url(url) not in menu], others, found.home
    )


def _linked(found: Found, front: Front, others: set[str | None]) -> list[str]:
    links = [*front.links, *(url for urls in found.sections.values() for url in urls)]
    fresh = [url for url in dict.fromkeys(links) if canonical_url(url) not in others]
    numbered = [url for url in fresh if _NUMBER.search(url.partition("://")[2])]
    wordy = [url for url in fresh if urlsplit(url).path.count("-") >= 4]
    return numbered if len(numbered) >= FEWEST_LINKED else wordy


def choose(found: Found, pattern: Pattern) -> list[str]:
    """The articles to try: from the heads of all lists in turn."""
    rules = [re.compile(one) for one in pattern.expressions]
    lists = [*found.feeds.values(), *found.sections.values(), *found.sitemaps.values()]
    chosen: dict[str, str] = {}
    for place in range(max(map(len, lists), default=0)):
        for urls in lists:
            if place < len(urls) and any(rule.search(urls[place]) for rule in rules):
                chosen.setdefault(canonical_url(urls[place]) or urls[place], urls[place])
        if len(chosen) >= ARTICLES:
            break
    return list(chosen.values())[:ARTICLES]


# --- the file ----------------------------------------------------------------------------------


def draft_of(
    name: str, day: str, found: Found, pattern: Pattern, pages: Sequence[TriedPage]
) -> Draft:
    """The source file of the outlet, of ``day``."""
    source = outlet_source(found.home, pattern)
    return Draft(
        name=name,
        title=found.title,
        home=found.home,
        day=day,
        family=_family(pages),
        feeds=tuple(
            Listed(url=url, note=f"{len(urls)} items")
            for url, urls in found.feeds.items() if _fits(urls, source)
        ),
        sitemaps=tuple(Listed(url=url, note=f"{len(urls)} pages of the last days")
                       for url, urls in found.sitemaps.items()),
        sections=tuple(
            Listed(url=url, note=f"{found.names[url]}: {count} articles")
            for url, count in _listing(found, source).items()
        ),
        article_url=pattern.expressions,
        section_pages=SECTION_PAGES if found.pages_back else 1,
        delay_seconds=max(found.delay, 3.0) if not source.is_local else None,
        notes=tuple(_notes(found, pattern, pages)),
    )  # fmt: skip


def _listing(found: Found, source: Source) -> dict[str, int]:
    """The sections that list articles, by the pattern that was found in the end, and how many; in
    the order of the menu, whichever answered first."""
    listed = (url for url in found.names if url in found.sections)
    counts = {url: _fits(found.sections[url], source) for url in listed}
    return {url: count for url, count in counts.items() if count >= FEWEST_LINKED}


def _fits(urls: Sequence[str], source: Source) -> int:
    patterns = [re.compile(one) for one in source.discover.article_url]
    return len({url for url in urls if any(one.search(url) for one in patterns)})


def _family(pages: Sequence[TriedPage]) -> str:
    """The family that most of the articles were read by; empty where none was."""
    families = Counter(
        page.layout.partition("/")[0] for page in pages if page.layout not in ("", "general")
    )
    name, count = families.most_common(1)[0] if families else ("", 0)
    return name if count * 2 > len(pages) else ""


def _notes(found: Found, pattern: Pattern, pages: Sequence[TriedPage]) -> Iterator[str]:
    if pattern.of:
        yield f"article_url: {pattern.covered} of {pattern.of} listed addresses match."
    for url in pattern.too_wide:
        yield f"article_url matches this section as well: {url}"
    for page in pages:
        yield f"tried {page.url}: {_page_words(page)}"
    used = _listing(found, outlet_source(found.home, pattern))
    unused = {url: why for url, why in found.failed.items() if url not in used}
    # (before its articles were known by their addresses, a section listed none)
    missing = [url for url, why in unused.items() if why == NOT_THERE]
    if missing:
        yield f"nothing there: {', '.join(urlsplit(url).path or url for url in missing)}"
    for url, why in unused.items():
        if why != NOT_THERE:
            yield f"not used: {url} ({why})"
    if not _family(pages):
        yield "No family of layouts knows most of these pages. Where `hanoiwatch extract` gives"
        yield "less than the page says, write a [[layout]] (docs/howto/add-a-source.md)."


def _page_words(page: TriedPage) -> str:
    if not page.layout:
        return f"no article ({page.reason or page.outcome})"
    traits = page.traits
    lacking = [name for name in ("title", "lead", "byline", "published") if name not in
               traits.fields]  # fmt: skip
    without = f", without {' and '.join(lacking)}" if lacking else ""
    return f"read by {page.layout}, {traits.chars} characters{without}"


def tried_words(found: Found) -> str:
    counts = {
        "feeds": len(found.feeds), "sitemaps": len(found.sitemaps), "sections": len(found.sections),
    }  # fmt: skip
    return ", ".join(f"{count} {what}" for what, count in counts.items()) + " answered"

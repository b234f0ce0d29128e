"""Finding out how an unknown outlet can be read: `hanoiwatch sources add`.

It is tried by the crawl that will read it later, with all its guards, in a scratch folder: first
the front page, then the lists that it and robots.txt name, then five articles. The archive of
these answers goes with the scratch folder; the first real crawl archives all of them again.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import msgspec

from crawler.discover.feeds import read_feed
from crawler.discover.front import Front, read_front
from crawler.discover.pattern import Pattern, derive_pattern
from crawler.discover.sections import read_section
from crawler.discover.sitemaps import read_sitemap
from crawler.robots import understand
from hanoiwatch.app import App, open_app
from hanoiwatch.archive import decode_body, read_exchange
from hanoiwatch.clock import hanoi_day, now
from hanoiwatch.config import Config, SourcesConfig
from hanoiwatch.errors import NotAddedError, PageError
from hanoiwatch.sources.draft import Draft, Listed, draft_toml
from hanoiwatch.sources.loader import OWN_FAMILIES
from hanoiwatch.sources.schema import Discover, Source
from hanoiwatch.store.listings import Answered
from hanoiwatch.store.verdicts import TriedPage
from hanoiwatch.urls import canonical_url, host_of, same_site
from scheduler.crawls import CrawlOptions, crawl_sources

PROBE = "probe"
"""The outlet's name in the scratch folder."""
FEED_PAGES = ("/rss", "/rss.html")
"""Where outlets list their feeds, where the front page does not say."""
USUAL_FEEDS = (
    "/rss/home.rss", "/rss/tin-moi-nhat.rss", "/rss/home", "/home.rss", "/rss/trang-chu.rss",
    "/feed", "/rss.xml", "/atom.xml",
)  # fmt: skip
"""Tried only where pages name few or none."""
SECTION_FEEDS = ("/rss{path}", "/rss{path}.rss", "{path}.rss")
"""Likewise, of the first sections of the menu."""
SECTIONS_GUESSED = 4
USUAL_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/sitemap-news.xml")
FEWEST_FEEDS = 2
"""Named by the pages themselves; with fewer, the usual addresses are tried too."""
MOST_FEEDS, MOST_SITEMAPS, MOST_SECTIONS = 16, 4, 10
"""Requests are spaced by seconds on a live site: a probe takes a minute or two."""
ARTICLES = 5
SECTION_PAGES = 3
"""How far sections are read back, where they link their next page."""
_NUMBER = re.compile(r"/.*(?:\d{5,}|id=\d{3,})", re.IGNORECASE)
FEWEST_LINKED = 3
"""Articles that a section lists."""
_WANTED = re.compile(r"chinh-?tri|thoi-su|ha-noi|thu-do|xa-hoi|do-thi|kinh-te|phap-luat|home|moi")
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What an outlet showed, as a source file and in words."""

    draft: Draft
    pages: tuple[TriedPage, ...]
    pattern: Pattern

    @property
    def toml(self) -> str:
        return draft_toml(self.draft)


@dataclass(slots=True)
class _Found:
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


def probe(config: Config, url: str, name: str, say: Say) -> Probe:
    """Looks at the outlet at ``url``; ``say`` is told each step.

    Raises NotAddedError where the site does not answer, refuses us, or shows no articles.
    """
    home = urljoin(url, "/")
    with _scratch(config) as app:
        found = _Found(home=home)
        say(f"reading {home}")
        front = _front(app, found)
        say("trying the lists that it names")
        _lists(app, found, front)
        pattern = _pattern(found, front)
        chosen = _choose(found, pattern)
        if not chosen:
            raise NotAddedError(
                f"no articles were found on {home}: {_tried(found)}. Write the source file by hand "
                "(docs/howto/add-a-source.md)."
            )
        say(f"trying {len(chosen)} articles")
        pages = _articles(app, found, pattern, chosen)
        draft = _draft(name, found, pattern, pages)
    return Probe(draft=draft, pages=pages, pattern=pattern)


@contextmanager
def _scratch(config: Config) -> Iterator[App]:
    """The program on a folder that goes away, with the user's own families."""
    with tempfile.TemporaryDirectory(prefix="hanoiwatch-probe-") as folder:
        sources = Path(folder, "sources")
        sources.mkdir()
        own = config.sources_path / OWN_FAMILIES
        if own.is_dir():
            shutil.copytree(own, sources / OWN_FAMILIES)
        scratch = msgspec.structs.replace(
            config,
            data_dir=str(Path(folder, "data")),
            sources=SourcesConfig(directory=str(sources)),
            # a second process costs more to start than five pages take to read
            crawl=msgspec.structs.replace(config.crawl, extract_workers=1),
        )
        with open_app(scratch) as app:
            yield app


def _crawl(app: App, draft: Draft, options: CrawlOptions) -> tuple[int, str]:
    """One run of the probe's source: its id, and why it failed."""
    path = app.config.sources_path / f"{PROBE}.toml"
    path.write_text(draft_toml(draft), "utf-8")
    with open_app(app.config) as fresh:
        (report,), _ = crawl_sources(fresh, [PROBE], options)
    failed = report.outcome == "failed"
    return app.record.runs.last(PROBE), "; ".join(report.problems) if failed else ""


def _probe_draft(home: str, **lists: Sequence[str]) -> Draft:
    listed = {key: tuple(Listed(url=url) for url in urls) for key, urls in lists.items()}
    return Draft(name=PROBE, title=PROBE, home=home, day="", **listed)  # type: ignore[arg-type]  # the three lists alone


def _source(home: str, pattern: Pattern | None = None) -> Source:
    discover = Discover(article_url=pattern.expressions if pattern else ())
    return Source(name=PROBE, title=PROBE, home=home, discover=discover)


# --- the front page ----------------------------------------------------------------------------


def _front(app: App, found: _Found) -> Front:
    pages = [found.home, *(urljoin(found.home, path) for path in FEED_PAGES)]
    run_id, failed = _crawl(app, _probe_draft(found.home, sections=pages), CrawlOptions(limit=0))
    answers = {one.url: one for one in app.record.listings.answered(run_id)}
    if found.home not in answers:
        raise NotAddedError(f"{found.home} could not be read: {failed or _why(app, run_id)}.")
    home = answers.pop(found.home)
    moved = urljoin(home.final_url, "/")
    if moved != found.home and same_site(moved, found.home):
        found.home = moved
    front = read_front(_body(app, home), home.content_type, home.final_url, _source(found.home))
    found.title = front.title or host_of(found.home)
    feeds = list(front.feeds)
    for page in answers.values():
        body = _body(app, page)
        if feed := read_feed(body, page.content_type, page.final_url).items:
            found.feeds[page.url] = [one.url for one in feed]
        else:
            more = read_front(body, page.content_type, page.final_url, _source(found.home))
            feeds += more.feeds
    # a list is of one kind in the record: what was read as a page is not polled as a feed
    return replace(front, feeds=tuple(one for one in dict.fromkeys(feeds) if one not in pages))


def _why(app: App, run_id: int) -> str:
    lists = app.record.verdicts.lists_of(run_id)
    reason = next((one.reason for one in lists), "")
    return "its robots.txt refuses it" if reason == "robots.txt" else reason or "no answer"


def _body(app: App, answer: Answered) -> bytes:
    stored = read_exchange(app.archive_folder, answer.place)
    try:
        return decode_body(stored.headers, stored.body, app.config.crawl.max_decoded_bytes)
    except PageError:
        return b""


# --- the lists ---------------------------------------------------------------------------------


def _lists(app: App, found: _Found, front: Front) -> None:
    robots = app.record.hosts.robots(host_of(found.home))
    if robots is not None:
        found.delay = understand(robots).delay_seconds
    here = found.home
    feeds = [one for one in front.feeds if _is_ours(here, one)]
    found.names = dict(front.sections[:MOST_SECTIONS])
    feeds = _first(feeds, MOST_FEEDS)
    if len(feeds) + len(found.feeds) < FEWEST_FEEDS:
        feeds = [*feeds, *_guessed_feeds(here, list(found.names))]
    named = _SITEMAP_LINE.findall(robots.body) if robots is not None else []
    sitemaps = [one for one in (urljoin(here, each) for each in named) if _is_ours(here, one)]
    sitemaps = sitemaps[:MOST_SITEMAPS] or [urljoin(here, path) for path in USUAL_SITEMAPS]
    sections = [url for url in found.names if url not in feeds and url not in sitemaps]
    draft = _probe_draft(here, feeds=feeds, sitemaps=sitemaps, sections=sections)
    run_id, _ = _crawl(app, draft, CrawlOptions(limit=0))
    asked = {*feeds, *sitemaps, *found.names}
    for tried in app.record.verdicts.lists_of(run_id):
        if tried.url in asked and tried.outcome not in ("ok", "unchanged"):
            found.failed[tried.url] = tried.reason or tried.outcome
    parents = list(sitemaps)
    for answer in app.record.listings.answered(run_id):
        _take(app, found, answer, parents)
    for url in found.sitemaps:
        found.failed.pop(url, None)
    if not (found.feeds or found.sitemaps or found.sections):  # the front page lists all there is
        found.sections[here] = list(front.links)
        found.names[here] = "front page"


def _guessed_feeds(home: str, sections: Sequence[str]) -> list[str]:
    paths = [urlsplit(url).path.rstrip("/") for url in sections[:SECTIONS_GUESSED]]
    bare = [re.sub(r"\.\w{3,5}$", "", path) for path in paths]
    guessed = [form.format(path=path) for path in bare for form in SECTION_FEEDS]
    return [urljoin(home, path) for path in (*USUAL_FEEDS, *guessed)]


def _is_ours(home: str, url: str) -> bool:
    same = same_site(home, url)
    return same and urlsplit(url).scheme in ("http", "https")


def _first(urls: Sequence[str], most: int) -> list[str]:
    """Those that desks follow first."""
    return sorted(dict.fromkeys(urls), key=lambda url: _WANTED.search(url) is None)[:most]


def _take(app: App, found: _Found, answer: Answered, sitemaps: Sequence[str]) -> None:
    body = _body(app, answer)
    match answer.kind:
        case "feed":
            feed = read_feed(body, answer.content_type, answer.final_url)
            if feed.items:
                found.feeds[answer.url] = [one.url for one in feed.items]
        case "sitemap":
            sitemap = read_sitemap(body, answer.final_url)
            if answer.url in sitemaps and (sitemap.items or sitemap.children):
                found.sitemaps.setdefault(answer.url, [])
            if found.sitemaps and sitemap.items:  # of a child: counted with the last index
                last = answer.url if answer.url in found.sitemaps else list(found.sitemaps)[-1]
                found.sitemaps[last] += [one.url for one in sitemap.items]
        case _ if answer.url in found.names:
            source = _source(found.home)
            root = read_front(body, answer.content_type, answer.final_url, source)
            found.sections[answer.url] = list(root.links)
            section = read_section(body, answer.content_type, answer.final_url, source)
            found.pages_back |= section.next_url is not None


# --- which addresses are articles --------------------------------------------------------------


def _pattern(found: _Found, front: Front) -> Pattern:
    """By what feeds list; else sitemaps; else what sections link to that looks like an article."""
    ours = (url for urls in found.feeds.values() for url in urls if _is_ours(found.home, url))
    articles = list(ours) or [
        url for urls in found.sitemaps.values() for url in urls if _is_ours(found.home, url)
    ]
    others = [*found.names, found.home]
    if not articles:
        articles = _linked(found, front, {canonical_url(url) for url in others})
    menu = {canonical_url(url) for url in found.names}
    return derive_pattern(
        [url for url in articles if canonical_url(url) not in menu], others, found.home
    )


def _linked(found: _Found, front: Front, others: set[str | None]) -> list[str]:
    links = [*front.links, *(url for urls in found.sections.values() for url in urls)]
    fresh = [url for url in dict.fromkeys(links) if canonical_url(url) not in others]
    numbered = [url for url in fresh if _NUMBER.search(url.partition("://")[2])]
    wordy = [url for url in fresh if urlsplit(url).path.count("-") >= 4]
    return numbered if len(numbered) >= FEWEST_LINKED else wordy


def _choose(found: _Found, pattern: Pattern) -> list[str]:
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


def _articles(
    app: App, found: _Found, pattern: Pattern, chosen: Sequence[str]
) -> tuple[TriedPage, ...]:
    draft = replace(_probe_draft(found.home), article_url=pattern.expressions)
    draft = replace(draft, sections=(Listed(url=found.home),))
    run_id, failed = _crawl(app, draft, CrawlOptions(pages=tuple(chosen)))
    if failed:
        raise NotAddedError(f"no article of {found.home} could be fetched: {failed}")
    return tuple(app.record.verdicts.pages_of(run_id))


# --- the file ----------------------------------------------------------------------------------


def _draft(name: str, found: _Found, pattern: Pattern, pages: Sequence[TriedPage]) -> Draft:
    source = _source(found.home, pattern)
    return Draft(
        name=name,
        title=found.title,
        home=found.home,
        day=str(hanoi_day(now())),
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


def _listing(found: _Found, source: Source) -> dict[str, int]:
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


def _notes(found: _Found, pattern: Pattern, pages: Sequence[TriedPage]) -> Iterator[str]:
    if pattern.of:
        yield f"article_url: {pattern.covered} of {pattern.of} listed addresses match."
    for url in pattern.too_wide:
        yield f"article_url matches this section as well: {url}"
    for page in pages:
        yield f"tried {page.url}: {_page_words(page)}"
    used = _listing(found, _source(found.home, pattern))
    for url, why in found.failed.items():
        if url not in used:  # before its articles were known by their addresses, it listed none
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


def _tried(found: _Found) -> str:
    counts = {
        "feeds": len(found.feeds), "sitemaps": len(found.sitemaps), "sections": len(found.sections),
    }  # fmt: skip
    return ", ".join(f"{count} {what}" for what, count in counts.items()) + " answered"

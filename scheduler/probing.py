"""Finding out how an unknown outlet can be read: `hanoiwatch sources add`.

It is tried by the crawl that will read it later, with all its guards, in a scratch folder: first
the front page, then the lists that it and robots.txt name, then five articles. The archive of
these answers goes with the scratch folder; the first real crawl archives all of them again.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import msgspec

from crawler.discover.feeds import read_feed
from crawler.discover.front import Front, read_front
from crawler.discover.pattern import Pattern
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
from hanoiwatch.store.listings import Answered
from hanoiwatch.store.verdicts import TriedPage
from hanoiwatch.urls import host_of, same_site
from scheduler.crawls import CrawlOptions, crawl_sources
from scheduler.outletfound import (
    PROBE,
    Found,
    choose,
    draft_of,
    is_ours,
    outlet_source,
    pattern_of,
    tried_words,
)

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


def probe(config: Config, url: str, name: str, say: Say) -> Probe:
    """Looks at the outlet at ``url``; ``say`` is told each step.

    Raises NotAddedError where the site does not answer, refuses us, or shows no articles.
    """
    home = urljoin(url, "/")
    with _scratch(config) as app:
        found = Found(home=home)
        say(f"reading {home}")
        front = _front(app, found)
        say("trying the lists that it names")
        _lists(app, found, front)
        pattern = pattern_of(found, front)
        chosen = choose(found, pattern)
        if not chosen:
            raise NotAddedError(
                f"no articles were found on {home}: {tried_words(found)}. Write the source file "
                "by hand (docs/howto/add-a-source.md)."
            )
        say(f"trying {len(chosen)} articles")
        pages = _articles(app, found, pattern, chosen)
        draft = draft_of(name, str(hanoi_day(now())), found, pattern, pages)
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


# --- the front page ----------------------------------------------------------------------------


def _front(app: App, found: Found) -> Front:
    pages = [found.home, *(urljoin(found.home, path) for path in FEED_PAGES)]
    run_id, failed = _crawl(app, _probe_draft(found.home, sections=pages), CrawlOptions(limit=0))
    answers = {one.url: one for one in app.record.listings.answered(run_id)}
    if found.home not in answers:
        raise NotAddedError(f"{found.home} could not be read: {failed or _why(app, run_id)}.")
    home = answers.pop(found.home)
    moved = urljoin(home.final_url, "/")
    if moved != found.home and same_site(moved, found.home):
        found.home = moved
    source = outlet_source(found.home)
    front = read_front(_body(app, home), home.content_type, home.final_url, source)
    found.title = front.title or host_of(found.home)
    feeds = list(front.feeds)
    for page in answers.values():
        body = _body(app, page)
        if feed := read_feed(body, page.content_type, page.final_url).items:
            found.feeds[page.url] = [one.url for one in feed]
        else:
            more = read_front(body, page.content_type, page.final_url, source)
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


def _lists(app: App, found: Found, front: Front) -> None:
    robots = app.record.hosts.robots(host_of(found.home))
    if robots is not None:
        found.delay = understand(robots).delay_seconds
    here = found.home
    feeds = [one for one in front.feeds if is_ours(here, one)]
    found.names = dict(front.sections[:MOST_SECTIONS])
    feeds = _first(feeds, MOST_FEEDS)
    if len(feeds) + len(found.feeds) < FEWEST_FEEDS:
        feeds = [*feeds, *_guessed_feeds(here, list(found.names))]
    named = _SITEMAP_LINE.findall(robots.body) if robots is not None else []
    sitemaps = [one for one in (urljoin(here, each) for each in named) if is_ours(here, one)]
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


def _first(urls: Sequence[str], most: int) -> list[str]:
    """Those that desks follow first."""
    return sorted(dict.fromkeys(urls), key=lambda url: _WANTED.search(url) is None)[:most]


def _take(app: App, found: Found, answer: Answered, sitemaps: Sequence[str]) -> None:
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
            source = outlet_source(found.home)
            root = read_front(body, answer.content_type, answer.final_url, source)
            found.sections[answer.url] = list(root.links)
            section = read_section(body, answer.content_type, answer.final_url, source)
            found.pages_back |= section.next_url is not None


def _articles(
    app: App, found: Found, pattern: Pattern, chosen: Sequence[str]
) -> tuple[TriedPage, ...]:
    draft = replace(_probe_draft(found.home), article_url=pattern.expressions)
    draft = replace(draft, sections=(Listed(url=found.home),))
    run_id, failed = _crawl(app, draft, CrawlOptions(pages=tuple(chosen)))
    if failed:
        raise NotAddedError(f"no article of {found.home} could be fetched: {failed}")
    return tuple(app.record.verdicts.pages_of(run_id))

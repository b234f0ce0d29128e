"""Everything that reads what others wrote, each behind one function of bytes, with samples."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from hypothesis.strategies import SearchStrategy

from bench import written
from hanoiwatch.errors import HanoiwatchError, PageError, QueryError, SourceFileError
from hanoiwatch.model import Article, ArticleId, Change, Content, Filters
from hanoiwatch.sample.edition import Edition
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.routes import page_at
from hanoiwatch.sample.source import SOURCE_NAME, source_toml
from hanoiwatch.sources.schema import Source
from indexer.search.protocol import IndexChange

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOME = "http://127.0.0.1"
ADDRESS = f"{HOME}/ho-nuoc-thu-do-1200001.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One way in from outside, and what it may answer with."""

    name: str
    read: Callable[[bytes], object]
    """Takes any bytes; raises nothing but ``refusals``."""
    samples: tuple[bytes, ...]
    """Sound inputs of all shapes, to be spoilt."""
    written: SearchStrategy[bytes]
    """Inputs made from the parts of its grammar."""
    refusals: tuple[type[HanoiwatchError], ...] = ()


@cache
def _outlet() -> Outlet:
    outlet = Outlet()
    outlet.move_to_host(HOME)
    return outlet


def _edition() -> Edition:
    return _outlet().edition


def _served(paths: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(page_at(_edition(), path).body for path in paths)


def pages() -> Reader:
    from hanoiwatch.sources.loader import load_families, load_sources
    from indexer.extract import LayoutBook, PageInput, read_page

    layouts = LayoutBook(families=load_families(), sources=load_sources())

    def read(body: bytes) -> object:
        return read_page(PageInput(url=ADDRESS, body=body, captured_at=NOW), layouts)

    of_each_template = {entry.article.template: entry.path for entry in _edition().entries}
    paths = (
        *of_each_template.values(),
        *list(_edition().by_path)[::4],
        "/",
        "/xa-hoi",
        "/khong-co",
    )
    return Reader(name="page", read=read, samples=_served(paths), written=written.pages())


def bodies() -> Reader:
    """Responses in a content coding."""
    from hanoiwatch.archive import decode_body

    limit = 1_000_000
    codings = ("gzip", "deflate", "br", "zstd", "gzip, br", "nosuch")

    def read(body: bytes) -> object:
        # the first byte picks the coding, so that each is met with every body
        coding = codings[body[0] % len(codings)] if body else "gzip"
        decoded = decode_body([("Content-Encoding", coding)], body[1:], limit)
        assert len(decoded) <= limit
        return decoded

    packed = (b"\x00" + gzip.compress(page) for page in _served(("/", "/rss/home", "/khong-co")))
    return Reader(
        name="body",
        read=read,
        samples=tuple(packed),
        written=written.anything(),
        refusals=(PageError,),
    )


def robots() -> Reader:
    """Rules, asked as the crawler asks them."""
    from crawler.robots import robots_text, understand
    from hanoiwatch.store.hosts import RobotsFile

    def read(body: bytes) -> object:
        file = RobotsFile(fetched_at=NOW, status=200, body=robots_text(body))
        policy = understand(file)
        return policy.allows(ADDRESS), policy.allows(f"{HOME}/?a=%zz&b"), policy.delay_seconds + 0.0

    rules = (
        *_served(("/robots.txt",)),
        b"User-agent: *\nDisallow: /tim-kiem\nAllow: /tim-kiem/moi$\nCrawl-delay: 2.5\n",
        b"User-agent: hanoiwatch\nDisallow: /*?s=\nRequest-rate: 1/5s 0800-1700\n\nUser-agent: *\n",
    )
    return Reader(name="robots.txt", read=read, samples=rules, written=written.robots())


def source_files() -> Reader:
    from hanoiwatch.sources.loader import (
        BUNDLED_FAMILIES,
        BUNDLED_SOURCES,
        load_families,
        read_family,
        read_source,
    )

    families = load_families()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-sources-"))

    def read(body: bytes) -> object:
        said = re.search(rb'^name = "([a-z0-9-]{1,40})"', body, re.MULTILINE)
        path = folder / f"{said[1].decode() if said else 'nguon'}.toml"  # it must be called so
        path.write_bytes(body)
        try:
            return read_source(path, families) if b"[discover]" in body else read_family(path)
        finally:
            path.unlink()

    files = (*sorted(BUNDLED_SOURCES.glob("*.toml")), *sorted(BUNDLED_FAMILIES.glob("*.toml")))
    return Reader(
        name="source file",
        read=read,
        samples=tuple(file.read_bytes() for file in files),
        written=written.source_files(),
        refusals=(SourceFileError,),
    )


# --- discovery -------------------------------------------------------------------------------


def feeds() -> Reader:
    from crawler.discover.feeds import read_feed
    from crawler.discover.union import by_canonical

    def read(body: bytes) -> object:
        return by_canonical(read_feed(body, "application/rss+xml", f"{HOME}/rss/home").items)

    sections = _edition().site.sections
    paths = ("/rss/home", "/atom.xml", *(f"/rss/{one}" for one in sections), "/rdf/xa-hoi")
    return Reader(name="feed", read=read, samples=_served(paths), written=written.feeds())


def sitemaps() -> Reader:
    from crawler.discover.children import needed_children
    from crawler.discover.sitemaps import read_sitemap
    from crawler.discover.union import by_canonical

    def read(body: bytes) -> object:
        result = read_sitemap(body, f"{HOME}/sitemap.xml")
        return by_canonical(result.items), needed_children(result.children, since=NOW.date())

    index, news = (
        page_at(_edition(), "/sitemap.xml").body,
        page_at(_edition(), "/sitemap-news.xml").body,
    )
    days = _served(
        f"/sitemap{rest}" for rest in re.findall(r"/sitemap(-art[^<]+)<", index.decode())
    )
    samples = (index, news, *days[:6], gzip.compress(days[0]))
    return Reader(name="sitemap", read=read, samples=samples, written=written.sitemaps())


def section_pages() -> Reader:
    from crawler.discover.sections import read_section
    from crawler.discover.union import by_canonical

    source = _sample_source()

    def read(body: bytes) -> object:
        return by_canonical(read_section(body, "text/html", f"{HOME}/xa-hoi", source).items)

    paths = ("/", "/xa-hoi", "/xa-hoi/trang-2", "/chinh-tri", next(iter(_edition().by_path)))
    return Reader(name="section page", read=read, samples=_served(paths), written=written.pages())


def _sample_source() -> Source:
    from hanoiwatch.sources.loader import load_families, read_source

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{SOURCE_NAME}.toml")
        path.write_text(source_toml(HOME))
        return read_source(path, load_families())


# --- search ----------------------------------------------------------------------------------

QUERIES = (
    "hồ nước", "ho nuoc", '"hồ tây" OR "hồ gươm"', 'title:(hồ -nước) caption:"mai anh"', "-hồ",
    '"sắp xếp bộ máy"~6', "15-NQ/TW", "~thuỷ ~\"kỷ luật\"", "TP.Hà Nội (a OR (b c)) lead:x",
    "sĩ kỉ quí",
)  # fmt: skip


def queries() -> Reader:
    """A query through parser, index, matcher and highlighter, which must agree."""
    from hanoiwatch.query import highlights, matches, parse
    from indexer.search.embedded import EmbeddedIndex

    contents = tuple(_outlet().all_expected().values())[:12]
    index = EmbeddedIndex(Path(tempfile.mkdtemp(prefix="fuzz-index-")) / "index.sqlite3")
    index.apply([_change(rowid, content) for rowid, content in enumerate(contents, start=1)])

    def read(query: bytes) -> object:
        tree = parse(query.decode("utf-8", "replace"))
        found = index.search(tree, Filters(), limit=len(contents), sort="relevance")
        rowids = {match.article_rowid for match in found.matches}
        expected = {place for place, one in enumerate(contents, start=1) if matches(tree, one)}
        assert rowids == expected, f"index {rowids}, matcher {expected}"
        return [highlights(tree, contents[rowid - 1]) for rowid in rowids]

    return Reader(
        name="query",
        read=read,
        samples=tuple(query.encode() for query in QUERIES),
        written=written.queries(),
        refusals=(QueryError,),
    )


def _change(rowid: int, content: Content) -> IndexChange:
    name = ArticleId(f"{rowid:016x}")
    article = Article(
        id=name, rowid=rowid, source=SOURCE_NAME, content=content, first_seen_at=NOW,
        fetched_at=NOW,
        indexed_at=None, revision=1, sequence=rowid, rights="full", layout="", extractor="",
        capture_record_id="", capture_sha256="",
    )  # fmt: skip
    change = Change(sequence=rowid, article_rowid=rowid, article_id=name, kind="new")
    return IndexChange(change=change, article=article)


READERS: dict[str, Callable[[], Reader]] = {
    "page": pages,
    "body": bodies,
    "feed": feeds,
    "sitemap": sitemaps,
    "section page": section_pages,
    "robots.txt": robots,
    "source file": source_files,
    "query": queries,
}
"""By the name of each, made when asked for."""

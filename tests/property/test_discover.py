"""Whatever a server sends, discovery ends soon and says what it could not read."""

from __future__ import annotations

import gzip
import random
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.discover.children import named_days, needed_children
from crawler.discover.feeds import FeedResult, read_feed
from crawler.discover.listed_time import listed_time
from crawler.discover.sections import SectionResult, read_section
from crawler.discover.sitemaps import SitemapChild, SitemapResult, read_sitemap
from crawler.discover.titles import plain_title
from hanoiwatch.urls import canonical_url
from tests.thorough import examples
from tests.unit.discover.made import HOME, item, page, rss, sitemapindex, source, urlset

ATOM = (
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title>"
    b"<link href='/a-000001.html'/><updated>2026-09-05T06:30:00Z</updated></entry></feed>"
)
NEWS = (
    f"<loc>{HOME}a-000001.html</loc><news:news><news:title>T</news:title>"
    "<news:publication_date>2026-09-05</news:publication_date></news:news>"
)
LIST = page(
    "<h3><a href='/a-000001.html'>Tin một</a></h3><a href='/b-000002.html' title='Tin hai'>"
    "<img alt='x'></a><div class='pagination'><span>1</span><a href='?p=2'>2</a>"
    "<a href='?p=2'>Trang sau</a></div>",
    "<base href='/'>",
)
SEEDS = (
    rss(item(1, "Tin &amp;amp; bài", "9/5/2026 1:30:00 PM"), item(2, "<![CDATA[Tin]]>")),
    ATOM,
    urlset(NEWS, f"<loc>{HOME}b-000002.html</loc>"),
    sitemapindex("<loc>/sitemap-2026-09-05.xml</loc><lastmod>2026-09-05</lastmod>"),
    gzip.compress(urlset(NEWS), mtime=0),
    LIST,
)
PIECES = (
    b"<", b">", b"&", b"</", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?xml", b"?>", b"&amp;",
    b"<!DOCTYPE x [", b'"', b"'", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"&#1114112;", b"&#x0;",
    b"<item>", b"<link>", b"<a href=", b"<loc>", b"http://[", b"http://a:b@c/", b"<base href=x:>",
    b"encoding='utf-7'", b"encoding='rot13'", b"xmlns:a='", b"<a:b>", b"99999999999", b"/.." * 9,
)  # fmt: skip
SOURCES = (source(), source(article_url=(r"-\d+\.html$",), page_url="{section}/{page}"))
SECONDS = 2.0
"""Each body takes a few milliseconds; this is a hang on the slowest machine."""


def read_all(body: bytes) -> tuple[FeedResult | SitemapResult | SectionResult, ...]:
    return (
        read_feed(body, "", HOME),
        read_feed(body, "text/xml; charset=windows-1258", HOME),
        read_sitemap(body, HOME),
        *(read_section(body, "text/html", f"{HOME}chinh-tri", one) for one in SOURCES),
    )


def check(body: bytes) -> None:
    began = time.process_time()
    for result in read_all(body):
        assert result.items or result.problem or getattr(result, "children", ())
        for one in result.items:
            assert canonical_url(one.url)
            assert one.published_at is None or one.published_at.tzinfo is not None
    assert time.process_time() - began < SECONDS


def mutated(chance: random.Random) -> bytes:
    body = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(4):
            case 0:
                body[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                body[at:at] = chance.choice(PIECES) * chance.choice((1, 1, 1, 50))
            case 2:
                del body[at : at + chance.randint(1, 30)]
            case _:
                body[at:at] = body[at // 2 : at // 2 + 40]
    return bytes(body)


@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_mutated_lists_end_in_words(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        check(mutated(chance))


@pytest.mark.slow
def test_ten_thousand_more_mutated_lists_end_in_words() -> None:
    chance = random.Random(20261120)
    for _ in range(10_000):
        check(mutated(chance))


@given(st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES)).map(b"".join)))
@example(b"\x1c")  # white space as Unicode has it, and nothing else
@settings(max_examples=examples(150))
def test_any_bytes_end_in_words(body: bytes) -> None:
    check(body)


@pytest.mark.parametrize("piece", PIECES)
def test_long_repetitions_end_soon(piece: bytes) -> None:
    """The quadratic corners of parsers: each of these is 20 KB of one thing."""
    for before in (b"", b"<rss><channel><item><title>", b"<urlset><url><loc>", b"<html><body>"):
        body = before + piece * (20_000 // len(piece))
        for result in (
            read_feed(body, "", HOME),
            read_sitemap(body, HOME),
            read_section(body, "text/html", HOME, SOURCES[0]),
        ):
            assert result.items or result.problem


@given(st.text(max_size=80))
def test_any_text_is_a_time_and_a_title_or_is_not(text: str) -> None:
    moment = listed_time(text)
    assert moment is None or moment.utcoffset() is not None
    title = plain_title(text)
    assert title is None or title == " ".join(title.split())


@given(st.lists(st.sampled_from(["2026", "-", "/", "9", "09", "31", "0", "1999", "x", "?", "."])))
def test_any_name_of_a_sitemap_speaks_of_days_in_order_or_of_none(parts: list[str]) -> None:
    url = HOME + "".join(parts)
    days = named_days(url)
    if days is None:
        return
    assert days[0] <= days[1]
    one = SitemapChild(url=url)
    assert needed_children([one], since=days[1], until=days[0] if days[0] == days[1] else None)

"""Sitemaps, indexes, news sitemaps, text, gzip; whole, cut and wrong."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta

import pytest

from crawler.discover import sitemaps
from crawler.discover.sitemaps import SitemapChild, SitemapResult, read_sitemap
from hanoiwatch.clock import HANOI
from tests.unit.discover.made import HOME, item, rss, sitemapindex, urlset

AT = "https://bao.example/sitemap.xml"
AFTERNOON = datetime(2026, 9, 5, 13, 30, tzinfo=HANOI)

ENTRY = (
    f"<loc>\n {HOME}cau-moi-000001.html </loc><lastmod>2026-09-05T13:30:01+07:00</lastmod>"
    f"<image:image><image:loc>{HOME}anh.jpg</image:loc><image:title>Ảnh</image:title></image:image>"
)
NEWS_ENTRY = (
    f"<loc>{HOME}cau-moi-000002.html?a=1&amp;b=2</loc><news:news><news:publication>"
    "<news:name>Báo</news:name></news:publication><news:title>Cầu &amp;amp; đường</news:title>"
    "<news:publication_date>2026-09-05T13:30:00+07:00</news:publication_date></news:news>"
    "<lastmod>2026-09-06</lastmod>"
)


def read(body: bytes) -> SitemapResult:
    return read_sitemap(body, AT)


def test_pages_are_listed_and_pictures_are_not() -> None:
    found = read(urlset(ENTRY, NEWS_ENTRY))
    assert (found.problem, found.children) == (None, ())
    assert [(one.url, one.title, one.published_at) for one in found.items] == [
        (f"{HOME}cau-moi-000001.html", None, AFTERNOON + timedelta(seconds=1)),
        (f"{HOME}cau-moi-000002.html?a=1&b=2", "Cầu & đường", AFTERNOON),
    ]


def test_an_index_lists_its_children() -> None:
    found = read(
        sitemapindex(
            "<loc>/sitemap-2026-09-05.xml</loc><lastmod>2026-09-05T13:30:00+07:00</lastmod>",
            f"<loc>{HOME}sitemap-news.xml</loc>",
        )
    )
    assert (found.problem, found.items) == (None, ())
    assert found.children == (
        SitemapChild(url=f"{HOME}sitemap-2026-09-05.xml", lastmod=AFTERNOON),
        SitemapChild(url=f"{HOME}sitemap-news.xml"),
    )


@pytest.mark.parametrize("times", [1, 2])
def test_a_gzipped_file_is_read_however_it_is_served(times: int) -> None:
    body = urlset(ENTRY)
    for _ in range(times):
        body = gzip.compress(body)
    assert len(read(body).items) == 1


def test_a_text_sitemap_is_a_list_of_addresses() -> None:
    found = read(f"\ufeff{HOME}a-000001.html\r\n{HOME}b-000002.html\n".encode())
    assert [one.url for one in found.items] == [f"{HOME}a-000001.html", f"{HOME}b-000002.html"]


def test_a_feed_may_stand_where_a_sitemap_is_asked_for() -> None:
    assert [one.url for one in read(rss(item(7))).items] == [f"{HOME}cau-moi-000007.html"]


def test_namespaces_may_be_missing_or_have_prefixes() -> None:
    plain = f"<urlset><url><loc>{HOME}a-000001.html</loc></url></urlset>".encode()
    prefixed = (
        '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<s:url><s:loc>{HOME}a-000001.html</s:loc></s:url></s:urlset>"
    ).encode()
    assert read(plain).items == read(prefixed).items
    assert len(read(plain).items) == 1


def test_bare_ampersands_do_no_harm() -> None:
    found = read(urlset(f"<loc>{HOME}a-1.html?x=1&y=2</loc>", "<loc><![CDATA[/b?x=1&y=2]]></loc>"))
    assert [one.url for one in found.items] == [f"{HOME}a-1.html?x=1&y=2", f"{HOME}b?x=1&y=2"]
    assert found.problem is None


def test_a_sitemap_in_utf_16_is_read() -> None:
    body = urlset(NEWS_ENTRY).decode().replace("UTF-8", "UTF-16")
    assert [one.title for one in read(body.encode("utf-16")).items] == ["Cầu & đường"]


@pytest.mark.parametrize("prefix", ["", "s:"])
def test_half_a_sitemap_is_half_a_sitemap_and_never_half_an_address(prefix: str) -> None:
    entries = "".join(
        f"<{prefix}url><{prefix}loc>{HOME}cau-moi-{n:06d}.html</{prefix}loc></{prefix}url>"
        for n in range(5)
    )
    whole = f'<{prefix}urlset xmlns{":s" * bool(prefix)}="x">{entries}</{prefix}urlset>'.encode()
    urls = {one.url for one in read(whole).items}
    assert len(urls) == 5
    for length in range(20, len(whole)):
        found = read(whole[:length])
        assert found.problem, length
        assert {one.url for one in found.items} <= urls, length
    assert len(read(whole[:-20]).items) >= 4


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the body is empty"),
        (urlset(), "the sitemap has no entries"),
        (b"<!doctype html><html><body>403</body></html>", "an HTML page instead of a sitemap"),
        (b"<opml><body/></opml>", "not a sitemap"),
        (b"Xin loi, trang khong ton tai.", "neither XML nor a list of addresses"),
        (urlset("<loc>mailto:a@b</loc>", ""), "2 of 2 entries have no usable address"),
        (gzip.compress(urlset(ENTRY))[:-10], "the body is truncated: its gzip coding does not end"),
    ],
)  # fmt: skip
def test_what_is_no_sitemap_is_said_in_words(body: bytes, problem: str) -> None:
    assert read(body) == SitemapResult(problem=problem)


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_BYTES", 10_000)
    for body in (gzip.compress(bytes(1_000_000)), urlset(*[ENTRY] * 50)):
        assert "over 10000 bytes" in str(read(body).problem)


def test_only_so_many_entries_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ENTRIES", 3)
    found = read(urlset(*[ENTRY] * 4))
    assert len(found.items) == 3
    assert "more than 3 entries" in str(found.problem)


def test_entities_are_neither_fetched_nor_expanded() -> None:
    body = urlset(f"<loc>{HOME}a-&x;.html</loc>").decode()
    doctype = '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    found = read(body.replace("?>", "?>" + doctype, 1).encode())
    assert [one.url for one in found.items] in ([], [f"{HOME}a-"], [f"{HOME}a-.html"])

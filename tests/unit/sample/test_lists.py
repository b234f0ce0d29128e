"""Lists, feeds and sitemaps: every article can be found in every way."""

from __future__ import annotations

import gzip
import re
import tomllib
from dataclasses import replace
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import feedparser
import lxml.etree
import lxml.html
import pytest
from protego import Protego

from hanoiwatch.sample.addresses import ARTICLE_URL
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.render.lists import INTERNAL_PATH
from hanoiwatch.sample.routes import page_at
from hanoiwatch.sample.source import source_toml
from tests.outlet import small_article, small_outlet

BASE = "http://127.0.0.1"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def body(outlet: Outlet, path: str) -> bytes:
    page = page_at(outlet.edition, path)
    assert page.status == 200, path
    return page.body


def linked(outlet: Outlet, path: str) -> list[str]:
    """The links of a list page, without fragments."""
    document = lxml.html.document_fromstring(body(outlet, path).decode())
    return [link.partition("#")[0] for link in document.xpath("//main//a/@href")]


def locations(xml: bytes) -> list[str]:
    return [str(element.text) for element in lxml.etree.fromstring(xml).iter(LOC)]


def test_every_article_is_within_three_pages_of_its_section() -> None:
    outlet = Outlet()
    for section in outlet.edition.site.sections:
        found = set(linked(outlet, f"/{section}"))
        for page in (2, 3):
            if page_at(outlet.edition, f"/{section}/trang-{page}").status == 200:
                found |= set(linked(outlet, f"/{section}/trang-{page}"))
        assert {entry.path for entry in outlet.edition.in_section(section)} <= found


def test_paging_follows_the_next_link_and_ends_with_404() -> None:
    outlet = small_outlet(20)
    pages = ["/do-thi"]
    while following := re.search(rb'rel="next" href="([^"]+)"', body(outlet, pages[-1])):
        pages.append(following[1].decode())
    assert pages == ["/do-thi", "/do-thi/trang-2", "/do-thi/trang-3"]
    assert page_at(outlet.edition, "/do-thi/trang-4").status == 404


def test_lists_link_to_what_a_crawler_must_leave_alone() -> None:
    links = linked(Outlet(), "/xa-hoi")
    assert INTERNAL_PATH in links
    assert "https://example.org/lien-ket-1200000.html" in links
    assert "/podcast/chuyen-pho-1199998.html" in links


def test_robots_forbids_the_internal_page_and_names_the_sitemaps() -> None:
    rules = Protego.parse(body(Outlet(), "/robots.txt").decode())
    assert not rules.can_fetch(BASE + INTERNAL_PATH, "hanoiwatch")
    assert rules.can_fetch(f"{BASE}/chinh-tri", "hanoiwatch")
    assert rules.crawl_delay("hanoiwatch") == 0
    assert list(rules.sitemaps) == [f"{BASE}/sitemap.xml", f"{BASE}/sitemap-news.xml"]


def test_a_section_feed_has_title_lead_and_exact_time_of_each_article() -> None:
    outlet = small_outlet(3)
    feed = feedparser.parse(body(outlet, "/rss/do-thi"))
    assert not feed.bozo
    for item, entry in zip(feed.entries, outlet.edition.entries, strict=True):
        assert (item.title, item.link) == (entry.article.title, BASE + entry.path)
        assert entry.article.lead in item.description
        assert parsedate_to_datetime(item.published) == entry.published


def test_the_home_feed_adds_tracking_parameters() -> None:
    item = feedparser.parse(body(small_outlet(1), "/rss/home")).entries[0]
    assert urlsplit(item.link).query == "utm_source=rss&utm_medium=home"


def test_one_feed_is_in_the_manner_of_vccorp() -> None:
    outlet = Outlet([replace(small_article(0), section="van-hoa")])
    xml = body(outlet, "/rss/van-hoa").decode()
    assert "<pubDate>10/1/2026 7:05:00 AM</pubDate>" in xml
    assert "<link><![CDATA[http://127.0.0.1/" in xml


@pytest.mark.parametrize(("path", "version"), [("/atom.xml", "atom10"), ("/rdf/do-thi", "rss10")])
def test_atom_and_rdf_are_served_too(path: str, version: str) -> None:
    outlet = small_outlet(3)
    feed = feedparser.parse(body(outlet, path))
    assert (feed.version, bool(feed.bozo)) == (version, False)
    assert [item.link for item in feed.entries] == [
        BASE + entry.path for entry in outlet.edition.entries
    ]


def test_the_wrong_form_of_a_feed_address_gives_an_empty_feed() -> None:
    feed = feedparser.parse(body(small_outlet(3), "/rss/do-thi.rss"))
    assert (feed.version, feed.entries) == ("rss20", [])


def test_the_day_files_of_the_sitemap_hold_every_article_once() -> None:
    outlet = Outlet()
    days = [urlsplit(url).path for url in locations(body(outlet, "/sitemap.xml"))]
    assert days == sorted(days, reverse=True)
    assert [path.endswith(".gz") for path in days] == [False] * (len(days) - 1) + [True]
    files = [
        gzip.decompress(body(outlet, path)) if path.endswith(".gz") else body(outlet, path)
        for path in days
    ]
    found = [url for file in files for url in locations(file)]
    assert sorted(found) == sorted(BASE + entry.path for entry in outlet.edition.entries)


def test_an_edit_shows_in_the_sitemap_of_its_day_and_in_the_index() -> None:
    outlet = small_outlet(30)
    slug = small_article(25).slug  # published on the second day
    outlet.edit(slug, title="Đầu đề mới")
    stamp = outlet.entry(slug).edited_at.isoformat().encode()
    assert stamp in body(outlet, "/sitemap-article-2026-10-02.xml")
    assert stamp in body(outlet, "/sitemap.xml")


def test_the_news_sitemap_has_the_last_two_days() -> None:
    outlet = small_outlet(72)
    assert len(locations(body(outlet, "/sitemap-news.xml"))) == 48


@pytest.mark.parametrize(
    "path",
    [
        "/sitemap-article-2026-13-45.xml", "/sitemap-article-1999-01-01.xml", "/rss/the-thao",
        "/rdf/the-thao", "/the-thao", "/do-thi/trang-0x", "/khong-co-999999.html", "//", "",
    ],
)  # fmt: skip
def test_an_unknown_address_is_404(path: str) -> None:
    assert page_at(small_outlet(3).edition, path).status == 404


def test_images_are_png_and_differ_by_name() -> None:
    outlet = small_outlet(1)
    first, second = (body(outlet, f"/images/2026/10/01/{name}.png") for name in "ab")
    assert first.startswith(b"\x89PNG\r\n")
    assert first != second


def test_the_source_file_names_addresses_that_exist() -> None:
    outlet = Outlet()
    source = tomllib.loads(source_toml(BASE))
    discover = source["discover"]
    for url in (*discover["feeds"], *discover["sitemaps"], *discover["sections"], source["home"]):
        assert page_at(outlet.edition, urlsplit(url).path).status == 200, url
    second = discover["page_url"].format(section=f"{BASE}/chinh-tri", page=2)
    assert page_at(outlet.edition, urlsplit(second).path).status == 200


def test_the_article_pattern_fits_all_articles_and_no_list() -> None:
    outlet = Outlet()
    pattern = re.compile(ARTICLE_URL)
    assert all(pattern.search(BASE + entry.path) for entry in outlet.edition.entries)
    others = ("/", "/chinh-tri", "/chinh-tri/trang-2", "/tu-khoa-0-ptag.html", "/rss/chinh-tri")
    assert not any(pattern.search(BASE + path) for path in others)

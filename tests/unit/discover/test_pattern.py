"""The regular expression of an outlet's articles."""

from __future__ import annotations

import re

import pytest

from crawler.discover.article_urls import ArticleUrls
from crawler.discover.pattern import derive_pattern
from hanoiwatch.sources.schema import Discover, Source

HOME = "https://bao-la.vn/"
SECTIONS = (f"{HOME}chinh-tri", f"{HOME}thoi-su/", f"{HOME}do-thi.html", f"{HOME}van-hoa-24.htm")

OUTLETS = {
    "a number": ["cau-moi-qua-song-1214595.html", "hop-phuong-703441.html"],
    "a moment": ["cau-moi-102261119115300065.htm", "hop-phuong-102261118080000123.htm"],
    "post": ["cau-moi-post813402.vnp", "hop-phuong-post99871.vnp"],
    "a letter": ["thoi-su/cau-moi-i765432/", "thoi-su/hop-phuong-i765001/"],
    "no ending": ["thoi-su/tin/cau-moi-qua-song-813402", "thoi-su/tin/hop-phuong-813001"],
    "a date in the path": ["2026/11/18/cau-moi", "2026/11/19/hop-phuong"],
    "a date and a slash": ["2026/11/18/cau-moi/", "2026/11/19/hop-phuong-20/"],
    "words alone": ["cau-moi-qua-song-hong.html", "phuong-hop-khong-giay-to.html"],
    "a query": ["chi-tiet.aspx?id=40233", "chi-tiet.aspx?id=40234"],
    "a query with a section": ["chi-tiet.aspx?cid=2&nid=40233", "chi-tiet.aspx?cid=3&nid=40234"],
    "two systems": ["cau-moi-1214595.html", "a-1214596.html", "hop-post99871.htm"],
}


@pytest.mark.parametrize("paths", OUTLETS.values(), ids=OUTLETS)
def test_it_matches_the_articles_and_no_section(paths: list[str]) -> None:
    urls = [HOME + path for path in paths]
    found = derive_pattern(urls, SECTIONS, HOME)
    source = Source(
        name="x", title="X", home=HOME, discover=Discover(article_url=found.expressions)
    )
    rules = ArticleUrls(source)
    assert [url for url in urls if not rules.is_article(url)] == []
    assert [url for url in urls if not any(re.search(one, url) for one in found.expressions)] == []
    assert [url for url in SECTIONS if rules.is_article(url)] == []
    assert (found.covered, found.of, found.too_wide) == (len(urls), len(urls), ())
    assert not rules.is_article("https://bao-khac.vn/" + paths[0])


def test_the_list_of_a_day_is_no_article_of_a_dated_address() -> None:
    (dated,) = derive_pattern([f"{HOME}2026/11/18/cau-moi/"], (), HOME).expressions
    assert not re.search(dated, f"{HOME}2026/11/18/")
    assert not re.search(dated, f"{HOME}2026/11/")


def test_a_stray_link_makes_no_pattern_of_its_own() -> None:
    urls = [f"{HOME}tin-so-{n}-12145{n:02d}.html" for n in range(40)] + [f"{HOME}lien-he"]
    found = derive_pattern(urls, SECTIONS, HOME)
    assert found.expressions == (r"^https?://(?:www\.)?bao-la\.vn/[^?#]*-\d{6,}\.html$",)
    assert (found.covered, found.of) == (40, 41)


def test_older_numbers_are_a_digit_shorter_and_moments_are_not() -> None:
    (number,) = derive_pattern([f"{HOME}a-1214595.html"], (), HOME).expressions
    assert re.search(number, f"{HOME}cu-714595.html")
    (moment,) = derive_pattern([f"{HOME}a-102261119115300065.htm"], (), HOME).expressions
    assert not re.search(moment, f"{HOME}a-10226111911530006.htm")


def test_articles_on_subdomains_are_covered() -> None:
    urls = ["https://nhip-song.bao-la.vn/cau-moi-1214595.html", f"{HOME}hop-1214596.html"]
    assert derive_pattern(urls, (), HOME).covered == 2


def test_a_section_that_matches_is_named() -> None:
    found = derive_pattern([f"{HOME}cau-moi-12145.html"], [f"{HOME}so-tay-10245.html"], HOME)
    assert found.too_wide == (f"{HOME}so-tay-10245.html",)


def test_nothing_gives_nothing() -> None:
    assert derive_pattern([], SECTIONS, HOME).expressions == ()

"""Which addresses are articles of a source."""

from __future__ import annotations

import time

import pytest

from crawler.discover.article_urls import ArticleUrls, article_urls
from tests.unit.discover.made import HOME, source


def test_the_sources_expressions_decide() -> None:
    rules = ArticleUrls(
        source(
            article_url=(r"^https://bao\.example/[a-z0-9-]+-\d{6}\.html$", r"/dac-biet/"),
            exclude_url=("/podcast/",),
        )
    )
    assert rules.is_article(f"{HOME}cau-moi-000001.html")
    assert rules.is_article(f"{HOME}dac-biet/tet")
    assert not rules.is_article(f"{HOME}podcast/dac-biet/cau-moi-000001.html")
    assert not rules.is_article(f"{HOME}chinh-tri")
    assert not rules.is_article("javascript:void(0)")


def test_twins_are_articles_too() -> None:
    rules = ArticleUrls(source(article_url=(r"^https://bao\.example/[a-z0-9-]+-\d{6}\.html$",)))
    assert rules.is_article("http://m.bao.example/cau-moi-000001.html?utm_source=rss#top")


def test_an_expression_may_want_what_the_canonical_form_drops() -> None:
    rules = ArticleUrls(source(article_url=(r"^http://m\.bao\.example/",)))
    assert rules.is_article("http://m.bao.example/x")
    assert not rules.is_article("https://bao.example/x")


def test_without_expressions_a_listed_address_of_the_site_is_an_article() -> None:
    rules = ArticleUrls(source())
    assert rules.is_article(f"{HOME}tin/khong-co-so")
    assert not rules.is_article("https://khac.example/cau-moi-000001.html")


@pytest.mark.parametrize(
    "path",
    [
        "cau-moi-thong-xe-1214595.html",
        "cau-moi-20260307080612345.htm",
        "cau-moi-102260301095100123.htm",
        "cau-moi-188260301095100123.chn",
        "cau-moi-post41235.vnp",
        "cau-moi-post1712345.tpo",
        "cau-moi-d1234567.html",
        "thoi-su/cau-moi-i765432/",
        "chinh-tri/cau-moi-812345",
        "nguoi-ha-noi-70123.html",
        "cau-moi-1214595.html?utm_source=x",
    ],
)
def test_without_expressions_a_linked_article_is_known_by_its_shape(path: str) -> None:
    assert ArticleUrls(source()).is_linked_article(HOME + path)


@pytest.mark.parametrize(
    "path",
    ["chinh-tri", "thoi-su/chinh-tri.htm", "tag/ha-noi-tag12345.html", "topic/ha-noi-26482",
     "rss/phap-luat-128712.rss", "anh/cau-moi-123456.jpg", "timeline/5/trang-2.htm", "thoi-su-p2",
     "kinh-doanh-page1"],
)  # fmt: skip
def test_without_expressions_other_links_are_not(path: str) -> None:
    assert not ArticleUrls(source()).is_linked_article(HOME + path)


def test_an_expression_that_takes_forever_is_left_out_and_said() -> None:
    slow = r"^https://bao\.example/(?:a|aa)+$"
    rules = ArticleUrls(source(article_url=(slow, r"-\d{6}\.html$"), exclude_url=(slow,)))
    began = time.process_time()
    for number in range(30):
        assert rules.is_article(f"{HOME}{'a' * 60}-{number:06d}.html")
    assert time.process_time() - began < 10
    assert [fault.count("and is left out") for fault in rules.faults] == [0, 1, 0, 1]
    assert "(?:a|aa)+$" in rules.faults[0]
    assert "takes too long" in rules.faults[0]


def test_where_every_expression_is_left_out_nothing_is_an_article() -> None:
    rules = ArticleUrls(source(article_url=("^(a", r"/(?:a|aa)+$")))
    assert "cannot be used" in rules.faults[0]
    for number in range(2):
        assert not rules.is_article(f"{HOME}{'a' * (60 + number)}-")
    assert "takes too long and is left out" in rules.faults[2]
    assert not rules.is_article(f"{HOME}aa")


def test_one_slow_address_does_not_cost_the_source_its_expression() -> None:
    rules = ArticleUrls(source(article_url=(r"^https://bao\.example/(?:a|aa)+$",)))
    assert not rules.is_article(f"{HOME}{'a' * 60}-")
    assert len(rules.faults) == 1
    assert rules.is_article(f"{HOME}aa")


def test_the_rules_of_a_source_are_made_once() -> None:
    assert article_urls(source()) is article_urls(source())

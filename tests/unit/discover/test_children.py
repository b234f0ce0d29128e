"""Which files of an index are read for some days."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from crawler.discover.children import named_days, needed_children
from crawler.discover.sitemaps import SitemapChild
from hanoiwatch.clock import HANOI


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("sitemap-article-2026-09-05.xml", (9, 5), (9, 5)),
        ("sitemap-article-2026-09-05.xml.gz", (9, 5), (9, 5)),
        ("Article-20260905.xml", (9, 5), (9, 5)),
        ("2026/09/05.xml", (9, 5), (9, 5)),
        ("sitemaps/sitemaps-2026-9-16-20.xml", (9, 16), (9, 20)),
        ("sitemaps-2026-9-26-31.xml", (9, 26), (9, 30)),
        ("news-2026-9.xml", (9, 1), (9, 30)),
        ("Article-202609.xml", (9, 1), (9, 30)),
        ("sitemaps/0/2026/9.xml", (9, 1), (9, 30)),
        ("news-2026-9-2.xml", (9, 1), (9, 30)),  # a day, or the month's second file
        ("news-2026-2.xml", (2, 1), (2, 28)),
        ("sitemap-article-2026-02-31.xml", (2, 1), (2, 28)),
        ("sitemap-2026.xml", (1, 1), (12, 31)),
        ("sitemap?nam=2026", (1, 1), (12, 31)),
        ("archive-2019/news-2026-9.xml", (9, 1), (9, 30)),
    ],
)
def test_names_speak_of_days(name: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    assert named_days(f"https://bao.example/{name}") == (date(2026, *first), date(2026, *last))


@pytest.mark.parametrize(
    "name",
    ["sitemap.xml", "google-news.xml", "sitemap_site_1.xml", "x-20261341.xml", "news-2026-13.xml",
     "s-20260231.xml", "s-12026091.xml", "feed-0.xml"],
)  # fmt: skip
def test_other_names_speak_of_none(name: str) -> None:
    assert named_days(f"https://bao.example/{name}") is None


def child(name: str, lastmod: date | None = None) -> SitemapChild:
    moment = (
        datetime(lastmod.year, lastmod.month, lastmod.day, 9, tzinfo=HANOI) if lastmod else None
    )
    return SitemapChild(url=f"https://bao.example/{name}", lastmod=moment)


CHILDREN = (
    child("sitemap-news.xml"),
    child("sections.xml", date(2026, 9, 1)),
    child("all.xml", date(2026, 9, 6)),
    child("article-2026-09-06.xml"),
    child("article-2026-09-05.xml", date(2020, 1, 1)),  # the name is worth more
    child("article-2026-09-04.xml"),
    child("month-2026-8.xml"),
)


def needed(since: date, until: date | None = None) -> list[str]:
    chosen = needed_children(CHILDREN, since=since, until=until)
    return [one.url.rpartition("/")[2] for one in chosen]


def test_all_since_a_day_is_kept_and_so_is_what_nobody_can_tell() -> None:
    assert needed(date(2026, 9, 5)) == [
        "sitemap-news.xml", "all.xml", "article-2026-09-06.xml", "article-2026-09-05.xml",
    ]  # fmt: skip


def test_one_day_needs_its_own_file() -> None:
    assert needed(date(2026, 9, 5), date(2026, 9, 5)) == [
        "sitemap-news.xml", "all.xml", "article-2026-09-05.xml",
    ]  # fmt: skip


def test_a_backfill_reaches_into_the_month_before() -> None:
    assert needed(date(2026, 8, 31), date(2026, 9, 4)) == [
        "sitemap-news.xml", "sections.xml", "all.xml", "article-2026-09-04.xml", "month-2026-8.xml",
    ]  # fmt: skip

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.listing import (
    BACKFILL_PAGES,
    GAP_PAGES,
    MOST_CHILDREN,
    SMALL_SITEMAP,
    Further,
    ListPage,
    Reach,
    read_listing,
    reads_on,
)
from hanoiwatch.sources.schema import Discover, Source

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
HOME = "https://bao.example/"
SOURCE = Source(
    name="bao",
    title="Báo",
    home=HOME,
    discover=Discover(
        sections=(f"{HOME}chinh-tri",), section_pages=2, article_url=(r"-\d+\.html$",)
    ),
)
ORDINARY = Reach(now=NOW)


def page(kind: str, body: str | bytes, number: int = 1, url: str = HOME + "danh-sach") -> ListPage:
    body = body.encode() if isinstance(body, str) else body
    types = {"section": "text/html; charset=utf-8"}
    return ListPage(
        kind=kind, url=url, number=number, body=body,
        content_type=types.get(kind, "application/xml"),
    )  # fmt: skip


def index(*urls: str) -> str:
    rows = "".join(f"<sitemap><loc>{HOME}{url}</loc></sitemap>" for url in urls)
    return (
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'
    )


def urlset(*pages: tuple[str, datetime | None]) -> str:
    rows = "".join(
        f"<url><loc>{HOME}{url}</loc>"
        + (f"<lastmod>{moment.isoformat()}</lastmod>" if moment else "")
        + "</url>"
        for url, moment in pages
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def test_a_feed_lists_the_articles_of_its_source_by_canonical_url() -> None:
    body = (
        '<rss version="2.0"><channel>'
        "<item><title>Một</title><link>https://bao.example/mot-1.html?utm_source=rss</link></item>"
        "<item><title>Lại</title><link>http://bao.example/mot-1.html#a</link></item>"
        "<item><title>Trang</title><link>https://bao.example/gioi-thieu</link></item>"
        "</channel></rss>"
    )
    listing = read_listing(page("feed", body), SOURCE, ORDINARY)
    assert [*listing.items] == ["https://bao.example/mot-1.html"]
    assert listing.items["https://bao.example/mot-1.html"].title == "Một"
    assert listing.problem == ""


def test_a_feed_of_which_nothing_is_an_article_says_so() -> None:
    body = (
        '<rss version="2.0"><channel><item><link>https://x.example/a</link></item></channel></rss>'
    )
    listing = read_listing(page("feed", body), SOURCE, ORDINARY)
    assert listing.gives_nothing
    assert listing.problem == "none of its 1 items is an article of this source"
    assert listing.is_readable


@pytest.mark.parametrize(
    ("kind", "body", "readable"),
    [
        ("feed", "", True),
        ("feed", '<rss version="2.0"><channel></channel></rss>', True),
        ("feed", "xin chào", False),
        ("sitemap", "", True),
        ("sitemap", urlset(), True),
        ("sitemap", "<html><body>xin chào</body></html>", False),
        ("section", "", True),
        ("section", "<html><body><p>chưa có tin</p></body></html>", True),
        ("section", "<html><body><a href='/gioi-thieu'>a</a></body></html>", True),
    ],
)
def test_a_list_that_has_nothing_is_told_from_one_that_cannot_be_read(
    kind: str, body: str, readable: bool
) -> None:
    listing = read_listing(page(kind, body), SOURCE, ORDINARY)
    assert listing.gives_nothing
    assert listing.problem
    assert listing.is_readable is readable


def test_a_section_leads_on_to_its_next_page() -> None:
    source = replace(SOURCE, discover=replace(SOURCE.discover, page_url="{section}/trang-{page}"))
    body = "<html><body><h3><a href='/mot-1.html'>Một</a></h3></body></html>"
    url = f"{HOME}chinh-tri/trang-2"
    listing = read_listing(page("section", body, 2, url), source, ORDINARY)
    assert [*listing.items] == ["https://bao.example/mot-1.html"]
    assert listing.next_page == Further(kind="section", url=f"{HOME}chinh-tri/trang-3", number=3)


def test_a_small_index_is_read_whole_a_large_one_for_the_last_days() -> None:
    days = [NOW.date() - timedelta(days=n) for n in range(60)]
    few = read_listing(page("sitemap", index(*(f"m-{d}.xml" for d in days[:20]))), SOURCE, ORDINARY)
    assert len(few.children) == 20
    many = read_listing(page("sitemap", index(*(f"m-{d}.xml" for d in days))), SOURCE, ORDINARY)
    assert [child.url for child in many.children] == [f"{HOME}m-{d}.xml" for d in days[:8]]
    assert {child.number for child in many.children} == {2}


def test_a_backfill_reads_the_days_since_then_and_only_those() -> None:
    reach = replace(ORDINARY, since=NOW - timedelta(days=3))
    days = [NOW.date() - timedelta(days=n) for n in range(20)]
    listing = read_listing(page("sitemap", index(*(f"m-{d}.xml" for d in days))), SOURCE, reach)
    assert len(listing.children) == 8, "the last week is read in any case"
    reach = replace(ORDINARY, since=NOW - timedelta(days=15))
    listing = read_listing(page("sitemap", index(*(f"m-{d}.xml" for d in days))), SOURCE, reach)
    assert len(listing.children) == 16


def test_children_without_dates_are_bounded_and_the_rest_is_named() -> None:
    body = index(*(f"phan-{n}.xml" for n in range(MOST_CHILDREN + 20)))
    listing = read_listing(page("sitemap", body), SOURCE, ORDINARY)
    assert len(listing.children) == MOST_CHILDREN
    assert listing.left_out == "20 sitemaps without a date"
    backfill = replace(ORDINARY, since=NOW - timedelta(days=99))
    assert len(read_listing(page("sitemap", body), SOURCE, backfill).children) == MOST_CHILDREN + 20


def test_sitemaps_do_not_nest_for_ever() -> None:
    listing = read_listing(page("sitemap", index("a.xml"), number=3), SOURCE, ORDINARY)
    assert listing.children == ()
    assert listing.left_out == "1 sitemaps nested too deep"


def test_a_large_sitemap_lists_the_last_days_and_what_has_no_date() -> None:
    old, new = NOW - timedelta(days=9), NOW - timedelta(days=2)
    pages = [(f"tin-{n}.html", old) for n in range(SMALL_SITEMAP)]
    body = urlset(*pages, ("moi-1.html", new), ("khong-ngay-2.html", None))
    listing = read_listing(page("sitemap", body), SOURCE, ORDINARY)
    assert [*listing.items] == [HOME + "moi-1.html", HOME + "khong-ngay-2.html"]
    assert listing.left_out == f"{SMALL_SITEMAP} pages of before 2026-11-13"
    small = read_listing(page("sitemap", urlset(*pages[:10])), SOURCE, ORDINARY)
    assert len(small.items) == 10


def test_the_reach_of_sitemaps_goes_back_to_the_gap() -> None:
    assert ORDINARY.first_day == date(2026, 11, 13)
    assert replace(ORDINARY, gap_since=NOW - timedelta(days=9)).first_day == date(2026, 11, 11)


def on(
    reach: Reach = ORDINARY, number: int = 1, items: int = 10, known: int = 0, **discover
) -> bool:
    return reads_on(replace(SOURCE.discover, **discover), reach, number, items=items, known=known)


def test_sections_are_paged_as_far_as_the_source_says() -> None:
    assert on(number=1, known=10)
    assert not on(number=2)
    assert not on(number=1, items=0)


def test_a_gap_pages_on_until_most_is_known() -> None:
    gap = replace(ORDINARY, gap_since=NOW - timedelta(days=1))
    assert on(gap, number=4, known=4)
    assert not on(gap, number=4, known=5)
    assert not on(gap, number=GAP_PAGES)


def test_a_backfill_pages_back_only_where_no_sitemap_helps() -> None:
    backfill = replace(ORDINARY, since=NOW - timedelta(days=99))
    assert on(backfill, number=20, known=10)
    assert not on(backfill, number=BACKFILL_PAGES)
    assert not on(backfill, number=20, sitemaps=(HOME + "sitemap.xml",))


def test_a_list_added_by_hand_is_read_as_a_feed() -> None:
    assert read_listing(page("manual", "xin chào"), SOURCE, ORDINARY).problem == "not a feed"


def test_an_unknown_kind_of_list_is_a_bug_that_shows() -> None:
    with pytest.raises(AssertionError):
        read_listing(page("radio", "xin chào"), SOURCE, ORDINARY)

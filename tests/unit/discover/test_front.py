"""What a front page tells of its outlet."""

from __future__ import annotations

from crawler.discover.front import Front, read_front
from hanoiwatch.sources.schema import Discover, Source

HOME = "https://bao-la.vn/"
SOURCE = Source(name="x", title="X", home=HOME, discover=Discover())

PAGE = """<html><head><title>Tin tức mới nhất | Báo Lạ</title>
<meta property="og:site_name" content="Báo Lạ">
<link rel="alternate" type="application/rss+xml" href="/rss/trang-chu.rss">
<link rel="alternate" hreflang="en" href="/en"></head><body>
<header><a href="/">Báo Lạ</a></header>
<div class="main-menu"><ul><li><a href="/van-hoa">Văn hóa</a></li>
<li><a href="/chinh-tri">Chính trị</a><a href="/chinh-tri/doi-ngoai">Đối ngoại</a></li>
<li><a href="/video">Video</a></li><li><a href="/tai-ve/lich.pdf">Tờ lịch</a></li>
<li><a href="/cau-moi-1214595.html">Cầu mới</a></li><li><a href="/tim?q=1">Tìm</a></li>
<li><a href="https://khac.vn/the-thao">Thể thao</a></li></ul></div>
<p><a href="/xa-hoi">Ngoài thực đơn</a></p>
<footer><a href="/kenh-tin">RSS</a><a href="/rss/do-thi.rss">Kênh</a></footer></body></html>"""


def read(html: str) -> Front:
    return read_front(html.encode(), "text/html; charset=utf-8", HOME, SOURCE)


def test_its_name_its_feeds_and_the_pages_that_may_list_more() -> None:
    front = read(PAGE)
    assert front.title == "Báo Lạ"
    assert front.feeds == (f"{HOME}rss/trang-chu.rss", f"{HOME}rss/do-thi.rss")
    assert front.feed_pages == (f"{HOME}kenh-tin",)


def test_sections_are_what_the_menu_links_main_ones_and_politics_first() -> None:
    assert [name for _, name in read(PAGE).sections] == ["Chính trị", "Văn hóa", "Đối ngoại"]


def test_a_title_without_the_name_of_the_site_is_cut_at_its_bar() -> None:
    assert read("<title>Báo Xa — tin trong ngày</title>").title == "Báo Xa"


def test_what_is_no_page_tells_nothing() -> None:
    assert read("") == Front()

"""Where a list goes on."""

from __future__ import annotations

import pytest

from crawler.discover.sections import read_section
from hanoiwatch.sources.schema import Source
from tests.unit.discover.made import HOME, page, source

AT = f"{HOME}chinh-tri"


def next_of(body: str, url: str = AT, head: str = "", rules: Source | None = None) -> str | None:
    return read_section(page(body, head), "text/html", url, rules or source()).next_url


@pytest.mark.parametrize(
    ("template", "section", "url", "expected"),
    [
        ("{section}/trang-{page}", "chinh-tri", "chinh-tri", "chinh-tri/trang-2"),
        ("{section}/trang-{page}", "chinh-tri/", "chinh-tri/", "chinh-tri/trang-2"),
        ("{section}/trang-{page}", "chinh-tri", "chinh-tri/trang-2", "chinh-tri/trang-3"),
        ("{section}-p{page}", "thoi-su", "thoi-su-p9", "thoi-su-p10"),
        ("{section}?trang={page}", "thoi-su", "thoi-su?trang=4", "thoi-su?trang=5"),
        ("{section}/page-{page}/", "thoi-su", "thoi-su/page-2/", "thoi-su/page-3/"),
        ("{section}/page-{page}/", "thoi-su", "thoi-su/page-2", "thoi-su/page-3/"),
        ("{section}/trang-{page}", "chinh-tri", "chinh-sach", "chinh-sach/trang-2"),
    ],
)
def test_the_template_comes_first(template: str, section: str, url: str, expected: str) -> None:
    rules = source(sections=(HOME + section,), page_url=template)
    found = next_of("<a rel='next' href='/khac'>›</a>", url=HOME + url, rules=rules)
    assert found == HOME + expected


@pytest.mark.parametrize(
    "body",
    [
        "<a rel='nofollow next' href='/chinh-tri?p=2'>Xem thêm</a>",
        "<div class='pagination'><a href='/x'>1</a><a href='/chinh-tri?p=2'>Trang sau</a></div>",
        "<div class='pagination'><a href='/chinh-tri'>‹</a><a href='/chinh-tri?p=2'>»</a></div>",
        "<ul class='paging'><li><a href='/chinh-tri?p=2' title='Tiếp'><i></i></a></li></ul>",
        "<nav class='page-nav'><a href='/chinh-tri?p=2' aria-label='Next'>x</a></nav>",
        "<p class='pager'><span>1</span><a href='/chinh-tri?p=2'>2</a><a href='/c?p=9'>9</a></p>",
        "<p id='phan-trang'><a class='active' href='/x'>1</a><a href='/chinh-tri?p=2'>2</a></p>",
        "<p class='pagers'><b class='active'><a>1</a></b><a href='/chinh-tri?p=2'>2</a></p>",
        "<ul class='paging'><li class='current'><a>1</a><li><a href='/chinh-tri?p=2'>2</a></ul>",
        "<div class='pagination'><a>1</a><a href='/chinh-tri?p=2'>2</a></div>",
        "<p class='paging'><a href='/c?p=7'>7</a><b>1</b><a href='/chinh-tri?p=2'>2</a></p>",
    ],
)  # fmt: skip
def test_without_a_template_the_page_says_it(body: str) -> None:
    assert next_of(body) == f"{HOME}chinh-tri?p=2"


def test_a_link_in_the_head_says_it_too() -> None:
    head = "<link rel='next' href='https://m.bao.example/chinh-tri?p=2'>"
    assert next_of("", head=head) == "https://m.bao.example/chinh-tri?p=2"


@pytest.mark.parametrize(
    "body",
    [
        "<a href='/chinh-tri?p=2'>2</a><a href='/x'>Trang sau</a>",  # in no paging block
        "<a rel='next' href='/chinh-tri#top'>›</a>",  # this page itself
        "<a rel='next' href='https://khac.example/chinh-tri?p=2'>›</a>",
        "<a rel='next' href='javascript:next()'>›</a>",
        "<div class='pagination'><a href='/chinh-tri?p=1'>1</a><span>2</span></div>",
        "<a rel='next' href='/chinh-tri'>›</a><div class='homepage'><a href='/x'>›</a></div>",
    ],
)
def test_some_pages_do_not_go_on(body: str) -> None:
    assert next_of(body) is None


def test_a_link_that_leads_elsewhere_is_passed_over() -> None:
    body = (
        "<p class='paging'><b>1</b><a href='https://khac.example/2'>2</a>"
        "<a href='/chinh-tri?p=2'>Trang sau</a></p>"
    )
    assert next_of(body) == f"{HOME}chinh-tri?p=2"


def test_a_paging_block_of_endless_links_ends() -> None:
    body = "<div class='pagination'>" + "<a href='/x'>.</a>" * 1000 + "<a href='/y'>›</a></div>"
    assert next_of(body) is None

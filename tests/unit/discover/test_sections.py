"""Section pages: their articles, in page order, and the page after."""

from __future__ import annotations

import pytest

from crawler.discover.sections import SectionResult, read_section
from hanoiwatch.sources.schema import Source
from tests.unit.discover.made import HOME, page, source

AT = f"{HOME}chinh-tri"
ARTICLES = r"-\d{6}\.html$"


def read(body: str | bytes, url: str = AT, rules: Source | None = None) -> SectionResult:
    sent = page(body) if isinstance(body, str) else body
    return read_section(sent, "text/html", url, rules or source(article_url=(ARTICLES,)))


def link(number: int, text: str = "Tin", more: str = "") -> str:
    return f"<a href='/cau-moi-{number:06d}.html' {more}>{text}</a>"


def test_articles_come_in_page_order_each_once() -> None:
    found = read(
        link(3, "Tin ba")
        + link(1, "<img alt='Ảnh'>")
        + link(2, "Tin hai")
        + link(3)
        + "<a href='/xa-hoi'>Xã hội</a><a href='/chinh-tri'>Chính trị</a><a>Không</a>"
        + "<a href='http://m.bao.example/cau-moi-000001.html?utm_source=x#binh-luan'>Tin một</a>"
    )
    assert [(one.url, one.title) for one in found.items] == [
        (f"{HOME}cau-moi-000003.html", "Tin ba"),
        (f"{HOME}cau-moi-000001.html", "Tin một"),
        (f"{HOME}cau-moi-000002.html", "Tin hai"),
    ]
    assert found.problem is None


@pytest.mark.parametrize(
    "body",
    [
        link(1, "Ảnh") + "<h3>" + link(1, "Tiêu đề") + "</h3>",
        link(1, "<img alt='Ảnh'>")
        + link(1, "Mô tả dài của tin")
        + f"<h3>{link(1, 'Tiêu đề')}</h3>",
        link(1, "<h3>Tiêu đề</h3><p>Mô tả</p>"),
        link(1, "05:30", "title='Tiêu đề'"),
        link(1, "<img alt='Tiêu đề'>"),
        f"<h2><span>{link(1, 'Tiêu <b>đề</b>')}</span></h2>",
    ],
)
def test_the_title_is_the_best_that_any_link_gives(body: str) -> None:
    assert [one.title for one in read(body).items] == ["Tiêu đề"]


def test_a_link_without_text_has_no_title() -> None:
    assert [one.title for one in read(link(1, "<img src=x>")).items] == [None]


def test_links_are_relative_to_the_base() -> None:
    body = page("<a href='cau-moi-000001.html'>A</a>", "<base href='/tin/'>")
    assert [one.url for one in read(body).items] == [f"{HOME}tin/cau-moi-000001.html"]


def test_excluded_addresses_are_left_out() -> None:
    rules = source(article_url=(ARTICLES,), exclude_url=("/podcast/",))
    found = read("<a href='/podcast/a-000001.html'>A</a>" + link(2), rules=rules)
    assert [one.url for one in found.items] == [f"{HOME}cau-moi-000002.html"]


def test_without_expressions_articles_are_known_by_their_shape() -> None:
    found = read(link(1) + "<a href='https://khac.example/tin-000001.html'>K</a>", rules=source())
    assert [one.url for one in found.items] == [f"{HOME}cau-moi-000001.html"]


def test_the_header_and_the_page_say_the_encoding() -> None:
    text = f"<html><body>{link(1, 'Đường sắt Cát Linh – Hà Đông')}</body></html>"
    found = read_section(
        text.encode("utf-16"), "text/html; charset=utf-16", AT, source(article_url=(ARTICLES,))
    )
    assert [one.title for one in found.items] == ["Đường sắt Cát Linh – Hà Đông"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the body is empty"),
        (b"\x00\x00", "not an HTML page"),
        (page("<p>Đang bảo trì</p>"), "the page has no links"),
        (page("<a href='/xa-hoi'>Xã hội</a>"), "none of its 1 links is an article"),
        (b"{}", "the page has no links"),
    ],
)
def test_a_page_without_articles_is_said_in_words(body: bytes, problem: str) -> None:
    assert read(body) == SectionResult(problem=problem)


def test_a_slow_expression_is_a_problem_beside_what_was_found() -> None:
    rules = source(article_url=(ARTICLES, r"/(?:a|aa)+$"))
    found = read(link(1) + f"<a href='/{'a' * 60}-'>A</a>", rules=rules)
    assert len(found.items) == 1
    assert "takes too long" in str(found.problem)
    found = read(f"<a href='/{'a' * 61}-'>A</a>", rules=rules)
    assert str(found.problem).startswith("none of its 1 links is an article; the expression")

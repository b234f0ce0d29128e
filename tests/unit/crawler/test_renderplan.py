"""Whether a browser should show a page: only where it promises an article and has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bench.scripted import (
    AES_PAGE,
    CHALLENGE_PAGE,
    COOKIE_PAGE,
    Piece,
    shell,
    whole,
)
from crawler.plan import Ended
from crawler.renderplan import (
    choose_for_list,
    choose_for_page,
    not_shown,
    shown,
    without_browser,
)
from hanoiwatch.model import DuePage, OriginKind, PageId
from hanoiwatch.page.document import PageInput
from hanoiwatch.sources.schema import Discover, Fetch, Source

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
HOME = "https://bao-thu.example/"
PIECE = Piece(number=1)
ADDRESS = HOME.rstrip("/") + PIECE.path

SCRIPT = "<script src='/app.js'></script>"
BARE_SHELL = f"<html><body><div id='root'></div>{SCRIPT}</body></html>"
RELOADING_SHELL = shell(PIECE, "window.onerror = () => location.reload();")
JSON_LD_SHELL = (
    '<html><head><script type="application/ld+json">{"@type": "NewsArticle"}</script></head>'
    f"<body><div id='__next'></div>{SCRIPT}</body></html>"
)
MENU_SHELL = shell(
    PIECE,
    more="<nav><ul>" + "<li><a href='/x'>Chính trị</a></li>" * 40 + "</ul></nav>"
    "<footer><p>Cơ quan chủ quản: Hội Nhà báo thành phố. Giấy phép số 12/GP-BTTTT cấp ngày "
    "03/02/2021. Tòa soạn: số 8 ngõ 12, phường Nghĩa Tân, Hà Nội. Điện thoại: 024 0000 0000.</p>"
    "</footer>",
)
TEASERS_SHELL = shell(
    PIECE,
    more="<div class='hop'>"
    + "<p>Người dân phường bên cạnh góp sách cho tủ sách của ngõ, mỗi nhà một cuốn và một lời "
    "nhắn.</p>" * 6 + "</div>",
)
PICTURES = whole(
    PIECE,
    "<figure><img src='a.jpg'><figcaption>Một góc hồ buổi sớm.</figcaption></figure>" * 4 + SCRIPT,
).replace(PIECE.markup, "")
WRAPPED = (
    whole(PIECE, SCRIPT)
    .replace("<article>", "<div class='page has-sidebar'><div class='nav-open'>")
    .replace("</article>", "</div></div>")
)
NAMED_BEHIND = whole(PIECE, SCRIPT).replace(
    f"og:title' content='{PIECE.title}'", f"og:title' content='{PIECE.title} | Báo Thử | Hà Nội'"
)
LOGIN = (
    f"<html><body><h1>Đăng nhập</h1><p>Vui lòng đăng nhập để đọc tiếp.</p>{SCRIPT}</body></html>"
)
NOT_FOUND = f"<html><head><title>404 Not Found</title></head><body>{SCRIPT}</body></html>"


def source(render: str = "auto", **discover: object) -> Source:
    return Source(
        name="bao-thu", title="Báo Thử", home=HOME,
        discover=Discover(**discover), fetch=Fetch(render=render),
    )  # fmt: skip


def page(html: str, url: str = ADDRESS, **more: object) -> PageInput:
    return PageInput(url=url, body=html.encode(), captured_at=NOW, **more)


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (shell(PIECE), "og:type"),
        (RELOADING_SHELL, "og:type"),
        (MENU_SHELL, "og:type"),
        (TEASERS_SHELL, "og:type"),
        (JSON_LD_SHELL, "JSON-LD"),
        (BARE_SHELL, "its address"),
        (COOKIE_PAGE, "sets a cookie"),
    ],
)
def test_auto_shows_what_promises_an_article_and_has_none(html: str, why: str) -> None:
    choice = choose_for_page(page(html), source())
    assert choice.render
    assert why in choice.why


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (whole(PIECE, SCRIPT), "the article is there"),
        (whole(PIECE), "no script"),
        (whole(PIECE).replace(PIECE.markup, ""), "no script"),
        (PICTURES, "the article is there"),
        (WRAPPED, "the article is there"),
        (NAMED_BEHIND, "the article is there"),
        (CHALLENGE_PAGE, "challenge"),
        (AES_PAGE, "challenge"),
        (LOGIN, "đăng nhập"),
        (NOT_FOUND, "404 not found"),
        ("%PDF-1.7", "binary"),
        ("", "no bytes"),
    ],
)
def test_auto_leaves_alone_what_is_there_or_would_bring_nothing(html: str, why: str) -> None:
    choice = choose_for_page(page(html), source())
    assert not choice.render
    assert why in choice.why.lower()


def test_a_shell_at_an_address_that_is_no_article_promises_nothing() -> None:
    assert not choose_for_page(page(BARE_SHELL, HOME + "gioi-thieu"), source()).render
    ours = source(article_url=(r"/bai/",))
    assert choose_for_page(page(BARE_SHELL, HOME + "bai/mot"), ours).render
    assert not choose_for_page(page(BARE_SHELL, ADDRESS), ours).render


def test_always_shows_every_page_but_a_gate_an_error_and_what_is_no_html() -> None:
    always = source("always")
    assert choose_for_page(page(whole(PIECE)), always).render
    assert choose_for_page(page(whole(PIECE)), always).has_article
    assert choose_for_page(page(BARE_SHELL, HOME + "gioi-thieu"), always).render
    for html in (CHALLENGE_PAGE, AES_PAGE, LOGIN, NOT_FOUND, "%PDF-1.7"):
        assert not choose_for_page(page(html), always).render
    assert not choose_for_page(page(whole(PIECE), status=503), always).render


def test_never_means_never() -> None:
    for html in (shell(PIECE), COOKIE_PAGE):
        assert not choose_for_page(page(html), source("never")).render
        assert not choose_for_list(page(html), "section", source("never")).render


def test_a_cookie_that_is_worked_out_is_a_gate() -> None:
    computed = COOKIE_PAGE.replace('"D1N=4f1a77"', '"x="+eval("1+1")')
    captcha = COOKIE_PAGE.replace("<script>", "<script>/*captcha*/")
    outside = COOKIE_PAGE.replace("<script>", "<script src='/kiem-tra.js'></script><script>")
    for html in (computed, captcha, outside):
        assert not choose_for_page(page(html), source("always")).render


def test_a_section_is_shown_where_it_lists_nothing_or_always() -> None:
    def choice(html: str, render: str = "auto", kind: OriginKind = "section") -> bool:
        section = page(html, HOME + "thoi-su")
        return choose_for_list(section, kind, source(render)).render

    listed = f"<html><body><a href='{ADDRESS}'>{PIECE.title}</a>{SCRIPT}</body></html>"
    empty = f"<html><body><ul></ul>{SCRIPT}</body></html>"
    assert not choice(listed)
    assert choice(empty)
    assert not choice("<html><body><ul></ul></body></html>")
    assert choice(listed, "always")
    assert not choice(empty, "always", "feed")
    assert not choice(shell(PIECE), "always", "sitemap")
    for kind in ("feed", "sitemap", "section"):
        assert choice(COOKIE_PAGE, "auto", kind)
    assert not choice(CHALLENGE_PAGE, "always")


# --- what came of it -------------------------------------------------------------------------

FETCHED = Ended(outcome="fetched", unread=True, etag='"a"', last_modified="x", sha256="aa")
SAME = replace(FETCHED, unread=False, revisit="identical-payload", reason="identical body")
NEW = DuePage(page_id=PageId(1), url=ADDRESS, first_visit=True)
KNOWN = replace(NEW, first_visit=False, sha256="aa", rendered_sha256="dd", has_article=True)


def test_an_unchanged_response_that_shows_something_new_is_read() -> None:
    assert shown(SAME, KNOWN, "dd") is SAME
    assert shown(SAME, KNOWN, "ee") == replace(SAME, revisit=None, reason="", unread=True)
    assert shown(FETCHED, NEW, "ee") is FETCHED


def test_a_page_that_could_not_be_shown_fails_unless_the_plain_one_has_an_article() -> None:
    failed = not_shown(FETCHED, NEW, "the page hung", NOW, has_it=False)
    assert (failed.outcome, failed.reason, failed.unread) == (
        "failed", "browser: the page hung", False,
    )  # fmt: skip
    assert failed.next_visit_at is not None
    plain = not_shown(FETCHED, NEW, "the page hung", NOW, has_it=True)
    assert (plain.outcome, plain.reason, plain.unread) == (
        "fetched", "as served: the page hung", True,
    )  # fmt: skip
    assert plain.etag is plain.last_modified is plain.sha256 is None


def test_a_page_that_was_read_as_shown_is_never_compared_with_a_plain_response() -> None:
    assert not_shown(FETCHED, KNOWN, "it crashed", NOW, has_it=True).outcome == "failed"
    assert without_browser(FETCHED, KNOWN, NOW).outcome == "failed"
    assert without_browser(FETCHED, NEW, NOW).reason == "as served: no browser"

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.robots import MAX_BYTES, robots_text, robots_url, understand
from hanoiwatch.store.hosts import RobotsFile

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
URL = "https://bao.example/tin-1.html"


def policy(body: str = "", status: int = 200, reason: str = ""):
    return understand(RobotsFile(fetched_at=AT, status=status, body=body, reason=reason))


def test_rules_for_our_name_win_over_those_for_all() -> None:
    rules = policy("User-agent: *\nDisallow: /\n\nUser-agent: hanoiwatch\nDisallow: /rieng/\n")
    assert rules.allows(URL)
    assert not rules.allows("https://bao.example/rieng/a.html")
    assert rules.until == AT + timedelta(days=1)


def test_wildcards_and_the_longest_rule_are_understood() -> None:
    rules = policy("User-agent: *\nDisallow: /*.html$\nAllow: /tin-\n")
    assert not rules.allows("https://bao.example/a.html")
    assert rules.allows("https://bao.example/tin-1.html?x=1")


def test_crawl_delay_is_kept() -> None:
    assert policy("User-agent: *\nCrawl-delay: 7.5\n").delay_seconds == 7.5
    assert policy("User-agent: *\nCrawl-delay: mai\n").delay_seconds == 0


@pytest.mark.parametrize("status", [400, 404, 410, 451])
def test_a_robots_txt_that_is_not_there_allows_everything(status: int) -> None:
    assert policy("User-agent: *\nDisallow: /", status).allows(URL)
    assert not policy(status=status).warning


@pytest.mark.parametrize("status", [401, 403])
def test_a_forbidden_robots_txt_allows_but_warns_of_a_firewall(status: int) -> None:
    assert policy(status=status).allows(URL)
    assert "firewall" in policy(status=status).warning


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [(500, "", "status 500"), (503, "", "status 503"), (429, "", "status 429"),
     (0, "timeout after 60 s", "timeout after 60 s")],
)  # fmt: skip
def test_a_robots_txt_that_cannot_be_had_means_wait(status: int, reason: str, said: str) -> None:
    waiting = policy("User-agent: *\nAllow: /", status, reason)
    assert waiting.unavailable == said
    assert waiting.until == AT + timedelta(minutes=10)


def test_a_web_page_in_its_place_is_no_rules_but_a_warning() -> None:
    page = policy("<!DOCTYPE html><html><body>User-agent: *\nDisallow: /</body></html>")
    assert page.allows(URL)
    assert "HTML" in page.warning


def test_a_byte_order_mark_and_foreign_bytes_do_no_harm() -> None:
    text = robots_text(b"\xef\xbb\xbfUser-agent: *\nDisallow: /c\xe1m\nDisallow: /rieng\n")
    assert not policy(text).allows("https://bao.example/rieng")


def test_only_the_first_half_megabyte_is_read() -> None:
    body = b"#" * MAX_BYTES + b"\nUser-agent: *\nDisallow: /\n"
    assert policy(robots_text(body)).allows(URL)


def test_each_scheme_and_port_has_its_own() -> None:
    assert robots_url("http://bao.example:8080/a/b?c") == "http://bao.example:8080/robots.txt"


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    rules = policy(robots_text(body))
    rules.allows(URL)
    assert rules.delay_seconds >= 0

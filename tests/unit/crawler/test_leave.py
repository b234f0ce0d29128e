"""What a page in the browser may ask for."""

from __future__ import annotations

import pytest

from crawler.browser.leave import (
    MOST_REQUESTS,
    NOT_LOADED,
    Place,
    is_tracker,
    judge_connection,
    judge_request,
)

PUBLIC = Place(home="https://bao-thu.example/", is_local=False)
LOCAL = Place(home="http://127.0.0.1:8000/", is_local=True)


@pytest.mark.parametrize("kind", sorted(NOT_LOADED))
def test_what_brings_no_text_is_not_loaded(kind: str) -> None:
    assert judge_request("https://bao-thu.example/x", kind, PUBLIC, 0) == "not loaded"


@pytest.mark.parametrize("kind", ["script", "xhr", "fetch", "stylesheet", "other"])
def test_scripts_and_what_they_fetch_are_let_out_also_to_other_public_hosts(kind: str) -> None:
    assert judge_request("https://cdn.example/app.js", kind, PUBLIC, 0) == "let out"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x", "http://10.0.0.8/x", "http://[::1]/x", "http://2130706433/x",
        "http://169.254.169.254/latest", "http://192.168.1.1:8080/", "http://[::ffff:10.0.0.1]/",
        "ftp://bao-thu.example/x", "file:///etc/passwd", "http://0/x",
    ],
)  # fmt: skip
def test_a_public_page_reaches_no_private_address(url: str) -> None:
    assert judge_request(url, "fetch", PUBLIC, 0) == "refused"


def test_a_local_source_reaches_its_own_host_and_port_alone() -> None:
    assert judge_request("http://127.0.0.1:8000/api", "fetch", LOCAL, 0) == "let out"
    for url in ("http://127.0.0.1:8001/", "http://localhost:8000/", "https://cdn.example/a.js"):
        assert judge_request(url, "fetch", LOCAL, 0) == "refused"
    assert judge_connection("127.0.0.1", 8000, LOCAL) == "let out"
    assert judge_connection("127.0.0.1", 8001, LOCAL) == "refused"


def test_connections_of_which_only_the_host_is_known_are_judged_by_it() -> None:
    assert judge_connection("cdn.example", 443, PUBLIC) == "let out"
    assert judge_connection("10.1.2.3", 443, PUBLIC) == "refused"
    assert judge_connection("::1", 443, PUBLIC) == "refused"
    assert judge_connection("www.google-analytics.com", 443, PUBLIC) == "tracker"


def test_trackers_are_known_by_their_name_and_those_under_it() -> None:
    assert is_tracker("www.google-analytics.com")
    assert is_tracker("Securepubads.G.DoubleClick.net.")
    assert not is_tracker("notdoubleclick.net")
    assert not is_tracker("net")
    assert not is_tracker("ajax.googleapis.com")
    assert judge_request("https://px.eclick.vn/a.js", "script", PUBLIC, 0) == "tracker"


def test_a_page_that_asks_on_and_on_is_stopped() -> None:
    last = MOST_REQUESTS - 1
    assert judge_request("https://bao-thu.example/x", "fetch", PUBLIC, last) == "let out"
    assert judge_request("https://bao-thu.example/x", "fetch", PUBLIC, last + 1) == "too many"

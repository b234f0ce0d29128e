"""Pages that need a browser, in a real Chromium against loopback outlets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from tests.chain import Desk
from tests.crawling import Reply, Site, send, site
from tests.scripted_pages import CHALLENGE_PAGE, COOKIE_PAGE, Piece, answer, shell, whole

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
def outlet() -> Iterator[Site]:
    with site() as here:
        yield here


@pytest.fixture
def elsewhere() -> Iterator[Site]:
    """A server that the outlet has no business with."""
    with site() as other:
        yield other


def add_source(desk: Desk, here: Site, render: str, discover: str = "") -> None:
    discover = discover or f'feeds = ["{here.url}/feed"]'
    desk.add_source(
        "bao-thu",
        f'name = "bao-thu"\ntitle = "Báo Thử"\nhome = "{here.url}/"\n[discover]\n{discover}\n'
        f'[fetch]\nrender = "{render}"\n',
    )


def publish(here: Site, *pieces: Piece) -> None:
    """Each as a shell, and its script's answer; listed by the feed."""
    here.feed(*(piece.path for piece in pieces))
    for piece in pieces:
        here.pages[piece.path] = Reply(body=shell(piece))
        here.pages[f"/api{piece.path}"] = Reply(body=answer(piece), type="application/json")


def counts(report: dict) -> dict[str, int]:
    return report["sources"][0]["counts"]


def test_an_app_shell_is_read_as_the_browser_showed_it(desk: Desk, outlet: Site) -> None:
    piece = Piece(number=1)
    publish(outlet, piece)
    add_source(desk, outlet, "auto")
    report = desk.crawl("bao-thu")
    assert report["sources"][0]["recorded"] == {"new": 1}
    assert counts(report)["rendered"] == 1
    article = desk.show(outlet.url + piece.path)
    assert article["title"] == piece.title
    assert article["text"] == "\n".join(piece.paragraphs)
    assert article["capture"]["rendered_record_id"]
    assert outlet.times(piece.path) == 1  # the browser was given what the crawler had
    desk.assert_exact_ledger()

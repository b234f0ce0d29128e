"""The browser stays within its bounds: pages at once, memory, and how long it is used."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from bench.scripted import Piece, answer, shell, whole
from crawler.browser.find import Found, find_browser
from crawler.browser.leave import Place
from crawler.browser.page import NotShown, PageToShow, Shown, Terms
from crawler.browser.pool import MEASURED_EVERY, BrowserGoneError, BrowserPool
from crawler.browser.processes import marked
from hanoiwatch.config import BrowserConfig
from tests.browsers import needs_browser
from tests.crawling import Reply, Site, site

pytestmark = needs_browser

AGENT = "hanoiwatch/test (+desk@example.org)"


@pytest.fixture
def outlet() -> Iterator[Site]:
    with site() as here:
        yield here


async def never(_: str) -> str:
    return "no further document here"


def terms(here: Site) -> Terms:
    place = Place(home=f"{here.url}/", is_local=True)
    return Terms(place=place, may_ask=never, timeout_seconds=60, max_bytes=10_000_000)


def to_show(here: Site, path: str, html: str) -> PageToShow:
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1"))
    return PageToShow(url=here.url + path, status=200, headers=headers, body=html.encode())


def pool(**settings: object) -> BrowserPool:
    found = find_browser(BrowserConfig())
    assert isinstance(found, Found)
    return BrowserPool(found, BrowserConfig(**settings), AGENT)


async def show_all(browsers: BrowserPool, here: Site, pages: list[PageToShow]) -> list[object]:
    try:
        return await asyncio.gather(*(browsers.show(page, terms(here)) for page in pages))
    finally:
        await browsers.close()


def test_a_browser_that_takes_too_much_memory_is_replaced(outlet: Site) -> None:
    browsers = pool(max_memory_mb=20, max_pages=1)
    pages = [
        to_show(outlet, f"/{number}", whole(Piece(number=number)))
        for number in range(MEASURED_EVERY + 1)
    ]
    shown = asyncio.run(show_all(browsers, outlet, pages))
    assert all(isinstance(one, Shown) for one in shown)
    assert browsers.starts == 2


def test_a_browser_is_replaced_after_so_many_pages_and_never_shows_more_at_once(
    outlet: Site,
) -> None:
    browsers = pool(restart_after=3, max_pages=2)
    pieces = [Piece(number=number) for number in range(5)]
    for piece in pieces:
        outlet.pages[f"/api{piece.path}"] = Reply(body=answer(piece), type="application/json")
    pages = [to_show(outlet, piece.path, shell(piece)) for piece in pieces]
    shown = asyncio.run(show_all(browsers, outlet, pages))
    assert all(piece.paragraphs[0] in one.html for piece, one in zip(pieces, shown, strict=True))
    assert browsers.starts == 2


def test_each_page_has_a_profile_of_its_own_and_goes_by_our_name(outlet: Site) -> None:
    says = "<body><p id=p></p><script>p.textContent = document.cookie + '|' + (localStorage.b || 0)"
    says += "; localStorage.b = 1; fetch('/ai')</script></body>"
    pages = [to_show(outlet, "/a", says), to_show(outlet, "/b", says)]
    shown = asyncio.run(show_all(pool(max_pages=1), outlet, pages))
    assert all("a=1|0" in one.html for one in shown if isinstance(one, Shown))
    assert len(shown) == len(outlet.asked("/ai")) == 2
    headers = outlet.asked("/ai")[0].headers
    assert headers["user-agent"] == AGENT
    assert "Windows" not in str(headers)


def test_a_page_larger_than_is_read_is_not_kept(outlet: Site) -> None:
    grows = "<body><script>document.body.append('x'.repeat(11e6))</script></body>"
    (outcome,) = asyncio.run(show_all(pool(), outlet, [to_show(outlet, "/a", grows)]))
    assert outcome == NotShown(reason="the rendered page is too large", again=False)


def test_a_program_that_is_no_browser_is_told_of_and_leaves_nothing(
    outlet: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    found = Found(executable=str(fake), how="on the PATH")
    browsers = BrowserPool(found, BrowserConfig(), AGENT)
    with pytest.raises(BrowserGoneError):
        asyncio.run(show_all(browsers, outlet, [to_show(outlet, "/a", "<p>a")]))
    assert [path.name for path in tmp_path.iterdir()] == ["chromium"]


def test_a_browser_that_does_not_answer_is_replaced(outlet: Site) -> None:
    async def work() -> tuple[Shown | NotShown, int]:
        browsers = pool()
        page = to_show(outlet, "/a", whole(Piece(number=1)))
        try:
            await browsers.show(page, terms(outlet))
            (running,) = browsers._all
            for process in marked(str(running.folder)):
                with suppress(psutil.NoSuchProcess):  # one that had done its work
                    process.suspend()
            outcome = await browsers.show(page, replace(terms(outlet), timeout_seconds=30))
            return outcome, browsers.starts
        finally:
            await browsers.close()

    outcome, starts = asyncio.run(work())
    assert isinstance(outcome, Shown)
    assert starts == 2

"""One page shown in the browser: from the archived response to what its scripts made of it.

The browser is given the response that the crawler has fetched and archived, so the page's host is
asked for nothing twice, and what is shown is what was archived. What the page's scripts then ask
for goes through `leave` and the page's own `gateway`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Error, Page, Request, Route

from crawler.browser.gateway import Gateway
from crawler.browser.leave import MOST_DOCUMENTS, Place, judge_request

QUIET_SECONDS = 6.0
"""How long a page may keep asking before it is taken as it stands: some never stop."""
SAMPLE_SECONDS = 0.25
GONE_SECONDS = 0.3
"""A browser that dies tells so a little later than its pages."""
STILL, STILL_EMPTY = 2, 8
"""Samples in a row with the same text and no request under way, after which a page is done; of one
that says nothing yet: a script may be waiting for a moment."""
CLOSE_SECONDS = 4.0
"""For letting a page go; one that hangs in its script may need its process killed."""
SAID = 400
"""Characters of text with which a page says something."""

_TEXT_LENGTH = """
document.readyState === "loading" ? null : document.body ? document.body.innerText.length : 0
"""
_NOT_PASSED_ON = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive",
     "alt-svc", "link", "refresh"}
)  # fmt: skip
"""Headers of the response that speak of its transport, or make the browser fetch on its own."""

MayAsk = Callable[[str], Awaitable[str | None]]
"""Waits for the turn to ask for a further document of the page; or says why it must not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToShow:
    """A response as it was archived, its body decoded from content coding."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How pages of one source are shown."""

    place: Place
    may_ask: MayAsk
    timeout_seconds: float
    max_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A further answer to the page's address, decoded from content coding."""

    type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a browser made of a page, and by word how many of its requests went where."""

    html: str
    requests: Counter[str] = field(default_factory=Counter)
    document: Document | None = None
    """What the host answered last, where the page went on to itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShown:
    """Why a page could not be shown; ``again``: another try may succeed."""

    reason: str
    again: bool = True


class HungError(Exception):
    """The browser does not answer, or a page does not let go of it: its processes must go."""


async def show(browser: Browser, page: PageToShow, terms: Terms) -> Shown | NotShown:
    """Shows the page in a profile of its own.

    Raises HungError where the browser cannot be used after it, and Playwright's Error where it
    is gone.
    """
    async with Gateway(terms.place) as gateway:
        address = await gateway.open()
        context = await _profile(browser, address, terms.timeout_seconds)
        visit = _Visit(page, terms)
        try:
            shown = await visit.run(context)
        finally:
            await _let_go(context)
    if isinstance(shown, Shown):
        shown.requests.update(gateway.refused)
    return shown


async def _profile(browser: Browser, proxy: str, seconds: float) -> BrowserContext:
    """A profile of its own, with no way out but the proxy."""
    made = browser.new_context(
        proxy={"server": proxy},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        service_workers="block",
        accept_downloads=False,
    )
    try:
        return await asyncio.wait_for(made, seconds)
    except TimeoutError as error:
        raise HungError from error


async def _let_go(context: BrowserContext) -> None:
    try:
        await asyncio.wait_for(context.close(), CLOSE_SECONDS)
    except TimeoutError as error:
        raise HungError from error


class _Visit:
    def __init__(self, page: PageToShow, terms: Terms) -> None:
        self._page, self._terms = page, terms
        self._requests: Counter[str] = Counter()
        self._documents = 0
        self._document: Document | None = None
        self._not_asking = asyncio.Event()
        self._not_asking.set()
        self._timeout = asyncio.timeout(terms.timeout_seconds)
        self._quiet_seconds = min(QUIET_SECONDS, terms.timeout_seconds / 3)
        self._under_way: set[Request] = set()

    async def run(self, context: BrowserContext) -> Shown | NotShown:
        crashed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        context.on("close", lambda _: _done(crashed))  # it goes with its browser
        try:
            async with self._timeout:
                work = asyncio.ensure_future(self._show(context, crashed))
                try:
                    either: set[asyncio.Future[Any]] = {work, crashed}
                    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                    if crashed.done():
                        await self._gone(context)
                        return NotShown(reason="the page crashed the browser's process")
                    return work.result()
                finally:
                    work.cancel()
                    with suppress(asyncio.CancelledError, Error):
                        await work
        except TimeoutError:
            return NotShown(reason=f"the page hung (over {self._terms.timeout_seconds:g} s)")

    async def _gone(self, context: BrowserContext) -> None:
        """Raises Playwright's Error where it is not the page's process alone."""
        await asyncio.sleep(GONE_SECONDS)
        if context.browser is None or not context.browser.is_connected():
            raise Error("the browser is gone")

    async def _show(
        self, context: BrowserContext, crashed: asyncio.Future[None]
    ) -> Shown | NotShown:
        await context.route("**/*", self._route)
        context.on("request", self._began)
        context.on("requestfinished", self._ended)
        context.on("requestfailed", self._ended)
        await context.route_web_socket("**/*", lambda socket: socket.close())
        page = await context.new_page()
        page.on("crash", lambda _: _done(crashed))
        context.on("page", _close_popup)
        await self._open(page)
        await self._settle(page)
        html = await self._content(page)
        if len(html) > self._terms.max_bytes:
            return NotShown(reason="the rendered page is too large", again=False)
        return Shown(html=html, requests=self._requests, document=self._document)

    async def _open(self, page: Page) -> None:
        try:
            # not for the end of its document: that may be one which the page goes on to itself
            await page.goto(self._page.url, wait_until="commit", timeout=0)
        except Error as error:
            if not _is_interruption(error):
                raise

    async def _settle(self, page: Page) -> None:
        """Waits until the page asks for nothing more and its text stands, or asks on and on."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._quiet_seconds
        before, still = None, 0
        while loop.time() < until:
            await asyncio.sleep(SAMPLE_SECONDS)
            if not self._not_asking.is_set():
                await self._not_asking.wait()
                until = loop.time() + self._quiet_seconds
            length = await self._wait(page.evaluate(_TEXT_LENGTH))
            state = (length, self._documents)
            resting = length is not None and not self._under_way and state == before
            before, still = state, still + 1 if resting else 0
            if still >= (STILL if (length or 0) >= SAID else STILL_EMPTY):
                return

    async def _wait(self, what: Awaitable[Any]) -> Any:
        """None where time ran out, or the page went on to another document meanwhile."""
        try:
            return await what
        except Error as error:
            if "crashed" in str(error) or "closed" in str(error):
                raise
            return None

    async def _content(self, page: Page) -> str:
        try:
            return await page.content()
        except Error as error:
            if not _is_interruption(error):
                raise
            await page.wait_for_load_state("domcontentloaded", timeout=0)
            return await page.content()

    # --- its requests ----------------------------------------------------------------------

    def _began(self, request: Request) -> None:
        self._under_way.add(request)

    def _ended(self, request: Request) -> None:
        self._under_way.discard(request)

    async def _route(self, route: Route) -> None:
        with suppress(Error):  # the page went on, or is gone
            request = route.request
            if request.is_navigation_request():
                await self._navigate(route, request)
                return
            sent = self._requests["let out"]
            verdict = judge_request(request.url, request.resource_type, self._terms.place, sent)
            self._requests[verdict] += 1
            if verdict == "let out":
                await route.continue_()
            else:
                await route.abort("blockedbyclient")

    async def _navigate(self, route: Route, request: Request) -> None:
        """The page itself is given; what it goes on to is asked for, in turn; frames are not."""
        if request.frame.parent_frame is not None or not self._is_of_page(request.url):
            far = self._terms.place.refusal(request.url) is not None
            self._requests["refused" if far else "not loaded"] += 1
            await route.abort("aborted")  # the page stays as it is
            return
        self._documents += 1
        if self._documents == 1:
            await route.fulfill(
                status=self._page.status, headers=_headers(self._page), body=self._page.body
            )
        elif self._documents > MOST_DOCUMENTS or await self._must_not_ask(request.url):
            self._requests["too many" if self._documents > MOST_DOCUMENTS else "refused"] += 1
            await route.abort("aborted")  # the page stays as it is
        else:
            self._requests["documents"] += 1
            answer = await route.fetch(max_redirects=0)  # through the gateway, with the cookies
            self._document = Document(
                type=answer.headers.get("content-type", ""), body=await answer.body()
            )
            await route.fulfill(response=answer)

    def _is_of_page(self, url: str) -> bool:
        ours, asked = urlsplit(self._page.url), urlsplit(url)
        return (ours.scheme, ours.netloc, ours.path) == (asked.scheme, asked.netloc, asked.path)

    async def _must_not_ask(self, url: str) -> bool:
        """Waiting for the host's turn is not the page's time."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._not_asking.clear()
        try:
            return await self._terms.may_ask(url) is not None
        finally:
            self._not_asking.set()
            when = self._timeout.when()
            if when is not None and not self._timeout.expired():
                self._timeout.reschedule(when + loop.time() - began)


def _done(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _headers(page: PageToShow) -> dict[str, str]:
    """Those that make a difference to what is shown. Several of one name are parted by lines."""
    kept: dict[str, str] = {}
    for name, value in page.headers:
        key = name.lower()
        if key in _NOT_PASSED_ON or key.startswith("x-archive-orig-"):
            continue
        kept[key] = f"{kept[key]}\n{value}" if key in kept else value
    kept.setdefault("content-type", "text/html")
    return kept


async def _close_popup(page: Page) -> None:
    with suppress(Error):
        if page.context.pages and page is not page.context.pages[0]:
            await page.close()


def _is_interruption(error: Error) -> bool:
    """The page went on to another document by itself."""
    said = str(error)
    return any(
        sign in said
        for sign in ("interrupted by another navigation", "ERR_ABORTED", "is navigating",
                     "context was destroyed", "frame was detached")
    )  # fmt: skip

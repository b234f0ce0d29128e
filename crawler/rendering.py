"""Between a response and the archive: is it shown in a browser first, and what does that mean?

The plain response is fetched, judged and archived as every other. Where `renderplan` says so, it
is also given to a browser, and what that makes of it is archived beside it and read in its place.
A page that cannot be shown costs itself an attempt; the crawl goes on.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response

from crawler.browser.find import Found, Missing
from crawler.exchange import content_type_of, header_pairs
from crawler.outcome import VisitOver
from crawler.pace import is_far
from crawler.plan import Ended, Verdict
from crawler.renderplan import (
    RenderChoice,
    choose_for_list,
    choose_for_page,
    not_shown,
    shown,
    without_browser,
)
from crawler.run import CrawlRun
from crawler.visit import OriginVisit, PageVisit, host_of_url, visit_of
from hanoiwatch.archive import decode_body
from hanoiwatch.clock import now
from hanoiwatch.errors import PageError
from hanoiwatch.log import logger
from hanoiwatch.model import Rendered
from hanoiwatch.page.document import PageInput

if TYPE_CHECKING:  # Playwright is imported when the first page is shown
    from crawler.browser.page import NotShown, PageToShow, Shown, Terms
    from crawler.browser.pool import BrowserPool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """What a response means, and what a browser made of it, where one did."""

    verdict: Verdict
    rendered: Rendered | None = None


class Rendering:
    """Decides about each response of a run, and has the browser."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run
        self._pool: BrowserPool | None = None
        self._missing = ""
        """Why there is no browser, once that is known."""
        if isinstance(run.browser, Missing):
            self._missing = run.browser.reason
        run.on_close.append(self._close)

    async def of(self, request: Request, response: Response, verdict: Verdict) -> Rendition:
        """Shows the response, where it should be. Raises VisitOver when the run is stopping."""
        plain = Rendition(verdict=verdict)
        if self._run.source.fetch.render == "never" or not _has_body(verdict):
            return plain
        assert isinstance(verdict, Ended)
        page = self._page_of(response)
        if page is None:
            return plain
        match visit_of(request):
            case PageVisit() as visit:
                return await self._article(visit, verdict, page, response)
            case OriginVisit() as visit:
                return await self._list(visit, verdict, page, response)
            case _:
                return plain

    async def _article(
        self, visit: PageVisit, verdict: Ended, page: PageInput, response: Response
    ) -> Rendition:
        due = visit.page
        if verdict.revisit and due.rendered_sha256 is None:
            return Rendition(verdict=verdict)
        choice = choose_for_page(page, self._run.source)
        _log(choice, page.url)
        if not choice.render:
            return Rendition(verdict=verdict)
        outcome = await self._show(page, response)
        if outcome is None:
            return Rendition(verdict=without_browser(verdict, due, now()))
        if isinstance(outcome, str):
            said = not_shown(verdict, due, outcome, now(), has_it=choice.has_article)
            return Rendition(verdict=said)
        verdict = shown(verdict, due, hashlib.sha256(outcome.body).hexdigest())
        return Rendition(verdict=verdict, rendered=None if verdict.revisit else outcome)

    async def _list(
        self, visit: OriginVisit, verdict: Ended, page: PageInput, response: Response
    ) -> Rendition:
        choice = choose_for_list(page, visit.origin.kind, self._run.source)
        if not choice.render:
            return Rendition(verdict=verdict)
        _log(choice, page.url)
        outcome = await self._show(page, response, document=visit.origin.kind != "section")
        if isinstance(outcome, Rendered):
            # what was answered speaks of the page that was shown, not of the list behind it
            answered = replace(verdict, revisit=None, etag=None, last_modified=None)
            return Rendition(verdict=answered, rendered=outcome)
        if outcome is not None:
            self._run.tally.problem(f"{visit.origin.kind} {page.url}: browser: {outcome}")
        return Rendition(verdict=verdict)

    def _page_of(self, response: Response) -> PageInput | None:
        limit = self._run.settings.max_decoded_bytes
        try:
            body = decode_body(header_pairs(response), response.body, limit)
        except PageError:
            return None  # the stage that reads it says why
        return PageInput(
            url=response.url,
            body=body,
            content_type=content_type_of(response),
            status=response.status,
            captured_at=now(),
            source=self._run.source.name,
        )

    # --- the browser -----------------------------------------------------------------------

    async def _show(
        self, page: PageInput, response: Response, *, document: bool = False
    ) -> Rendered | str | None:
        """The rendered page; or in words why there is none; None: there is no browser.

        ``document``: what the page led to, as it was answered, instead of what is shown.
        """
        if self._missing:
            return None
        from crawler.browser.page import PageToShow, Shown
        from crawler.browser.pool import BrowserGoneError

        to_show = PageToShow(
            url=page.url, status=page.status, headers=header_pairs(response), body=page.body
        )
        try:
            outcome = await self._unless_stopped(to_show)
        except BrowserGoneError as error:
            self._missing = str(error)
            self._run.tally.problem(f"the browser cannot be started ({error}): {AS_SERVED}")
            return None
        if not isinstance(outcome, Shown):
            return outcome.reason
        self._run.tally.browser.update(outcome.requests)
        self._run.tally.browser["rendered"] += 1
        assert self._pool is not None
        if not document:
            body = outcome.html.encode("utf-8", "replace")
            return Rendered(body=body, at=now(), by=self._pool.version)
        if outcome.document is None:
            return "it led to nothing"
        body, kind = outcome.document.body, outcome.document.type
        return Rendered(body=body, at=now(), by=self._pool.version, type=kind)

    async def _unless_stopped(self, page: PageToShow) -> Shown | NotShown:
        work = asyncio.ensure_future(self._browser().show(page, self._terms()))
        stopped = asyncio.ensure_future(self._run.stopped())
        either: set[asyncio.Future[Any]] = {work, stopped}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not work.done():
            work.cancel()
            self._run.check()
        return await work

    def _browser(self) -> BrowserPool:
        from crawler.browser.pool import BrowserPool

        if self._pool is None:
            assert isinstance(self._run.browser, Found)
            self._pool = BrowserPool(self._run.browser, self._run.browser_settings, self._run.agent)
        return self._pool

    def _terms(self) -> Terms:
        from crawler.browser.leave import Place
        from crawler.browser.page import Terms

        source = self._run.source
        return Terms(
            place=Place(home=source.home, is_local=source.is_local),
            may_ask=self._may_ask,
            timeout_seconds=self._run.browser_settings.timeout_seconds,
            max_bytes=self._run.settings.max_decoded_bytes,
        )

    async def _may_ask(self, url: str) -> str | None:
        """Waits for the host's turn, as every request for a document does."""
        host = host_of_url(url)
        policy = self._run.policies.get(host)
        if policy is None or policy.unavailable or not policy.allows(url):
            return "robots.txt"
        delay = max(self._run.source.delay_seconds, self._run.robots_delay.get(host, 0.0))
        try:
            slot = await self._run.pace.slot(host, delay)
            if is_far(slot):
                return "the host asks to wait"
            await self._run.sleep(slot - time.time())
        except VisitOver:
            return "the run is stopping"
        self._run.tally.requests += 1
        return None

    async def _close(self) -> None:
        if self._pool is not None:
            await self._pool.close(orderly=not self._run.stop_reason)


AS_SERVED = "pages were read as they were served"


def _has_body(verdict: Verdict) -> bool:
    return (
        isinstance(verdict, Ended)
        and verdict.outcome == "fetched"
        and verdict.revisit != "not-modified"
    )


def _log(choice: RenderChoice, url: str) -> None:
    logger(__name__).info("render" if choice.render else "plain", url=url, why=choice.why)

"""The spider of every source: polls what lists articles, then asks for the pages that are due.

It only says what to ask for. What an answer means is decided in `crawler.plan`, and kept, by the
middlewares before it comes here; pages need nothing more.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from crawler.outcome import VisitOver
from crawler.plan import Ended, address_to_ask, failed
from crawler.polls import Poll, Polls
from crawler.resolver import guard_names
from crawler.run import CrawlRun
from crawler.visit import OriginVisit, PageVisit, request_for, verdict_of, visit_of
from hanoiwatch.clock import now
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.log import logger
from hanoiwatch.model import DuePage

FEED, NEW_PAGE, LIST, REVISIT = 40, 30, 20, 10
"""Feeds forget, so they come first; then new pages, as soon as they are listed; then sections
and sitemaps, which may be long; and revisits when nothing else is left."""


class SourceSpider(Spider):
    """One crawl of one source."""

    run: CrawlRun

    def __init__(self, run: CrawlRun) -> None:
        super().__init__(name=run.source.name)
        self.run = run
        self._polls = Polls(run)
        self._revisits: list[DuePage] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        crawler.signals.connect(spider.ended, signals.spider_closed)
        spider.run.on_stop = spider.close_early
        return spider

    async def start(self) -> AsyncIterator[Request]:
        if not self.run.source.is_local:
            guard_names(self.run.private_names)
        try:
            visits = () if self.run.task.pages else await self._polls.first()
            due = await self.run.due()
        except HanoiwatchError:
            return  # the run has failed, and says so
        for visit in visits:
            yield self._ask(visit)
        self._revisits = [page for page in due if not page.first_visit]
        for page in due:
            if page.first_visit:
                yield self._ask_page(page)

    def idle(self) -> None:
        """Nothing is left but revisits."""
        if self.run.task.check:
            self._revisits = self.run.known_to_check()
        if self._revisits:
            waiting, self._revisits = self._revisits, []
            for page in waiting:
                self.crawler.engine.crawl(self._ask_page(page, REVISIT))
            raise DontCloseSpider

    async def ended(self, reason: str) -> None:
        if reason != "finished":
            self.run.stop(f"ended early ({reason})")
        elif not self.run.stop_reason and not self.run.task.pages:
            with suppress(HanoiwatchError):  # the run has failed, and says so
                await self._polls.close()
        await self.run.close()

    async def listed(self, response: Response) -> AsyncIterator[Request]:
        """A feed, sitemap or section page has answered."""
        assert response.request is not None
        visit = visit_of(response.request)
        verdict = verdict_of(response.request)
        assert isinstance(visit, OriginVisit)
        assert isinstance(verdict, Ended)
        try:
            poll = await self._polls.answered(visit, verdict, response)
        except HanoiwatchError:
            return  # the run has failed, and says so
        except Exception as error:  # noqa: BLE001 - a list that breaks the crawler costs that list only
            logger(__name__).exception("list broke the crawler", url=response.url)
            poll = await self._polls.unanswered(visit, failed(None, _bug(error), now()))
        for request in self._follow(poll):
            yield request

    def fetched(self, response: Response) -> None:
        """A page has answered: everything about it is already on its way into the record."""

    async def over(self, failure: Failure) -> AsyncIterator[Request]:
        """A visit ended without an answer that would say so."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy adds it
        visit = visit_of(request)
        ended = _end_of(failure.value, visit.page if isinstance(visit, PageVisit) else None)
        if ended is None:
            return  # the run is failing, and says why
        match visit:
            case PageVisit(page=page):
                self.run.end_page(page, ended)
            case OriginVisit():
                for request in self._follow(await self._polls.unanswered(visit, ended)):
                    yield request
            case _:
                pass

    def _follow(self, poll: Poll) -> Iterable[Request]:
        for page in poll.new_pages:
            yield self._ask_page(page)
        for visit in poll.further:
            yield self._ask(visit)

    def _ask(self, visit: OriginVisit) -> Request:
        priority = FEED if visit.origin.kind == "feed" else LIST
        return request_for(visit, priority=priority, callback=self.listed, errback=self.over)

    def _ask_page(self, page: DuePage, priority: int = NEW_PAGE) -> Request:
        visit = PageVisit(url=address_to_ask(page, self.run.source.home), page=page)
        return request_for(visit, priority=priority, callback=self.fetched, errback=self.over)

    def close_early(self) -> None:
        if self.crawler.engine.spider is not None:  # it may be closing already
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=self.run.stop_reason))


def _end_of(error: BaseException | None, page: DuePage | None) -> Ended | None:
    match error:
        case VisitOver(ended=ended):
            return ended
        case HanoiwatchError():
            return None
    # a bug of ours, or of Scrapy's: this visit pays for it, the run goes on
    logger(__name__).error("visit broke the crawler", error=repr(error))
    return failed(page, _bug(error), now())


def _bug(error: BaseException | None) -> str:
    return f"broke the crawler ({type(error).__name__})"

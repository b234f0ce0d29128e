"""One crawl of one source: what it was given, what is under way, how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scrapy.crawler import Crawler

from crawler.browser.find import Found, Missing
from crawler.commit import Committer, Kept
from crawler.outcome import VisitOver
from crawler.pace import Pace
from crawler.plan import Bounds, Ended, fetch_end, not_due
from crawler.robots import Policy
from crawler.tally import Tally
from crawler.underway import UnderWay
from hanoiwatch.clock import now
from hanoiwatch.config import BrowserConfig, CrawlConfig
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.log import logger
from hanoiwatch.model import Discovered, DuePage
from hanoiwatch.sources.schema import Source
from hanoiwatch.store import Record
from hanoiwatch.store.runs import RunOutcome
from hanoiwatch.urls import canonical_url

BY_HAND = "hanoiwatch add"
"""The origin of pages that a person named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is asked of a crawl."""

    limit: int | None = None
    """At most this many pages are fetched."""
    since: datetime | None = None
    """List everything published since then, as far back as lists and sitemaps go."""
    refetch: bool = False
    """Every known page is due, and fetched whatever its validators say."""
    pages: tuple[str, ...] = ()
    """Only these addresses, named by a person: nothing is polled."""
    check: bool = False
    """Every list is polled, and the newest articles are fetched, known or not."""

    @property
    def kind(self) -> str:
        if self.pages or self.check:
            return "add" if self.pages else "check"
        return "backfill" if self.since else "refetch" if self.refetch else "crawl"


class CrawlRun:
    """The state of one crawl. Making it begins the run in the record."""

    def __init__(
        self,
        *,
        source: Source,
        settings: CrawlConfig,
        agent: str,
        record: Record,
        archive_folder: Path,
        task: Task,
    ) -> None:
        self.source, self.settings, self.agent, self.task = source, settings, agent, task
        self.record = record
        self.bounds = Bounds(
            home=source.home,
            lists=frozenset(
                canonical_url(url) or url for url in (source.home, *source.discover.sections)
            ),
            max_redirects=settings.max_redirects,
        )
        self.tally = Tally()
        self.error: BaseException | None = None
        self.stop_reason = ""
        self.closed = False
        self._closing: asyncio.Future[None] | None = None
        self.on_stop: Callable[[], None] = lambda: None
        """Called once, when the run should end early; the spider sets it."""
        self._stopping = asyncio.Event()
        self.under_way = UnderWay(self.tally, task.limit)
        self.browser: Found | Missing | None = None
        """Where the source has pages shown in one."""
        self.browser_settings = BrowserConfig()
        self.on_close: list[Callable[[], Awaitable[None]]] = []
        """What must end with the run, besides what is its own."""
        self.policies: dict[str, Policy] = {}
        """Each host's robots.txt, as far as it was asked for."""
        self.robots_delay: dict[str, float] = {}
        """The ``Crawl-delay`` of each host whose robots.txt was read."""
        self.private_names: dict[str, str] = {}
        """Host names that led to an address that is not public, with that address."""
        self._begun_at = now()
        self.run_id = record.runs.begin(source.name, task.kind, self._begun_at)
        self.committer = Committer(
            record, archive_folder, source=source.name, run_id=self.run_id, on_error=self.fail
        )
        self.pace = Pace(record.hosts, self.committer.call)

    async def due(self) -> list[DuePage]:
        """What the record says is due now, taken up."""
        frontier, name = self.record.frontier, self.source.name
        if self.task.refetch:
            await self.committer.call(frontier.make_due, name, now())
        if self.task.pages:
            return self.under_way.take_up(await self.committer.call(self._named_pages))
        if self.task.check:
            return []
        return self.under_way.take_up(await self.committer.call(frontier.due, name, now()))

    def known_to_check(self) -> list[DuePage]:
        """The newest known articles, as many as a check has not fetched new ones."""
        most = self.under_way.room if self.task.check else 0
        found = self.record.frontier.newest(self.source.name, most) if most else []
        return self.under_way.take_up(found)

    def _named_pages(self) -> list[DuePage]:
        """The pages at the addresses that a person named, made on first sight."""
        frontier = self.record.frontier
        items = {canonical_url(url) or url: Discovered(url=url) for url in self.task.pages}
        origin = frontier.origin(self.source.name, "manual", BY_HAND)
        listed = frontier.list_items(origin, self.run_id, items, now())
        self.tally.listed = len(listed.pages)
        return frontier.pages(tuple(listed.pages.values()))

    async def keep(self, kept: Kept) -> None:
        """A response goes to archive and record, where it may end its page's fetch."""
        if kept.end and not self.under_way.end(kept.end):
            return  # the run is closing and has said that this page is left for later
        await self.committer.keep(kept)

    def end_page(self, page: DuePage, ended: Ended) -> None:
        """A page's fetch ends without a response."""
        end = fetch_end(page, ended, now())
        if self.under_way.end(end):
            self.committer.end(end)

    def stop(self, reason: str) -> None:
        """The run should end now, in order: nothing new is asked for."""
        if not self._stopping.is_set():
            self.stop_reason = reason
            self._stopping.set()
            self.on_stop()

    def fail(self, error: BaseException) -> None:
        """The run cannot go on: nothing can be kept any more."""
        self.error = self.error or error
        self.stop(str(error))

    def check(self) -> None:
        """Raises VisitOver when the run is stopping."""
        if self._stopping.is_set():
            raise VisitOver(not_due(self.stop_reason, now()))

    async def sleep(self, seconds: float) -> None:
        """Waits; raises VisitOver as soon as the run is stopping."""
        if seconds > 0:
            try:
                await asyncio.wait_for(self._stopping.wait(), seconds)
            except TimeoutError:
                return
        self.check()

    async def stopped(self) -> None:
        """Returns when the run was told to stop."""
        await self._stopping.wait()

    async def close(self) -> None:
        """Ends what is still under way, makes everything durable, ends the run in the record.

        Called twice, it is done once. Where nothing can be kept any more, `error` says why.
        """
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close())
        await self._closing

    async def _close(self) -> None:
        with suppress(HanoiwatchError):  # then the run has failed, and says so
            for page in self.under_way.left():
                self.end_page(page, not_due(self.stop_reason or "left over", now()))
            await self.committer.flush()
        with suppress(HanoiwatchError):
            await self.committer.close()
        with suppress(HanoiwatchError):
            self.record.runs.end(
                self.run_id, self._outcome(), now(), reason=self._words(),
                counts=self.tally.counts(),
            )  # fmt: skip
        for end in self.on_close:
            with suppress(OSError, TimeoutError):
                await end()
        self.closed = True
        logger(__name__).info(
            "crawled", source=self.source.name, outcome=self._outcome(), reason=self.stop_reason,
            seconds=round((now() - self._begun_at).total_seconds(), 1), **self.tally.counts(),
        )  # fmt: skip

    def _outcome(self) -> RunOutcome:
        if self.error:
            return "failed"
        return "interrupted" if self._stopping.is_set() else "done"

    def _words(self) -> str:
        return self.stop_reason or "; ".join(self.tally.problems)


def run_of(crawler: Crawler) -> CrawlRun:
    """The run that Scrapy's components serve; their spider holds it."""
    run = getattr(crawler.spider, "run", None)
    assert isinstance(run, CrawlRun)
    return run

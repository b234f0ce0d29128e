"""Holds each request back until its host's next free slot."""

from __future__ import annotations

import time
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.outcome import VisitOver
from crawler.pace import as_moment, is_far
from crawler.plan import failed, not_due
from crawler.run import CrawlRun, run_of
from crawler.visit import PageVisit, host_asked, visit_of
from hanoiwatch.clock import now, to_shown


class PaceKeeper:
    """One pace per host, also for feeds and robots.txt, across processes."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    async def process_request(self, request: Request) -> None:
        self._run.check()
        host = host_asked(request)
        delay = max(self._run.source.delay_seconds, self._run.robots_delay.get(host, 0.0))
        slot = await self._run.pace.slot(host, delay)
        if is_far(slot):
            self._refuse(request, slot)
        await self._run.sleep(slot - time.time())

    def _refuse(self, request: Request, slot: float) -> None:
        until = as_moment(slot)
        reason = f"host asks to wait until {to_shown(until)}"
        if isinstance(visit_of(request), PageVisit):
            raise VisitOver(not_due(reason, until))
        raise VisitOver(failed(None, reason, now()))

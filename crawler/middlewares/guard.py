"""Keeps a source from being led to hosts that are not public, or not its own."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.addresses import refusal
from crawler.outcome import VisitOver
from crawler.plan import Ended
from crawler.run import CrawlRun, run_of


class Guard:
    """Checks every address before anything is sent, redirects and robots.txt included."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    def process_request(self, request: Request) -> None:
        self._run.check()
        source = self._run.source
        reason = refusal(request.url, home=source.home, home_is_local=source.is_local)
        if reason is not None:
            raise VisitOver(Ended(outcome="refused", reason=reason))

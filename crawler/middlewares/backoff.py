"""What follows an answer or a failure that is not the last word: a wait, a retry, a redirect."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import timedelta
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.outcome import VisitOver, is_too_large, network_reason
from crawler.plan import Again, Ended, Moved, decide_failure, failed, not_due
from crawler.run import CrawlRun, run_of
from crawler.visit import (
    PageVisit,
    RobotsVisit,
    again,
    asked_by,
    host_key,
    moved,
    verdict_of,
    visit_of,
)
from hanoiwatch.clock import now

JITTER = 0.25
"""Part of a wait by which it is longer or shorter, so that processes do not come in step."""

DOWN_AFTER = 5
"""Fetches of one host that failed in a row, each with its retries, before we leave it alone."""

LEFT_ALONE = timedelta(minutes=10)


class BackOff:
    """Acts on the plan's verdicts, and keeps from hosts that are down."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run
        self._failed_in_a_row: Counter[str] = Counter()
        self._last_reason: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    def process_request(self, request: Request) -> None:
        host = host_key(request.url)
        if self._failed_in_a_row[host] < DOWN_AFTER:
            return
        reason = f"{host} failed {DOWN_AFTER} times in a row ({self._last_reason[host]})"
        self._run.tally.problem(reason)
        if isinstance(visit_of(request), PageVisit):
            raise VisitOver(not_due(reason, now() + LEFT_ALONE))
        raise VisitOver(failed(None, reason, now()))

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        host = host_key(request.url)
        match verdict_of(request):
            case Again() as verdict:
                return await self._again(request, verdict)
            case Moved(url=url):
                self._answered(host)
                if isinstance(visit_of(request), RobotsVisit):
                    return response  # who asks for robots.txt follows its redirects himself
                return moved(request, url)
            case Ended(quiet_until=until) as ended:
                if until is not None:
                    await self._run.pace.quiet(host, until.timestamp())
                if response.status >= 500:
                    self._failed(host, ended.reason)
                else:
                    self._answered(host)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if isinstance(exception, VisitOver):
            return None
        visit = visit_of(request)
        page = visit.page if isinstance(visit, PageVisit) else None
        if is_too_large(exception):
            limit = self._run.settings.max_body_bytes
            raise VisitOver(Ended(outcome="refused", reason=f"size over {limit} bytes"))
        reason = network_reason(exception, self._run.settings.timeout_seconds)
        if reason is None:
            return None
        verdict = decide_failure(asked_by(visit), reason, now())
        if isinstance(verdict, Again):
            return await self._again(request, verdict)
        self._failed(host_key(request.url), reason)
        raise VisitOver(failed(page, reason, now()))

    async def _again(self, request: Request, verdict: Again) -> Request:
        wait = verdict.seconds * random.uniform(1, 1 + JITTER)  # noqa: S311 - no secret
        if verdict.whole_host:
            await self._run.pace.quiet(host_key(request.url), time.time() + wait)
        else:
            await self._run.sleep(wait)
        return again(request)

    def _answered(self, host: str) -> None:
        self._failed_in_a_row[host] = 0

    def _failed(self, host: str, reason: str) -> None:
        self._failed_in_a_row[host] += 1
        self._last_reason[host] = reason

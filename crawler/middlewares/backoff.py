"""What follows an answer or a failure that is not the last word: a wait, a retry, a redirect."""

from __future__ import annotations

import random
import time
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.health import HostHealth
from crawler.outcome import VisitOver, breakage, is_too_large
from crawler.plan import Again, Ended, Moved, decide_failure, failed, not_due
from crawler.run import CrawlRun, run_of
from crawler.visit import (
    PageVisit,
    RobotsVisit,
    again,
    asked_by,
    host_asked,
    moved,
    verdict_of,
    visit_of,
)
from hanoiwatch.clock import now

JITTER = 0.25
"""Part of a wait by which it is longer or shorter, so that processes do not come in step."""

_NOT_NOW = frozenset({429, 502, 503, 504, 520, 521, 522, 523, 524})
"""Answers of a host, or of what stands before it, that speak of the host and not of the page."""


class BackOff:
    """Acts on the plan's verdicts, and keeps from hosts that are down."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run
        self._health = HostHealth()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    def process_request(self, request: Request) -> None:
        host, visit, at = host_asked(request), visit_of(request), now()
        down = self._health.is_down(host, at)
        if down is None:
            return
        if not isinstance(visit, PageVisit):
            raise VisitOver(failed(None, down.reason, at))
        own = self._health.why_failed(host, request.url)
        raise VisitOver(failed(visit.page, own, at) if own else not_due(down.reason, down.until))

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        host = host_asked(request)
        if response.status in _NOT_NOW:
            self._note_failure(request, f"status {response.status}")
        else:
            self._health.answered(host)
        match verdict_of(request):
            case Again() as verdict:
                return await self._again(request, verdict)
            case Moved(url=url):
                if isinstance(visit_of(request), RobotsVisit):
                    return response  # who asks for robots.txt follows its redirects himself
                return moved(request, url)
            case Ended(quiet_until=until) if until is not None:
                await self._run.pace.quiet(host, until.timestamp())
            case Ended():
                pass
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if isinstance(exception, VisitOver):
            return None
        visit = visit_of(request)
        if is_too_large(exception):
            limit = self._run.settings.max_body_bytes
            raise VisitOver(Ended(outcome="refused", reason=f"size over {limit} bytes"))
        host = urlsplit(request.url).hostname or ""
        if host in self._run.private_names:
            leads_to = self._run.private_names[host]
            raise VisitOver(
                Ended(outcome="refused", reason=f"host {host} is not public ({leads_to})")
            )
        broken = breakage(exception, self._run.settings.timeout_seconds)
        if broken is None:
            return None
        self._note_failure(request, broken.reason)
        verdict = decide_failure(asked_by(visit), broken.reason, now(), passing=broken.passing)
        if isinstance(verdict, Ended):
            raise VisitOver(verdict)
        return await self._again(request, verdict)

    async def _again(self, request: Request, verdict: Again) -> Request:
        wait = verdict.seconds * random.uniform(1, 1 + JITTER)  # noqa: S311 - no secret
        if verdict.whole_host:
            await self._run.pace.quiet(host_asked(request), time.time() + wait)
        else:
            await self._run.sleep(wait)
        return again(request)

    def _note_failure(self, request: Request, reason: str) -> None:
        down = self._health.failed(host_asked(request), request.url, reason, now())
        if down is not None:
            self._run.tally.problem(down.reason)

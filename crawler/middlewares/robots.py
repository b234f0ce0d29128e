"""Asks each host's robots.txt first, and obeys it; also when it cannot be had."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.exchange import header_pairs
from crawler.outcome import VisitOver
from crawler.plan import Moved, failed, not_due, refused_by_robots
from crawler.robots import MAX_BYTES, MAX_REDIRECTS, Policy, robots_text, robots_url, understand
from crawler.run import CrawlRun, run_of
from crawler.visit import (
    PageVisit,
    RobotsVisit,
    host_asked,
    moved,
    request_for,
    verdict_of,
    visit_of,
)
from hanoiwatch.archive import decode_body
from hanoiwatch.clock import now
from hanoiwatch.errors import PageError
from hanoiwatch.store.hosts import RobotsFile


class Robots:
    """One robots.txt per host and scheme's port, kept a day in the record for all processes."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run: CrawlRun = run_of(crawler)
        self._policies = self._run.policies
        self._locks: dict[str, asyncio.Lock] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        visit = visit_of(request)
        if isinstance(visit, RobotsVisit):
            return
        policy = await self._policy(request)
        page = visit.page if isinstance(visit, PageVisit) else None
        if policy.unavailable:
            reason = f"robots.txt could not be fetched ({policy.unavailable})"
            raise VisitOver(not_due(reason, policy.until) if page else failed(None, reason, now()))
        if not policy.allows(request.url):
            raise VisitOver(refused_by_robots(page, now()))
        if page and not visit.hops and not visit.retries:
            self._admit()

    def _admit(self) -> None:
        if not self._run.under_way.admit():
            raise VisitOver(not_due("limit", now()))

    async def _policy(self, request: Request) -> Policy:
        host = host_asked(request)
        policy = self._policies.get(host)
        if policy is not None and policy.until > now():
            return policy
        async with self._locks.setdefault(host, asyncio.Lock()):
            policy = self._policies.get(host)
            if policy is None or policy.until <= now():
                policy = await self._learn(host, request.url)
                self._policies[host] = policy
        return policy

    async def _learn(self, host: str, url: str) -> Policy:
        hosts, call = self._run.record.hosts, self._run.committer.call
        kept = await call(hosts.robots, host)
        if kept is None or understand(kept).until <= now():
            kept = await self._fetch(host, robots_url(url))
            await call(hosts.keep_robots, host, kept)
        policy = understand(kept)
        self._run.robots_delay[host] = policy.delay_seconds
        if policy.warning:
            self._run.tally.problem(f"{host}: {policy.warning}")
        if policy.unavailable:
            self._run.tally.problem(
                f"{host}: robots.txt could not be fetched ({policy.unavailable}), so nothing was"
            )
        return policy

    async def _fetch(self, host: str, url: str) -> RobotsFile:
        request = request_for(RobotsVisit(url=url, host=host))
        try:
            response = await self._follow(request)
        except VisitOver as over:
            self._run.check()  # a run that ends says nothing of the host
            return RobotsFile(fetched_at=now(), status=0, body="", reason=over.ended.reason)
        return _file_of(response)

    async def _follow(self, request: Request) -> Response:
        """The answer at the end of the redirects; the last redirect itself beyond the limit."""
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._crawler.engine.download_async(request)
            assert response.request is not None
            request = response.request
            match verdict_of(request):
                case Moved(url=target):
                    request = moved(request, target)
                case _:
                    return response
        return response


def _file_of(response: Response) -> RobotsFile:
    at = now()
    if 300 <= response.status < 400:
        return RobotsFile(fetched_at=at, status=404, body="", reason="too many redirects")
    try:
        body = decode_body(header_pairs(response), response.body, 20 * MAX_BYTES)
    except PageError as error:
        return RobotsFile(fetched_at=at, status=0, body="", reason=str(error))
    return RobotsFile(fetched_at=at, status=response.status, body=robots_text(body))

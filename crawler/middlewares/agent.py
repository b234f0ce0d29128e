"""Who we say we are, what we can read, and what we already have."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.run import CrawlRun, run_of
from crawler.visit import OriginVisit, PageVisit, visit_of

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPT_LANGUAGE = "vi,en;q=0.5"
ACCEPT_ENCODING = "gzip, deflate, br, zstd"
"""What `hanoiwatch.archive.decode_body` can undo."""


class Agent:
    """Sets the request's headers: an honest name, and the validators of the body we have."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    def process_request(self, request: Request) -> None:
        request.headers["User-Agent"] = self._run.agent
        request.headers["Accept"] = ACCEPT
        request.headers["Accept-Language"] = ACCEPT_LANGUAGE
        request.headers["Accept-Encoding"] = ACCEPT_ENCODING
        self._ask_conditionally(request)

    def _ask_conditionally(self, request: Request) -> None:
        visit = visit_of(request)
        if visit.hops or self._run.task.refetch:
            return  # the validators are those of the listed address
        match visit:
            case PageVisit(page=page) if page.rendered_sha256:
                pass  # "not modified" would only speak of the shell that scripts fill
            case PageVisit(page=known) | OriginVisit(origin=known) if known.sha256:
                if known.etag:
                    request.headers["If-None-Match"] = known.etag
                if known.last_modified:
                    request.headers["If-Modified-Since"] = known.last_modified
            case _:
                pass

"""Every raw response goes to the archive, with what it means for its page."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.commit import Kept
from crawler.exchange import answer_of, as_rendered, exchange_of
from crawler.plan import Ended, decide_answer, fetch_end
from crawler.rendering import Rendering
from crawler.run import CrawlRun, run_of
from crawler.visit import (
    OriginVisit,
    PageVisit,
    asked_by,
    note_asked,
    note_verdict,
    visit_of,
)
from hanoiwatch.clock import now
from hanoiwatch.store.captures import CaptureState


class Archive:
    """Next to the downloader: sees each response as it came, errors and redirects too."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run
        self._rendering = Rendering(run)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    def process_request(self, request: Request) -> None:
        note_asked(request, time.time())
        self._run.tally.requests += 1

    async def process_response(self, request: Request, response: Response) -> Response:
        visit, at = visit_of(request), now()
        answer = answer_of(response, at)
        verdict = decide_answer(asked_by(visit), answer, self._run.bounds)
        rendition = await self._rendering.of(request, response, verdict)
        verdict = rendition.verdict
        note_verdict(request, verdict)
        kept = Kept(
            exchange=exchange_of(request, response, at),
            content_type=answer.content_type,
            page_id=visit.page.page_id if isinstance(visit, PageVisit) else None,
            origin_id=visit.origin.id if isinstance(visit, OriginVisit) else None,
            rendered=rendition.rendered,
        )
        if isinstance(verdict, Ended):
            end = fetch_end(visit.page, verdict, at) if isinstance(visit, PageVisit) else None
            state: CaptureState = "unread" if verdict.unread else "kept"
            kept = replace(kept, state=state, revisit=verdict.revisit, end=end)
        await self._run.keep(kept)
        if rendition.rendered and isinstance(visit, OriginVisit):
            return as_rendered(response, rendition.rendered)  # it is read at once, by the spider
        return response

"""Polling what lists articles: which lists, what they gave, and what the record learns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scrapy.http import Response

from crawler.exchange import content_type_of, header_pairs
from crawler.listing import Further, Listing, read_listing
from crawler.plan import Ended
from crawler.run import CrawlRun
from crawler.visit import OriginVisit
from hanoiwatch.archive import decode_body
from hanoiwatch.clock import now
from hanoiwatch.errors import PageError
from hanoiwatch.log import logger
from hanoiwatch.model import DuePage, PageId
from hanoiwatch.store.frontier import Listed, PollOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What follows from one poll."""

    new_pages: tuple[DuePage, ...] = ()
    further: tuple[OriginVisit, ...] = ()


class Polls:
    """The discovery of one run."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run
        self._polled: set[str] = set()
        self._listed: set[PageId] = set()

    async def first(self) -> tuple[OriginVisit, ...]:
        """What the source's file names."""
        discover = self._run.source.discover
        return await self._visits(
            [
                *(Further(kind="feed", url=url) for url in discover.feeds),
                *(Further(kind="section", url=url) for url in discover.sections),
                *(Further(kind="sitemap", url=url) for url in discover.sitemaps),
            ]
        )

    async def read(self, visit: OriginVisit, ended: Ended, response: Response) -> Poll:
        """Records the poll whose answer is ``response``."""
        if ended.outcome != "fetched":
            return await self.unanswered(visit, ended)
        if ended.revisit == "not-modified" or (ended.revisit and visit.origin.kind == "feed"):
            await self._ended(visit, "unchanged", ended.reason)
            return Poll()
        await self._run.committer.flush()  # archived before the record speaks of it
        listing = self._listing(visit, response)
        if listing.failure:
            await self._forget_validators(visit)
            return await self.unanswered(visit, Ended(outcome="failed", reason=listing.failure))
        return await self._list(visit, ended, listing)

    async def unanswered(self, visit: OriginVisit, ended: Ended) -> Poll:
        """Records a poll that gave nothing, and tells the operator."""
        outcome: PollOutcome = "refused" if ended.outcome == "refused" else "failed"
        await self._ended(visit, outcome, ended.reason)
        self._problem(visit, ended.reason)
        return Poll()

    async def _list(self, visit: OriginVisit, ended: Ended, listing: Listing) -> Poll:
        at = now()
        frontier, committer = self._run.record.frontier, self._run.committer
        if listing.items or not listing.further:
            listed: Listed = await committer.call(
                frontier.list_items, visit.origin, self._run.run_id, listing.items, at
            )
            self._listed.update(listed.pages.values())
            self._run.tally.listed = len(self._listed)
        else:
            await self._ended(visit, "ok", "")
            listed = Listed(pages={}, new=(), shared=None)
        if not listing.items and not listing.further:
            self._problem(visit, "it lists nothing")
            await self._forget_validators(visit)
        else:
            await self._keep_validators(visit, ended, listing)
        urls = {page_id: url for url, page_id in listed.pages.items()}
        pages = [
            DuePage(
                page_id=page_id,
                url=urls[page_id],
                first_visit=True,
                listed_url=listing.items[urls[page_id]].url,
                published_at=listing.items[urls[page_id]].published_at,
                first_seen_at=at,
            )
            for page_id in listed.new
        ]
        return Poll(
            new_pages=tuple(self._run.take_up(pages)),
            further=await self._visits(listing.further),
        )

    def _listing(self, visit: OriginVisit, response: Response) -> Listing:
        limit = self._run.settings.max_decoded_bytes
        try:
            body = decode_body(header_pairs(response), response.body, limit)
            return read_listing(
                visit, body, content_type_of(response), response.url, self._run.source
            )
        except PageError as error:
            return Listing(failure=str(error))
        except Exception as error:  # noqa: BLE001 - a list that breaks its reader costs that list only
            logger(__name__).error("list broke its reader", url=response.url, error=repr(error))
            return Listing(failure=f"cannot be read ({type(error).__name__})")

    async def _visits(self, further: Iterable[Further]) -> tuple[OriginVisit, ...]:
        """Visits of lists that this run has not polled yet."""
        visits = []
        for each in further:
            if each.url in self._polled:
                continue
            self._polled.add(each.url)
            origin = await self._run.committer.call(
                self._run.record.frontier.origin, self._run.source.name, each.kind, each.url
            )
            visits.append(OriginVisit(url=each.url, origin=origin, number=each.number))
        return tuple(visits)

    async def _ended(self, visit: OriginVisit, outcome: PollOutcome, reason: str) -> None:
        await self._run.committer.call(
            self._run.record.frontier.poll_ended,
            visit.origin, self._run.run_id, now(), outcome, reason,
        )  # fmt: skip

    async def _keep_validators(self, visit: OriginVisit, ended: Ended, listing: Listing) -> None:
        # a list that leads on is read anew each time: were the run killed between it and what it
        # leads to, "not modified" would hide the rest for ever
        leads_on = visit.origin.kind == "section" or bool(listing.further)
        await self._validators(
            visit,
            etag=None if leads_on else ended.etag,
            last_modified=None if leads_on else ended.last_modified,
            sha256=ended.sha256 or "",
        )

    async def _forget_validators(self, visit: OriginVisit) -> None:
        await self._validators(visit, etag=None, last_modified=None, sha256="")

    async def _validators(
        self, visit: OriginVisit, *, etag: str | None, last_modified: str | None, sha256: str
    ) -> None:
        def keep() -> None:
            self._run.record.frontier.keep_validators(
                visit.origin, etag=etag, last_modified=last_modified, sha256=sha256
            )

        await self._run.committer.call(keep)

    def _problem(self, visit: OriginVisit, reason: str) -> None:
        self._run.tally.problem(f"{visit.origin.kind} {visit.origin.url}: {reason}")

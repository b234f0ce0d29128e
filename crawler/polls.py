"""Polling what lists articles: which lists, what they gave, and what the record learns.

Feeds come first. When all of them have ended, it is known whether one of them has a gap (it
shares nothing with its last listing), and sections and sitemaps are read as far back as that
takes; at the end of the run each gap says what closed it and what could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scrapy.http import Response

from crawler.exchange import content_type_of, header_pairs
from crawler.gaps import Gaps
from crawler.listing import Further, Listing, ListPage, Reach, read_listing, reads_on
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
        self._gaps = Gaps(run)
        self._reach = Reach(now=now(), since=run.task.since)
        self._polled: set[str] = set()
        self._feeds_left = 0
        self._listed: set[PageId] = set()
        self._new: set[PageId] = set()

    async def first(self) -> tuple[OriginVisit, ...]:
        """The feeds; where there are none, the lists."""
        await self._gaps.open()
        self._reach = replace(self._reach, gap_since=self._gaps.since)
        feeds = self._run.source.discover.feeds
        visits = await self._visits(Further(kind="feed", url=url) for url in feeds)
        self._feeds_left = len(visits)
        return visits or await self._lists()

    async def answered(self, visit: OriginVisit, ended: Ended, response: Response) -> Poll:
        """Records the poll whose answer is ``response``; what to ask for next."""
        poll = await self._read(visit, ended, response)
        return await self._after(visit, poll)

    async def unanswered(self, visit: OriginVisit, ended: Ended) -> Poll:
        """Records a poll that gave nothing; what to ask for next."""
        await self._failed(visit, ended)
        return await self._after(visit, Poll())

    async def close(self) -> None:
        """Closes the gaps, as far as they could be."""
        await self._gaps.close()

    async def _after(self, visit: OriginVisit, poll: Poll) -> Poll:
        if visit.origin.kind != "feed":
            return poll
        self._feeds_left -= 1
        if self._feeds_left:
            return poll
        self._reach = replace(self._reach, gap_since=self._gaps.since)
        return replace(poll, further=(*poll.further, *await self._lists()))

    async def _lists(self) -> tuple[OriginVisit, ...]:
        discover = self._run.source.discover
        sections = (Further(kind="section", url=url) for url in discover.sections)
        sitemaps = (Further(kind="sitemap", url=url) for url in discover.sitemaps)
        return await self._visits((*sections, *sitemaps))

    # --- one poll --------------------------------------------------------------------------

    async def _read(self, visit: OriginVisit, ended: Ended, response: Response) -> Poll:
        if ended.outcome != "fetched":
            return await self._failed(visit, ended, no_such_page=response.status in (404, 410))
        if ended.revisit == "not-modified" or (ended.revisit and visit.origin.kind == "feed"):
            await self._ended(visit, "unchanged", ended.reason)
            return Poll()
        await self._run.committer.flush()  # archived before the record speaks of it
        listing = self._listing(visit, response)
        if listing.gives_nothing:
            return await self._empty(visit, listing)
        listed = await self._list(visit, listing)
        await self._keep_validators(visit, ended, listing)
        for said in filter(None, (listing.problem, listing.left_out)):
            self._note(visit, said)
        return Poll(
            new_pages=self._new_pages(listing, listed),
            further=await self._visits(self._further(visit, listing, listed)),
        )

    def _listing(self, visit: OriginVisit, response: Response) -> Listing:
        limit = self._run.settings.max_decoded_bytes
        try:
            page = ListPage(
                kind=visit.origin.kind,
                url=response.url,
                number=visit.number,
                body=decode_body(header_pairs(response), response.body, limit),
                content_type=content_type_of(response),
            )
            return read_listing(page, self._run.source, self._reach)
        except PageError as error:
            return Listing(problem=str(error))
        except Exception as error:  # noqa: BLE001 - a list that breaks its reader costs that list only
            logger(__name__).error("list broke its reader", url=response.url, error=repr(error))
            return Listing(problem=f"it cannot be read ({type(error).__name__})")

    async def _list(self, visit: OriginVisit, listing: Listing) -> Listed:
        if not listing.items:
            await self._ended(visit, "ok", "")
            listed = Listed(pages={}, new=(), shared=None)
        else:
            listed = await self._run.committer.call(
                self._run.record.frontier.list_items,
                visit.origin, self._run.run_id, listing.items, now(),
            )  # fmt: skip
        self._listed.update(listed.pages.values())
        self._new.update(listed.new)
        self._run.tally.listed = len(self._listed)
        if visit.origin.kind == "feed":
            if listed.shared == 0:
                await self._gaps.suspect(visit.origin)
        else:
            self._gaps.was_read(visit, new=len(listed.new))
        return listed

    def _further(self, visit: OriginVisit, listing: Listing, listed: Listed) -> Iterable[Further]:
        yield from listing.children
        if visit.origin.kind != "section":
            return
        items, known = len(listed.pages), sum(p not in self._new for p in listed.pages.values())
        discover = self._run.source.discover
        goes_on = reads_on(discover, self._reach, visit.number, items=items, known=known)
        if goes_on and listing.next_page is not None:
            yield listing.next_page
        elif self._reach.gap_since and known * 2 < items:
            self._gaps.not_reached(visit)

    def _new_pages(self, listing: Listing, listed: Listed) -> tuple[DuePage, ...]:
        urls = {page_id: url for url, page_id in listed.pages.items()}
        at = now()
        pages = (_due_page(page_id, urls[page_id], listing, at) for page_id in listed.new)
        return tuple(self._run.under_way.take_up(pages))

    async def _empty(self, visit: OriginVisit, listing: Listing) -> Poll:
        if visit.origin.kind == "section" and visit.number > 1:
            await self._ended(visit, "empty", listing.problem)  # the list ended before we did
            return Poll()
        await self._forget_validators(visit)
        reason = listing.problem or listing.left_out or "it lists nothing"
        await self._ended(visit, "empty" if listing.is_readable else "failed", reason)
        self._note(visit, reason)
        if not listing.left_out:
            self._gaps.could_not_be_read(visit, reason)
        return Poll()

    async def _failed(
        self, visit: OriginVisit, ended: Ended, *, no_such_page: bool = False
    ) -> Poll:
        if no_such_page and visit.origin.kind == "section" and visit.number > 1:
            await self._ended(visit, "empty", ended.reason)  # the list ended before we did
            return Poll()
        outcome: PollOutcome = "refused" if ended.outcome == "refused" else "failed"
        await self._ended(visit, outcome, ended.reason)
        if visit.origin.kind != "section" or visit.number == 1:
            self._note(visit, ended.reason)
        self._gaps.could_not_be_read(visit, ended.reason)
        return Poll()

    # --- the record ------------------------------------------------------------------------

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
        leads_on = visit.origin.kind == "section" or bool(listing.children or listing.left_out)
        if listing.problem:  # what could not be read of it must be looked at again
            await self._forget_validators(visit)
            return
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

    def _note(self, visit: OriginVisit, reason: str) -> None:
        self._run.tally.problem(f"{visit.origin.kind} {visit.origin.url}: {reason}")


def _due_page(page_id: PageId, url: str, listing: Listing, at: datetime) -> DuePage:
    item = listing.items[url]
    return DuePage(
        page_id=page_id,
        url=url,
        first_visit=True,
        listed_url=item.url,
        published_at=item.published_at,
        first_seen_at=at,
    )

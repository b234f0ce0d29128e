"""Gaps of feeds: suspected, closed from sections and sitemaps, and what stays missing named."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.run import CrawlRun
from crawler.visit import OriginVisit
from hanoiwatch.clock import now
from hanoiwatch.store.frontier import OpenGap, OriginState

TRY_FOR = timedelta(days=3)
"""A section that does not answer for so long is not coming back in time: what it listed then has
moved too far down to be found."""


class Gaps:
    """The gaps that a run suspects or finds open, and what it reads to close them."""

    def __init__(self, run: CrawlRun) -> None:
        self._run = run
        self._open: list[OpenGap] = []
        self._read: list[str] = []
        self._missing: list[str] = []
        self._unread = False
        self._found = 0

    @property
    def since(self) -> datetime | None:
        """When the first of the feeds with a gap was last read; None: no gap."""
        return min((gap.since for gap in self._open), default=None)

    async def open(self) -> None:
        """Takes up the gaps that earlier runs were not given the time to close."""
        self._open += await self._run.committer.call(
            self._run.record.frontier.open_gaps, self._run.source.name
        )

    async def suspect(self, feed: OriginState) -> None:
        """A feed shares nothing with its last listing."""
        gap_id = await self._run.committer.call(
            self._run.record.frontier.suspect_gap, feed, self._run.run_id, now()
        )
        at = now()
        since = feed.last_full_poll_at or at
        self._open.append(OpenGap(id=gap_id, feed=feed.url, since=since, suspected_at=at))

    def was_read(self, visit: OriginVisit, *, new: int) -> None:
        """A section page or sitemap was read; it listed ``new`` pages nobody had listed yet."""
        self._found += new
        if visit.number == 1:
            self._read.append(_name(visit))

    def could_not_be_read(self, visit: OriginVisit, reason: str) -> None:
        if visit.origin.kind != "feed":
            self._missing.append(f"{_name(visit)}: {reason}")
            self._unread = True

    def not_reached(self, visit: OriginVisit) -> None:
        """A section was read back as far as we go, and did not reach what was known."""
        self._missing.append(
            f"{_name(visit)}: little that was known before, {visit.number} pages back"
        )

    async def close(self) -> None:
        """Records of each gap what closed it, and tells the operator what is missing.

        While a section or sitemap cannot be read, the next runs try again, for `TRY_FOR`.
        """
        missing = "; ".join(self._missing)
        if not self._read and not missing:
            missing = "the source names no sections and no sitemap"
        for gap in self._open:
            again = self._unread and now() - gap.suspected_at < TRY_FOR
            if not again:
                await self._run.committer.call(self._close, gap.id, missing)
            if missing:
                ending = "; the next run tries again" if again else ""
                said = f"feed {gap.feed}: a gap could not be closed: {missing}{ending}"
                self._run.tally.problem(said)
        self._open = []

    def _close(self, gap_id: int, missing: str) -> None:
        self._run.record.frontier.close_gap(
            gap_id, closed_by=", ".join(self._read), found=self._found, missing=missing
        )


def _name(visit: OriginVisit) -> str:
    return f"{visit.origin.kind} {visit.origin.url}"

"""The visit plan as the project promises it: when an observer looks at an article again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

AFTER_PUBLICATION = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168, 720))
CONFIRMED_AFTER = timedelta(hours=24, minutes=1)
"""A page that is gone is believed to be so a day later; a crawl takes seconds to come to it."""


def next_visit(published: datetime, visited: datetime) -> datetime | None:
    """When a page that was visited then is due again; None: never."""
    moments = (published + wait for wait in AFTER_PUBLICATION)
    return next((moment for moment in moments if moment > visited), None)


def planned_visits(published: datetime, crawls: Iterable[datetime]) -> list[datetime]:
    """The crawls that visit an article which is listed from its publication on."""
    visits: list[datetime] = []
    due: datetime | None = published
    for crawl in crawls:
        if due is not None and due <= crawl:
            visits.append(crawl)
            due = next_visit(published, crawl)
    return visits

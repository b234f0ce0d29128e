"""When a page is looked at again. Pure; the crawl plans by it, and so does what reads the page.

See docs/decisions/0011-what-counts-as-an-edit-and-as-gone.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta

REVISIT_AFTER = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 30 * 24))
"""After publication: most corrections come in the first hours (design: revisits)."""

GONE_AGAIN_AFTER = timedelta(hours=24)
"""A page that is gone is asked for once more before that is believed."""

ALARM_ASKED_FOR = timedelta(days=7)
"""Pages that vanished in one wave are looked at daily for so long: a site that broke its own
addresses mends them within days, and the alarm should end by itself then."""


def next_revisit(published_at: datetime, now: datetime) -> datetime | None:
    """When a page published then is looked at again; None: never."""
    moments = (published_at + wait for wait in REVISIT_AFTER)
    return next((moment for moment in moments if moment > now), None)


def planned_visit(
    published_at: datetime | None, first_seen_at: datetime | None, now: datetime
) -> datetime | None:
    """What is left of a page's plan. A publication that lies in the future is not believed:
    feeds in US date order claim one."""
    if published_at is None or published_at > now:
        published_at = first_seen_at or now
    return next_revisit(published_at, now)


def visit_when_gone(
    since: datetime | None, at: datetime, planned: datetime | None, *, alarm: bool
) -> datetime | None:
    """When an article's page that was gone at ``at`` is asked for again.

    ``since``: when it was first met gone; None: only now. A visit before the confirmation is due
    does not put it off. ``alarm``: it vanished together with many others.
    """
    if since is None:
        return at + GONE_AGAIN_AFTER
    if at < since + GONE_AGAIN_AFTER:
        return since + GONE_AGAIN_AFTER
    if alarm and at < since + ALARM_ASKED_FOR:
        return min(at + GONE_AGAIN_AFTER, planned or at + GONE_AGAIN_AFTER)
    return planned

"""Whether the registry has a change of posts already: then nobody need look at it."""

from __future__ import annotations

from datetime import date, timedelta

from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.partialdate import PartialDate
from hanoiwatch.registry.records import ProposedChange, Tenure

TOLERANCE = timedelta(days=31)
"""Between the decision, the ceremony and the report; articles look back for about as long."""


def is_news(registry: Registry, change: ProposedChange) -> bool:
    """Whether the registry does not have it. Who is in a post, and is elected into it again, is
    none; nor is who came to it, or left it, within a month of the day that the article gives."""
    official, post, on = change.official_id, change.post_id, change.on
    if official is None or post is None or on is None:
        return True
    tenures = [one for one in registry.officials[official].tenures if one.post == post]
    if change.kind in ("appointed", "elected"):
        return not any(_has_begun(tenure, on) for tenure in tenures)
    return not any(_has_ended(tenure, on) for tenure in tenures)


def _has_begun(tenure: Tenure, on: PartialDate) -> bool:
    return (
        tenure.held_on(on.first) != "no"
        or tenure.held_on(on.last) != "no"
        or _is_near(tenure.since, on)
    )


def _has_ended(tenure: Tenure, on: PartialDate) -> bool:
    return tenure.ended or (tenure.until is not None and _is_near(tenure.until, on))


def _is_near(known: PartialDate, said: PartialDate) -> bool:
    """Whether two dates, as well as they are known, may be within the tolerance."""
    return _before(known.first, said.last) and _before(said.first, known.last)


def _before(one: date, other: date) -> bool:
    return one - TOLERANCE <= other

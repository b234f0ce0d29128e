"""Days, weeks and months of Hanoi, and how many articles fall into each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

By = Literal["day", "week", "month"]
Days = Mapping[date | None, int]
"""How many articles were published on each day of Hanoi; None: undated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """``count``: articles that match; ``articles``: all there were, matching or not."""

    id: str
    first: date
    count: int
    articles: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where there was no article at all."""
        return self.count / self.articles if self.articles else 0.0


def periods(
    matching: Days,
    everything: Days,
    by: By,
    *,
    since: date | None = None,
    until: date | None = None,
) -> tuple[Period, ...]:
    """From the first period with a match to the last, those without one too.

    The periods of ``since`` and ``until`` (both days inclusive) are the first and the last where
    they are given: as far as there was any article at all.
    """
    counts, articles = _by_period(matching, by), _by_period(everything, by)
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    if since and articles:
        first = min(first, max(first_day(since, by), min(articles)))
    if until and articles:
        last = max(last, min(first_day(until, by), max(articles)))
    return tuple(
        Period(id=period_id(day, by), first=day, count=counts[day], articles=articles[day])
        for day in _starts(first, last, by)
    )


def _by_period(days: Days, by: By) -> Counter[date]:
    counts: Counter[date] = Counter()
    for day, count in days.items():
        if day is not None and count:
            counts[first_day(day, by)] += count
    return counts


def first_day(day: date, by: By) -> date:
    """Of the period that ``day`` is in. Weeks begin on Monday."""
    if by == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if by == "week" else day


def period_id(first: date, by: By) -> str:
    """``2026-11-16``, ``2026-W47`` (the ISO week, with the year that ISO gives it), ``2026-11``."""
    if by == "week":
        year, week, _ = first.isocalendar()
        return f"{year:04}-W{week:02}"
    return first.isoformat()[: len("2026-11")] if by == "month" else first.isoformat()


def _starts(first: date, last: date, by: By) -> Iterator[date]:
    day = first
    while day < last:
        yield day
        day = _next(day, by)
    yield last


def _next(first: date, by: By) -> date:
    if by == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=7 if by == "week" else 1)

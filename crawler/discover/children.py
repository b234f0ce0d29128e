"""Which files of a sitemap index are worth reading for some days.

Outlets keep a file per day, per stretch of days or per month, and say so in its name
(``sitemap-article-2026-09-05.xml``, ``sitemaps-2026-9-16-20.xml``, ``news-2026-9.xml``,
``Article-20260905.xml``). What a name does not settle, ``lastmod`` may; what neither does is
read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlsplit

from crawler.discover.sitemaps import SitemapChild
from hanoiwatch.clock import hanoi_day

Days = tuple[date, date]
"""First and last."""

_NAMED = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)"
    r"(?:(?P<month2>[01]\d)(?P<day2>[0-3]\d)?(?!\d)"
    r"|[-_/.](?P<month>\d{1,2})(?:[-_/.](?P<day>\d{1,2}))?(?:[-_/.](?P<until>\d{1,2}))?(?!\d)"
    r"|(?!\d))"
)

_SLACK = timedelta(days=1)
"""A ``lastmod`` without a time may be a day of another zone."""


def needed_children(
    children: Iterable[SitemapChild], *, since: date, until: date | None = None
) -> tuple[SitemapChild, ...]:
    """Those that may list articles published on the days asked for, in their order.

    ``until`` is the last day; None: to this day. Days are Hanoi's.
    """
    return tuple(child for child in children if _may_hold(child, since, until))


def _may_hold(child: SitemapChild, since: date, until: date | None) -> bool:
    named = named_days(child.url)
    if named is not None:
        first, last = named
        return last >= since and (until is None or first <= until)
    return child.lastmod is None or hanoi_day(child.lastmod) + _SLACK >= since


def named_days(url: str) -> Days | None:
    """The days that the name of a sitemap speaks of; None where it names none.

    A name that could be read in two ways gives the longer time: ``news-2026-9-2`` may be a day
    or the month's second file.
    """
    parts = urlsplit(url)
    for found in reversed(list(_NAMED.finditer(f"{parts.path}?{parts.query}"))):
        days = _days(found)
        if days is not None:
            return days
    return None


def _days(found: re.Match[str]) -> Days | None:
    year = int(found["year"])
    month_text = found["month2"] or found["month"]
    if month_text is None:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(month_text)
    if not 1 <= month <= 12:
        return None
    length = monthrange(year, month)[1]
    first, last = _stretch(found, length)
    if not 1 <= first <= last:
        return None
    return date(year, month, first), date(year, month, min(last, length))


def _stretch(found: re.Match[str], length: int) -> tuple[int, int]:
    """First and last day of the month; (0, 0) for a day that it does not have."""
    if found["day2"]:
        day = int(found["day2"])
        return (day, day) if day <= length else (0, 0)
    day_text, until_text = found["day"] or "", found["until"]
    if until_text and int(day_text) <= int(until_text) <= 31:
        return int(day_text), int(until_text)
    certain = len(found["month"] or "") == len(day_text) == 2 and until_text is None
    if certain and 1 <= int(day_text) <= length:
        return int(day_text), int(day_text)
    return 1, length

"""Dates as well as they are known: a year, a month or a day.

Sources say "in March 2021" or "since 2019". What is not said stays unknown: a partial date is
the span of days that it may mean.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; ``first`` and ``last`` day that it may mean."""

    text: str
    first: date
    last: date

    @property
    def is_day(self) -> bool:
        return self.first == self.last

    def __str__(self) -> str:
        return self.text


def partial_date(text: str) -> PartialDate:
    """Raises ValueError where ``text`` has none of the three shapes, or names no real day."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError(f"`{text}` is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if month is None:
            return PartialDate(text, date(year, 1, 1), date(year, 12, 31))
        if day is None:
            last = date(year, month, monthrange(year, month)[1])
            return PartialDate(text, date(year, month, 1), last)
        return PartialDate(text, date(year, month, day), date(year, month, day))
    except ValueError as error:
        raise ValueError(f"`{text}` is no day of the calendar") from error

"""A month on paper: how much happens in it, when it is crawled, and what happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hanoiwatch.clock import HANOI
from tests.month import events

MAIN, SECOND = "bao-mau", "bao-chep"
FIRST_DAY = datetime(2026, 9, 1, tzinfo=HANOI)
RELISTED = timedelta(days=4)
"""So young an article is in the feeds of its section for certain, and so found at once when its
address changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much happens. Days are counted from 0; the night's crawl of a day is at 01:00."""

    days: int
    nights: tuple[int, ...]
    daytime_days: tuple[int, ...]
    first_day: tuple[int, int]
    """Articles of the main paper and of the second."""
    main_a_day: int
    second_a_day: int
    edits: int
    cosmetics: int
    departures: int
    returning: int
    flickers: int
    worse: int
    copies_across: int
    copies_within: int
    late_reprints: int
    reform_night: int


FULL = Size(
    days=32, nights=tuple(range(1, 33)), daytime_days=(1, 9, 16, 23), first_day=(40, 15),
    main_a_day=18, second_a_day=3, edits=300, cosmetics=2000, departures=40, returning=8,
    flickers=5, worse=24, copies_across=40, copies_within=20, late_reprints=3, reform_night=22,
)  # fmt: skip
SMALL = Size(
    days=7, nights=(1, 2, 4, 6, 7), daytime_days=(), first_day=(60, 10),
    main_a_day=3, second_a_day=1, edits=30, cosmetics=60, departures=2, returning=0,
    flickers=1, worse=6, copies_across=4, copies_within=2, late_reprints=0, reform_night=6,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    seed: int
    size: Size
    crawls: tuple[datetime, ...]
    reform: datetime
    """The crawl that meets the new addresses first."""
    events: tuple[events.Event, ...]
    """In the order of their moments."""
    families: tuple[frozenset[tuple[str, str]], ...]
    """Articles (paper, slug) that tell one text: an original and its copies."""


def night(day: int) -> datetime:
    return FIRST_DAY + timedelta(days=day, hours=1)


def crawls_of(size: Size) -> tuple[datetime, ...]:
    nights = [night(day) for day in size.nights]
    by_day = [FIRST_DAY + timedelta(days=day, hours=13) for day in size.daytime_days]
    return tuple(sorted([*nights, *by_day]))

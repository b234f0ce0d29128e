"""When which source is crawled: decided from what was launched before, and from nothing else.

Nothing here waits or remembers. The run ledger says what was launched last; the timetable says
what follows from that. So a service that was off, restarted or killed, and a clock that was set,
need no rules of their own (docs/decisions/0023-the-ledger-decides-what-is-due.md).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hanoiwatch.config import ScheduleConfig
from hanoiwatch.cron import Cron
from hanoiwatch.errors import ConfigError
from hanoiwatch.sources.cron import cron_fault
from hanoiwatch.sources.schema import Source
from hanoiwatch.store.launches import LastLaunch, Why

MISSED_AFTER = timedelta(minutes=2)
"""A crawl that starts so much later than planned was missed, and is caught up."""
RESUMED_AFTER = timedelta(minutes=1)
"""An interrupted crawl is taken up again so long after it began; doubled with each interruption
in a row, so that a machine that keeps restarting asks no site for more than it would have."""
RESUMED_AT_LATEST = timedelta(hours=1)
MADE_UP_FOR = timedelta(days=6)
"""An outage that an ordinary crawl makes up for: it reads the sitemaps of seven days."""
OVERLAP = timedelta(days=1)
"""So much before the last launch a longer outage is read back to: papers date in their own way."""
MOST_JITTER = 600
"""Seconds: more would let a crawl of each half hour fall behind the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the timetable."""

    source: str
    cron: Cron
    spread_seconds: int = 0
    """At most so much later than the expression says: not every source in the same second."""

    def next_after(self, moment: datetime) -> datetime:
        """When it is to start next, strictly after ``moment``."""
        fire = self.cron.next_after(moment - timedelta(seconds=self.spread_seconds))
        while (start := fire + self._spread(fire)) <= moment:
            fire = self.cron.next_after(fire)
        return start

    def _spread(self, fire: datetime) -> timedelta:
        """The same for the same source and time, however often it is asked for."""
        if not self.spread_seconds:
            return timedelta()
        chosen = zlib.crc32(f"{self.source} {fire.isoformat()}".encode())
        return timedelta(seconds=chosen % (self.spread_seconds + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is to be launched next of an entry, and when."""

    entry: Entry
    at: datetime
    why: Why
    since: datetime | None = None
    """Where more was missed than an ordinary crawl makes up for: what it must read back to."""


def checked(schedule: ScheduleConfig) -> ScheduleConfig:
    """The same settings. Raises ConfigError where they cannot be followed."""
    if fault := cron_fault(schedule.crawl):
        raise ConfigError(f"`schedule.crawl`: {fault}.")
    try:
        ZoneInfo(schedule.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(
            f"`schedule.timezone`: there is no time zone {schedule.timezone!r}; write one as "
            "Asia/Ho_Chi_Minh."
        ) from error
    if not 0 <= schedule.jitter_seconds <= MOST_JITTER:
        raise ConfigError(f"`schedule.jitter_seconds`: from 0 to {MOST_JITTER}.")
    return schedule


def entries_of(sources: Iterable[Source], schedule: ScheduleConfig) -> Iterator[Entry]:
    """A line for each source: its own expression, else the nightly one.

    Every crawl reads the sitemaps of the last week and holds them against the record; there is no
    other sweep of the sources.
    """
    for source in sources:
        yield Entry(
            source=source.name,
            cron=Cron(source.crawl or schedule.crawl, schedule.timezone),
            spread_seconds=schedule.jitter_seconds,
        )


def planned(
    entry: Entry, last: LastLaunch | None, now: datetime, look: LastLaunch | None = None
) -> Planned:
    """What follows from the last launch that counts for this entry; due where ``at`` has come.

    A source that never was launched is due at once; where a first ``look`` at it was cut off, as
    late as a crawl that was. Whatever was missed is made up for by one launch. A last launch that
    lies in the future says only that a clock was wrong.
    """
    if last is None:
        cut_off = look is not None and look.outcome == "interrupted"
        at = _resumed(look, now) if look and cut_off else now
        return Planned(entry=entry, at=at, why="first")
    since = last.begun_at - OVERLAP if now - last.begun_at > MADE_UP_FOR else None
    fire = entry.next_after(min(last.ended_at or last.begun_at, now))
    why: Why = "missed" if now - fire > MISSED_AFTER else "timetable"
    if last.outcome == "interrupted":
        resume = _resumed(last, now)
        if resume < fire:
            return Planned(entry=entry, at=resume, why="resumed", since=since)
    return Planned(entry=entry, at=fire, why=why, since=since)


def _resumed(last: LastLaunch, now: datetime) -> datetime:
    return min(last.begun_at, now) + resumed_after(last.interrupted)


def resumed_after(interrupted: int) -> timedelta:
    """How long after its beginning a crawl is taken up that was interrupted so often in a row."""
    doublings = min(max(interrupted, 1) - 1, 10)
    return min(RESUMED_AFTER * (1 << doublings), RESUMED_AT_LATEST)


def plan(
    entries: Iterable[Entry],
    lasts: Mapping[str, LastLaunch],
    now: datetime,
    looks: Mapping[str, LastLaunch] | None = None,
) -> list[Planned]:
    """The next launch of every entry, the earliest first. ``looks``: the newest checks."""
    looks = looks or {}
    everything = [
        planned(entry, lasts.get(entry.source), now, looks.get(entry.source)) for entry in entries
    ]
    return sorted(everything, key=lambda one: (one.at, one.entry.source))

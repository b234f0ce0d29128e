"""Time, as the whole program sees it: aware UTC inside, Hanoi's zone when shown.

Code that decides takes ``now`` as a parameter; only thin shells call `now`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

HANOI = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Viet Nam keeps UTC+7 all year and has no daylight saving time."""


_ahead = timedelta()


def now() -> datetime:
    """The current time, aware, in UTC, to the microsecond."""
    return datetime.now(UTC) + _ahead


def ahead() -> timedelta:
    """How far `now` runs ahead of the machine's clock: zero but in a simulation."""
    return _ahead


def run_ahead(span: timedelta) -> None:
    """From here on `now` is the machine's time plus ``span``, in this process and in the crawls
    that it starts. For simulations: a month passes in a minute."""
    global _ahead  # noqa: PLW0603 - a process has one clock
    _ahead = span


def hanoi_day(moment: datetime) -> date:
    """The calendar day on which ``moment`` falls in Hanoi."""
    return moment.astimezone(HANOI).date()


def to_stored(moment: datetime) -> str:
    """``moment`` as the record stores it: UTC, fixed width, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_stored(text: str) -> datetime:
    """The inverse of `to_stored`."""
    return datetime.fromisoformat(text)


def to_shown(moment: datetime) -> str:
    """``moment`` as readers see it: ISO 8601 in Hanoi's zone, to the second."""
    return moment.astimezone(HANOI).isoformat(timespec="seconds")

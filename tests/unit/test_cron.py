"""When expressions fire, in Hanoi and where the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hanoiwatch.cron import Cron

HANOI = "Asia/Ho_Chi_Minh"
BERLIN = "Europe/Berlin"
SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def fires(expression: str, zone: str, after: datetime, count: int) -> list[str]:
    cron, found = Cron(expression, zone), []
    for _ in range(count):
        after = cron.next_after(after)
        found.append(after.astimezone(ZoneInfo(zone)).strftime("%a %d-%m %H:%M %z"))
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 1 * * *", ["Sun 29-11 01:00", "Mon 30-11 01:00"]),
        ("*/30 * * * *", ["Sat 28-11 19:30", "Sat 28-11 20:00"]),
        ("15,45 6-7 * * *", ["Sun 29-11 06:15", "Sun 29-11 06:45", "Sun 29-11 07:15"]),
        ("0 9 * * 0", ["Sun 29-11 09:00", "Sun 06-12 09:00"]),
        ("0 9 * * 7", ["Sun 29-11 09:00", "Sun 06-12 09:00"]),
        ("0 9 * * 5-7", ["Sun 29-11 09:00", "Fri 04-12 09:00", "Sat 05-12 09:00"]),
        ("0 9 * * mon-fri", ["Mon 30-11 09:00", "Tue 01-12 09:00"]),
        ("0 9 1 * 1", ["Mon 30-11 09:00", "Tue 01-12 09:00", "Mon 07-12 09:00"]),
        ("0 0 29 2 *", ["Tue 29-02 00:00"]),
    ],
)
def test_an_expression_fires_as_cron_does(expression: str, expected: list[str]) -> None:
    found = fires(expression, HANOI, SATURDAY, len(expected))
    assert [one.removesuffix(" +0700") for one in found] == expected


def test_a_moment_at_which_it_fires_is_not_after_itself() -> None:
    at = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
    assert Cron("0 1 * * *", HANOI).next_after(at) == datetime(2026, 11, 29, 18, 0, tzinfo=UTC)


def test_a_time_that_the_clock_jumps_over_comes_that_much_later() -> None:
    friday = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
    assert fires("30 2 * * *", BERLIN, friday, 3) == [
        "Sat 28-03 02:30 +0100", "Sun 29-03 03:30 +0200", "Mon 30-03 02:30 +0200",
    ]  # fmt: skip


def test_a_fixed_time_that_comes_twice_fires_once() -> None:
    friday = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
    assert fires("30 2 * * *", BERLIN, friday, 3) == [
        "Sat 24-10 02:30 +0200", "Sun 25-10 02:30 +0200", "Mon 26-10 02:30 +0100",
    ]  # fmt: skip


def test_each_half_hour_fires_through_the_hour_that_comes_twice() -> None:
    before = datetime(2026, 10, 24, 23, 45, tzinfo=UTC)
    assert fires("*/30 * * * *", BERLIN, before, 5) == [
        "Sun 25-10 02:00 +0200", "Sun 25-10 02:30 +0200", "Sun 25-10 02:00 +0100",
        "Sun 25-10 02:30 +0100", "Sun 25-10 03:00 +0100",
    ]  # fmt: skip

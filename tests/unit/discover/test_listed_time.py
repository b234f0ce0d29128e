"""The times that lists claim."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.discover.listed_time import listed_time
from hanoiwatch.clock import HANOI

AFTERNOON = datetime(2026, 9, 5, 13, 30, tzinfo=HANOI)


@pytest.mark.parametrize(
    "text",
    [
        "Sat, 05 Sep 2026 13:30:00 +0700",
        "Sat, 05 Sep 2026 06:30:00 GMT",
        "Sat, 05 Sep 2026 06:30:00 -0000",
        "Sat, 05 Sep 2026 13:30:00 GMT+7",
        "Sat, 05 Sep 2026 13:30:00 GMT+07:00",
        "Sat, 05 Sep 2026 13:30:00",
        "5 Sep 2026 13:30 +0700",
        "2026-09-05T13:30:00+07:00",
        "2026-09-05T06:30:00Z",
        "2026-09-05T13:30:00.000 +07:00",
        " 2026-09-05 13:30 ",
        "9/5/2026 1:30:00 PM",
        "09/05/2026 01:30 pm",
        "05/09/2026 13:30",
        "05/09/2026 - 13:30",
        "05-09-2026 13:30:00",
        "05-09-2026 - 13:30 PM",
    ],
)
def test_one_moment_in_many_ways(text: str) -> None:
    assert listed_time(text) == AFTERNOON


@pytest.mark.parametrize(
    ("text", "hour"), [("9/5/2026 12:00:00 AM", 0), ("9/5/2026 12:00:00 PM", 12)]
)
def test_twelve_is_midnight_or_noon(text: str, hour: int) -> None:
    assert listed_time(text) == AFTERNOON.replace(hour=hour, minute=0)


def test_a_thirteenth_month_shows_the_vietnamese_order() -> None:
    assert listed_time("25/9/2026 1:30 PM") == AFTERNOON + timedelta(days=20)


def test_a_day_is_its_midnight_in_hanoi() -> None:
    assert listed_time("2026-09-05") == datetime(2026, 9, 4, 17, tzinfo=UTC)
    assert listed_time("05/09/2026") == datetime(2026, 9, 5, tzinfo=HANOI)


@pytest.mark.parametrize(
    "text",
    [None, "", "hôm qua", "31/9/2026 10:00", "9/5/2026 25:00", "0001-01-01", "9" * 99, "1 2 3",
     "Sat, 05 Sep 1026 13:30:00 +0700", "Mon, 01 Jan 2024 00:00:00 +9999"],
)  # fmt: skip
def test_what_is_no_time_is_none(text: str | None) -> None:
    assert listed_time(text) is None

"""Quiet hours, digests and back-off, on paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hanoiwatch.alerts.moments import after_quiet, last_digest, next_attempt, next_digest
from hanoiwatch.alerts.rule import QuietHours
from hanoiwatch.clock import HANOI

NIGHT = QuietHours(start=22 * 60, end=6 * 60)
LUNCH = QuietHours(start=12 * 60, end=13 * 60)


def hanoi(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HANOI).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "moment", "then"),
    [
        (NIGHT, hanoi(20, 21, 59), hanoi(20, 21, 59)),
        (NIGHT, hanoi(20, 22), hanoi(21, 6)),
        (NIGHT, hanoi(21, 0), hanoi(21, 6)),
        (NIGHT, hanoi(21, 5, 59), hanoi(21, 6)),
        (NIGHT, hanoi(21, 6), hanoi(21, 6)),
        (LUNCH, hanoi(20, 12, 30), hanoi(20, 13)),
        (LUNCH, hanoi(20, 13), hanoi(20, 13)),
        (None, hanoi(20, 23), hanoi(20, 23)),
    ],
)
def test_what_falls_into_quiet_hours_waits_for_their_end(quiet, moment, then) -> None:
    assert after_quiet(moment, quiet) == then


def test_a_digests_moments_are_by_hanois_clock() -> None:
    assert last_digest("0 7 * * *", hanoi(20, 7)) == hanoi(20, 7)
    assert last_digest("0 7 * * *", hanoi(20, 6, 59)) == hanoi(19, 7)
    assert next_digest("0 7 * * *", hanoi(20, 7)) == hanoi(21, 7)


def test_the_last_moment_of_a_digest_is_found_however_long_ago_it_was() -> None:
    assert last_digest("* * * * *", hanoi(20, 7, 3)) == hanoi(20, 7, 3)
    assert last_digest("*/15 8 * * *", hanoi(20, 7)) == hanoi(19, 8, 45)
    assert last_digest("0 7 1 * *", hanoi(30, 23)) == hanoi(1, 7)
    leap_day = datetime(2024, 2, 29, 7, tzinfo=HANOI)
    assert last_digest("0 7 29 2 *", hanoi(20, 7)) == leap_day


def test_a_digests_weekdays_are_crons() -> None:
    friday, monday = hanoi(20, 7), hanoi(23, 7)
    assert next_digest("0 7 * * 1-5", friday) == monday
    assert next_digest("0 7 * * 0", friday) == hanoi(22, 7)


def test_attempts_grow_apart_and_end_after_five_days() -> None:
    made = now = hanoi(1, 8)
    waits, attempts = [], 0
    while True:
        attempts += 1
        again = next_attempt(attempts, now, made)
        if again is None:
            break
        waits.append(again - now)
        now = again
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert timedelta(days=4) < now - made <= timedelta(days=5)

"""What is due, from the ledger alone: after downtime, restarts, and clocks that were set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hanoiwatch.config import ScheduleConfig
from hanoiwatch.cron import Cron
from hanoiwatch.errors import ConfigError
from hanoiwatch.sources.schema import Discover, Source
from hanoiwatch.store.launches import LastLaunch
from scheduler.timetable import Entry, checked, entries_of, plan, planned, resumed_after

ONE_OCLOCK = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)  # 01:00 of the 28th in Hanoi
NIGHTLY = Entry(source="bao", cron=Cron("0 1 * * *", "Asia/Ho_Chi_Minh"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def last(begun: datetime, minutes: float | None = 10, **more) -> LastLaunch:
    ended = None if minutes is None else begun + timedelta(minutes=minutes)
    return LastLaunch(begun_at=begun, ended_at=ended, **{"outcome": "done", **more})


def test_a_source_that_never_was_crawled_is_due_at_once() -> None:
    found = planned(NIGHTLY, None, ONE_OCLOCK + HOUR)
    assert (found.at, found.why) == (ONE_OCLOCK + HOUR, "first")


def test_after_a_crawl_the_next_night_follows() -> None:
    found = planned(NIGHTLY, last(ONE_OCLOCK), ONE_OCLOCK + HOUR)
    assert (found.at, found.why) == (ONE_OCLOCK + DAY, "timetable")


def test_a_restart_after_a_crawl_asks_for_nothing() -> None:
    for minutes in (11, 60, 600):
        now = ONE_OCLOCK + timedelta(minutes=minutes)
        assert planned(NIGHTLY, last(ONE_OCLOCK), now).at > now


@pytest.mark.parametrize("days", [1.01, 2.5, 5])
def test_whatever_was_missed_is_one_crawl_due_at_once(days: float) -> None:
    now = ONE_OCLOCK + timedelta(days=days)
    found = planned(NIGHTLY, last(ONE_OCLOCK), now)
    assert found.at <= now
    assert (found.why, found.since) == ("missed", None)
    caught_up = last(now, minutes=10)
    assert planned(NIGHTLY, caught_up, now + timedelta(minutes=11)).at > now + timedelta(minutes=11)


def test_after_a_long_outage_it_reads_back_to_before_it() -> None:
    found = planned(NIGHTLY, last(ONE_OCLOCK), ONE_OCLOCK + 20 * DAY)
    assert found.since == ONE_OCLOCK - DAY


def test_a_crawl_by_hand_counts_for_the_timetable() -> None:
    by_hand = last(ONE_OCLOCK + 20 * HOUR)
    assert planned(NIGHTLY, by_hand, ONE_OCLOCK + 23 * HOUR).at == ONE_OCLOCK + DAY


def test_times_that_pass_while_a_crawl_goes_on_are_not_made_up_for() -> None:
    half_hourly = replace(NIGHTLY, cron=Cron("*/30 * * * *", "Asia/Ho_Chi_Minh"))
    long = last(ONE_OCLOCK, minutes=70)
    found = planned(half_hourly, long, ONE_OCLOCK + timedelta(minutes=71))
    assert found.at == ONE_OCLOCK + timedelta(minutes=90)


def test_an_interrupted_crawl_is_taken_up_after_a_minute_that_doubles() -> None:
    waits = []
    for count in (1, 2, 3, 4, 7, 8, 60):
        cut = last(ONE_OCLOCK, 1, outcome="interrupted", interrupted=count)
        found = planned(NIGHTLY, cut, ONE_OCLOCK + timedelta(minutes=1))
        assert found.why == "resumed"
        waits.append((found.at - ONE_OCLOCK) / timedelta(minutes=1))
    assert waits == [1, 2, 4, 8, 60, 60, 60]
    assert resumed_after(0) == timedelta(minutes=1)


def test_a_first_look_that_was_cut_off_is_taken_up_as_late_as_a_crawl() -> None:
    look = last(ONE_OCLOCK, None, outcome="interrupted", interrupted=3)
    found = planned(NIGHTLY, None, ONE_OCLOCK + timedelta(seconds=20), look)
    assert (found.why, found.at) == ("first", ONE_OCLOCK + timedelta(minutes=4))
    done = planned(NIGHTLY, None, ONE_OCLOCK + HOUR, last(ONE_OCLOCK))
    assert done.at == ONE_OCLOCK + HOUR


def test_a_time_of_the_timetable_comes_before_a_later_resumption() -> None:
    cut = last(ONE_OCLOCK - timedelta(minutes=10), 1, outcome="interrupted", interrupted=6)
    found = planned(NIGHTLY, cut, ONE_OCLOCK)
    assert (found.at, found.why) == (ONE_OCLOCK, "timetable")


def test_a_launch_in_the_future_only_says_that_a_clock_was_wrong() -> None:
    future = last(ONE_OCLOCK + 4000 * DAY)
    assert planned(NIGHTLY, future, ONE_OCLOCK + HOUR).at == ONE_OCLOCK + DAY
    cut = replace(future, outcome="interrupted", interrupted=1)
    now = ONE_OCLOCK + HOUR
    assert planned(NIGHTLY, cut, now).at == now + timedelta(minutes=1)


def test_a_clock_that_is_set_forward_catches_up_once() -> None:
    now = ONE_OCLOCK + 3 * DAY
    assert planned(NIGHTLY, last(ONE_OCLOCK), now).at <= now
    assert planned(NIGHTLY, last(now), now + HOUR).at == ONE_OCLOCK + 4 * DAY


def test_the_spread_is_the_same_however_often_it_is_asked_for() -> None:
    names = [f"bao-{number}" for number in range(40)]
    spread = [replace(NIGHTLY, source=name, spread_seconds=30) for name in names]
    first = [entry.next_after(ONE_OCLOCK - HOUR) for entry in spread]
    assert first == [entry.next_after(ONE_OCLOCK - HOUR) for entry in spread]
    seconds = {(moment - ONE_OCLOCK).total_seconds() for moment in first}
    assert min(seconds) >= 0
    assert max(seconds) <= 30
    assert len(seconds) > 10


def test_a_spread_start_comes_once_a_time() -> None:
    entry = replace(NIGHTLY, spread_seconds=30)
    start = entry.next_after(ONE_OCLOCK - HOUR)
    for later in (timedelta(), timedelta(seconds=1), timedelta(minutes=5)):
        assert entry.next_after(start + later) > ONE_OCLOCK + DAY - HOUR
    assert entry.next_after(ONE_OCLOCK - timedelta(microseconds=1)) == start


def test_a_sources_own_expression_replaces_the_nightly_one() -> None:
    feeds = Discover(feeds=("https://a.example/rss",))
    plain = Source(name="a", title="A", home="https://a.example/", discover=feeds)
    own = replace(plain, name="b", crawl="*/30 * * * *")
    found = {one.source: one.cron.expression for one in entries_of((plain, own), ScheduleConfig())}
    assert found == {"a": "0 1 * * *", "b": "*/30 * * * *"}


def test_the_plan_has_the_earliest_first() -> None:
    entries = [replace(NIGHTLY, source=name) for name in ("b", "a", "neu")]
    lasts = {"a": last(ONE_OCLOCK - DAY), "b": last(ONE_OCLOCK)}
    found = [(one.entry.source, one.why) for one in plan(entries, lasts, ONE_OCLOCK + HOUR)]
    assert found == [("a", "missed"), ("neu", "first"), ("b", "timetable")]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"crawl": "1 * * *"}, "`schedule.crawl`: a cron expression has five fields, this one 4"),
        ({"timezone": "Asia/Hanoi"}, "there is no time zone 'Asia/Hanoi'"),
        ({"timezone": "../etc/passwd"}, "there is no time zone"),
        ({"jitter_seconds": 4000}, "`schedule.jitter_seconds`: from 0 to 600"),
    ],
)
def test_settings_that_cannot_be_followed_are_refused(settings: dict, said: str) -> None:
    with pytest.raises(ConfigError, match=said.replace("*", r"\*")):
        checked(ScheduleConfig(**settings))
    assert checked(ScheduleConfig()) == ScheduleConfig()

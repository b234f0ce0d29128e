"""Periods of Hanoi, and the bars that show them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.cli.bars import bars, can_draw_blocks
from hanoiwatch.cli.periods import By, first_day, period_id, periods

DAYS = st.dictionaries(
    st.none() | st.dates(date(2024, 12, 1), date(2027, 2, 1)), st.integers(0, 5), max_size=8
)
BY = st.sampled_from(["day", "week", "month"])


def shown(*args, **bounds) -> list[tuple[str, int, int]]:
    return [(one.id, one.count, one.articles) for one in periods(*args, **bounds)]


@pytest.mark.parametrize(
    ("day", "by", "name", "first"),
    [
        (date(2026, 11, 22), "week", "2026-W47", date(2026, 11, 16)),
        (date(2026, 11, 16), "week", "2026-W47", date(2026, 11, 16)),
        (date(2027, 1, 3), "week", "2026-W53", date(2026, 12, 28)),
        (date(2024, 12, 30), "week", "2025-W01", date(2024, 12, 30)),
        (date(2026, 11, 22), "month", "2026-11", date(2026, 11, 1)),
        (date(2026, 11, 22), "day", "2026-11-22", date(2026, 11, 22)),
        (date(1, 1, 3), "week", "0001-W01", date(1, 1, 1)),
    ],
)
def test_each_day_is_in_one_period(day: date, by: By, name: str, first: date) -> None:
    assert first_day(day, by) == first
    assert period_id(first, by) == name


def test_weeks_without_a_match_between_two_with_one_are_shown() -> None:
    matching = {date(2026, 11, 22): 1, date(2026, 11, 2): 2, None: 4}
    everything = {date(2026, 11, 10): 3, date(2026, 11, 22): 2, date(2026, 11, 2): 2, None: 9}
    assert shown(matching, everything, "week") == [
        ("2026-W45", 2, 2), ("2026-W46", 0, 3), ("2026-W47", 1, 2),
    ]  # fmt: skip


def test_bounds_widen_the_line_as_far_as_there_are_articles() -> None:
    matching = {date(2026, 10, 15): 1}
    everything = {date(2026, month, 15): 2 for month in (8, 9, 10, 11)}
    assert shown(matching, everything, "month") == [("2026-10", 1, 2)]
    from_september = shown(matching, everything, "month", since=date(2026, 9, 20))
    assert from_september == [("2026-09", 0, 2), ("2026-10", 1, 2)]
    ids = [one[0] for one in shown(matching, everything, "month", since=date.min, until=date.max)]
    assert ids == ["2026-08", "2026-09", "2026-10", "2026-11"]


def test_the_last_days_of_the_calendar_end_the_line() -> None:
    matching = {date.max: 1, date.max - timedelta(days=1): 1}
    assert [one[0] for one in shown(matching, matching, "day")] == ["9999-12-30", "9999-12-31"]
    assert [one[0] for one in shown(matching, matching, "month")] == ["9999-12"]


def test_nothing_found_is_no_line_and_a_period_without_articles_has_no_share() -> None:
    assert periods({None: 3}, {date(2026, 11, 2): 3}, "week", since=date(2026, 1, 1)) == ()
    (gone,) = periods({date(2026, 11, 2): 3}, {}, "week")
    assert gone.share == 0.0


@given(DAYS, DAYS, BY)
def test_periods_follow_each_other_and_add_up(matching, others, by: By) -> None:
    everything = {day: matching.get(day, 0) + others.get(day, 0) for day in {*matching, *others}}
    found = periods(matching, everything, by)
    assert sum(one.count for one in found) == sum(n for day, n in matching.items() if day)
    assert all(0 <= one.share <= 1 for one in found)
    for before, after in pairwise(found):
        last = after.first - timedelta(days=1)
        assert first_day(last, by) == before.first
        assert before.id < after.id
    if found:
        assert found[0].count
        assert found[-1].count


def test_the_highest_bar_fills_the_width_and_the_smallest_can_be_seen() -> None:
    assert bars([16, 8, 1, 0], 10, blocks=True) == ["█" * 10, "█" * 5, "▋", ""]
    assert bars([10_000, 1], 10, blocks=True)[1] == "▏"
    assert bars([10_000, 5000, 1, 0], 10, blocks=False) == ["#" * 10, "#" * 5, "#", ""]
    assert bars([], 10, blocks=True) == bars([0], 10, blocks=True)[1:] == []


@given(st.lists(st.integers(0, 10**6), max_size=6), st.integers(1, 200), st.booleans())
def test_bars_fit_and_grow_with_their_counts(counts, width: int, blocks: bool) -> None:
    drawn = bars(counts, width, blocks=blocks)
    assert all(len(bar) <= width for bar in drawn)
    assert [bool(bar) for bar in drawn] == [bool(count) for count in counts]
    by_count = [bar for _, bar in sorted(zip(counts, drawn, strict=True))]
    assert [len(bar) for bar in by_count] == sorted(len(bar) for bar in drawn)


@pytest.mark.parametrize(
    ("encoding", "can"), [("utf-8", True), ("ascii", False), ("cp1258", False), (None, False)]
)
def test_blocks_are_drawn_where_the_stream_takes_them(encoding: str | None, can: bool) -> None:
    assert can_draw_blocks(encoding) is can

"""Dates as well as they are known."""

from __future__ import annotations

from datetime import date

import pytest

from hanoiwatch.registry.partialdate import partial_date
from hanoiwatch.registry.records import Tenure


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-04-10", "2024-04-10", "2024-04-10"),
    ],
)
def test_a_date_is_the_days_that_it_may_mean(text: str, first: str, last: str) -> None:
    found = partial_date(text)
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))
    assert found.is_day == (first == last)
    assert str(found) == text


@pytest.mark.parametrize("text", ["", "24", "2024-4", "2024-13", "2023-02-29", "2024/04/10", "now"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="`"):
        partial_date(text)


def tenure(since: str, until: str | None = None, **more: object) -> Tenure:
    return Tenure(
        official="a", post="b", since=partial_date(since), confidence="high", sources=("k",),
        until=partial_date(until) if until else None, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("since", "until", "day", "held"),
    [
        ("2024-04-10", None, "2024-04-09", "no"),
        ("2024-04-10", None, "2024-04-10", "yes"),
        ("2024-04-10", "2024-05-01", "2024-04-30", "yes"),
        ("2024-04-10", "2024-05-01", "2024-05-01", "no"),  # the first day of no more
        ("2024-04", "2025", "2024-04-15", "maybe"),
        ("2024-04", "2025", "2024-04-30", "yes"),
        ("2024-04", "2025", "2024-12-31", "yes"),
        ("2024-04", "2025", "2025-01-01", "maybe"),
        ("2024-04", "2025", "2025-12-31", "maybe"),
        ("2024-04", "2025", "2026-01-01", "no"),
    ],
)
def test_a_post_is_held_for_certain_only_where_both_dates_leave_no_doubt(
    since: str, until: str | None, day: str, held: str
) -> None:
    assert tenure(since, until).held_on(date.fromisoformat(day)) == held


def test_an_end_of_an_unknown_day_makes_every_later_day_doubtful() -> None:
    ended = tenure("2021-06-23", ended=True, seen=partial_date("2022-03-04"))
    assert ended.held_on(date(2022, 3, 4)) == "yes"
    assert ended.held_on(date(2022, 3, 5)) == "maybe"


def test_being_seen_in_post_makes_a_vague_beginning_certain() -> None:
    vague = tenure("2025", seen=partial_date("2025-11-07"))
    assert vague.held_on(date(2025, 11, 6)) == "maybe"
    assert vague.held_on(date(2025, 11, 7)) == "yes"

"""Which cron expressions can be followed."""

from __future__ import annotations

import pytest

from hanoiwatch.sources.cron import cron_fault


@pytest.mark.parametrize(
    "expression",
    [
        "* * * * *",
        "*/30 * * * *",
        "0 1 * * *",
        "5,35 6-22 * * mon-fri",
        "0 0 1 jan,jul *",
        "10-50/20 */2 1-15 * 0",
        "0 12 31 12 7",
        "  0   1 * *  SUN ",
    ],
)
def test_a_sound_expression_has_no_fault(expression: str) -> None:
    assert cron_fault(expression) is None


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "this one 0"),
        ("0 1 * *", "this one 4"),
        ("0 1 * * * *", "this one 6"),
        ("@daily", "this one 1"),
        ("60 * * * *", "`60` cannot be the minute: it runs from 0 to 59"),
        ("* 24 * * *", "`24` cannot be the hour: it runs from 0 to 23"),
        ("* * 0 * *", "`0` cannot be the day of month: it runs from 1 to 31"),
        ("* * * 13 *", "`13` cannot be the month: it runs from 1 to 12"),
        ("* * * * 8", "`8` cannot be the day of week: it runs from 0 to 7"),
        ("*/0 * * * *", "number from 1"),
        ("*/ * * * *", "number from 1"),
        ("*/x * * * *", "number from 1"),
        ("5/10 * * * *", "a step needs * or a range"),
        ("30-10 * * * *", "runs backwards"),
        ("1-2-3 * * * *", "this is not"),
        ("-1 * * * *", "this is not"),
        ("1, * * * *", "this is not"),
        ("one * * * *", "this is not"),
        ("* jan * * *", "this is not"),
        ("٣ * * * *", "this is not"),
        ("* * 30 2 *", "never comes"),
        ("0 0 31 apr,jun *", "never comes"),
    ],
)
def test_a_faulty_expression_says_what_and_where(expression: str, reason: str) -> None:
    assert reason in (cron_fault(expression) or "")


def test_a_weekday_saves_a_date_that_never_comes() -> None:
    assert cron_fault("0 0 31 2 mon") is None

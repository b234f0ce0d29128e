"""Who has gone silent, and who only sleeps at night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scheduler.silence import Silence, silence

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def paper(days: int, hours: tuple[int, ...]) -> list[datetime]:
    return [START + timedelta(days=day, hours=hour) for day in range(days) for hour in hours]


def test_a_daily_paper_that_stops_is_silent_after_twice_its_longest_pause() -> None:
    seen = paper(20, (6, 9, 12, 18))
    assert silence(seen, seen[-1] + 12 * HOUR) is None
    assert silence(seen, seen[-1] + 24 * HOUR) is None
    assert silence(seen, seen[-1] + 25 * HOUR) == Silence(since=seen[-1], longest=12 * HOUR)


def test_a_weekly_paper_is_not_silent_within_a_fortnight() -> None:
    seen = paper(1, tuple(range(3))) + [
        START + timedelta(days=7 * week, hours=hour) for week in range(1, 4) for hour in range(3)
    ]
    assert silence(seen, seen[-1] + timedelta(days=13)) is None
    assert silence(seen, seen[-1] + timedelta(days=14)) is not None


def test_of_a_source_with_few_articles_nothing_is_said() -> None:
    seen = paper(3, (6, 9, 12))
    assert len(seen) == 9
    assert silence(seen, seen[-1] + timedelta(days=20)) is None
    assert silence([], START) is None


def test_while_nobody_looks_nobody_is_silent() -> None:
    seen = paper(20, (6, 9, 12, 18))
    looked_at = seen[-1] + HOUR
    assert silence(seen, looked_at) is None

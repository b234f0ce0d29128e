"""The run ledger: what was launched, and what the timetable must know of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hanoiwatch.store import Record
from hanoiwatch.store.launches import WITHOUT_A_WORD, LaunchEnd

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    opened = Record.open(tmp_path / "record.sqlite3")
    yield opened
    opened.close()


def launch(record: Record, outcome: str | None, *, kind="crawl", source="bao", at=NOW) -> None:
    line = record.launches.begin(source, kind, "timetable", due_at=at, at=at)
    if outcome:
        end = LaunchEnd(outcome=outcome, reason="vì", seconds=60.0, counts={"new": 3})
        record.launches.end(line, at + MINUTE, end)


def test_a_line_is_there_before_its_end_and_whole_after_it(record: Record) -> None:
    line = record.launches.begin("bao", "crawl", "missed", due_at=NOW - MINUTE, at=NOW)
    (opened,) = record.launches.open()
    assert (opened.id, opened.ended_at, opened.outcome) == (line, None, None)
    record.launches.end(line, NOW + MINUTE, LaunchEnd(outcome="partly", seconds=60.0))
    assert record.launches.open() == []
    (whole,) = record.launches.history()
    assert (whole.why, whole.outcome, whole.due_at) == ("missed", "partly", NOW - MINUTE)
    assert whole.ended_at == NOW + MINUTE


def test_the_timetable_counts_neither_partial_crawls_nor_backfills(record: Record) -> None:
    launch(record, "done", at=NOW)
    launch(record, "done", kind="partial", at=NOW + 5 * MINUTE)
    launch(record, "done", kind="backfill", at=NOW + 9 * MINUTE)
    launch(record, "done", kind="partial", source="khac", at=NOW)
    lasts = record.launches.lasts()
    assert list(lasts) == ["bao"]
    assert lasts["bao"].begun_at == NOW


def test_interruptions_are_counted_up_to_the_newest_in_a_row(record: Record) -> None:
    for outcome in ("interrupted", "done", "interrupted", "interrupted"):
        launch(record, outcome)
    assert record.launches.lasts()["bao"].interrupted == 2
    launch(record, "interrupted", source="khac")
    assert record.launches.lasts()["bao"].interrupted == 2
    launch(record, "failed")
    assert record.launches.lasts()["bao"].interrupted == 0


def test_what_was_given_up_was_interrupted_without_a_word(record: Record) -> None:
    launch(record, None)
    launch(record, None, source="khac")
    first, _ = record.launches.open()
    record.launches.give_up([first.id], NOW + MINUTE)
    record.launches.give_up([], NOW)
    assert [one.source for one in record.launches.open()] == ["khac"]
    given_up = record.launches.history(source="bao")[0]
    assert (given_up.outcome, given_up.reason) == ("interrupted", WITHOUT_A_WORD)


def test_the_history_is_narrowed_by_source_time_and_number(record: Record) -> None:
    for minutes in range(5):
        launch(record, "done", at=NOW + minutes * MINUTE)
    launch(record, "done", source="khac")
    assert len(record.launches.history()) == 6
    assert [one.begun_at for one in record.launches.history(source="bao", limit=2)] == [
        NOW + 4 * MINUTE, NOW + 3 * MINUTE,
    ]  # fmt: skip
    assert len(record.launches.history(since=NOW + 3 * MINUTE)) == 2
    assert record.launches.history(source="bao")[0].counts == {"new": 3}

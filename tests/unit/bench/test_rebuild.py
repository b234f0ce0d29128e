"""The rebuild's benchmark: what it times, and how it judges."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bench.rebuild import Lap, measure, report, sizes
from bench.rebuild_laps import (
    FTS5_BOTH,
    FTS5_ONE,
    OURS,
    TITLES,
    add_articles,
    fts5_seconds,
    rebuild_seconds,
)
from bench.search_corpus import VOCABULARY
from hanoiwatch.model import Filters
from hanoiwatch.query import parse
from hanoiwatch.store import Record
from hanoiwatch.text import fold
from indexer.search.embedded import EmbeddedIndex


def _laps(ours: float, one: float, both: float, rss: float) -> dict[str, list[Lap]]:
    seconds = {OURS: ours, FTS5_ONE: one, FTS5_BOTH: both}
    return {name: [Lap(seconds=s, rss_mb=rss, bytes=9)] * 2 for name, s in seconds.items()}


@pytest.mark.slow
def test_every_contestant_is_measured_in_a_process_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = measure(tmp_path, [30], rounds=1)
    assert {name: len(laps) for name, laps in measured[30].items()} == dict.fromkeys(TITLES, 1)
    assert all(lap.seconds > 0 and lap.bytes > 0 for (lap,) in measured[30].values())
    report(measured)
    said = capsys.readouterr().out
    assert all(title in said for title in TITLES.values())
    assert [path.name for path in tmp_path.glob("out*")] == []


def test_memory_is_compared_where_every_buffer_has_been_full() -> None:
    assert sizes(100_000) == [20_000, 100_000]
    assert sizes(40_000) == [20_000, 40_000]
    assert sizes(200_000) == [40_000, 200_000]
    assert sizes(300) == [300]


def test_the_largest_size_is_judged_and_memory_against_the_smallest() -> None:
    small = _laps(ours=9, one=1, both=1, rss=100)
    passed = {
        verdict.name: verdict.passed
        for verdict in report({20: small, 100: _laps(ours=14, one=10, both=8, rss=130)})
    }
    assert passed == {
        "rebuild_times_fts5": True,
        "rebuild_times_fts5_both": False,
        "rebuild_memory_growth": False,
    }


def test_all_of_them_find_the_same_articles(tmp_path: Path) -> None:
    record = Record.open(tmp_path / "record.sqlite3")
    add_articles(record, 1, 40)
    assert rebuild_seconds(record, tmp_path / "ours") > 0
    assert fts5_seconds(record, tmp_path / "fts5", tables=2) > 0
    record.close()
    index = EmbeddedIndex(tmp_path / "ours")
    with sqlite3.connect(tmp_path / "fts5") as connection:
        for word in VOCABULARY[30:60]:
            for table, asked in (("canon", word), ("fold", fold(word))):
                query = f"SELECT count(*) FROM {table} WHERE {table} MATCH ?"
                ((expected,),) = connection.execute(query, (f'"{asked}"',))
                tree = parse(word if table == "canon" else f"~{word}")
                found = index.search(tree, Filters()).total
                assert found >= expected if table == "fold" else found == expected
        for number in range(5):
            query = "SELECT count(*) FROM canon WHERE canon MATCH ?"
            ((expected,),) = connection.execute(query, (f"body:body{number}",))
            assert index.search(None, Filters(bodies=(f"body-{number}",))).total == expected
            assert expected or number
    index.close()

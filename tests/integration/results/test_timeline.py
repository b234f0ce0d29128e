"""How many articles a question finds by day, week and month; what all three commands refuse."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hanoiwatch.cli.main import run
from hanoiwatch.cli.output import cells_of
from hanoiwatch.cli.periods import first_day, period_id
from hanoiwatch.clock import hanoi_day
from hanoiwatch.model import Article
from tests.integration.results.asking import NARROWED, QUERIES, found, moment, on_terminal, words_of
from tests.large_archive import data_folder


@pytest.mark.parametrize("by", ["day", "week", "month"])
@pytest.mark.parametrize("filters", NARROWED, ids=range(len(NARROWED)))
def test_a_timeline_counts_what_brute_force_counts(desk, give, by, filters) -> None:
    for query in QUERIES:
        words = words_of(query, filters)
        answer = json.loads(give("timeline", *words, "--by", by, "--format", "json"))
        assert list(answer) == ["query", "by", "total", "undated", "periods"]
        assert (answer["query"], answer["by"], answer["undated"]) == (query, by, 0)
        counts = by_period(found(desk, query, filters), by)
        articles = by_period(found(desk, "", filters), by)
        assert {row["period"]: row["count"] for row in answer["periods"] if row["count"]} == counts
        assert answer["total"] == sum(counts.values())
        for row in answer["periods"]:
            assert row["articles"] == articles[row["period"]]
            assert row["share"] == (row["count"] / row["articles"] if row["articles"] else 0)
        assert_unbroken(answer["periods"], by)


def by_period(articles: list[Article], by: Any) -> Counter[str]:
    return Counter(period_id(first_day(hanoi_day(moment(one)), by), by) for one in articles)


def assert_unbroken(rows: list[dict[str, Any]], by: Any) -> None:
    firsts = [date.fromisoformat(row["from"]) for row in rows]
    for before, after in itertools.pairwise(firsts):
        assert first_day(after - timedelta(days=1), by) == before
    assert [row["period"] for row in rows] == [period_id(first, by) for first in firsts]


def test_undated_articles_are_counted_apart(tmp_path: Path, capfd) -> None:
    folder = data_folder(tmp_path, 1200)
    assert run(["--data-dir", str(folder), "timeline", "kè", "--format", "json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    assert (answer["total"], answer["undated"]) == (1200, 2)
    assert sum(row["count"] for row in answer["periods"]) == 1198
    assert run(["--data-dir", str(folder), "timeline", "kè"]) == 0
    assert "1200 found, 2 of them without a date" in capfd.readouterr().out


def test_a_timeline_as_csv_has_the_columns_of_its_json(give) -> None:
    rows = list(csv.DictReader(io.StringIO(give("timeline", "phường", "--format", "csv"))))
    periods = json.loads(give("timeline", "phường", "--format", "json"))["periods"]
    assert [{**row, "share": float(row["share"])} for row in rows] == [
        {**period, "count": str(period["count"]), "articles": str(period["articles"])}
        for period in periods
    ]


def test_bars_fit_the_terminal_and_are_ascii_where_blocks_cannot_be_had(desk, give) -> None:
    on_screen = on_terminal("timeline", "phường", settings=desk.settings).splitlines()
    assert max(map(cells_of, on_screen)) == 60
    assert any("█" in line for line in on_screen)
    plain = on_terminal("timeline", "phường", settings=desk.settings, PYTHONIOENCODING="ascii")
    assert plain.isascii()
    assert max(map(len, plain.splitlines())) == 60
    assert "#" in plain
    narrow = on_terminal("timeline", "phường", settings=desk.settings, COLUMNS="10")
    assert "█" in narrow
    assert "█" * 40 in give("timeline", "phường")


def test_a_timeline_of_nothing_is_a_head_and_no_error(give) -> None:
    assert give("timeline", "khongcotunao").splitlines() == [
        "period  from  count  articles  share", "0 found",
    ]  # fmt: skip
    answer = json.loads(give("timeline", "khongcotunao", "--format", "json"))
    assert (answer["total"], answer["periods"]) == (0, [])


@pytest.mark.parametrize("command", ["search", "export", "timeline"])
@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (['"bộ máy'], 2, "never closed"),
        (["bộ", "máy"], 2, "in quotes"),
        (["x", "--since", "2026-11-02", "--until", "2026-11-01"], 2, "--since is after --until"),
        (["x", "--source", "zzz"], 2, "there is no source `zzz`."),
        (["x", "--data-dir", "khong-co"], 1, "there is no archive"),
    ],
)
def test_bad_input_is_one_clear_sentence(give, command, words, code, sentence) -> None:
    assert give(command, *words, code=code) == ""
    assert sentence in give.err
    assert "Traceback" not in give.err

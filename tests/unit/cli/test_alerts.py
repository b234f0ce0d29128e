"""`hanoiwatch alerts`, as a user types it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.recorded import Recorded, fill
from hanoiwatch.cli.main import run
from hanoiwatch.clock import now
from hanoiwatch.store import Record
from tests.alert_desk import article

SETTINGS = """
data_dir = "data"
[channels]
desk = "mailto://canh-bao:${MAT_KHAU}@smtp.example.org?to=ban@example.org"
"""


class Typed:
    """A folder with settings; commands run in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        (folder / "hanoiwatch.toml").write_text(SETTINGS, "utf-8")
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        self._capsys.readouterr()
        code = run(["--config", str(self.folder / "hanoiwatch.toml"), "alerts", *words])
        self.out, self.err = self._capsys.readouterr()
        return code

    def publish(self, count: int, text: str, first: int = 0) -> None:
        record = Record.open(self.folder / "data" / "record.sqlite3")
        seen = now()
        fill(record, [
            Recorded(source="bao", seen_at=seen, content=article(
                number, text.format(number), published_at=seen - timedelta(hours=1)))
            for number in range(first, first + count)
        ])  # fmt: skip
        record.close()


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    return Typed(tmp_path, capsys)


def test_a_rule_is_added_listed_paused_and_removed(typed: Typed) -> None:
    assert typed("add", "bo-may", "--query", '"sắp xếp bộ máy"~6', "--on", "new") == 0
    assert typed("list", "--format", "json") == 0
    (row,) = json.loads(typed.out)
    assert (row["id"], row["state"], row["on"]) == ("bo-may", "active", ["new"])
    assert row["channels"] == ["desk"]
    assert "smtp.example.org" not in typed.out
    began = datetime.fromisoformat(row["began_at"])
    assert datetime.now(UTC) - began < timedelta(minutes=2)
    assert typed("pause", "bo-may") == 0
    typed("list")
    assert "paused" in typed.out
    assert typed("pause", "bo-may", "--resume") == 0
    assert typed("remove", "bo-may") == 0
    assert typed("list") == 0
    assert "bo-may" not in typed.out
    assert not (typed.folder / "alerts" / "bo-may.toml").exists()


def test_a_query_that_cannot_be_read_is_pointed_at(typed: Typed) -> None:
    assert typed("add", "sai", "--query", "a (b") == 2
    assert typed.err.splitlines() == [
        "a (b", "  ^", ("hanoiwatch: cannot read the query at character 3: this bracket is never "
        "closed"),
    ]  # fmt: skip
    assert not (typed.folder / "alerts").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x", "--query", "a", "--channel", "dask"], "no channel `dask`"),
        (["X", "--query", "a"], "only the letters a-z"),
        (["x"], "a rule without a query needs a facet"),
        (["x", "--query", "a", "--source", "hanoimo"], "Did you mean `hanoimoi`?"),
    ],
)
def test_a_rule_that_is_wrong_is_not_added(typed: Typed, words: list[str], said: str) -> None:
    assert typed("add", *words) == 2
    assert said in typed.err


def test_a_rule_is_not_overwritten(typed: Typed) -> None:
    typed("add", "bo-may", "--query", "a")
    assert typed("add", "bo-may", "--query", "b") == 1
    assert "there is such a rule already" in typed.err


def test_a_rule_that_would_match_a_fifth_of_everything_asks_for_yes(typed: Typed) -> None:
    typed.publish(15, "Lũ đã lên mức {}.")
    typed.publish(45, "Chợ phiên họp {}.", first=15)
    assert typed("add", "lu", "--query", "lũ") == 2
    assert "would have matched 15 of 60 articles of the last 90 days (25%)" in typed.err
    assert typed("add", "lu", "--query", "lũ", "--yes") == 0


def test_a_test_shows_what_a_rule_would_have_sent_and_keeps_nothing(typed: Typed) -> None:
    typed.publish(3, "Lũ đã lên mức {}.")
    typed.publish(40, "Chợ phiên họp {}.", first=3)
    assert typed("test", "--query", "lu", "--since", "90d", "--format", "json") == 0
    tried = json.loads(typed.out)
    assert (tried["matched"], tried["articles"], tried["messages"]) == (3, 43, 3)
    assert {row["sent"] for row in tried["would_have_sent"]} == {"single"}
    assert typed("log", "--format", "json") == 0
    assert json.loads(typed.out) == []
    typed("add", "cho", "--query", "chợ", "--yes")
    assert typed("test", "cho", "--limit", "2") == 0
    assert "40 alerts (2 shown, the newest first)" in typed.out
    assert "That is very much for an alert." in typed.out


def test_a_file_that_is_wrong_is_listed_with_its_fault(typed: Typed) -> None:
    typed("add", "bo-may", "--query", "a")
    (typed.folder / "alerts" / "hong.toml").write_text('query = "("', "utf-8")
    assert typed("list", "--format", "json") == 1
    rows = json.loads(typed.out)
    assert [row["state"] for row in rows] == ["active", "wrong"]
    assert "hong.toml:1: `query`: cannot read the query" in rows[1]["problem"]
    assert typed("deliver") == 3
    assert "alert rule not in force" in typed.err


def test_a_rule_that_is_not_there_is_guessed(typed: Typed) -> None:
    typed("add", "bo-may", "--query", "a")
    assert typed("remove", "bo-mai") == 1
    assert "Did you mean `bo-may`?" in typed.err

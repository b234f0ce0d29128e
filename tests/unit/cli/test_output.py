"""Rows as people, programs and spreadsheets want them."""

from __future__ import annotations

import csv
import io
import json
import os
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.cli.output import cells_of, guarded, write_rows

ROWS = [
    {"name": "hanoimoi", "title": "Báo Hànộimới", "on": True, "feeds": 8, "crawl": None},
    {"name": "vov", "title": "VOV", "on": False, "feeds": 12, "crawl": "0 1 * * *"},
]
COLUMNS = ("name", "title", "on", "feeds", "crawl")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(form: str, rows: list[dict[str, object]], columns: tuple[str, ...]) -> str:
    stream = io.StringIO()
    write_rows(rows, columns, form, stream)
    return stream.getvalue()


def test_a_table_is_aligned_with_numbers_to_the_right() -> None:
    assert written("table", ROWS, COLUMNS) == (
        "name      title         on   feeds  crawl\n"
        "hanoimoi  Báo Hànộimới  yes      8\n"
        "vov       VOV           no      12  0 1 * * *\n"
    )


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_table_is_aligned_whatever_the_letters_are_made_of(form: str) -> None:
    rows = [
        {"name": unicodedata.normalize(form, "Điện Biên Phủ"), "what": "1"},
        {"name": "河內", "what": "2"},
        {"name": "zero\u200bwidth", "what": "3"},
    ]
    lines = written("table", rows, ("name", "what")).splitlines()
    assert {cells_of(line) for line in lines[1:]} == {cells_of("Điện Biên Phủ  1")}


def test_a_table_is_not_cut_where_nobody_reads_it() -> None:
    long = "x" * 500
    assert long in written("table", [{"title": long}], ("title",))


def test_a_table_on_a_terminal_takes_from_the_widest_column(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((30, 24)))
    stream = Terminal()
    write_rows([{"id": "abcdef", "title": "Ổ" * 40, "n": 1}], ("id", "title", "n"), "table", stream)
    assert stream.getvalue().splitlines()[1] == "abcdef  " + "Ổ" * 18 + "…  1"


def test_a_column_is_never_cut_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((5, 24)))
    stream = Terminal()
    write_rows([{"a": "0123456789", "b": "0123456789"}], ("a", "b"), "table", stream)
    assert stream.getvalue().splitlines()[1] == "01234…  01234…"


def test_a_wide_letter_is_not_cut_in_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((6, 24)))
    stream = Terminal()
    write_rows([{"a": "河內河內"}], ("a",), "table", stream)
    assert stream.getvalue().splitlines()[1] == "河內…"


def test_a_title_cannot_steer_the_terminal() -> None:
    text = written("table", [{"title": "a\x1b[31mb\r\nc\u202ed\x07"}], ("title",))
    assert text == "title\na [31mb c d\n"


def test_a_table_without_rows_is_its_head() -> None:
    assert written("table", [], ("a", "b")) == "a  b\n"


def test_json_keeps_values_and_fills_what_is_missing() -> None:
    rows = [
        {"a": True, "b": frozenset({"x"}), "c": date(2026, 9, 30), "d": {"e": 1.5}, "unasked": 1}
    ]
    assert json.loads(written("json", rows, ("a", "b", "c", "d", "f"))) == [
        {"a": True, "b": ["x"], "c": "2026-09-30", "d": {"e": 1.5}, "f": None}
    ]


def test_json_keeps_vietnamese_letters_and_ends_in_a_line() -> None:
    text = written("json", [{"a": "Hà Nội"}], ("a",))
    assert "Hà Nội" in text
    assert text.endswith("]\n")
    assert json.loads(written("json", [], ("a",))) == []


def test_json_refuses_what_it_cannot_say() -> None:
    with pytest.raises(TypeError, match="object has no form in JSON"):
        written("json", [{"a": object()}], ("a",))


def test_csv_has_a_head_joined_lists_and_quotes() -> None:
    rows = [{"a": 'một, "hai"', "b": ["x", True], "c": None, "d": False, "e": 1}]
    text = written("csv", rows, ("a", "b", "c", "d", "e"))
    assert text == 'a,b,c,d,e\r\n"một, ""hai""",x; true,,false,1\r\n'
    assert list(csv.reader(io.StringIO(text)))[1] == ['một, "hai"', "x; true", "", "false", "1"]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+84 24", "- Thưa ông,", "@SUM(A1)", "＝1", "－1", " =1", "\t=1", "\x00=1", "\u00a0-"],
)
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"
    ((_, [cell]),) = [list(csv.reader(io.StringIO(written("csv", [{"a": text}], ("a",)))))]
    assert cell[:1] == "'"


@pytest.mark.parametrize(
    "text", ["", " ", "1 - 1", "“= 1”", "'=1", "–1", "—", "10%", "a@b.example"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


def test_numbers_of_a_row_are_no_formulas() -> None:
    assert written("csv", [{"a": -1, "b": ["-x"]}], ("a", "b")) == "a,b\r\n-1,'-x\r\n"


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("table", "2026-09-30 08:15"),
        ("json", "2026-09-30T08:15:07+07:00"),
        ("csv", "2026-09-30T08:15:07+07:00"),
    ],
)
def test_moments_are_shown_in_hanoi(form: str, shown: str) -> None:
    moment = datetime(2026, 9, 30, 1, 15, 7, tzinfo=UTC)
    assert shown in written(form, [{"at": moment}], ("at",))


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.text(max_size=20)), max_size=4))
def test_csv_and_json_give_back_every_text(rows: list[dict[str, object]]) -> None:
    columns = ("a", "b", "c")
    expected = [[row.get(column) for column in columns] for row in rows]
    from_json = json.loads(written("json", rows, columns))
    assert [[row[column] for column in columns] for row in from_json] == expected
    from_csv = list(csv.reader(io.StringIO(written("csv", rows, columns), newline="")))
    assert from_csv[1:] == [[guarded(str(value or "")) for value in row] for row in expected]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5), st.integers(1, 60))
def test_no_line_of_a_table_breaks(values: list[str], width: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((width, 24)))
        stream = Terminal()
        write_rows([{"a": value} for value in values], ("a",), "table", stream)
    lines = stream.getvalue().splitlines()
    assert len(lines) == len(values) + 1
    assert max(map(cells_of, lines)) <= max(width, 6)

"""Marked text on paper: what a terminal shows, and what a pipe reads."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.cli.marked import Paper, marked_lines, printable, wrapped
from hanoiwatch.cli.output import cells_of
from hanoiwatch.diff.words import word_pieces

PIPE = Paper(coloured=False, room=None)
TERMINAL = Paper(coloured=True, room=40)
WIDE = Paper(coloured=True, room=100)
STYLE = re.compile(r"\x1b\[[0-9;]*m")
RED_STRUCK, GREEN = "\x1b[31m\x1b[9m", "\x1b[32m"

OLD = "Xe buýt đêm chạy bốn mươi phút một chuyến, khách là công nhân tan ca."
NEW = "Xe buýt đêm chạy ba mươi phút một chuyến, khách là công nhân tan ca về muộn."


def test_a_pipe_reads_what_went_in_brackets_and_what_came_in_braces() -> None:
    (line,) = marked_lines(word_pieces(OLD, NEW), PIPE, "")
    assert line == (
        "Xe buýt đêm chạy [-bốn-]{+ba+} mươi phút một chuyến, khách là công nhân tan ca "
        "{+về muộn+}."
    )


def test_a_terminal_strikes_out_in_red_and_adds_in_green_and_parts_the_two() -> None:
    text = "\n".join(marked_lines(word_pieces(OLD, NEW), WIDE, ""))
    assert f"{RED_STRUCK}bốn\x1b[0m {GREEN}ba\x1b[0m" in text
    assert f"{GREEN}về muộn\x1b[0m" in text
    assert "[-" not in text


def test_a_line_break_that_came_is_shown_and_broken() -> None:
    assert marked_lines(word_pieces("Một hai.\nBa", "Một hai. Ba"), PIPE, "") == [
        "Một hai.[-¶-] Ba"
    ]
    assert marked_lines(word_pieces("Một hai. Ba", "Một hai.\nBa"), PIPE, "  ") == [
        "Một hai.{+¶+}", "  Ba",
    ]  # fmt: skip


def test_the_first_line_leaves_room_for_its_label() -> None:
    lines = marked_lines(word_pieces(OLD, OLD), TERMINAL, "  ", start=20)
    assert cells_of(lines[0]) <= 20
    assert all(line.startswith("  ") and cells_of(line) <= 40 for line in lines[1:])


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_line_is_wider_than_the_terminal_but_a_word_that_is(old: str, new: str) -> None:
    for line in marked_lines(word_pieces(old, new), TERMINAL, "   "):
        plain = STYLE.sub("", line)
        assert cells_of(plain) <= 40 or " " not in plain.strip()


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_page_cannot_steer_the_terminal(old: str, new: str) -> None:
    for line in marked_lines(word_pieces(old, new), TERMINAL, ""):
        assert all(letter.isprintable() or letter == "\t" for letter in STYLE.sub("", line))


def test_printable_keeps_lines_and_letters() -> None:
    assert printable("Hà\x1b[31m Nội\n\tđẹp") == "Hà [31m Nội\n\tđẹp"


def test_nothing_is_one_empty_line() -> None:
    assert wrapped("", PIPE) == [""]


@pytest.mark.parametrize("no_color", [False, True])
def test_only_a_terminal_has_an_edge_and_colours(no_color: bool) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert Paper.of(io.StringIO(), no_color=no_color) == PIPE
    paper = Paper.of(Terminal(), no_color=no_color)
    assert paper.coloured is not no_color
    assert paper.room is not None
    assert paper.room <= 100

"""Text with marks for what went and what came, for a terminal or a pipe."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TextIO

import click

from hanoiwatch.cli.output import cells_of
from hanoiwatch.diff.records import Mark, Piece, Pieces

_EDGES = re.compile(r"(\s*)(.*?)(\s*)\Z", re.DOTALL)
_SPACE_OR_NOT = re.compile(r"[^\S\n]+|\n|\S+")
_LINE_BREAK = "¶"
"""Stands where a line break came or went."""
_WIDEST = 100
"""Cells: longer lines are hard to read, however wide the terminal is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is written on: colour or not, and how wide (None: lines are as long as they are)."""

    coloured: bool
    room: int | None

    @classmethod
    def of(cls, stream: TextIO, *, no_color: bool = False) -> Paper:
        """A terminal has colours and an edge, a pipe or file has neither."""
        if not stream.isatty():
            return cls(coloured=False, room=None)
        return cls(coloured=not no_color, room=min(_WIDEST, shutil.get_terminal_size().columns))

    def dim(self, text: str) -> str:
        return click.style(text, dim=True) if self.coloured else text

    def bold(self, text: str) -> str:
        return click.style(text, bold=True) if self.coloured else text

    def warn(self, text: str) -> str:
        return click.style(text, fg="yellow", bold=True) if self.coloured else text


def printable(text: str) -> str:
    """A page's text must not steer the terminal; its line breaks and tabs stay."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in "\n\t" else " " for one in text)


def marked_lines(
    pieces: Pieces, paper: Paper, indent: str, *, start: int | None = None, bold: bool = False
) -> list[str]:
    """``pieces`` as lines that hang on ``indent``; the first has none, and begins in a line of
    which ``start`` cells are taken (as many as ``indent`` has, where None).

    On colours what went is red and struck through, what came is green; without, they read
    ``[-went-]{+came+}``.
    """
    runs = _runs(pieces, paper, bold=bold and paper.coloured)
    room = paper.room - len(indent) if paper.room else None
    taken = 0 if start is None else start - len(indent)
    lines = list(_wrapped(runs, room, taken)) or [""]
    return [lines[0], *(indent + line for line in lines[1:])]


def wrapped(
    text: str, paper: Paper, indent: str = "", *, start: int = 0, bold: bool = False
) -> list[str]:
    """Plain text as lines that fit, all but the first behind ``indent``."""
    pieces = (Piece(mark="same", text=text),)
    return marked_lines(pieces, paper, indent, start=start, bold=bold)


def underlined_lines(
    parts: Iterable[tuple[str, bool]],
    paper: Paper,
    indent: str = "",
    *,
    bold: bool = False,
    dim: bool = False,
) -> list[str]:
    """Text in parts, as `wrapped` does it; some of them underlined where there are colours."""
    coloured = paper.coloured
    runs = [
        _Run(
            printable(text),
            "linked" if linked and coloured else None,
            bold=bold and coloured,
            dim=dim and coloured,
        )
        for text, linked in parts
    ]
    room = paper.room - len(indent) if paper.room else None
    lines = list(_wrapped(runs, room, -len(indent))) or [""]
    return [lines[0], *(indent + line for line in lines[1:])]


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    style: Mark | Literal["linked"] | None
    bold: bool = False
    dim: bool = False

    def styled(self, text: str) -> str:
        bold = self.bold or None
        if self.style == "removed":
            return click.style(text, fg="red", strikethrough=True, bold=bold)
        if self.style == "added":
            return click.style(text, fg="green", bold=bold)
        if self.style == "linked":
            return click.style(text, underline=True, bold=bold, dim=self.dim or None)
        if self.dim:
            return click.style(text, dim=True)
        return click.style(text, bold=True) if bold else text


def _runs(pieces: Pieces, paper: Paper, *, bold: bool) -> Iterator[_Run]:
    last: Mark = "same"
    for piece in pieces:
        if paper.coloured and (last, piece.mark) == ("removed", "added"):
            yield _Run(" ", None)  # colours alone do not part two words
        last = piece.mark
        text = printable(piece.text)
        if piece.mark == "same":
            yield _Run(text, None, bold)
            continue
        before, core, after = _edges(text, piece.mark)
        style = piece.mark if paper.coloured else None
        if not paper.coloured and core:
            opening, closing = ("[-", "-]") if piece.mark == "removed" else ("{+", "+}")
            core = f"{opening}{core}{closing}"
        yield from (_Run(before, None, bold), _Run(core, style, bold), _Run(after, None, bold))


def _edges(text: str, mark: Mark) -> tuple[str, str, str]:
    """Blanks stand outside of marks; a line break that went or came is shown."""
    if text.isspace():
        shown = _LINE_BREAK if "\n" in text else ""
        if mark == "removed":
            return "", shown, " " if shown else ""
        return "", shown, "\n" if shown else " "
    found = _EDGES.match(text)
    assert found is not None
    before, core, after = found.groups()
    if mark == "removed":
        core = core.replace("\n", f" {_LINE_BREAK} ")
        return before.replace("\n", " "), core, after.replace("\n", " ")
    return before, core, after


_Part = tuple[str, _Run]


def _wrapped(runs: Iterable[_Run], room: int | None, taken: int) -> Iterator[str]:
    """Lines not wider than ``room``, broken at blanks; of the first ``taken`` cells are gone."""
    line: list[_Part] = []
    used, gap = taken, None
    for word in _words(runs):
        if word is None:
            yield _styled(line)
            line, used, gap = [], 0, None
        elif isinstance(word, _Run):
            gap = (" ", word) if line else None
        else:
            width = sum(cells_of(part) for part, _ in word)
            if room is not None and line and used + bool(gap) + width > room:
                yield _styled(line)
                line, used, gap = [], 0, None
            line += [gap, *word] if gap else word
            used, gap = used + bool(gap) + width, None
    if line:
        yield _styled(line)


def _styled(line: list[_Part]) -> str:
    return "".join(
        run.styled("".join(part for part, _ in parts))
        for run, parts in groupby(line, key=lambda part: part[1])
    )


def _words(runs: Iterable[_Run]) -> Iterator[list[_Part] | _Run | None]:
    """Words, with the run of each part; between them the run of a blank, or None where a line
    ends.

    A blank inside a run is styled with it, so that a struck passage is struck throughout.
    """
    word: list[_Part] = []
    for run in runs:
        for part in _SPACE_OR_NOT.findall(run.text):
            if not part.isspace():
                word.append((part, run))
                continue
            if word:
                yield word
                word = []
            yield None if part == "\n" else run
    if word:
        yield word

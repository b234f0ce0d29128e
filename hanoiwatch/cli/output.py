"""Rows as an aligned table, as JSON or as CSV: one writer for every command that lists.

Not with rich: that takes about 100 ms to import, this under 10, and wraps lines.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from hanoiwatch.clock import HANOI, to_shown

Row = Mapping[str, object]

_GAP = "  "
_FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\ufeff]*[=+\-@＝＋－＠]")
"""Blanks before the sign do not keep every spreadsheet from it; Excel takes the wide forms of East
Asian keyboards too."""
_NARROWEST = 6
"""A column that is cut to fit a terminal keeps at least so many cells."""


def write_rows(rows: Sequence[Row], columns: Sequence[str], form: str, stream: TextIO) -> None:
    """Writes ``columns`` of ``rows`` to ``stream`` as ``form``: table, json or csv.

    A table is cut to the terminal's width only where ``stream`` is a terminal; what is cut ends
    in ``…``. JSON is one array of objects, with every value as it is; a key that a row lacks is
    null. CSV has a header line; lists are joined by ``; ``; a text that a spreadsheet would take
    for a formula gets an apostrophe before it (`guarded`).
    """
    _WRITERS[form](rows, columns, stream)


def _write_json(rows: Sequence[Row], columns: Sequence[str], stream: TextIO) -> None:
    objects = [{column: row.get(column) for column in columns} for row in rows]
    ascii_alone = not takes_every_letter(stream)
    json.dump(objects, stream, ensure_ascii=ascii_alone, indent=2, default=jsonable)
    stream.write("\n")


def takes_every_letter(stream: TextIO) -> bool:
    """Whether its encoding is one of Unicode; a stream without any takes what it gets."""
    return (stream.encoding or "utf").lower().startswith("utf")


def jsonable(value: object) -> object:
    """What `json` does not know, as our JSON says it. Raises TypeError for what has no form."""
    if isinstance(value, datetime):
        return to_shown(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _write_csv(rows: Sequence[Row], columns: Sequence[str], stream: TextIO) -> None:
    writer = csv.writer(stream)  # lines end in CR LF (RFC 4180), which also quotes a lone CR
    writer.writerow(columns)
    writer.writerows([_csv_cell(row.get(column)) for column in columns] for row in rows)


def _csv_cell(value: object) -> str:
    text = csv_text(value)
    return text if isinstance(value, (int, float)) else guarded(text)


def csv_text(value: object) -> str:
    """``value`` as CSV says it, before `guarded`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return to_shown(value) if isinstance(value, datetime) else _plain(value, csv_text)


def guarded(text: str) -> str:
    """``text`` with an apostrophe before it where a spreadsheet would take it for a formula.

    What a page says may be written to run on the desk of whoever opens the file; and a paragraph
    that begins with a dash would show as ``#NAME?``.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _plain(value: object, item: Callable[[object], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple, set, frozenset)):
        return "; ".join(item(one) for one in value)
    return str(value)


def _write_table(rows: Sequence[Row], columns: Sequence[str], stream: TextIO) -> None:
    room = shutil.get_terminal_size().columns if stream.isatty() else None
    stream.writelines(f"{line}\n" for line in table_lines(rows, columns, room))


def table_lines(rows: Sequence[Row], columns: Sequence[str], room: int | None) -> list[str]:
    """The head and a line a row, not wider than ``room`` where that can be had."""
    cells = [[_cell_text(row.get(column)) for column in columns] for row in rows]
    widths = [
        max(cells_of(text) for text in column) for column in zip(columns, *cells, strict=True)
    ]
    if room is not None:
        widths = _fitted(widths, room)
    rights = [_is_number_column(rows, column) for column in columns]
    return [
        _GAP.join(_padded(*cell) for cell in zip(line, widths, rights, strict=True)).rstrip()
        for line in [list(columns), *cells]
    ]


def _cell_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(HANOI).strftime("%Y-%m-%d %H:%M")
    return one_line(_plain(value, _cell_text))


def one_line(text: str) -> str:
    """One line of printable characters: a page's text must not steer the terminal."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _is_number_column(rows: Sequence[Row], column: str) -> bool:
    values = [value for row in rows if (value := row.get(column)) is not None]
    numbers = [one for one in values if isinstance(one, (int, float)) and not isinstance(one, bool)]
    return bool(values) and len(numbers) == len(values)


def cells_of(text: str) -> int:
    """How many cells of a terminal ``text`` takes."""
    return len(text) if text.isascii() else sum(_cells_of_letter(one) for one in text)


def _cells_of_letter(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def _fitted(widths: list[int], room: int) -> list[int]:
    """Takes from the widest column, again and again, until all fit or none can give more."""
    room -= len(_GAP) * (len(widths) - 1)
    widths = list(widths)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    return widths


def _padded(text: str, width: int, right: bool) -> str:  # noqa: FBT001 - one cell of three columns
    text = _cut(text, width)
    space = " " * (width - cells_of(text))
    return space + text if right else text + space


def _cut(text: str, width: int) -> str:
    if cells_of(text) <= width:
        return text
    kept, taken = [], 0
    for letter in text:
        taken += _cells_of_letter(letter)
        if taken > width - 1:
            break
        kept.append(letter)
    return "".join(kept) + "…"


_WRITERS: dict[str, Callable[[Sequence[Row], Sequence[str], TextIO], None]] = {
    "table": _write_table,
    "json": _write_json,
    "csv": _write_csv,
}

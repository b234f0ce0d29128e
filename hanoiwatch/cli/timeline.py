"""`hanoiwatch timeline`: how many articles a question finds, period by period."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TextIO, get_args

import click

from hanoiwatch.cli.bars import bars, can_draw_blocks
from hanoiwatch.cli.linked import LINKED
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.cli.output import cells_of, table_lines, write_rows
from hanoiwatch.cli.periods import By, periods
from hanoiwatch.cli.question import Asked, Question, QuestionCommand, asked, question_options
from hanoiwatch.clock import hanoi_day
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from hanoiwatch.app import App

COLUMNS = ("period", "from", "count", "articles", "share")
KEYS = ("query", "by", "total", "undated", "periods")
BAR_CELLS = 40
"""Of the longest bar where no terminal says how much room there is."""
_LEAST_BAR_CELLS = 4
_INSTANT = timedelta(microseconds=1)
_ANY_LINKS: dict[str, Any] = dict.fromkeys(LINKED, ())
"""A share is one of all that was written, whomever it names."""


@click.command(cls=QuestionCommand)
@question_options
@click.option("--by", type=click.Choice(get_args(By)), default="week", show_default=True,
              help="Weeks are ISO weeks, Monday to Sunday; all periods are Hanoi's.")  # fmt: skip
@format_option(lists=True)
@click.pass_obj
def timeline(config: Config, /, question: Question, by: By, form: str) -> None:
    """Count the articles that a question finds, per day, week or month of publication.

    Beside each count stand all articles of that period (of the same sources, sections and dates)
    and the share of those found. Articles without a date are counted apart.

    \b
    hanoiwatch timeline '"sắp xếp bộ máy"'
    hanoiwatch timeline 'ngập OR "thoát nước"' --by month --source hanoimoi
    hanoiwatch timeline metro --since 90d --by day --format csv
    hanoiwatch timeline --official 'Trần Sỹ Thanh' --since 2024-01-01
    """
    answer = timeline_of(config, question, by)
    if answer["hint"]:
        click.echo(answer["hint"], err=True)
    if form == "json":
        print_json({key: answer[key] for key in KEYS})
    elif form == "csv":
        write_rows(answer["periods"], COLUMNS, "csv", sys.stdout)
    else:
        _print_table(answer, sys.stdout)


def timeline_of(config: Config, question: Question, by: By = "week") -> dict[str, Any]:
    """The keys of JSON, and ``hint``: a sentence where the question may be mistaken.

    ``total`` is that of `search`: the counts of all periods and ``undated`` together.
    Raises QueryError, UnknownSourceError, UnknownLinkError, NotFoundError (nothing
    was ever crawled).
    """
    from hanoiwatch.app import open_existing

    with open_existing(config) as app:
        ask = asked(app, question.query, question.filters)
        matching = app.search_index.days(ask.tree, ask.filters)
        everything = app.search_index.days(None, replace(ask.filters, **_ANY_LINKS))
        hint = _hint(app, ask) if not matching else ask.note
    since, until = question.filters.since, question.filters.until
    found = periods(
        matching,
        everything,
        by,
        since=hanoi_day(since) if since else None,
        until=hanoi_day(until - _INSTANT) if until else None,
    )
    return {
        "query": question.query,
        "by": by,
        "total": sum(matching.values()),
        "undated": matching.get(None, 0),
        "periods": [
            {
                "period": period.id,
                "from": period.first.isoformat(),
                "count": period.count,
                "articles": period.articles,
                "share": period.share,
            }
            for period in found
        ],
        "hint": hint,
    }


def _hint(app: App, ask: Asked) -> str | None:
    """What search says where nothing is found."""
    found = app.search_index.search(ask.tree, ask.filters, limit=0)
    return " ".join(filter(None, (found.hint, ask.note))) or None


def _print_table(answer: dict[str, Any], stream: TextIO) -> None:
    shown = [{**row, "share": f"{row['share']:6.1%}"} for row in answer["periods"]]
    room = shutil.get_terminal_size().columns if stream.isatty() else None
    lines = table_lines(shown, COLUMNS, room)
    used = max(map(cells_of, lines)) + 2
    width = BAR_CELLS if room is None else max(room - used, _LEAST_BAR_CELLS)
    blocks = can_draw_blocks(stream.encoding)
    drawn = ["", *bars([row["count"] for row in shown], width, blocks=blocks)]
    for line, bar in zip(lines, drawn, strict=True):
        click.echo(f"{line:<{used}}{bar}".rstrip(), file=stream)
    undated = f", {answer['undated']} of them without a date" if answer["undated"] else ""
    click.echo(f"{answer['total']} found{undated}", file=stream)

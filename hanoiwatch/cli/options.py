"""What several commands share: the format option, dates, and JSON on stdout alone."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import click

from hanoiwatch.cli.output import jsonable, takes_every_letter
from hanoiwatch.clock import HANOI, now

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
F = TypeVar("F", bound=Callable[..., Any])


def format_option(*, lists: bool = False) -> Callable[[F], F]:
    """``--format table|json``, and ``csv`` for lists."""
    names = ["table", "json", *(["csv"] if lists else [])]
    return click.option(
        "--format", "form", type=click.Choice(names), default="table", help="How to print it."
    )


class DateType(click.ParamType[datetime]):
    """An ISO date or time (Hanoi's zone where none is given), or a span back from now: ``90d``.

    With ``end`` a plain date means the end of that day.
    """

    name = "date"

    def __init__(self, *, end: bool = False) -> None:
        self.end = end

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        moment = parse_date(str(value), now(), end=self.end)
        if moment is None:
            self.fail(f"{value!r} is no date: write 2026-09-30, or a span such as 90d.", param, ctx)
        return moment


def parse_date(text: str, now: datetime, *, end: bool = False) -> datetime | None:
    """The moment that ``text`` names, in UTC; None when it cannot be read."""
    if span := re.fullmatch(r"(\d{1,5})([hdw])", text.strip()):
        try:
            return now - int(span[1]) * _UNITS[span[2]]
        except OverflowError:
            return None
    try:
        if len(text.strip()) == len("2026-09-30"):
            day = date.fromisoformat(text.strip()) + timedelta(days=1 if end else 0)
            return datetime.combine(day, time(), HANOI).astimezone(UTC)
        moment = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=HANOI)).astimezone(UTC)


def print_json(value: Any) -> None:
    """``value`` as indented JSON, with Vietnamese letters as they are where stdout takes them."""
    import json

    ascii_alone = not takes_every_letter(sys.stdout)
    json.dump(value, sys.stdout, ensure_ascii=ascii_alone, indent=2, default=jsonable)
    sys.stdout.write("\n")

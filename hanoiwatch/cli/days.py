"""Days on the command line: whole ones, or a month or year where no more is known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hanoiwatch.registry.partialdate import PartialDate


class PartialDateType(click.ParamType["PartialDate"]):
    """``2024-04-10``, ``2024-04`` or ``2024``."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> PartialDate:
        from hanoiwatch.registry.partialdate import PartialDate, partial_date

        if isinstance(value, PartialDate):
            return value
        try:
            return partial_date(str(value).strip())
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


class DayType(click.ParamType[date]):
    """``2024-04-10``."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self.fail(f"{value!r} is no day: write 2024-04-10.", param, ctx)

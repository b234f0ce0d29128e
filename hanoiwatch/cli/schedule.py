"""`hanoiwatch schedule`: what comes next, and how past crawls went."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from hanoiwatch.cli.options import DateType, format_option
from hanoiwatch.config import Config

NEXT_COLUMNS = ("next", "source", "why", "expression", "last", "outcome")
PAST_COLUMNS = ("begun", "source", "kind", "why", "outcome", "seconds", "listed", "fetched", "new",
                "edited", "failed", "reason")  # fmt: skip


@click.group()
def schedule() -> None:
    """The timetable: when each source is crawled next, and how past crawls went."""


@schedule.command("list")
@format_option(lists=True)
@click.pass_obj
def next_ones(config: Config, /, form: str) -> None:
    """When each enabled source is crawled next, the earliest first (Hanoi time).

    A line that is due says why: first (never crawled), missed, resumed (was cut off).
    """
    from hanoiwatch.app import open_app
    from hanoiwatch.cli.output import write_rows
    from hanoiwatch.clock import now
    from scheduler.overview import timetable

    moment = now()
    with open_app(config) as app:
        planned = timetable(app, app.chosen_sources(()), moment)
        lasts = app.record.launches.lasts()
    rows = []
    for one in planned:
        last = lasts.get(one.entry.source)
        rows.append(
            {
                "next": max(one.at, moment),
                "source": one.entry.source,
                "why": one.why,
                "expression": one.entry.cron.expression,
                "last": last.begun_at if last else None,
                "outcome": last.outcome if last else None,
            }
        )
    write_rows(rows, NEXT_COLUMNS, form, sys.stdout)


@schedule.command("history")
@click.option("--source", help="Only this source.")
@click.option("--since", type=DateType(), help="Begun at or after: 2026-09-30, or 7d.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@format_option(lists=True)
@click.pass_obj
def history(
    config: Config, /, source: str | None, since: datetime | None, limit: int, form: str
) -> None:
    """Past crawls, by the service, by cron and by hand, the newest first."""
    from hanoiwatch.app import open_existing
    from hanoiwatch.cli.output import write_rows
    from scheduler.overview import outcome_of

    with open_existing(config) as app:
        launches = app.record.launches.history(source=source, since=since, limit=limit)
    rows: list[dict[str, Any]] = [
        {
            "begun": one.begun_at,
            "source": one.source,
            "kind": one.kind,
            "why": one.why,
            "outcome": outcome_of(config, one),
            "seconds": one.seconds,
            **{name: one.counts.get(name, 0)
               for name in ("listed", "fetched", "new", "edited", "failed")},
            "reason": one.reason,
        }
        for one in launches
    ]  # fmt: skip
    if not rows and form == "table":
        click.echo("no crawl yet")
        return
    write_rows(rows, PAST_COLUMNS, form, sys.stdout)

"""`hanoiwatch status`: everything at a glance."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from scheduler.overview import Overview

COLUMNS = ("source", "last crawl", "outcome", "next crawl", "new in 24 h", "newest article",
           "silent since")  # fmt: skip


@click.command()
@format_option()
@click.pass_obj
def status(config: Config, /, form: str) -> None:
    """What runs, how each source's last crawl went, who has gone silent, what waits.

    A source is silent when its pause is twice the longest of the last 30 days, and over a day.
    """
    from hanoiwatch.app import open_existing
    from hanoiwatch.clock import now
    from scheduler.overview import overview

    with open_existing(config) as app:
        found = overview(app, app.chosen_sources(()), now())
    if form == "json":
        print_json(as_json(found))
    else:
        _print(found)


def as_json(found: Overview) -> dict[str, Any]:
    """With times as readers see them."""
    from hanoiwatch.clock import to_shown

    told = asdict(found)
    for source in told["sources"]:
        for key, value in source.items():
            if key.endswith(("_at", "_since")) and value is not None:
                source[key] = to_shown(value)
    return told


def _print(found: Overview) -> None:
    from hanoiwatch.cli.output import write_rows

    running = f"runs as process {found.process}" if found.process else "does not run"
    click.echo(f"The service {running}.")
    unindexed = "an unknown number of" if found.unindexed is None else found.unindexed
    click.echo(
        f"{found.articles} articles; {found.unread} pages wait to be read, {unindexed} "
        f"changes to be indexed; {found.free_bytes / 1e9:.1f} GB free"
    )
    if found.unindexed is None:
        click.echo("the search index cannot be reached: `hanoiwatch doctor` says why", err=True)
    rows = [
        {
            "source": one.source,
            "last crawl": one.last_crawl_at,
            "outcome": one.outcome or "never crawled",
            "next crawl": one.next_crawl_at,
            "new in 24 h": one.new_today,
            "newest article": one.newest_at,
            "silent since": one.silent_since,
        }
        for one in found.sources
    ]
    write_rows(rows, COLUMNS, "table", sys.stdout)
    for source in found.sources:
        if source.reason:
            click.echo(f"{source.source}: {source.reason}", err=True)
    for name, sentence in found.alarms.items():
        click.echo(f"{name}: {sentence}", err=True)

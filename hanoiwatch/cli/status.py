"""`hanoiwatch status`: everything at a glance."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hanoiwatch.store.notices import Concern
    from scheduler.overview import Overview

COLUMNS = ("source", "last crawl", "outcome", "next crawl", "new in 24 h", "newest article",
           "silent since")  # fmt: skip


_TOLD_ELSEWHERE = ("tried", "moved")
"""By `hanoiwatch sources list`; as alarms."""


@click.command()
@format_option()
@click.pass_obj
def status(config: Config, /, form: str) -> None:
    """What runs, how each source's last crawl went, who has gone silent, what waits, and what
    needs a person.

    A source is silent when its pause is twice the longest of the last 30 days, and over a day.
    """
    from hanoiwatch.app import open_existing
    from hanoiwatch.clock import now
    from scheduler.noticing import concerns_of
    from scheduler.overview import overview

    with open_existing(config) as app:
        sources, at = app.chosen_sources(()), now()
        found = overview(app, sources, at)
        concerns = [one for one in concerns_of(app, sources, at) if one.kind not in _TOLD_ELSEWHERE]
    if form == "json":
        print_json(as_json(found) | {"concerns": [*map(_concern_json, concerns)]})
    else:
        _print(found)
        _print_concerns(concerns)


def _concern_json(concern: Concern) -> dict[str, Any]:
    from hanoiwatch.alerts.notices import in_words

    line = in_words(concern, "en")  # as everything on the command line
    return {
        "kind": concern.kind,
        "subject": concern.subject,
        "said": line.said,
        "details": list(concern.details),
        "do": line.do,
    }


def _print_concerns(concerns: Sequence[Concern]) -> None:
    for told in map(_concern_json, concerns):
        click.echo(f"{told['said']} To do: {told['do']}" if told["do"] else told["said"], err=True)


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

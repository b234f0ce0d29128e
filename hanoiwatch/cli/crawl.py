"""`hanoiwatch crawl`: one crawl now, with its progress and its report."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.cli.options import DateType, format_option, print_json
from hanoiwatch.config import Config
from hanoiwatch.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hanoiwatch.sources.schema import Source
    from scheduler.crawls import CrawlReport, Progress

SOME_FAILED = 3


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--limit", type=click.IntRange(1), help="At most this many articles a source.")
@click.option("--since", type=DateType(), help="Backfill through sitemaps from this date on.")
@click.option("--refetch", is_flag=True, help="Fetch known articles again, due or not.")
@format_option()
@click.pass_context
def crawl(ctx: click.Context, /, sources: tuple[str, ...], form: str, **options: Any) -> int:
    """Crawl SOURCES now (default: all that are enabled) and make their articles findable.

    Exit code 3 when some sources failed, wholly or in part; 1 when all did.
    """
    from hanoiwatch.log import configure_logging
    from scheduler.crawls import CrawlOptions

    configure_logging(verbose=ctx.meta.get("verbose", False))
    reports, recorded = crawl_now(ctx.obj, sources, CrawlOptions(**options))
    told = tell_alerts(ctx.obj)
    if form == "json":
        print_json(
            {"sources": [{**asdict(report), "recorded": recorded.get(report.source, {})}
                         for report in reports],
             "alerts": told}
        )  # fmt: skip
    else:
        print_reports(reports, recorded)
        print_told(told)
    return exit_code(reports) or (SOME_FAILED if told["faults"] else 0)


def crawl_now(
    config: Config, names: tuple[str, ...], options: Any
) -> tuple[tuple[CrawlReport, ...], dict[str, dict[str, int]]]:
    """Crawls, extracts, records and indexes. Returns the reports, and what was recorded.

    Raises ConfigError where a live source would be crawled without a contact address.
    """
    from hanoiwatch.app import open_app
    from scheduler.crawls import crawl_sources

    with open_app(config) as app:
        chosen = app.chosen_sources(names)
        require_contact(config, chosen)
        with _progress() as progress:
            return crawl_sources(app, [source.name for source in chosen], options, progress)


def tell_alerts(config: Config) -> dict[str, Any]:
    """Tells what the rules found, for a bounded time; a channel that is down is tried again later,
    and fails no crawl. ``faults``: rule files that are wrong, in words."""
    from hanoiwatch.app import open_app
    from hanoiwatch.clock import now
    from scheduler.telling import tell

    with open_app(config) as app:
        told = tell(app, now())
        faults = [str(fault) for fault in app.alerts.book().faults.values()]
    return {**asdict(told), "faults": faults}


def print_told(told: dict[str, Any]) -> None:
    """Nothing where nobody asked for alerts."""
    names = ("sent", "failed", "dead", "waiting")
    counts = [f"{told[name]} {name}" for name in names if told[name]]
    if counts:
        click.echo(f"alerts: {', '.join(counts)}")
    for channel, problem in told["problems"].items():
        click.echo(f"channel {channel}: {problem}", err=True)
    for fault in told["faults"]:
        click.echo(f"alert rule not in force: {fault}", err=True)


def require_contact(config: Config, chosen: Sequence[Source]) -> None:
    """Raises ConfigError where a live source would be asked without a contact address."""
    live = [source.name for source in chosen if not source.is_local]
    if live and not config.user_agent_contact:
        raise ConfigError(
            f"`user_agent_contact` is not set, and {live[0]} is a live site: put an address "
            "where its people can reach you into hanoiwatch.toml (or set "
            "HANOIWATCH_USER_AGENT_CONTACT) before crawling it."
        )


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """A bar per running source on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.fields[failed]}"))  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def show(running: dict[str, dict[str, int]]) -> None:
            for source, counts in running.items():
                if source not in tasks:
                    tasks[source] = bars.add_task(source, total=None, failed="")
                failed = counts.get("failed", 0)
                bars.update(
                    tasks[source],
                    completed=counts.get("ended", 0),
                    total=counts.get("due") or None,
                    failed=f"{failed} failed" if failed else "",
                )

        yield show


def print_reports(reports: tuple[CrawlReport, ...], recorded: dict[str, dict[str, int]]) -> None:
    """A line a source, then what went wrong, in words."""
    from hanoiwatch.cli.output import write_rows

    columns = ("source", "outcome", "listed", "fetched", "not due", "refused", "failed", "new",
               "edited", "no article", "suspect", "seconds")  # fmt: skip
    rows = []
    for report in reports:
        made = recorded.get(report.source, {})
        rows.append(
            {
                "source": report.source,
                "outcome": report.outcome,
                "listed": report.counts.get("listed", 0),
                "fetched": report.counts.get("fetched", 0),
                "not due": report.counts.get("not-due", 0),
                "refused": report.counts.get("refused", 0),
                "failed": report.counts.get("failed", 0),
                "new": made.get("new", 0),
                "edited": made.get("edited", 0),
                "no article": made.get("not-article", 0) + made.get("quarantined", 0),
                "suspect": len(report.suspects),
                "seconds": report.seconds,
            }
        )
    write_rows(rows, columns, "table", sys.stdout)
    for report in reports:
        if found := events_of(recorded.get(report.source, {})):
            click.echo(f"{report.source}: {found}")
        if rendered := browser_words(report.counts):
            click.echo(f"{report.source}: {rendered}")
        for problem in (*report.problems, *report.notes):
            click.echo(f"{report.source}: {problem}", err=True)
        for line in suspect_lines(report):
            click.echo(f"{report.source}: {line}", err=True)


SHOWN_SUSPECTS = 10
"""Of one run in words; JSON has them all."""


def suspect_lines(report: CrawlReport) -> Iterator[str]:
    """A line for each page that looks otherwise than its source's pages did."""
    from hanoiwatch.cli.output import one_line

    for suspect in report.suspects[:SHOWN_SUSPECTS]:
        yield f"suspect: {suspect.url}: {one_line(suspect.reason)}"
    more = len(report.suspects) - SHOWN_SUSPECTS
    if more > 0:
        yield f"{more} more suspect pages: see --format json"


EVENTS = {
    "withdrawn": "withdrawn", "restored": "restored", "moved": "moved", "held": "held back",
    "reread": "with new details", "not-linked": "recorded without links (they broke the linker)",
    "no-base": "that the new extractor cannot compare with their earlier copy",
}  # fmt: skip
"""What a crawl may find besides new and edited articles, as a report says it."""


def events_of(counts: dict[str, int]) -> str:
    """The rarer things that a crawl found, in words; empty where there were none."""
    return ", ".join(f"{counts[name]} {said}" for name, said in EVENTS.items() if name in counts)


def browser_words(counts: dict[str, int]) -> str:
    """What the browser did; empty where it showed no page."""
    if not counts.get("rendered"):
        return ""
    return (
        f"{counts['rendered']} pages shown in a browser, which sent "
        f"{counts['page-requests']} requests of theirs, left out "
        f"{counts['page-requests-not-loaded']} and refused {counts['page-requests-refused']}"
    )


def exit_code(reports: tuple[CrawlReport, ...]) -> int:
    """0: all done; 1: every source failed; 3: some failed, wholly or in part."""
    if all(report.outcome == "done" for report in reports):
        return 0
    return 1 if all(report.outcome == "failed" for report in reports) else SOME_FAILED

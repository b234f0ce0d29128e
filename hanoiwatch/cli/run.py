"""`hanoiwatch run`: the whole service, until it is told to end."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import click

from hanoiwatch.config import Config

if TYPE_CHECKING:
    from hanoiwatch.store.verdicts import Verdict
    from scheduler.crawls import CrawlReport
    from scheduler.service import Service
    from scheduler.timetable import Planned

_SHOWN_AT_START = 5


@click.command()
@click.pass_context
def run(ctx: click.Context) -> int:
    """Crawl every enabled source at its times, until SIGTERM or Ctrl-C.

    At the start only what is due is crawled: what was never crawled, what was missed while the
    service was off, what was cut off. A source that nobody has tried is tried first, as `sources
    check` does, and its verdict is kept and told. One service at a time for a data folder. What it
    does is in `hanoiwatch schedule history`, and `hanoiwatch status` shows all at a glance.
    """
    from hanoiwatch.app import open_app
    from hanoiwatch.cli.crawl import require_contact
    from hanoiwatch.log import configure_logging
    from scheduler.noticing import operator_terms
    from scheduler.service import Service, service_lock
    from scheduler.telling import Telling

    configure_logging(verbose=ctx.meta.get("verbose", False))
    config: Config = ctx.obj
    operator_terms(config)
    with service_lock(config), open_app(config) as app:
        sources = app.chosen_sources(())
        require_contact(config, sources)
        telling = Telling(config)

        def told(report: CrawlReport, recorded: dict[str, int]) -> None:
            _print_report(report, recorded)
            telling.nudge()

        def told_check(verdict: Verdict) -> None:
            _print_verdict(verdict)
            telling.nudge()

        service = Service(app, sources, told=told, told_check=told_check)
        _end_on_signals(service)
        _print_start(service, len(sources))
        telling.start()
        try:
            service.run()
        finally:
            telling.stop()
    click.echo("ended in order.")
    return 0


def _end_on_signals(service: Service) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())


def _print_start(service: Service, sources: int) -> None:
    from hanoiwatch.clock import now

    planned = service.planned(now())
    due = sum(one.at <= now() for one in planned)
    click.echo(f"hanoiwatch runs: {sources} sources, {due} crawls due now.")
    for one in [one for one in planned if one.at > now()][:_SHOWN_AT_START]:
        click.echo(f"  {_shown(one)}")


def _shown(one: Planned) -> str:
    from hanoiwatch.cli.events import shown_minute

    return f"{shown_minute(one.at)}  {one.entry.source}"


def _print_verdict(verdict: Verdict) -> None:
    """What the first look at a source has shown, and what to do about it."""
    from hanoiwatch.cli.checks import lines_of

    click.echo("\n".join(lines_of(verdict)))


def _print_report(report: CrawlReport, recorded: dict[str, int]) -> None:
    """One line a crawl, as it ends, then what went wrong."""
    from hanoiwatch.cli.events import shown_minute
    from hanoiwatch.clock import now

    counts = report.counts
    click.echo(
        f"{shown_minute(now())}  {report.source}  {report.outcome}: {counts.get('listed', 0)} "
        f"listed, {counts.get('fetched', 0)} fetched, {recorded.get('new', 0)} new, "
        f"{recorded.get('edited', 0)} edited, {counts.get('failed', 0)} failed"
    )
    for problem in (*report.problems, *report.notes):
        click.echo(f"{report.source}: {problem}", err=True)

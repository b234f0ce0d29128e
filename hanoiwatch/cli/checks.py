"""`hanoiwatch sources check`: whether sources can be read as their files say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from hanoiwatch.store.verdicts import Finding, Verdict

SOME_FAILED = 3
MARKS = {"ok": "✓", "problem": "✗", "note": "·"}


@click.command("check")
@click.argument("names", nargs=-1)
@format_option()
@click.pass_context
def check_command(ctx: click.Context, /, names: tuple[str, ...], form: str) -> int:
    """Try the sources NAMES (default: all that are enabled), and keep a verdict of each.

    Asks for robots.txt, every feed, sitemap and section, and three articles, at the pace of a
    crawl, and records what comes. Exit code 0: all good; 3: some have problems; 1: nothing could
    be tried.
    """
    from hanoiwatch.log import configure_logging

    configure_logging(verbose=ctx.meta.get("verbose", False))
    verdicts = check_now(ctx.obj, names)
    if form == "json":
        print_json({"sources": [as_json(one) for one in verdicts]})
    else:
        for verdict in verdicts:
            click.echo("\n".join(lines_of(verdict)))
    return exit_code(verdicts)


def check_now(config: Config, names: tuple[str, ...]) -> list[Verdict]:
    """The verdicts, kept. Raises ConfigError, UnknownSourceError."""
    from hanoiwatch.app import open_app
    from hanoiwatch.cli.crawl import require_contact
    from scheduler.checks import check_sources

    with open_app(config) as app:
        chosen = app.chosen_sources(names)
        require_contact(config, chosen)
        return list(check_sources(app, chosen))


def as_json(verdict: Verdict) -> dict[str, Any]:
    from hanoiwatch.clock import to_shown

    return asdict(verdict) | {"at": to_shown(verdict.at)}


def lines_of(verdict: Verdict) -> Iterator[str]:
    """The verdict for people: a line each finding, what to do below it."""
    yield f"{verdict.source}: {check_line(verdict)}"
    for one in verdict.findings:
        yield from _finding_lines(one)


def _finding_lines(one: Finding) -> Iterator[str]:
    from hanoiwatch.cli.output import one_line

    yield f"  {MARKS[one.state]} {one.part:<8}{one_line(one.what)}: {one_line(one.said)}"
    if one.advice:
        yield f"             → {one.advice}"


def check_line(verdict: Verdict) -> str:
    """When, and how it ended: ``2026-11-28: 2 problems``."""
    from hanoiwatch.clock import hanoi_day

    said = {"ok": "ok", "failed": "nothing could be tried"}.get(verdict.outcome)
    many = "problem" if verdict.problems == 1 else "problems"
    return f"{hanoi_day(verdict.at)}: {said or f'{verdict.problems} {many}'}"


def exit_code(verdicts: Sequence[Verdict]) -> int:
    """0: all good; 1: nothing could be tried; 3: some have problems."""
    if all(one.outcome == "ok" for one in verdicts):
        return 0
    return 1 if all(one.outcome == "failed" for one in verdicts) else SOME_FAILED

"""`hanoiwatch registry`: officials, posts, bodies and topics, and who held a post on a day."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from hanoiwatch.cli.days import DayType
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.cli.registry_accept import accept
from hanoiwatch.cli.registry_apply import apply
from hanoiwatch.cli.registry_candidates import candidates
from hanoiwatch.cli.registry_correct import correct, corrections
from hanoiwatch.config import Config


@click.group()
def registry() -> None:
    """Officials, posts, bodies and topics: the bundled registry with your own over it.

    docs/howto/edit-the-registry.md tells how to correct it and add to it.
    """


for _command in (candidates, accept, correct, corrections, apply):
    registry.add_command(_command)


@registry.command("list")
@click.argument("kind", type=click.Choice(["officials", "posts", "bodies", "topics"]))
@click.option("--on", type=DayType(), help="Who held what on this day; else when it was compiled.")
@format_option(lists=True)
@click.pass_obj
def list_command(config: Config, kind: Any, on: date | None, form: str) -> None:
    """List everything of one kind. A `(?)` marks what the dates leave open."""
    from hanoiwatch.cli.output import write_rows
    from hanoiwatch.registry import load_registry
    from hanoiwatch.registry.overview import COLUMNS, rows

    found = rows(load_registry(config.registry_path), kind, on)
    write_rows(found, COLUMNS[kind], form, sys.stdout)


@registry.command("show")
@click.argument("name")
@click.option("--on", type=DayType(), help="Only who held it, or what they held, on this day.")
@format_option()
@click.pass_obj
def show_command(config: Config, name: str, on: date | None, form: str) -> None:
    """Show one official, post, body or topic, by id or NAME, with its dates and sources.

    With --on: who held a post on that day, or what a person held.
    """
    shown = show_entry(config, name, on)
    if form == "json":
        print_json(shown)
        return
    for line in _lines(shown):
        click.echo(line)


def show_entry(config: Config, name: str, on: date | None = None) -> dict[str, Any]:
    """One entry with everything about it. Raises RegistryError, NotFoundError."""
    from hanoiwatch.registry import load_registry
    from hanoiwatch.registry.overview import details

    return details(load_registry(config.registry_path), name, on)


_TENURES = ("holders", "posts")
_OPEN = "…"


def _lines(shown: dict[str, Any]) -> Iterator[str]:
    for key, value in shown.items():
        if key in _TENURES and shown["kind"] in ("official", "post"):
            yield from _tenure_lines(shown, key, value)
        elif key == "phrases" and shown["kind"] == "topic":
            yield from (f"phrase: {_phrase(one)}" for one in value)
        elif isinstance(value, list):
            yield from (f"{key}: {item}" for item in value)
        elif isinstance(value, bool):
            yield from [f"{key}: yes"] if value else []
        elif value not in (None, ""):
            yield f"{key}: {value}"


def _phrase(one: dict[str, Any]) -> str:
    gap = f" (at most {one['gap']} words between)" if one["gap"] else ""
    return f"{one['words']}{gap}{_strength(one['weight'])}"


def _strength(weight: float) -> str:
    from hanoiwatch.registry.records import WEAK_PHRASE

    if weight >= 1:
        return ""
    return " (weak)" if weight <= WEAK_PHRASE else " (likely)"


def _tenure_lines(shown: dict[str, Any], key: str, tenures: list[dict[str, Any]]) -> Iterator[str]:
    if not tenures:
        day = f" on {shown['on']}" if "on" in shown else ""
        yield f"{key}: nobody is known{day}" if key == "holders" else f"{key}: none known{day}"
    for one in tenures:
        what = one["name"] if key == "holders" else one["post_name"]
        until = one["until"] or ("an unknown day" if one["ended"] else _OPEN)
        doubt = ", perhaps" if one.get("held") == "maybe" else ""
        note = f" - {one['note']}" if one["note"] else ""
        yield f"{key}: {what}, {one['from']} to {until}{doubt} ({one['confidence']}){note}"
        yield from (f"  source: {source}" for source in one["sources"])

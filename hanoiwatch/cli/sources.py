"""`hanoiwatch sources`: the outlets that files define."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click

from hanoiwatch.cli.checks import check_command, check_line
from hanoiwatch.cli.newsource import add_command
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config


@click.group()
def sources() -> None:
    """The outlets that can be crawled, each defined by one file.

    docs/howto/add-a-source.md tells how to add one.
    """


sources.add_command(check_command)
sources.add_command(add_command)


@sources.command("list")
@click.option("--all", "every", is_flag=True, help="Also those that a crawl leaves out.")
@format_option(lists=True)
@click.pass_obj
def list_command(config: Config, every: bool, form: str) -> None:  # noqa: FBT001 - click's flag
    """List the sources that a crawl takes by default."""
    from hanoiwatch.cli.output import write_rows
    from hanoiwatch.sources.overview import LIST_COLUMNS

    write_rows(list_sources(config, every=every), LIST_COLUMNS, form, sys.stdout)


def list_sources(config: Config, *, every: bool = False) -> list[dict[str, Any]]:
    """Rows with the keys of `LIST_COLUMNS`. Raises SourceFileError, UnknownSourceError."""
    from hanoiwatch.sources.loader import load_sources
    from hanoiwatch.sources.overview import source_rows

    rows = source_rows(load_sources(config.sources_path), config.sources.enabled, every=every)
    checked = last_checks(config)
    return [row | {"checked": checked.get(row["name"])} for row in rows]


def last_checks(config: Config) -> dict[str, str]:
    """By source, when it was last checked and how that ended: ``2026-11-28: ok``."""
    if not config.record_path.exists():
        return {}
    from hanoiwatch.app import open_existing

    with open_existing(config) as app:
        return {name: check_line(one) for name, one in app.record.verdicts.all().items()}


@sources.command("show")
@click.argument("name")
@format_option()
@click.pass_obj
def show_command(config: Config, name: str, form: str) -> None:
    """Show what is in force for the source NAME, and which file says so."""
    details = show_source(config, name)
    if form == "json":
        print_json(details)
        return
    for key, value in _lines(details, ""):
        click.echo(f"{key}: {value}")


def show_source(config: Config, name: str) -> dict[str, Any]:
    """All of one source. Raises SourceFileError, UnknownSourceError."""
    from hanoiwatch.sources.loader import OWN_FAMILIES, choose, load_families, load_sources
    from hanoiwatch.sources.overview import source_details

    directory = config.sources_path
    (source,) = choose(load_sources(directory), names=(name,))
    families = load_families(directory / OWN_FAMILIES)
    details = source_details(source, families, config.sources.enabled, directory)
    return details | {"checked": last_checks(config).get(name)}


def _lines(tree: dict[str, Any], prefix: str) -> Iterator[tuple[str, object]]:
    """Each value that is there on a line of its own, its key as in the file: ``fetch.render``."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{prefix}{key}.")
        elif key == "layouts":
            names = ", ".join(layout["name"] for layout in value)
            yield "layouts", names or "none; the general extraction serves"
        elif isinstance(value, (list, tuple)):
            yield from ((f"{prefix}{key}", item) for item in value)
        elif isinstance(value, bool):
            yield f"{prefix}{key}", "yes" if value else "no"
        elif value not in (None, ""):
            yield f"{prefix}{key}", value

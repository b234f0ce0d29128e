"""`hanoiwatch archive`: the WARC files."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config


@click.group()
def archive() -> None:
    """The WARC files: every response as it was received."""


@archive.command()
@format_option()
@click.pass_obj
def verify(config: Config, form: str) -> int:
    """Check every record's framing and digests, and that each recorded capture is there.

    Exit code 1 where anything is wrong; each problem names the file, the place and the record.
    """
    from hanoiwatch.app import open_existing

    with open_existing(config) as app:
        checked, problems = verify_archive(app)
    if form == "json":
        print_json({"records": checked, "problems": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{checked} records checked, {len(problems)} problems")
    return 1 if problems else 0


def verify_archive(app: Any) -> tuple[int, list[Any]]:
    """How many records were checked, and what is wrong."""
    from hanoiwatch.archive import Problem
    from hanoiwatch.archive import verify as verify_files

    checked, problems = 0, []
    for said in verify_files(app.archive_folder, app.record.captures.expected_records()):
        if isinstance(said, Problem):
            problems.append(said)
        else:
            checked = said.records
    return checked, problems

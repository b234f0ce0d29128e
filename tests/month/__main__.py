"""``python -m tests.month --seed N``: lives through a month and prints what was found of it."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

from hanoiwatch.log import configure_logging
from tests.month.drawing import generate
from tests.month.found import look
from tests.month.life import live_through
from tests.month.oracle import expect
from tests.month.plan import FULL, SMALL
from tests.month.verdict import Case, faults, judge, table


@click.command()
@click.option("--seed", default=1, help="Draws another month.")
@click.option("--small", is_flag=True, help="A week with tens of events.")
@click.option("--keep", type=click.Path(path_type=Path), help="A new folder for the archive.")
def main(seed: int, small: bool, keep: Path | None) -> None:
    """Expected against found; exit code 1 where anything was missed or invented."""
    configure_logging(verbose=False)
    started = time.monotonic()
    month = generate(seed, SMALL if small else FULL)
    with tempfile.TemporaryDirectory() as scratch:
        lived = live_through(month, keep or Path(scratch) / "month", click.echo)
        seconds = time.monotonic() - started
        case = Case(month=month, expected=expect(month), lived=lived, found=look(lived))
        rows = judge(case)
    for fault in faults(rows):
        click.echo(fault)
    click.echo(table(rows))
    click.echo(f"seed {seed}, {len(lived.crawls)} crawls, {seconds:.0f} s")
    raise SystemExit(0 if all(row.holds for row in rows) else 1)


if __name__ == "__main__":
    main()

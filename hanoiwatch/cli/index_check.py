"""`hanoiwatch index check`: do record, index and archive say the same?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.cli.output import write_rows
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from hanoiwatch.app import App
    from indexer.check import CheckProgress, Fault

COLUMNS = ("part", "article", "what", "do")


@click.command()
@click.option("--quick", is_flag=True, help="Leave out the words and the archive's files.")
@format_option()
@click.pass_obj
def check(config: Config, form: str, quick: bool) -> int:  # noqa: FBT001 - click's flag
    """Compare index, record and archive; change nothing.

    An index in Elasticsearch is first brought what waited for it in the record.

    Every article of the record must be in the index, as of its newest change and word by word,
    and nothing else; every capture must be in the archive, with its digest. Exit code 1 where
    anything differs; each fault says what to do.
    """
    from hanoiwatch.app import open_existing

    with open_existing(config) as app:
        articles = app.record.articles.count()
        faults = check_archive(app, quick=quick)
    if form == "json":
        print_json({"articles": articles, "faults": [asdict(fault) for fault in faults]})
    else:
        if faults:
            write_rows([asdict(fault) for fault in faults], COLUMNS, "table", sys.stdout)
        click.echo(f"{articles} articles checked, {len(faults)} fault{'s' * (len(faults) != 1)}")
    return 1 if faults else 0


def check_archive(app: App, *, quick: bool = False) -> list[Fault]:
    """Everything that is wrong; shows how far it is where stderr is a terminal."""
    from indexer.check import Fault
    from indexer.check import check as check_everything

    app.catch_up_index()
    faults: list[Fault] = []
    for said in check_everything(app.record, app.search_index, app.archive_folder, quick=quick):
        if isinstance(said, Fault):
            faults.append(said)
        elif sys.stderr.isatty():
            _show(said)
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)
    return faults


def _show(progress: CheckProgress) -> None:
    share = 100 * progress.done // max(progress.of, 1)
    click.echo(f"\r\033[K{progress.step}: {min(share, 100)}%", nl=False, err=True)

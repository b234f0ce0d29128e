"""`hanoiwatch index`: the search index, which can always be made anew."""

from __future__ import annotations

import sys

import click

from hanoiwatch.cli.index_check import check
from hanoiwatch.config import Config


@click.group()
def index() -> None:
    """The search index: disposable, made from the record."""


index.add_command(check)


@index.command()
@click.pass_obj
def rebuild(config: Config) -> None:
    """Make the index anew from the record. Nothing is fetched or extracted."""
    from hanoiwatch.app import open_existing

    with open_existing(config) as app, app.pipeline() as pipeline:
        total = app.record.articles.count()
        done = 0
        for count in pipeline.rebuild_index():
            done = min(done + count, total)  # an edited article has several changes
            if sys.stderr.isatty():
                click.echo(f"\r{done} of {total} articles", nl=False, err=True)
        if sys.stderr.isatty():
            click.echo(err=True)
    click.echo(f"{done} articles indexed")

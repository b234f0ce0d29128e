"""Bringing searches up to what a command has just changed in the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hanoiwatch.errors import BusyError

if TYPE_CHECKING:
    from hanoiwatch.app import App

NOT_REACHED = (
    "Elasticsearch was not reached, and answers as before when it is back: the service, the next "
    "crawl or `hanoiwatch index check` brings it this change then."
)


def catch_up(app: App) -> str:
    """Follows the change log; why that has to wait, where it does, else nothing."""
    try:
        with app.pipeline() as pipeline:
            pipeline.hold()
            pipeline.follow_log()
            if pipeline.index_waits:
                return NOT_REACHED
    except BusyError:
        return "a crawl is going on: searches know of it when that is done."
    return ""


def say_late(late: str) -> None:
    """Tells it apart from what the command prints."""
    if late:
        click.echo(f"hanoiwatch: {late}", err=True)

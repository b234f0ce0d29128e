"""How far a long command is: one line on a terminal, nothing elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

import click

Progress = Callable[[str, int, int], None]
"""Is told what is counted, how much is done, and of how much."""


def tell_nobody(what: str, done: int, total: int) -> None:
    pass


def shown_progress(stream: TextIO) -> Progress:
    """Tells on ``stream`` how far it is, and how fast, where that is a terminal."""
    if not stream.isatty():
        return tell_nobody
    began: dict[str, float] = {}

    def show(what: str, done: int, total: int) -> None:
        seconds = time.monotonic() - began.setdefault(what, time.monotonic())
        rate = f", {done / seconds:.0f} a second" if seconds > 1 else ""
        end = "\n" if done == total else ""
        click.echo(f"\r{done} of {total} {what}{rate}\033[K{end}", nl=False, file=stream)

    return show

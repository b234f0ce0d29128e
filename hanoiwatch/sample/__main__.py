"""``python -m hanoiwatch.sample``: the sample outlet as a process of its own.

It ends on SIGTERM, on Ctrl-C, and when a pipe that is its standard input is closed, so that
it never outlives the program that started it.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
from dataclasses import dataclass
from typing import Any

import click

from hanoiwatch.sample.articles import TEMPLATES
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.server import SampleServer
from hanoiwatch.sample.source import source_toml
from hanoiwatch.sample.synthetic import synthetic_outlet

_MIXED = "mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks for."""

    port: int
    print_url: bool
    print_source: bool
    articles: int | None
    template: str
    padding_kb: int
    latency_ms: float
    warm: bool


@click.command()
@click.option("--port", default=0, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option("--print-url", is_flag=True, help="Print the base URL once it answers.")
@click.option("--print-source", is_flag=True, help="Print the source file for it.")
@click.option("--articles", type=int, help="So many synthetic articles instead of the bundled.")
@click.option(
    "--template",
    type=click.Choice([*TEMPLATES, _MIXED]),
    default="onecms-new",
    help="Of synthetic articles.",
)
@click.option("--padding-kb", default=0, help="Fill article pages up to so many KB.")
@click.option("--latency-ms", default=0.0, help="Wait before each response.")
@click.option("--warm", is_flag=True, help="Make every article page before the first request.")
def main(**options: Any) -> None:
    """Serve the sample newspaper on loopback until told to stop."""
    serve(Options(**options))


def serve(options: Options) -> None:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    latency = options.latency_ms / 1000
    with SampleServer(_outlet(options), port=options.port, latency_seconds=latency) as server:
        if options.warm:
            server.warm()
        if options.print_url:
            click.echo(server.url)
        if options.print_source:
            click.echo(source_toml(server.url))
        _watch_stdin(ended)
        ended.wait()


def _outlet(options: Options) -> Outlet:
    if options.articles is None:
        return Outlet(padding_kb=options.padding_kb)
    template = next((name for name in TEMPLATES if name == options.template), None)
    return synthetic_outlet(options.articles, options.padding_kb, template)


def _watch_stdin(ended: threading.Event) -> None:
    """Set ``ended`` when a pipe on standard input is closed; other inputs are left alone."""
    if not stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        return

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        ended.set()

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main()

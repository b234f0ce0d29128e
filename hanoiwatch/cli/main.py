"""The command line: the group, its global options, and errors as one sentence.

Commands are loaded by name when asked for, so that `--help` and `search` start fast.
"""

from __future__ import annotations

import errno
import gc
import importlib
import io
import os
import sys
from pathlib import Path
from typing import Any

import click

from hanoiwatch import __version__
from hanoiwatch.config import Config, load_config
from hanoiwatch.errors import (
    HanoiwatchError,
    QueryError,
    UnknownLinkError,
    UnknownRevisionError,
    UnknownSourceError,
)

COMMANDS = {
    "demo": ("hanoiwatch.cli.demo:demo", "See it work: crawl a sample outlet, offline."),
    "run": ("hanoiwatch.cli.run:run", "The whole service: crawl on a timetable until told to end."),
    "crawl": ("hanoiwatch.cli.crawl:crawl", "Crawl now: all enabled sources, or those named."),
    "add": ("hanoiwatch.cli.add:add", "Add one article that was missed, by its address."),
    "search": ("hanoiwatch.cli.search:search", "Search the articles."),
    "show": ("hanoiwatch.cli.show:show", "Show one article, by id or URL."),
    "export": ("hanoiwatch.cli.export:export", "Export articles as JSON Lines or CSV."),
    "timeline": ("hanoiwatch.cli.timeline:timeline", "Attention per day, week or month."),
    "extract": ("hanoiwatch.cli.extract:extract", "Show what a saved page would give."),
    "annotate": ("hanoiwatch.cli.annotate:annotate", "Show what a plain text would link to."),
    "registry": ("hanoiwatch.cli.registry:registry", "Officials, posts, bodies and topics."),
    "sources": ("hanoiwatch.cli.sources:sources", "The outlets that can be crawled."),
    "alerts": ("hanoiwatch.cli.alerts:alerts", "Rules that tell you of articles, and messages."),
    "coverage": ("hanoiwatch.cli.coverage:coverage", "What became of every listed page."),
    "schedule": ("hanoiwatch.cli.schedule:schedule", "The timetable, and how past crawls went."),
    "status": ("hanoiwatch.cli.status:status", "Everything at a glance: what runs, who is silent."),
    "index": ("hanoiwatch.cli.index:index", "The search index: rebuild it from the record."),
    "kibana": (
        "hanoiwatch.cli.kibana:kibana",
        "Kibana's saved objects and rules, as files or put there.",
    ),
    "archive": ("hanoiwatch.cli.archive:archive", "The WARC files: verify them."),
    "doctor": ("hanoiwatch.cli.doctor:doctor", "Whether all that is needed is there."),
}
"""Command to its place and its line of help."""

EVERYWHERE = ("--config", "--data-dir")
"""Global options that may stand before or after the command."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(_unknown_command(args[0]))
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, hoist(args))

    def invoke(self, ctx: click.Context) -> Any:
        """What the command returns; 0 where whoever reads its output has enough (`| head`)."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            return 0
        except OSError as error:
            if error.errno != errno.ENOSPC or error.filename:
                raise
            raise HanoiwatchError("there is no room left for the output.") from error
        return result


def _unknown_command(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    guess = f" Did you mean `{near[0]}`?" if near else ""
    return f"there is no command `{name}`.{guess}"


def hoist(args: list[str]) -> list[str]:
    """Moves the global options, wherever they stand, before the command."""
    front: list[str] = []
    rest: list[str] = []
    items = iter(args)
    for item in items:
        if item == "--":
            rest += [item, *items]
        elif item in EVERYWHERE:
            front += [item, *([value] if (value := next(items, None)) is not None else [])]
        elif item.startswith(tuple(f"{name}=" for name in EVERYWHERE)):
            front.append(item)
        else:
            rest.append(item)
    return front + rest


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hanoiwatch")
@click.option("--config", "file", type=click.Path(path_type=Path), help="Settings file.")
@click.option("--data-dir", help="Where the archive, the record and the index are.")
@click.option("--verbose", "-v", is_flag=True, help="Log every unit of work to stderr.")
@click.pass_context
def hanoiwatch(ctx: click.Context, file: Path | None, data_dir: str | None, verbose: bool) -> None:  # noqa: FBT001 - click's flag
    """Reads Hanoi's press on a timetable, keeps every page, finds every article again.

    Exit codes: 0 done; 1 failed, with one sentence; 2 wrong usage; 3 done, but some sources
    failed.
    """
    ctx.meta["verbose"] = verbose
    ctx.obj = _settings(file, data_dir)


def _settings(file: Path | None, data_dir: str | None) -> Config:
    return load_config(file, environment=os.environ, data_dir=data_dir)


def main() -> None:
    """Runs the command line and exits: every error of ours is one sentence on stderr."""
    # Imports make many objects and no garbage: looking for it takes a sixth of a short command.
    gc.set_threshold(50_000, 20, 20)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for what it cannot encode
    sys.exit(run(sys.argv[1:]))


def run(args: list[str]) -> int:
    """Runs one command and returns its exit code."""
    try:
        return _run(args)
    finally:
        _drop_unwritten()


def _drop_unwritten() -> None:
    """Output that nobody takes: the interpreter would complain about it when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(args: list[str]) -> int:
    try:
        code: Any = hanoiwatch.main(args=args, prog_name="hanoiwatch", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (QueryError, UnknownLinkError, UnknownRevisionError, UnknownSourceError) as error:
        return _say(error, 2)
    except HanoiwatchError as error:
        return _say(error, 1)
    except click.Abort:
        return _say("interrupted.", 1)
    return code if isinstance(code, int) else 0


def _say(error: HanoiwatchError | str, code: int) -> int:
    if isinstance(error, QueryError):
        click.echo(error.query, err=True)
        click.echo(" " * min(error.position, len(error.query)) + "^", err=True)
    click.echo(f"hanoiwatch: {error}", err=True)
    return code

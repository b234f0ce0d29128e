"""Writes the command reference from the commands' own help (see docs/reference/cli.md)."""

from __future__ import annotations

from collections.abc import Iterator

import click

from hanoiwatch.cli.main import COMMANDS, hanoiwatch


def reference() -> str:
    return "\n".join(_sections())


def _sections() -> Iterator[str]:
    for name in COMMANDS:
        command = hanoiwatch.get_command(None, name)
        assert command is not None
        yield from _section(f"hanoiwatch {name}", command)


def _section(path: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=path, terminal_width=100, max_content_width=100)
    yield f"## {path}\n"
    yield f"```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            yield from _section(f"{path} {name}", inner)

"""`hanoiwatch annotate`: what would be linked in a plain text; writes nothing."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.cli.days import PartialDateType
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.model import Block, Content, Links
from hanoiwatch.text import nfc

if TYPE_CHECKING:
    from hanoiwatch.registry.partialdate import PartialDate
    from hanoiwatch.registry.records import Findings

MAX_BYTES = 5_000_000
"""No article is so long; a wrong file should fail quickly."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--date",
    "day",
    type=PartialDateType(),
    required=True,
    help="When it was published: 2024-04-10; 2024-04 where only the month is known.",
)
@click.option(
    "--source-of-hanoi/--not",
    "of_hanoi",
    default=False,
    help="Whether the outlet writes about Hanoi alone. Default: not.",
)
@format_option()
@click.pass_obj
def annotate(config: Config, file: Path, day: PartialDate, of_hanoi: bool, form: str) -> None:  # noqa: FBT001 - click's flag
    """Show what would be linked in the plain text of FILE (`-`: what is piped in).

    A first line that does not end like a sentence is the title. Nothing is written.
    """  # fmt: skip
    content = plain_content(_read(file))
    links, findings = annotate_content(config, content, day=day, source_is_of_hanoi=of_hanoi)
    if form == "json":
        print_json(_json(links, findings))
        return
    _print_table(links, findings)


def annotate_content(
    config: Config, content: Content, *, day: PartialDate, source_is_of_hanoi: bool
) -> tuple[Links, Findings]:
    """The links of one text, and what it says that the registry lacks. Raises RegistryError."""
    from hanoiwatch.registry import load_registry
    from hanoiwatch.registry.linking import Circumstances, Linker

    seen = Circumstances(
        source_is_of_hanoi=source_is_of_hanoi, on=day.last, day_is_exact=day.is_day
    )
    return Linker(load_registry(config.registry_path)).link_and_find(content, seen)


def plain_content(text: str) -> Content:
    """A plain text as an article: its title, where it has one, and its paragraphs."""
    lines = [line.strip() for line in nfc(text).splitlines() if line.strip()]
    titled = len(lines) > 1 and not lines[0].endswith((".", "!", "?", "…", ":", ";", ","))
    title, body = (lines[0], lines[1:]) if titled else ("", lines)
    blocks = tuple(Block(kind="paragraph", text=line) for line in body)
    return Content(url="https://example.org/", title=title, blocks=blocks)


def _read(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise HanoiwatchError(f"{file} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise HanoiwatchError(f"{file} has more than {MAX_BYTES // 1_000_000} MB.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HanoiwatchError(f"{file} is not UTF-8: save it as UTF-8 first.") from error


def _json(links: Links, findings: Findings) -> dict[str, Any]:
    shown = {**dataclasses.asdict(links), **dataclasses.asdict(findings)}
    for change, row in zip(findings.changes, shown["changes"], strict=True):
        row["on"] = None if change.on is None else str(change.on)
    return shown


def _print_table(links: Links, findings: Findings) -> None:
    from hanoiwatch.cli.output import write_rows

    rows = [
        {
            "kind": kind, "id": one.id, "name": one.name,
            "post": getattr(one, "post", None), "place": f"{m.field} {m.start}-{m.end}",
            "words": m.text, "rule": m.rule, "confidence": m.confidence,
        }
        for kind, found in (("official", links.officials), ("body", links.bodies),
                            ("topic", links.topics))
        for one in found
        for m in one.mentions
    ]  # fmt: skip
    columns = ("kind", "id", "name", "post", "place", "words", "rule", "confidence")
    if rows:
        write_rows(rows, columns, "table", sys.stdout)
    else:
        click.echo("nothing of the registry is named here.")
    for name in findings.unknown:
        click.echo(f"not in the registry: {name.name}, {name.post}")
    for change in findings.changes:
        click.echo(f"{change.kind}: {change.name}, {change.post}, {change.on or 'undated'}")

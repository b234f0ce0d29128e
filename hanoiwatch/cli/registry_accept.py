"""`hanoiwatch registry accept`: a candidate becomes an entry of the user's own registry."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config
from hanoiwatch.errors import HanoiwatchError, RegistryError, UnknownLinkError

if TYPE_CHECKING:
    from hanoiwatch.app import App
    from hanoiwatch.registry.accepting import Accepted
    from hanoiwatch.store.candidates import CollectedCandidate

FILE = "accepted.yaml"
_HEAD = (
    "# Written by `hanoiwatch registry accept`, over the bundled registry by id. Yours to edit.\n"
)


@click.command()
@click.argument("number", type=click.IntRange(1), metavar="N")
@click.option("--on", metavar="DATE", help="When they came or left: YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option("--post", help="The post of the registry that is meant: id or name.")
@click.option("--official", help="The official of the registry who is meant: id or name.")
@click.option("--by", default=None, metavar="NAME", help="Who accepts it; default: the user of "
              "this machine.")  # fmt: skip
@format_option()
@click.pass_obj
def accept(config: Config, /, number: int, form: str, **options: Any) -> None:
    """Write candidate N into your own registry, with the article as its source.

    A name becomes an official, with the post from --on; a change begins or ends a tenure. What
    the article leaves open is asked for by options, never guessed. `registry apply` then links
    the archive by it.
    """
    from hanoiwatch.app import open_existing

    with open_existing(config) as app:
        written = accept_candidate(app, number, **options)
    if form == "json":
        print_json({"id": number, "official": written.official, "file": str(written.file)})
    else:
        click.echo(
            f"candidate {number} accepted: {written.official} in {written.file}; link the archive "
            "by it with `hanoiwatch registry apply`"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """``official``: the id of the entry."""

    official: str
    file: Path


def accept_candidate(app: App, number: int, **given: str | None) -> Written:
    """Writes the entry and notes the candidate as accepted; nothing is written where the
    registry would not be whole with it. Raises NotFoundError, UnknownLinkError, RegistryError."""
    from hanoiwatch.cli.registry_correct import user_name
    from hanoiwatch.clock import now
    from hanoiwatch.registry.accepting import merged_entry
    from hanoiwatch.registry.yamlfile import read_yaml

    by = given.get("by") or user_name()
    accepted = _accepted(app, app.record.candidates.get(number), by, given)
    file = app.config.registry_path / FILE
    tree = read_yaml(file).tree if file.exists() else {}
    merged, official = merged_entry(tree, app.registry, accepted)
    _write(file, _yaml(merged))
    app.record.candidates.decide(number, "accepted", by, now())
    return Written(official=official, file=file)


def _accepted(
    app: App, candidate: CollectedCandidate, by: str, given: dict[str, str | None]
) -> Accepted:
    from hanoiwatch.cli.linked import registry_id
    from hanoiwatch.registry.accepting import Accepted
    from hanoiwatch.registry.partialdate import partial_date

    said, example = candidate.said, candidate.examples[0]
    post, official = given.get("post"), given.get("official")
    day = given.get("on")
    if day:
        try:
            partial_date(day)
        except ValueError as error:
            raise click.UsageError(f"--on: {error}.") from error
    elif said.kind == "change":
        day = said.on
    return Accepted(
        name=said.name,
        official_id=registry_id(app.registry, "official", official) if official
        else said.official_id,
        post_id=registry_id(app.registry, "post", post) if post else said.post_id,
        change="out" if said.change in ("removed", "retired") else "in",
        on=day,
        source_id=f"article-{example.article}",
        source=f"{example.url} ({(example.published_at or 'no date')[:10]}); accepted by {by}",
        note=f"{said.post}: {said.sentence}",
    )  # fmt: skip


def _yaml(tree: dict[str, Any]) -> str:
    import yaml

    return _HEAD + yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=100)


def _write(file: Path, text: str) -> None:
    """Whole or not at all; and not where the registry with it has a fault."""
    _try(file, text)
    fresh = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, "utf-8")
        os.replace(fresh, file)  # noqa: PTH105 - beside its name the same as Path.replace
    except OSError as error:
        raise HanoiwatchError(f"{file} cannot be written: {error.strerror}.") from error


def _try(file: Path, text: str) -> None:
    """Loads the registry as it would be, from a copy."""
    from hanoiwatch.registry import load_registry

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for one in [*file.parent.glob("*.yaml"), *file.parent.glob("*.yml")]:
            shutil.copy(one, folder)
        (folder / file.name).write_text(text, "utf-8")
        try:
            load_registry(folder)
        except RegistryError as error:
            raise UnknownLinkError(
                f"with this the registry would have a fault, so nothing was written: {error.reason}"
            ) from error

"""`hanoiwatch registry candidates`: who and what the press names and the registry lacks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.cli.output import write_rows
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from hanoiwatch.store.candidates import CandidateKind, CollectedCandidate

NAME_COLUMNS = (
    "id",
    "name",
    "post",
    "post_id",
    "body_id",
    "articles",
    "article",
    "url",
    "sentence",
)
CHANGE_COLUMNS = (
    "id", "name", "official_id", "change", "post", "post_id", "on", "on_is_stated", "articles",
    "article", "url", "sentence",
)  # fmt: skip
TABLE_COLUMNS = {
    "name": ("id", "name", "post", "articles", "article", "sentence"),
    "change": ("id", "on", "name", "change", "post", "articles", "article", "sentence"),
}
STATES = ("open", "accepted", "dismissed")


@click.command()
@click.option("--changes", is_flag=True, help="Appointments and removals, instead of new names.")
@click.option("--state", type=click.Choice(STATES), default="open", show_default=True)
@click.option("--dismiss", type=click.IntRange(1), metavar="N", help="Do not offer candidate N "
              "any more.")  # fmt: skip
@format_option(lists=True)
@click.pass_obj
def candidates(config: Config, /, form: str, changes: bool, **options: Any) -> None:  # noqa: FBT001 - click's flag
    """List names with a post that the registry lacks, and with --changes who came and went.

    Each with how many articles say it and the newest of them. Nothing of it is believed before
    a person says so: `registry accept N`.
    """
    from hanoiwatch.app import open_existing

    kind: CandidateKind = "change" if changes else "name"
    with open_existing(config) as app:
        if options["dismiss"]:
            _dismiss(app.record.candidates, options["dismiss"])
            return
        found = app.record.candidates.collected(kind, state=options["state"])
    if form == "json":
        print_json([candidate_json(one) for one in found])
    elif form == "csv":
        columns = CHANGE_COLUMNS if changes else NAME_COLUMNS
        write_rows([_row(one) for one in found], columns, form, sys.stdout)
    elif found:
        write_rows([_row(one) for one in found], TABLE_COLUMNS[kind], form, sys.stdout)
    else:
        click.echo("no candidates")


def _dismiss(candidates: Any, number: int) -> None:
    from hanoiwatch.cli.registry_correct import user_name
    from hanoiwatch.clock import now

    candidates.get(number)
    candidates.decide(number, "dismissed", user_name(), now())
    click.echo(f"candidate {number} dismissed")


def candidate_json(one: CollectedCandidate) -> dict[str, Any]:
    """A candidate as JSON, with its newest articles."""
    from hanoiwatch.clock import from_stored, to_shown

    said = one.said
    shown = {
        "id": one.id,
        "kind": said.kind,
        "state": one.state,
        "name": said.name,
        "post": said.post,
        "post_id": said.post_id,
        "body_id": said.body_id,
        "articles": one.articles,
    }
    if said.kind == "change":
        shown |= {
            "official_id": said.official_id,
            "change": said.change,
            "on": said.on,
            "on_is_stated": said.on_is_stated,
        }
    examples = [
        {
            "article": example.article,
            "url": example.url,
            "published_at": to_shown(from_stored(at)) if (at := example.published_at) else None,
            "sentence": example.candidate.sentence,
        }
        for example in one.examples
    ]
    return shown | {"examples": examples}


def _row(one: CollectedCandidate) -> dict[str, Any]:
    """One line: the newest article stands for all."""
    shown = candidate_json(one)
    newest: dict[str, Any] = shown["examples"][0]
    return shown | newest

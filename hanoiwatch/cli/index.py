"""`hanoiwatch index`: the search index, which can always be made anew."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from hanoiwatch.cli.index_check import check
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.cli.progress import Progress, shown_progress, tell_nobody
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from hanoiwatch.app import App
    from indexer.pipeline import Pipeline
    from indexer.reextract import ReextractCounts
    from indexer.rescope import Rescoped


@click.group()
def index() -> None:
    """The search index: disposable, made from the record."""


index.add_command(check)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What `index rebuild` did."""

    indexed: int
    scopes: tuple[Rescoped, ...]
    """Of each source whose scope had changed."""
    reextracted: ReextractCounts | None


@index.command()
@click.option("--reextract", is_flag=True, help="Read the archive anew first, by this extractor.")
@format_option()
@click.pass_obj
def rebuild(config: Config, form: str, reextract: bool) -> None:  # noqa: FBT001 - click's flag
    """Make the index anew from the record, while searches go on. Nothing is fetched.

    Articles of sources whose scope has changed are decided anew. With --reextract every capture
    that an older extractor read is read by the present one: better readings, no revision and no
    alert. Stopped anywhere, the same command goes on from there.
    """
    from hanoiwatch.app import open_existing
    from hanoiwatch.log import configure_logging

    configure_logging(verbose=click.get_current_context().meta.get("verbose", False))
    with open_existing(config) as app:
        rebuilt = rebuild_archive(app, reextract=reextract, progress=shown_progress(sys.stderr))
    if form == "json":
        print_json(asdict(rebuilt))
    else:
        _print(rebuilt)


def rebuild_archive(
    app: App, *, reextract: bool = False, progress: Progress = tell_nobody
) -> Rebuilt:
    """Reads anew where asked to, decides anew where a scope has changed, then makes the index.

    Raises BusyError while another process extracts and indexes.
    """
    with app.pipeline() as pipeline:
        pipeline.hold()
        counts = _reextract(pipeline, progress) if reextract else None
        scopes = tuple(pipeline.rescope())
        pipeline.link_stories()
        pipeline.link_articles()
        total, done = app.record.articles.count(), 0
        for count in pipeline.rebuild_index():
            done = min(done + count, total)  # what changes meanwhile comes twice
            progress("articles", done, total)
    return Rebuilt(indexed=done, scopes=scopes, reextracted=counts)


def _reextract(pipeline: Pipeline, tell: Progress) -> ReextractCounts:
    pipeline.drain()
    reextraction = pipeline.reextraction()
    for counts in reextraction.run():
        tell("captures", counts.done, counts.total)
    return reextraction.counts


def _print(rebuilt: Rebuilt) -> None:
    if rebuilt.reextracted is not None:
        _print_reextracted(rebuilt.reextracted)
    for scope in rebuilt.scopes:
        click.echo(
            f"{scope.source}: by its new scope {scope.removed} articles out, "
            f"{scope.restored} back in, {scope.found} found"
        )
    click.echo(f"{rebuilt.indexed} articles indexed")


def _print_reextracted(counts: ReextractCounts) -> None:
    said: list[tuple[int, str]] = [
        (counts.differing, "differing"),
        (counts.found, "newly found"),
        (counts.no_longer_articles, "no longer articles (kept as they were read)"),
        (counts.worse, "with most of the text lost (kept as they were read)"),
        (counts.quarantined, "quarantined"),
    ]
    told = "".join(f", {number} {what}" for number, what in said if number)
    click.echo(f"{counts.done} captures read anew{told}")

"""`hanoiwatch registry apply`: the archive linked by the registry as it is now."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.cli.progress import Progress, shown_progress, tell_nobody
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from hanoiwatch.app import App


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What `registry apply` did."""

    registry: str
    """The fingerprint by which everything is linked now."""
    known_until: str
    articles: int
    """Linked anew."""
    differing: int
    """Of those: they link otherwise than before, and the index knows."""
    failed: int
    """Of those: they broke the linker, and have no links."""
    corrections: int
    """Corrections whose names or posts are others now."""


@click.command()
@format_option()
@click.pass_obj
def apply(config: Config, form: str) -> None:
    """Link the archive by the registry as it is now. Nothing is fetched, no alert is sent.

    Only articles that another state of the registry has linked are taken up. Stopped anywhere,
    the same command goes on from there; searches go on meanwhile.
    """
    from hanoiwatch.app import open_existing
    from hanoiwatch.log import configure_logging

    configure_logging(verbose=click.get_current_context().meta.get("verbose", False))
    with open_existing(config) as app:
        applied = apply_registry(app, progress=shown_progress(sys.stderr))
    if form == "json":
        print_json(asdict(applied))
    else:
        _print(applied)


def apply_registry(app: App, *, progress: Progress = tell_nobody) -> Applied:
    """Links what another registry has linked. Raises RegistryError, and BusyError while another
    process extracts and indexes."""
    from hanoiwatch.clock import now
    from indexer.linking.correcting import refresh
    from indexer.linking.stage import LinkCounts

    counts = LinkCounts()
    with app.pipeline() as pipeline:
        pipeline.hold()
        corrected = refresh(app.record, app.registry, now())
        for counts in pipeline.relink():
            progress("articles", counts.done, counts.total)
    return Applied(
        registry=app.registry.fingerprint,
        known_until=app.registry.known_until.isoformat(),
        articles=counts.done,
        differing=counts.differing,
        failed=counts.failed,
        corrections=corrected,
    )


def _print(applied: Applied) -> None:
    said = f"{applied.articles} articles linked anew, {applied.differing} of them otherwise"
    if applied.failed:
        said += f", {applied.failed} without links (they broke the linker: `hanoiwatch coverage`)"
    if applied.corrections:
        said += f"; {applied.corrections} corrections brought up to date"
    click.echo(f"{said}. The registry knows Hanoi until {applied.known_until}.")

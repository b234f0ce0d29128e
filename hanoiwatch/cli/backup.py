"""`hanoiwatch backup` and `restore`: the whole archive in another folder, and the way back."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.cli.progress import Progress, shown_progress, tell_nobody
from hanoiwatch.config import Config

if TYPE_CHECKING:
    from hanoiwatch.backup import BackedUp, Restored

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@format_option()
@click.pass_context
def backup(ctx: click.Context, folder: Path, form: str) -> None:
    """Copy record, archive and settings into DIR, while crawls go on.

    Given again it copies what is new. A backup that is cut off leaves the one before. The search
    index is not copied: it is made from the record. Secrets are in the environment, and not here.
    """
    file = ctx.find_root().params.get("file")
    done = back_up_now(ctx.obj, folder, file, progress=shown_progress(sys.stderr))
    if form == "json":
        print_json(asdict(done))
        return
    click.echo(
        f"{done.folder} holds {done.files} files, {_megabytes(done.bytes)}, up to change "
        f"{done.sequence}; {_megabytes(done.copied_bytes)} copied now"
    )


def back_up_now(
    config: Config, into: Path, file: Path | None, *, progress: Progress = tell_nobody
) -> BackedUp:
    """Raises BackupError, NotFoundError where there is nothing to copy."""
    from hanoiwatch.app import open_existing
    from hanoiwatch.backup import Settings, back_up
    from hanoiwatch.clock import now

    open_existing(config).close()
    folders = {
        "sources": config.sources_path,
        "registry": config.registry_path,
        "alerts": config.alerts_path,
    }
    settings = Settings(file=file or Path(config.base, "hanoiwatch.toml"), folders=folders)
    return back_up(config.data_path, into, settings, now(), progress)


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@format_option()
@click.pass_obj
def restore(config: Config, folder: Path, form: str) -> None:
    """Make the data folder anew from the backup in DIR, and the index from that.

    Every byte is compared with the backup's digests first. Nothing is written over: the data
    folder must be empty, or not be there. Settings stay in DIR/settings, yours to copy.
    """
    from hanoiwatch.log import configure_logging

    configure_logging(verbose=click.get_current_context().meta.get("verbose", False))
    done, indexed = restore_now(config, folder, progress=shown_progress(sys.stderr))
    if form == "json":
        print_json(asdict(done) | {"indexed": indexed})
        return
    from hanoiwatch.clock import to_shown

    click.echo(
        f"{done.folder} is as of {to_shown(done.made_at)[:16]}: {done.files} files, "
        f"{_megabytes(done.bytes)}; {indexed} articles indexed"
    )
    click.echo(f"Settings of then are in {folder / 'settings'}; nothing of yours was changed.")


def restore_now(
    config: Config, folder: Path, *, progress: Progress = tell_nobody
) -> tuple[Restored, int]:
    """What was restored, and how many articles are indexed. Raises BackupError."""
    from hanoiwatch.app import open_app
    from hanoiwatch.backup import restore as restore_data
    from hanoiwatch.cli.index import rebuild_archive

    done = restore_data(folder, config.data_path, progress)
    with open_app(config) as app:
        return done, rebuild_archive(app, progress=progress).indexed


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"

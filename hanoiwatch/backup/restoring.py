"""The way back: a data folder from a backup, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hanoiwatch.backup.manifest import Held, Manifest, copy_bytes, digest_of, read_manifest
from hanoiwatch.errors import BackupError

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """``made_at``: of the backup: what came in later is not in it."""

    folder: Path
    made_at: datetime
    sequence: int
    files: int
    bytes: int


def restore(backup: Path, data: Path, tell: Progress) -> Restored:
    """Makes the data folder of what the backup holds. Settings stay in the backup.

    Every byte is compared with the manifest. Raises BackupError where there is no backup, where
    any of it is missing or damaged, and where ``data`` holds anything: nothing is written over.
    """
    manifest = read_manifest(backup)
    if manifest is None:
        raise BackupError(f"{backup} is no backup: it has no manifest.json.")
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise BackupError(f"{data} is not empty: move it away, or name another with --data-dir.")
    try:
        return _restore(backup, data, manifest, tell)
    except OSError as error:
        raise BackupError(
            f"{error.filename}: {error.strerror or error}; nothing was restored."
        ) from error


def _restore(backup: Path, data: Path, manifest: Manifest, tell: Progress) -> Restored:
    part = data.with_name(f".{data.name}.restoring")
    shutil.rmtree(part, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    wanted = [manifest.record, *manifest.archive]
    try:
        for done, held in enumerate(wanted, 1):
            name = "record.sqlite3" if held is manifest.record else held.name
            _check(held, copy_bytes(backup / held.name, part / name, held.bytes))
            tell("files", done, len(wanted))
        for held in manifest.settings:
            _check(held, digest_of(backup / held.name, held.bytes))
        if data.exists():
            data.rmdir()
        part.rename(data)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Restored(
        folder=data,
        made_at=manifest.made_at,
        sequence=manifest.sequence,
        files=len(wanted),
        bytes=sum(held.bytes for held in wanted),
    )


def _check(held: Held, digest: str) -> None:
    if digest != held.sha256:
        raise BackupError(
            f"{held.name} of the backup is damaged: its digest is not that of the manifest; "
            "nothing was restored."
        )

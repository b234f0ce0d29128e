"""Making a backup: the record as of one moment, and of the archive what that record knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hanoiwatch import __version__
from hanoiwatch.backup.manifest import (
    ARCHIVE,
    SETTINGS,
    Held,
    Manifest,
    copy_bytes,
    digest_of,
    read_manifest,
    write_manifest,
)
from hanoiwatch.errors import BackupError

_PAGES = 2_000
"""Of the record, copied between two looks at how far it is: 8 MB."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is worth keeping beside the data: the settings file, and folders of files."""

    file: Path | None
    folders: Mapping[str, Path]
    """By the name they have in the backup."""

    def files(self) -> Iterator[tuple[str, Path]]:
        if self.file is not None and self.file.is_file():
            yield self.file.name, self.file
        for name, folder in self.folders.items():
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    yield f"{name}/{path.relative_to(folder)}", path


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup holds now, and how much of it was copied this time."""

    folder: Path
    sequence: int
    files: int
    bytes: int
    copied_bytes: int


def back_up(data: Path, into: Path, settings: Settings, now: datetime, tell: Progress) -> BackedUp:
    """Brings the backup in ``into`` up to the archive in ``data``; makes it where there is none.

    Files of the archive that are as they were are not copied again. Crawls may go on. Raises
    BackupError, also where a file cannot be read or written.
    """
    if into.resolve().is_relative_to(data.resolve()):
        raise BackupError(f"{into} is in the data folder {data}: name a folder elsewhere.")
    before = read_manifest(into)
    if before is None and into.is_dir() and any(into.iterdir()):
        raise BackupError(f"{into} holds something else than a backup: name another folder.")
    try:
        return _back_up(_Copy(data, into, before, tell), settings, now)
    except OSError as error:
        raise BackupError(
            f"{error.filename or into}: {error.strerror or error}; the backup before is kept."
        ) from error
    except sqlite3.Error as error:
        raise BackupError(
            f"the record cannot be copied: {error}; the backup before is kept."
        ) from error


def _back_up(copy: _Copy, settings: Settings, now: datetime) -> BackedUp:
    copy.into.mkdir(parents=True, exist_ok=True)
    record, lengths, sequence = copy.record(f"record-{now:%Y%m%dT%H%M%S%f}.sqlite3")
    manifest = Manifest(
        made_at=now,
        program=__version__,
        sequence=sequence,
        record=record,
        archive=tuple(copy.archive(lengths)),
        settings=tuple(copy.settings(settings)),
    )
    write_manifest(copy.into, manifest)
    copy.clear(manifest)
    held = list(manifest.files)
    return BackedUp(
        folder=copy.into,
        sequence=sequence,
        files=len(held),
        bytes=sum(one.bytes for one in held),
        copied_bytes=copy.copied,
    )


class _Copy:
    """One run: from the data folder into the backup's."""

    def __init__(self, data: Path, into: Path, before: Manifest | None, tell: Progress) -> None:
        self.data, self.into, self._tell = data, into, tell
        self._before = {held.name: held for held in before.files} if before else {}
        self.copied = 0

    def record(self, name: str) -> tuple[Held, list[tuple[str, int]], int]:
        """The record's copy, the archive's files as it knows them, and the end of its log."""
        target = self.into / name
        with (
            closing(sqlite3.connect(self.data / "record.sqlite3")) as origin,
            closing(sqlite3.connect(target)) as copy,
        ):
            origin.backup(copy, pages=_PAGES, progress=self._record_progress)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, complete in itself
            faults = [row[0] for row in copy.execute("PRAGMA quick_check(3)")]
            if faults != ["ok"]:
                raise BackupError(f"the record is damaged: {'; '.join(faults)}: see `index check`.")
            lengths = copy.execute("SELECT name, length FROM warc_file ORDER BY name").fetchall()
            (sequence,) = copy.execute("SELECT coalesce(max(sequence), 0) FROM change").fetchone()
        size = target.stat().st_size
        self.copied += size
        return Held(name=name, bytes=size, sha256=digest_of(target, size)), lengths, sequence

    def _record_progress(self, _status: int, left: int, total: int) -> None:
        self._tell("pages of the record", total - left, total)

    def archive(self, lengths: Sequence[tuple[str, int]]) -> Iterator[Held]:
        for done, (name, length) in enumerate(lengths, 1):
            yield self._kept(self.data / ARCHIVE / name, f"{ARCHIVE}/{name}", length)
            self._tell("files of the archive", done, len(lengths))

    def settings(self, settings: Settings) -> Iterator[Held]:
        for name, path in settings.files():
            yield self._kept(path, f"{SETTINGS}/{name}", path.stat().st_size)

    def _kept(self, origin: Path, name: str, length: int) -> Held:
        """The copy there is, where nothing has changed since; else a fresh one.

        A file grows, and a takedown writes over what is in it: both show in its stamp.
        """
        state = origin.stat()
        stamp = f"{state.st_size}-{state.st_mtime_ns}"
        before = self._before.get(name)
        if before and (before.stamp, before.bytes) == (stamp, length) and self._is_there(before):
            return before
        self.copied += length
        digest = copy_bytes(origin, self.into / name, length)
        return Held(name=name, bytes=length, sha256=digest, stamp=stamp)

    def _is_there(self, held: Held) -> bool:
        path = self.into / held.name
        return path.is_file() and path.stat().st_size >= held.bytes

    def clear(self, manifest: Manifest) -> None:
        """Former copies of the record, and what was cut off."""
        for path in (*self.into.glob("record-*.sqlite3*"), *self.into.rglob(".*.part")):
            if path.name != manifest.record.name:
                path.unlink(missing_ok=True)

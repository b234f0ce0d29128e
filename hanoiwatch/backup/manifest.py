"""What a backup holds, with every digest: written last, read first."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from hanoiwatch.errors import BackupError

NAME = "manifest.json"
ARCHIVE = "archive"
SETTINGS = "settings"
_CHUNK = 1 << 20


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the backup; ``bytes`` from its start count, what is behind them does not."""

    name: str
    """Relative to the backup's folder."""
    bytes: int
    sha256: str
    stamp: str = ""
    """Of the file it was copied from: the same stamp, the same bytes."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    made_at: datetime
    program: str
    sequence: int
    """The end of the change log: how far the archive had come."""
    record: Held
    archive: tuple[Held, ...]
    settings: tuple[Held, ...]

    @property
    def files(self) -> Iterator[Held]:
        yield self.record
        yield from self.archive
        yield from self.settings


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of the backup in ``folder``; None where there is none. Raises BackupError."""
    path = folder / NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise BackupError(f"{path} cannot be read: {error}.") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    part = folder / f".{NAME}.part"
    with part.open("wb") as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(manifest)))
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(folder / NAME)


def copy_bytes(origin: Path, target: Path, length: int) -> str:
    """Copies the first ``length`` bytes, synced, in one piece or not at all; their SHA-256.

    Raises BackupError where the file ends before, OSError where a file cannot be read or written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    with origin.open("rb") as source, part.open("wb") as stream:
        digest = hashlib.sha256()
        for chunk in _chunks(source, length, origin):
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(target)
    return digest.hexdigest()


def digest_of(path: Path, length: int) -> str:
    """The SHA-256 of its first ``length`` bytes. Raises as `copy_bytes` does."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        for chunk in _chunks(source, length, path):
            digest.update(chunk)
    return digest.hexdigest()


def _chunks(source: BinaryIO, length: int, path: Path) -> Iterator[bytes]:
    left = length
    while left:
        chunk = source.read(min(left, _CHUNK))
        if not chunk:
            raise BackupError(f"{path} ends {left} bytes before it should.")
        left -= len(chunk)
        yield chunk

"""After a crash: what was written and never recorded is cut off again.

A crash leaves at most one group past the committed length of one file, or one file that the
record never heard of. Anything larger is no crash of ours (the record was restored from an
older backup, say): it is left alone and reported, since the raw responses may exist nowhere
else. A file that is shorter than the record says, or gone, is reported too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hanoiwatch.archive.files import PATTERN, explained, folder_lock, unless_written

CRASH_BYTES = 128 * 1024 * 1024
"""More than one group ever is: at most 48 MB of bodies wait in a crawl, and one more."""

TrimKind = Literal["cut", "removed", "short", "missing", "left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """What was found of one file, and done.

    cut, removed: a crash's tail, or a crash's whole file, is gone; nothing recorded was in it.
    short, missing: the file lacks recorded bytes. left: it holds too much to be a crash's.
    """

    file: str
    kind: TrimKind
    bytes: int
    """Removed, lacking, or left."""

    @property
    def is_loss(self) -> bool:
        return self.kind in ("short", "missing")

    def __str__(self) -> str:
        said = {
            "cut": "bytes that a crash left unrecorded were cut off",
            "removed": "bytes: a crash left the whole file unrecorded, so it was removed",
            "short": "recorded bytes are missing at its end: restore it from a backup",
            "missing": "recorded bytes: the file is gone; restore it from a backup",
            "left": "bytes are not in the record, more than a crash leaves, and were kept:"
            " was the record restored from an older backup?",
        }
        return f"{self.file}: {self.bytes} {said[self.kind]}"


def trim_tails(folder: Path, committed: Callable[[], Mapping[str, int]]) -> list[Trimmed]:
    """Ends every file that no process writes at its committed length.

    ``committed`` reads the record's lengths anew: it is asked once more after a suspect file is
    locked, so that a group which another process has recorded meanwhile is never cut off.
    Raises ReadOnlyError or ArchiveError where a file cannot be changed.
    """
    if not folder.is_dir():
        return [_missing(name, length) for name, length in sorted(committed().items())]
    with folder_lock(folder):
        known = committed()
        sizes = {path.name: path.stat().st_size for path in folder.glob(PATTERN)}
        gone = [_missing(name, known[name]) for name in known if name not in sizes]
        suspects = [name for name in sizes if known.get(name) != sizes[name]]
        found = [_trim(folder / name, committed) for name in suspects]
    return sorted([*gone, *filter(None, found)], key=lambda trimmed: trimmed.file)


def _missing(name: str, length: int) -> Trimmed:
    return Trimmed(file=name, kind="missing", bytes=length)


def _trim(path: Path, committed: Callable[[], Mapping[str, int]]) -> Trimmed | None:
    try:
        with unless_written(path) as descriptor:
            if descriptor is None:
                return None
            return _judge(path, descriptor, committed().get(path.name))
    except OSError as error:
        raise explained(error, path) from error


def _judge(path: Path, descriptor: int, length: int | None) -> Trimmed | None:
    size = os.fstat(descriptor).st_size
    over = size - (length or 0)
    if over < 0:
        return Trimmed(file=path.name, kind="short", bytes=-over)
    if over > CRASH_BYTES:
        return Trimmed(file=path.name, kind="left", bytes=over)
    if not length:
        path.unlink()
        return Trimmed(file=path.name, kind="removed", bytes=size)
    if over == 0:
        return None
    os.ftruncate(descriptor, length)
    os.fsync(descriptor)
    return Trimmed(file=path.name, kind="cut", bytes=over)

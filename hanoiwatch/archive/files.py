"""WARC files as the operating system knows them: created, appended to, locked.

The process that writes a file holds an exclusive `flock` on it from creation to close, so
others can tell a file that is being written from one whose writer is gone. A file is created,
and a tail is trimmed, only under a lock on the folder: no one ever removes a file that another
process has just made and not yet locked.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hanoiwatch.errors import ArchiveError, DiskFullError, HanoiwatchError, ReadOnlyError

PATTERN = "*.warc.gz"

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_LEAVE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class WarcFile:
    """One file that this process writes. Each `append` is kept whole or not at all."""

    def __init__(self, path: Path) -> None:
        """Makes the file, which must not exist. Raises like `append`."""
        self.path = path
        self.length = 0
        self._descriptor: int | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with folder_lock(path.parent):
                self._descriptor = _create(path)
        except OSError as error:
            raise explained(error, path) from error

    @property
    def usable(self) -> bool:
        """False after a failure that leaves its end in doubt: go on in another file."""
        return self._descriptor is not None

    def append(self, data: bytes) -> None:
        """Writes and syncs; on failure the file ends where it ended before.

        Raises DiskFullError, ReadOnlyError or ArchiveError.
        """
        assert self._descriptor is not None
        try:
            _write_all(self._descriptor, data, self.length)
        except OSError as error:
            self._take_back(error)
            raise explained(error, self.path) from error
        try:
            os.fsync(self._descriptor)
            if self.length == 0:
                _sync_folder(self.path.parent)
        except OSError as error:
            self._abandon()  # after a failed sync nobody knows what the disk holds
            raise explained(error, self.path) from error
        self.length += len(data)

    def _take_back(self, cause: OSError) -> None:
        assert self._descriptor is not None
        try:
            os.ftruncate(self._descriptor, self.length)
            os.fsync(self._descriptor)
        except OSError as error:
            cause.add_note(f"and {self.path} could not be trimmed: {error}")
            self._abandon()

    def _abandon(self) -> None:
        """What lies past its length is trimmed by the next `trim_tails`, as after a crash."""
        assert self._descriptor is not None
        with suppress(OSError):
            os.ftruncate(self._descriptor, self.length)
        self.close()

    def close(self) -> None:
        """Lets the file go. One that never got a record is removed."""
        if self._descriptor is None:
            return
        if self.length == 0:
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = None


def _create(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _write_all(descriptor: int, data: bytes, offset: int) -> None:
    rest = memoryview(data)
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        offset, rest = offset + written, rest[written:]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Waits for the folder's lock and holds it; held for milliseconds by all who take it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def unless_written(path: Path) -> Iterator[int | None]:
    """A descriptor of a file that no process writes, locked while held; else None."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        yield descriptor if _locked(descriptor, fcntl.LOCK_EX) else None
    finally:
        os.close(descriptor)


def is_being_written(path: Path) -> bool:
    """Whether a process has the file open for writing. Call it under `folder_lock`."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def explained(error: OSError, path: Path) -> HanoiwatchError:
    """``error`` as one of ours, with a sentence that says what to do."""
    if error.errno in _NO_ROOM:
        return DiskFullError(
            f"{path} cannot grow: {error.strerror}. Everything archived before is kept; "
            "make room and start again."
        )
    if error.errno in _NO_LEAVE:
        return ReadOnlyError(
            f"{path} cannot be written: {error.strerror}. Check the folder's owner and mount."
        )
    return ArchiveError(f"{path} cannot be written: {error.strerror or error}.")

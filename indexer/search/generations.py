"""Which file of the embedded index answers: the newest that was finished. See decision 0010.

    index.sqlite3           generation 0: a new archive's, or one of an earlier version of ours
    index.sqlite3.1 …       each made by a rebuild; no number is ever used again
    index.sqlite3.current   the number of the generation that answers; without it, 0

A switch replaces the small file that holds the number, which is atomic. A database is never
renamed: SQLite finds the log of a database by its name, so a reader could lose it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_OF_DATABASE = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside a database, by the ends of the names."""


class Generations:
    """The files of one index, by number. ``path`` is that of generation 0."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pointer = path.with_name(f"{path.name}.current")

    def current(self) -> int:
        try:
            return int(self._pointer.read_bytes())
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return 0

    def file(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}") if number else self.path

    def switch_to(self, number: int) -> None:
        """From here on generation ``number`` answers; a power cut leaves the old or the new."""
        fresh = self._pointer.with_name(f"{self._pointer.name}.new")
        with fresh.open("w", encoding="ascii") as stream:
            stream.write(f"{number}\n")
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self._pointer)
        _sync(self.path.parent)

    def remove(self, number: int) -> None:
        """Readers that have it open keep what they see."""
        for end in _OF_DATABASE:
            Path(f"{self.file(number)}{end}").unlink(missing_ok=True)

    def remove_former(self) -> None:
        """Every generation before the current one."""
        current = self.current()
        for number in self._numbers():
            if number < current:
                self.remove(number)

    def _numbers(self) -> set[int]:
        numbers = {0}
        before = f"{self.path.name}."
        for found in self.path.parent.glob(f"{before}*"):
            with suppress(ValueError):
                numbers.add(int(found.name.removeprefix(before).partition("-")[0]))
        return numbers


def sync_file(path: Path) -> None:
    """What was written to the file is on the disk when this returns."""
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

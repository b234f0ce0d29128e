"""Is the archive whole, and is all there that the record says?

Two things are compared with each other and with themselves: the files, bit by bit (every
member is in the one form of `hanoiwatch.archive.member`, so any change of any bit shows), and
the record's list of captures. Files may grow while this runs: what was written after the
start is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hanoiwatch.archive.files import PATTERN, folder_lock, is_being_written
from hanoiwatch.archive.scan import Scanned, scan
from hanoiwatch.model import ExpectedRecord

_EVERY = 200
"""Records between two reports of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong. ``record_id`` is empty where nobody knows it any more."""

    file: str
    offset: int
    record_id: str
    reason: str

    def __str__(self) -> str:
        record = f" ({self.record_id})" if self.record_id else ""
        return f"{self.file} at byte {self.offset}{record}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """So far, over all files."""

    records: int
    bytes: int
    of_bytes: int


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it was when the check began."""

    path: Path
    size: int
    live: bool
    """A process was writing it: its end may not be in the record yet."""


def verify(
    folder: Path, expected: Iterable[ExpectedRecord] | None = None
) -> Iterator[Problem | Progress]:
    """Every record of every file; the last thing yielded is a `Progress` over all.

    ``expected``: the captures of the record, by file (in the order of its bytes), then offset;
    without it only the files themselves are checked. Raises ArchiveError if a file cannot be
    read.
    """
    files = _files(folder)
    listed = None if expected is None else _Expected(expected)
    records = done = 0
    total = sum(file.size for file in files)
    for file in files:
        if listed is not None:
            yield from _gone(folder, listed.before_file(file.path.name))
        check = _FileCheck(file, listed)
        for scanned in check.members():
            yield from check.problems(scanned)
            records += 1
            if records % _EVERY == 0:
                yield Progress(records=records, bytes=done + scanned.offset, of_bytes=total)
        yield from check.end()
        done += file.size
    if listed is not None:
        yield from _gone(folder, listed.before_file(None))
    yield Progress(records=records, bytes=done, of_bytes=total)


def _files(folder: Path) -> list[_File]:
    if not folder.is_dir():
        return []
    with folder_lock(folder):
        return [
            _File(path, path.stat().st_size, is_being_written(path))
            for path in sorted(folder.glob(PATTERN), key=lambda path: path.name)
        ]


def _gone(folder: Path, missing: Iterable[ExpectedRecord]) -> Iterator[Problem]:
    """Of records whose file was not there at the start: those whose file is not there now."""
    for record in missing:
        if not (folder / record.file).exists():
            yield _problem(record, "the file is missing")


def _problem(record: ExpectedRecord, reason: str) -> Problem:
    return Problem(
        file=record.file, offset=record.offset, record_id=record.record_id, reason=reason
    )


class _Expected:
    """The record's list, read once, in step with the files."""

    def __init__(self, records: Iterable[ExpectedRecord]) -> None:
        self._records = iter(records)
        self._next = next(self._records, None)

    def before_file(self, name: str | None) -> Iterator[ExpectedRecord]:
        """Takes all whose file comes before ``name``; all that are left for None."""
        while self._next is not None and (name is None or self._next.file < name):
            yield self._take()

    def up_to(self, name: str, offset: int | None) -> Iterator[ExpectedRecord]:
        """Takes all in the file ``name`` up to ``offset``; all of the file for None."""
        while self._next is not None and self._next.file == name:
            if offset is not None and self._next.offset > offset:
                return
            yield self._take()

    def _take(self) -> ExpectedRecord:
        assert self._next is not None
        taken, self._next = self._next, next(self._records, None)
        return taken

    def has_more_in(self, name: str) -> bool:
        return self._next is not None and self._next.file == name


class _FileCheck:
    """One file against itself and against the record's list."""

    def __init__(self, file: _File, listed: _Expected | None) -> None:
        self._file, self._listed = file, listed
        self._name = file.path.name
        self._ids: set[str] = set()
        self._begun = False

    def members(self) -> Iterator[Scanned]:
        with self._file.path.open("rb") as stream:
            yield from scan(stream, self._file.size)

    def problems(self, scanned: Scanned) -> Iterator[Problem]:
        due = list(self._listed.up_to(self._name, scanned.offset)) if self._listed else []
        here = [record for record in due if record.offset == scanned.offset]
        for record in due:
            if record.offset != scanned.offset:
                yield _problem(record, "no record begins there")
        record_id = here[0].record_id if here else scanned.record_id
        for reason in self._reasons(scanned, here):
            yield Problem(
                file=self._name, offset=scanned.offset, record_id=record_id, reason=reason
            )

    def _reasons(self, scanned: Scanned, here: list[ExpectedRecord]) -> list[str]:
        if not here and self._may_be_unfinished(scanned):
            return []
        reasons = list(scanned.problems)
        if not self._begun:
            reasons += self._opening_faults(scanned)
        self._begun = True
        if scanned.problems:
            return reasons
        if scanned.record_id in self._ids:
            reasons.append("its record id occurs twice in this file")
        self._ids.add(scanned.record_id)
        for record in here:
            reasons += _differences(scanned, record)
        if not here and self._must_be_listed(scanned):
            reasons.append("it is not in the record")
        return reasons

    def _may_be_unfinished(self, scanned: Scanned) -> bool:
        """A cut member at the end of a file that was being written just then."""
        expected = self._listed is not None and self._listed.has_more_in(self._name)
        return scanned.cut and self._file.live and not expected

    def _opening_faults(self, scanned: Scanned) -> list[str]:
        if scanned.problems:
            return []
        if scanned.kind != "warcinfo":
            return ["the file does not begin with its warcinfo record"]
        if scanned.filename != self._name:
            return [f"the file was written under another name: {scanned.filename}"]
        return []

    def _must_be_listed(self, scanned: Scanned) -> bool:
        if self._listed is None or scanned.kind not in ("response", "revisit", "conversion"):
            return False
        return not self._file.live or self._listed.has_more_in(self._name)

    def end(self) -> Iterator[Problem]:
        """What the record has beyond the file's end, and a file with nothing in it."""
        if self._listed is not None:
            for record in self._listed.up_to(self._name, None):
                if not (self._file.live and self._written_since(record)):
                    yield _problem(record, "the file ends before it")
        if self._file.size == 0 and not self._file.live:
            yield Problem(file=self._name, offset=0, record_id="", reason="the file is empty")

    def _written_since(self, record: ExpectedRecord) -> bool:
        """Appended after the check began."""
        return self._file.size <= record.offset < self._file.path.stat().st_size


def _differences(scanned: Scanned, record: ExpectedRecord) -> list[str]:
    differences = []
    if scanned.record_id != record.record_id:
        differences.append(f"another record is there: {scanned.record_id}")
    if scanned.sha256 and scanned.sha256 != record.sha256:
        differences.append(f"its payload digest differs from the record's, {record.sha256}")
    return differences

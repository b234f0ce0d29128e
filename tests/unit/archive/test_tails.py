"""After a crash: unrecorded tails are cut, and nothing recorded is ever lost or hidden."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hanoiwatch.archive import ArchiveWriter, trim_tails
from hanoiwatch.archive import tails as module
from hanoiwatch.errors import ReadOnlyError
from tests.unit.archive.made import NOON, Made, exchange, expected, make_archive, problems


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return make_archive(tmp_path)


def kinds(folder: Path, committed: dict[str, int]) -> list[tuple[str, int]]:
    return [(one.kind, one.bytes) for one in trim_tails(folder, lambda: committed)]


@pytest.mark.parametrize("tail", [b"\x1f", b"\0" * 5000])
def test_a_tail_that_the_record_does_not_know_is_cut(made: Made, tail: bytes) -> None:
    whole = made.path.read_bytes()
    made.path.write_bytes(whole + tail)
    assert kinds(made.folder, made.lengths) == [("cut", len(tail))]
    assert made.path.read_bytes() == whole
    assert problems(made.folder, made.expected) == []
    assert kinds(made.folder, made.lengths) == []


def test_a_group_that_was_written_and_not_recorded_is_cut(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        recorded = [writer.add(exchange(1))]
        lengths = writer.commit()
        writer.add(exchange(2))
        writer.commit()
    assert [kind for kind, _ in kinds(tmp_path, lengths)] == ["cut"]
    assert problems(tmp_path, expected(recorded)) == []


def test_a_file_that_the_record_does_not_know_is_removed(made: Made) -> None:
    size = made.path.stat().st_size
    assert kinds(made.folder, {}) == [("removed", size)]
    assert list(made.folder.iterdir()) == []


def test_more_than_a_crash_leaves_is_kept_and_reported(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the record was restored from an older backup than the archive."""
    whole = made.path.read_bytes()
    monkeypatch.setattr(module, "CRASH_BYTES", 500)
    place = made.prepared[1].place
    for committed in ({}, {made.path.name: place.offset}):
        [left] = trim_tails(made.folder, lambda known=committed: known)
        assert left.kind == "left"
        assert "older backup" in str(left)
    assert made.path.read_bytes() == whole


def test_a_file_that_lacks_recorded_bytes_is_reported_and_not_touched(made: Made) -> None:
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[:-7])
    [short] = trim_tails(made.folder, lambda: made.lengths)
    assert (short.kind, short.bytes, short.is_loss) == ("short", 7, True)
    assert made.path.read_bytes() == whole[:-7]


def test_a_file_that_is_gone_is_reported(made: Made) -> None:
    made.path.unlink()
    [missing] = trim_tails(made.folder, lambda: made.lengths)
    assert (missing.file, missing.kind, missing.is_loss) == (made.path.name, "missing", True)
    assert trim_tails(made.folder / "none", lambda: made.lengths) == [missing]


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        prepared = [writer.add(exchange(1))]
        writer.commit()
        assert trim_tails(tmp_path, dict) == []
    assert problems(tmp_path, expected(prepared)) == []


def test_a_group_recorded_between_the_two_looks_is_kept(made: Made) -> None:
    """Another process recorded its last group and ended just after we had read the lengths."""
    lengths = iter([{made.path.name: made.prepared[1].place.offset}, made.lengths])
    assert trim_tails(made.folder, lambda: next(lengths)) == []
    assert problems(made.folder, made.expected) == []


def test_a_file_that_cannot_be_written_is_one_clear_sentence(made: Made) -> None:
    if os.geteuid() == 0:
        _as_nobody(made)
        return
    made.path.chmod(0o444)
    with pytest.raises(ReadOnlyError, match="cannot be written"):
        trim_tails(made.folder, dict)


def _as_nobody(made: Made) -> None:
    """The same in a process that has not root's leave to write everywhere."""
    for folder in (made.folder, *made.folder.parents):
        if folder.is_dir() and folder.owner() == "root" and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o005)
    code = (
        "import os, sys; from pathlib import Path; from hanoiwatch.archive import trim_tails\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "from hanoiwatch.errors import ReadOnlyError\n"
        "try: trim_tails(Path(sys.argv[1]), dict)\n"
        "except ReadOnlyError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, made.folder], capture_output=True, text=True, check=True
    )
    assert "cannot be written" in done.stdout


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.unit.archive.made import NOON, exchange
from hanoiwatch.archive import ArchiveWriter
writer = ArchiveWriter(Path(sys.argv[1]), clock=lambda: NOON)
for group in range(4):
    for number in range(3):
        prepared = writer.add(exchange(10 * group + number))
    for name, length in writer.commit().items():
        print(name, length, flush=True)
os.pwrite(writer._file._descriptor, b"half a record", writer._file.length)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_nothing_that_trimming_does_not_cure(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, folder],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == -9, done.stderr
    name, length = done.stdout.splitlines()[2].split()  # the last group was never recorded
    [trimmed] = trim_tails(folder, lambda: {name: int(length)})
    assert trimmed.kind == "cut"
    assert problems(folder) == []
    assert (folder / name).stat().st_size == int(length)

"""A full disk, a folder without leave to write, a broken device: one sentence, nothing lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hanoiwatch.archive import ArchiveWriter, read_exchange
from hanoiwatch.archive.files import explained
from hanoiwatch.errors import ArchiveError, DiskFullError, HanoiwatchError, ReadOnlyError
from tests.unit.archive.made import NOON, exchange, expected, problems

FULL = """
import os, resource, sys
from pathlib import Path
from tests.unit.archive.made import NOON, exchange, expected, problems
from hanoiwatch.archive import ArchiveWriter
from hanoiwatch.errors import DiskFullError
folder = Path(sys.argv[1])
noise = os.urandom(40_000)
with ArchiveWriter(folder, clock=lambda: NOON) as writer:
    kept = [writer.add(exchange(1))]
    before = writer.commit()
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    writer.add(exchange(2, noise))
    try:
        writer.commit()
    except DiskFullError as error:
        print(error)
    [(name, length)] = before.items()
    assert (folder / name).stat().st_size == length, "not trimmed"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    kept.append(writer.add(exchange(3, noise)))
    assert list(writer.commit()) == [name], "the same file goes on"
assert problems(folder, expected(kept)) == []
"""


def test_a_full_disk_keeps_all_before_and_lets_later_groups_in(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr
    assert "cannot grow" in done.stdout


def test_a_first_group_that_finds_no_room_leaves_no_file(tmp_path: Path) -> None:
    code = FULL.replace("kept = [writer.add(exchange(1))]\n    before = writer.commit()", "").split(
        "    [(name"
    )[0]
    subprocess.run(
        [sys.executable, "-c", code, tmp_path], check=True, cwd=Path(__file__).parents[3]
    )
    assert list(tmp_path.iterdir()) == []


class BrokenFsync:
    """The device fails when asked to sync, as many times as told."""

    def __init__(self, times: int) -> None:
        self.left = times
        self._fsync = os.fsync

    def __call__(self, descriptor: int) -> None:
        if self.left:
            self.left -= 1
            raise OSError(errno.EIO, "Input/output error")
        self._fsync(descriptor)


def test_after_a_failed_sync_writing_goes_on_in_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        kept = [writer.add(exchange(1))]
        writer.commit()
        monkeypatch.setattr(os, "fsync", BrokenFsync(1))
        lost = writer.add(exchange(2))
        with pytest.raises(ArchiveError, match="Input/output error"):
            writer.commit()
        with pytest.raises(ArchiveError):
            read_exchange(tmp_path, lost.place)
        kept.append(writer.add(exchange(3)))
        writer.commit()
    assert kept[0].place.file != kept[1].place.file
    assert problems(tmp_path, expected(kept)) == []


def test_a_file_that_cannot_even_be_trimmed_is_left_for_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with ArchiveWriter(tmp_path, clock=lambda: NOON) as writer:
        kept = [writer.add(exchange(1))]
        writer.commit()
        writer.add(exchange(2))
        with monkeypatch.context() as patched:
            patched.setattr(os, "pwrite", broken)
            patched.setattr(os, "ftruncate", broken)
            with pytest.raises(ArchiveError) as raised:
                writer.commit()
        assert raised.value.__cause__ is not None
        assert "could not be trimmed" in raised.value.__cause__.__notes__[0]
        kept.append(writer.add(exchange(3)))
        writer.commit()
    assert problems(tmp_path, expected(kept)) == []


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with ArchiveWriter(tmp_path / "file" / "archive", clock=lambda: NOON) as writer:
        writer.add(exchange())
        with pytest.raises(ArchiveError, match="cannot be written: Not a directory"):
            writer.commit()


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EROFS, ReadOnlyError),
        (errno.EACCES, ReadOnlyError),
        (errno.EIO, ArchiveError),
    ],
)
def test_each_failure_has_its_class(number: int, kind: type[HanoiwatchError]) -> None:
    said = explained(OSError(number, os.strerror(number)), Path("a.warc.gz"))
    assert type(said) is kind
    assert os.strerror(number) in str(said)

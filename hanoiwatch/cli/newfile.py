"""A file that is there whole or not at all."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from hanoiwatch.errors import HanoiwatchError

_NAME_KEPT = 40
"""Characters: so that the longest name a folder takes can be written beside too."""
SIGTERM_CODE = 128 + signal.SIGTERM


@contextmanager
def new_file(file: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A stream that becomes ``file`` when the block ends well; else nothing is left.

    It is written beside ``file`` and moved into its place at the end. A device or pipe is written
    as it stands. Raises HanoiwatchError where ``file`` is there and ``replace`` is not said, and
    where it cannot be written.
    """
    file = file.resolve()
    try:
        if file.exists() and not file.is_file() and not file.is_dir():
            with file.open("wb") as stream:
                yield stream
            return
        _refuse(file, replace=replace)
        with _part_of(file) as part, _ended_by_sigterm():
            with part.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            _refuse(file, replace=replace)  # it may have come meanwhile
            part.replace(file)
    except OSError as error:
        raise HanoiwatchError(f"{file} cannot be written: {error.strerror}.") from error


def _refuse(file: Path, *, replace: bool) -> None:
    if file.is_dir():
        raise HanoiwatchError(f"{file} is a folder: name a file in it.")
    if file.exists() and not replace:
        raise HanoiwatchError(f"{file} is there already: name another file, or give --force.")


@contextmanager
def _part_of(file: Path) -> Iterator[Path]:
    part = file.with_name(f".{file.name[:_NAME_KEPT]}.{os.getpid()}.part")
    try:
        yield part
    finally:
        with suppress(OSError):
            part.unlink()


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Being told to end is an exception here, so that what was begun is cleared away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(SIGTERM_CODE)

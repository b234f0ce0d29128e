"""What the demo leaves, made once for a whole test run, whichever of its workers asks first."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hanoiwatch import clock
from hanoiwatch.cli.demo import DemoResult, run_demo, scratch_folder

LONGEST = timedelta(minutes=10)
"""That the demo takes."""


def demo_copied(factory: pytest.TempPathFactory, name: str) -> DemoResult:
    """The demo's result, on a copy of its folder that is the caller's own."""
    made = _made_once(_folder_of_the_run(factory) / "demo")
    folder = factory.mktemp(name) / "here"
    shutil.copytree(made.folder, folder)
    return replace(made, folder=folder)


def _folder_of_the_run(factory: pytest.TempPathFactory) -> Path:
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _made_once(folder: Path) -> DemoResult:
    kept = folder.with_suffix(".pickle")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with _within_one_day():
                kept.write_bytes(pickle.dumps(run_demo(scratch_folder(folder))))
        result: DemoResult = pickle.loads(kept.read_bytes())
    return result


@contextmanager
def _within_one_day() -> Iterator[None]:
    """Midnight in Hanoi is no earlier than some minutes after the block has begun."""
    before, now = clock.ahead(), clock.now()
    if clock.hanoi_day(now) != clock.hanoi_day(now + LONGEST):
        clock.run_ahead(before + LONGEST)
    try:
        yield
    finally:
        clock.run_ahead(before)

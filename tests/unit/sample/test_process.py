"""``python -m hanoiwatch.sample``: a process that ends when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.outlet import ask
from tests.waiting import PATIENCE


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "hanoiwatch.sample", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGINT", "stdin"])
def test_it_serves_until_it_is_told_to_end(ending: str) -> None:
    options = ("--print-url", "--articles", "3", "--padding-kb", "30", "--warm")
    with started(*options) as process:
        url = line(process)
        assert ask(f"{url}/robots.txt").status == 200
        if ending == "stdin":
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
        else:
            process.send_signal(signal.Signals[ending])
        assert process.wait(PATIENCE) == 0


def test_it_prints_the_source_file_to_crawl_it_with() -> None:
    with started("--print-url", "--print-source", "--articles", "1") as process:
        url = line(process)
        process.terminate()
        assert process.stdout is not None
        text = process.stdout.read()
    assert tomllib.loads(text)["home"] == f"{url}/"

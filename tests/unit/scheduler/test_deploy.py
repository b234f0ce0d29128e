"""The files of `deploy/`: their lines mean something to cron, and to the command line."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from hanoiwatch.cli.main import hanoiwatch
from hanoiwatch.sources.cron import cron_fault

DEPLOY = Path(__file__).parents[3] / "deploy"
LINES = [
    line
    for line in (DEPLOY / "crontab").read_text("utf-8").splitlines()
    if line and not line.startswith("#") and "=" not in line.split()[0]
]


@pytest.mark.parametrize("line", LINES)
def test_every_line_of_the_crontab_has_times_and_a_command(line: str) -> None:
    *times, rest = line.split(maxsplit=5)
    assert cron_fault(" ".join(times)) is None
    words = rest.partition(".venv/bin/hanoiwatch ")[2].split()
    command = hanoiwatch.get_command(click.Context(hanoiwatch), words[0])
    assert command is not None
    if isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words[1])
        assert command is not None
        words = words[1:]
    options = [option for parameter in command.params for option in parameter.opts]
    assert [word for word in words[1:] if word.startswith("-") and word not in options] == []


def test_the_crontab_crawls_delivers_and_sweeps() -> None:
    said = {line.partition(".venv/bin/hanoiwatch ")[2] for line in LINES}
    assert {"crawl", "alerts deliver", "alerts deliver --sweep"} <= said


def test_the_unit_runs_the_service_and_gives_it_time_to_end() -> None:
    unit = (DEPLOY / "hanoiwatch.service").read_text("utf-8")
    assert "ExecStart=/srv/hanoiwatch/.venv/bin/hanoiwatch run" in unit
    (stop,) = [line for line in unit.splitlines() if line.startswith("TimeoutStopSec=")]
    assert int(stop.partition("=")[2]) > 10

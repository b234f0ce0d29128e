"""How much processor time the commands that people type take before they do anything."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from bench.meter import compiled_environment, measured

RUNS = 5
HELP = ("--help",)
SEARCH = ("search", "ngân sách", "--limit", "10")
"""Ten hits with highlights and facets: the command as people use it."""


def command_cpu_seconds(
    command: tuple[str, ...], *, folder: Path, cache: Path, runs: int = RUNS
) -> float:
    """The median processor time of ``hanoiwatch COMMAND``, bytecode compiled by a run before."""
    environment = compiled_environment(cache, PYTHONPATH=str(Path(__file__).parents[1]))
    line = [sys.executable, "-m", "hanoiwatch", *command]
    usages = [measured(line, environment=environment, folder=folder) for _ in range(runs + 1)]
    codes = {usage.code for usage in usages}
    if codes != {0}:
        raise RuntimeError(f"hanoiwatch {command[0]} ended with {codes}")
    return statistics.median(usage.cpu_seconds for usage in usages[1:])

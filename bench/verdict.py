"""Passed or failed: the bars, which never move, and the floors pinned above them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FLOORS_FILE = Path(__file__).with_name("floors.toml")

AT_LEAST = {
    "times_scrapy_trafilatura": 1.0,
    "times_news_please": 5.0,
    "extract_times_trafilatura": 1.0,
    "extract_times_trafilatura_layout": 2.0,
    "copies_precision": 0.98,
    "copies_recall": 0.95,
}
AT_MOST = {
    "peak_memory_mb": 800.0,
    "help_cpu_seconds": 0.3,
    "search_cpu_seconds": 0.6,
    "copies_ms": 2.0,
    "copies_memory_mb": 150.0,
    "rebuild_times_fts5": 1.5,
    "rebuild_times_fts5_both": 1.5,
    "rebuild_memory_growth": 1.15,
    "alerts_times_scan": 6.0,
    "alerts_growth": 1.5,
}
"""The bars: what was promised when the benchmark was made."""


class FloorsError(Exception):
    """The pinned figures are incomplete, or promise less than the bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One figure against what it has to be; ``measured`` None: it could not be had."""

    name: str
    measured: float | None
    bound: float
    at_least: bool

    @property
    def passed(self) -> bool:
        if self.measured is None:
            return False
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    def __str__(self) -> str:
        word = "at least" if self.at_least else "at most"
        said = "not measured" if self.measured is None else f"{self.measured:.2f}"
        result = "PASS" if self.passed else "FAIL"
        return f"{result}  {self.name}: {said} ({word} {self.bound:g})"


def load_floors(file: Path = FLOORS_FILE) -> dict[str, float]:
    """The pinned figure of each bar. Raises FloorsError where one is missing or too lenient."""
    floors = tomllib.loads(file.read_text("utf-8"))
    for name, bar in (AT_LEAST | AT_MOST).items():
        if name not in floors:
            raise FloorsError(f"{file}: `{name}` is missing.")
        lenient = floors[name] < bar if name in AT_LEAST else floors[name] > bar
        if lenient:
            raise FloorsError(f"{file}: `{name}` promises less than the bar of {bar:g}.")
    return {name: float(floors[name]) for name in AT_LEAST | AT_MOST}


def judge(measured: dict[str, float | None], floors: dict[str, float]) -> tuple[Verdict, ...]:
    """A verdict for each figure in ``measured``."""
    return tuple(
        Verdict(name=name, measured=value, bound=floors[name], at_least=name in AT_LEAST)
        for name, value in measured.items()
    )

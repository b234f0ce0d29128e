"""``python -m bench.rebuild``: `index rebuild` beside bare SQLite FTS5 given the same rows.

Ours is timed from the record to the finished index: reading, words, segments, the disk. FTS5 is
given rows that are prepared beforehand, normalised as ours are, and only their insertion is
timed: into one table of the text with its marks, and into two, with and without marks, which is
what answers the questions that ours answers. Its rows hold what ours do: the six fields of text
and, in the first table, a column for each facet with its values, each as one word; no dates and
no ids, for which FTS5 has no use. It runs as fast as it can: one transaction, no journal, no
sync. Each runs in a process of its own, in turns.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click

from bench.rebuild_laps import FTS5_BOTH, FTS5_ONE, OURS, TITLES, add_articles
from bench.verdict import Verdict, judge, load_floors
from hanoiwatch.store import Record

ARTICLES = 100_000
SMALL_SHARE = 5
"""Memory is compared with that at one in so many of the articles."""
FILLED = 20_000
"""From so many articles on all that has a size of its own is full, segments and caches; below,
memory grows because they fill."""
ROUNDS = 3
"""The second in the opposite order, and so on; medians count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    seconds: float
    rss_mb: float
    """The most that was resident at any time."""
    bytes: int
    """Of the finished file."""


Laps = Mapping[str, Sequence[Lap]]
"""By contestant, one a round."""


@click.command()
@click.option("--articles", "count", default=ARTICLES, show_default=True)
@click.option("--rounds", default=ROUNDS, show_default=True)
def main(*, count: int, rounds: int) -> None:
    """Rebuild a made-up archive's index; exit code 1 where a bar is missed."""
    with tempfile.TemporaryDirectory(prefix="bench-rebuild-") as folder:
        measured = measure(Path(folder), sizes(count), rounds)
    verdicts = report(measured)
    for verdict in verdicts:
        click.echo(str(verdict))
    sys.exit(0 if all(verdict.passed for verdict in verdicts) else 1)


def sizes(count: int) -> list[int]:
    """The largest is ``count``; memory is compared with that at the smallest."""
    return sorted({min(count, max(count // SMALL_SHARE, FILLED)), count})


def measure(folder: Path, counts: Sequence[int], rounds: int) -> dict[int, Laps]:
    """The laps at each size of one growing record."""
    record = folder / "record.sqlite3"
    measured: dict[int, Laps] = {}
    for before, size in pairwise((0, *counts)):
        opened = Record.open(record)
        add_articles(opened, before + 1, size + 1)
        opened.close()
        laps: dict[str, list[Lap]] = defaultdict(list)
        for number in range(rounds):
            for name in list(TITLES)[:: 1 if number % 2 == 0 else -1]:
                laps[name].append(_lap(name, record, folder / "out"))
                said = f"{size} articles, round {number + 1}: {TITLES[name]}"
                click.echo(f"{said}: {laps[name][-1].seconds:.1f} s", err=True)
        measured[size] = laps
    return measured


def _lap(name: str, record: Path, out: Path) -> Lap:
    done = subprocess.run(
        [sys.executable, "-m", "bench.rebuild_laps", name, str(record), str(out)],
        stdout=subprocess.PIPE, text=True, check=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    return Lap(**json.loads(done.stdout))


def report(measured: Mapping[int, Laps]) -> tuple[Verdict, ...]:
    """Prints the table; judges the largest size."""
    for size, laps in measured.items():
        click.echo(
            f"\n{size} articles{'':<14}{'s':>10}{'ms each':>10}{'ratio':>8}{'MB':>8}{'kB each':>9}"
        )
        for name, title in TITLES.items():
            click.echo(_line(title, size, laps, name))
    click.echo()
    small, large = measured[min(measured)], measured[max(measured)]
    figures: dict[str, float | None] = {
        "rebuild_times_fts5": ratio(large, FTS5_ONE),
        "rebuild_times_fts5_both": ratio(large, FTS5_BOTH),
        "rebuild_memory_growth": peak(large, OURS) / peak(small, OURS),
    }
    return judge(figures, load_floors())


def _line(title: str, size: int, laps: Laps, name: str) -> str:
    seconds = statistics.median(lap.seconds for lap in laps[name])
    times = "" if name == OURS else f"{ratio(laps, name):.2f}"
    return (
        f"{title:<28}{seconds:>10.1f}{1000 * seconds / size:>10.3f}{times:>8}"
        f"{peak(laps, name):>8.0f}{laps[name][0].bytes / size / 1e3:>9.1f}"
    )


def ratio(laps: Laps, name: str) -> float:
    """Our time as a multiple of theirs, round by round; the median."""
    return statistics.median(
        ours.seconds / theirs.seconds for ours, theirs in zip(laps[OURS], laps[name], strict=True)
    )


def peak(laps: Laps, name: str) -> float:
    return max(lap.rss_mb for lap in laps[name])


if __name__ == "__main__":
    main()

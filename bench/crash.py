"""``python -m bench.crash``: kills crawls at random moments, and looks for what was lost."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from bench.faults import faults
from bench.moments import Moment, Progress, random_moment
from bench.outlet import OutletProcess, OutletSize
from bench.processes import RunningCrawl, Target

KILLS = 50
PAGES = 500
LATENCY_MS = 20.0

SINGLE: tuple[Target, ...] = ("child", "worker", "parent")
WHOLE_RUN_SECONDS = 600.0
FINAL_RUNS = 2
"""The last command must do it in one; the second must find nothing to do."""


@dataclass(slots=True)
class Toll:
    """What was killed so far, and what came of it."""

    kills: Counter[Target] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    """In which stage the kills of whole groups fell."""
    folders: int = 0
    faults: list[str] = field(default_factory=list)


class Killer:
    """Crawls one outlet again and again, each time killed, until the folder is complete."""

    def __init__(self, outlet: OutletProcess, say: Callable[[str], None]) -> None:
        self._outlet, self._say = outlet, say
        self._pages = outlet.size.articles
        self.toll = Toll()

    def prepared(self, folder: Path) -> Progress:
        """An empty folder that knows the outlet."""
        (folder / "sources").mkdir(parents=True)
        source = folder / "sources" / f"{self._outlet.name}.toml"
        source.write_text(self._outlet.source_file())
        self.toll.folders += 1
        return Progress(folder / "hanoiwatch-data" / "record.sqlite3", self._pages)

    def crawl(self, folder: Path) -> RunningCrawl:
        return RunningCrawl(folder, (self._outlet.name, "--since", "2000-01-01"))

    def whole_seconds(self, folder: Path) -> float:
        """How long one crawl takes that nobody disturbs; it must be without fault."""
        self.prepared(folder)
        started = time.monotonic()
        self.finish(folder)
        return time.monotonic() - started

    def kill(self, folder: Path, progress: Progress, target: Target, moment: Moment) -> bool:
        """One crawl, killed at the moment; False where it ended before."""
        crawl = self.crawl(folder)
        try:
            if not progress.wait_for(moment, crawl) or not crawl.kill_first(target):
                self._must_end(crawl, (0,))
                return False
            self._note_kill(target, moment, progress)
            if target in ("child", "worker"):
                # without its child the crawl of the one source failed; without a worker it goes on
                self._must_end(crawl, (1, 3) if target == "child" else (0,))
            self._must_be_gone(crawl)
            return True
        finally:
            crawl.end()

    def _note_kill(self, target: Target, moment: Moment, progress: Progress) -> None:
        self.toll.kills[target] += 1
        reached = progress.reached()
        if target == "group":
            self.toll.reached[reached] += 1
        self._say(f"kill {self.toll.kills.total()}: {target}, {moment}; reached: {reached}")

    def _must_end(self, crawl: RunningCrawl, codes: tuple[int, ...]) -> None:
        try:
            code = crawl.wait(WHOLE_RUN_SECONDS)
        except subprocess.TimeoutExpired:
            self._fault(f"a crawl did not end; its last words:\n{crawl.last_words()}")
            return
        if code not in codes:
            self._fault(f"a crawl ended with {code}; its last words:\n{crawl.last_words()}")

    def _must_be_gone(self, crawl: RunningCrawl) -> None:
        for command in crawl.leftovers().values():
            self._fault(f"still alive after its parent was killed: {command}")

    def finish(self, folder: Path, runs: int = FINAL_RUNS) -> None:
        """Crawls to the end, and once more for nothing; then notes every fault."""
        for _ in range(runs):
            crawl = self.crawl(folder)
            self._must_end(crawl, (0,))
            crawl.end()
        for fault in faults(folder, self._pages):
            self._fault(fault)

    def _fault(self, sentence: str) -> None:
        self.toll.faults.append(sentence)
        self._say(f"FAULT: {sentence}")


def kill_groups(killer: Killer, dealer: random.Random, scratch: Path, kills: int) -> None:
    """Kills whole groups; a folder whose crawl comes to its end gives way to a fresh one."""
    whole = killer.whole_seconds(scratch / "undisturbed") / FINAL_RUNS
    for number in range(kills):
        folder = scratch / f"group-{number}"
        progress = killer.prepared(folder)
        while killer.toll.kills["group"] < kills:
            if not killer.kill(folder, progress, "group", random_moment(dealer, whole)):
                break
        killer.finish(folder)
        if killer.toll.kills["group"] >= kills:
            return


def kill_singles(killer: Killer, dealer: random.Random, scratch: Path, each: int) -> None:
    """Kills one process of a crawl: its child, a worker of the pool, the command itself."""
    for target, number in _turns(each):
        folder = scratch / f"{target}-{number}"
        progress = killer.prepared(folder)
        killer.kill(folder, progress, target, _busy_moment(dealer))
        killer.finish(folder)


def _turns(each: int) -> Iterator[tuple[Target, int]]:
    return ((target, number) for number in range(each) for target in SINGLE)


def _busy_moment(dealer: random.Random) -> Moment:
    """While all of a crawl's processes have work."""
    return Moment(seconds=0.0, stage="record", share=dealer.uniform(0.05, 0.6))


@click.command()
@click.option("--kills", default=KILLS, show_default=True, help="Of whole process groups.")
@click.option("--singles", default=3, show_default=True, help="Kills of each single process.")
@click.option("--pages", default=PAGES, show_default=True)
@click.option("--latency-ms", default=LATENCY_MS, show_default=True)
@click.option("--seed", type=int, help="Of the random moments; a new one each time without it.")
def main(*, kills: int, singles: int, pages: int, latency_ms: float, seed: int | None) -> None:
    """Kill crawls at random moments; exit code 1 where anything was lost, doubled or miscounted."""
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    click.echo(f"seed {seed}")
    dealer = random.Random(seed)
    size = OutletSize(articles=pages, latency_ms=latency_ms)
    with OutletProcess(size) as outlet, tempfile.TemporaryDirectory(prefix="crash-") as scratch:
        killer = Killer(outlet, click.echo)
        kill_groups(killer, dealer, Path(scratch), kills)
        kill_singles(killer, dealer, Path(scratch), singles)
    toll = killer.toll
    click.echo(f"killed: {dict(toll.kills)}; groups, by the stage under way: {dict(toll.reached)}")
    click.echo(f"{toll.folders} folders of {pages} pages, {len(toll.faults)} faults")
    sys.exit(1 if toll.faults else 0)


if __name__ == "__main__":
    main()

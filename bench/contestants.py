"""Who runs in the benchmark, how each is started, and what it must have got."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.environments import HERE, Missing, peer_python
from bench.meter import Usage, compiled_environment, measured
from bench.outlet import OutletProcess

SLOW_SHARE = 5
"""news-please reads a fifth of the pages that the others do: at a fifth of the speed or less, a
rate needs no more, and the whole run keeps within minutes."""

STAGES = ("download", "archive", "extract", "record", "index")


class BenchError(Exception):
    """A contestant did not do the work; its rate would mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What every contestant is given."""

    outlet: OutletProcess
    urls: tuple[str, ...]
    scratch: Path
    """A folder for what the contestants write, and for Python's bytecode."""

    @property
    def archive(self) -> Path:
        """The folder of our last lap."""
        return self.scratch / "ours"

    @property
    def cache(self) -> Path:
        return self.scratch / "bytecode"

    def environment(self, **more: str) -> dict[str, str]:
        return compiled_environment(self.cache, **more)

    def our_environment(self) -> dict[str, str]:
        """With this tree on the path: the programs run in folders of their own."""
        return self.environment(PYTHONPATH=str(HERE.parent))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """One contestant's run over ``articles`` pages."""

    articles: int
    usage: Usage
    stages: Mapping[str, float] = field(default_factory=dict)
    """Processor seconds by `STAGES`, and ``rest``; ours only."""

    @property
    def rate(self) -> float:
        """Articles a second of the whole run, from start to exit."""
        return self.articles / self.usage.wall_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    key: str
    title: str
    lap: Callable[[Course, int], Lap]
    """Runs over so many of the course's pages."""
    share: int = 1
    """It runs over one in so many pages."""


def run_hanoiwatch(course: Course, pages: int) -> Lap:
    """`hanoiwatch crawl` of a source file, from an empty folder to searchable."""
    folder = course.archive
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / f"{course.outlet.name}.toml").write_text(course.outlet.source_file())
    counted = folder / "seconds.json"
    options = [] if pages >= len(course.urls) else ["--limit", str(pages)]
    usage = measured(
        [
            sys.executable, "-m", "bench.counted", str(counted),
            "crawl", course.outlet.name, "--since", "2000-01-01", "--format", "json", *options,
        ],
        environment=course.our_environment(),
        folder=folder,
        part_of=_part_of,
    )  # fmt: skip
    found = _found(course) if usage.code == 0 else 0
    stages = _stages(usage, json.loads(counted.read_text())) if found else {}
    return Lap(articles=_demand(found, pages, usage), usage=usage, stages=stages)


def _found(course: Course) -> int:
    """How many articles the next command finds: the work counts only when it is searchable."""
    usage = measured(
        [sys.executable, "-m", "hanoiwatch", "search", "--limit", "0", "--format", "json"],
        environment=course.our_environment(),
        folder=course.archive,
    )
    return int(json.loads(usage.output)["total"]) if usage.code == 0 else 0


def _part_of(process: psutil.Process, thread: int) -> str:
    """The crawler's child downloads in its main thread and archives in another; the pool's
    processes extract; what is left is the parent, which records and indexes."""
    command = " ".join(process.cmdline())
    if "crawler.child" in command:
        return "download" if thread == process.pid else "archive"
    return "extract" if "spawn_main" in command else "parent"


def _stages(usage: Usage, counted: Mapping[str, float]) -> dict[str, float]:
    stages = {**usage.cpu_by_part, **counted}
    known = {name: stages.get(name, 0.0) for name in STAGES}
    return known | {"rest": max(0.0, usage.cpu_seconds - sum(known.values()))}


def given_the_list(python: Path, script: Path, *options: str) -> Callable[[Course, int], Lap]:
    """Runs a program that is told the addresses, so that it has nothing to discover."""

    def lap(course: Course, pages: int) -> Lap:
        listed = course.scratch / "urls.txt"
        listed.write_text("\n".join(course.urls[:pages]))
        usage = measured(
            [str(python), "-W", "ignore", str(script), str(listed), *options],
            environment=course.environment(),
            folder=course.scratch,
        )
        got = int(usage.output.split()[-1]) if usage.code == 0 else 0
        return Lap(articles=_demand(got, pages, usage), usage=usage)

    return lap


def _demand(got: int, pages: int, usage: Usage) -> int:
    if got != pages:
        raise BenchError(f"{got} of {pages} articles came, exit code {usage.code}")
    return got


BARE_SCRAPY = (Path(sys.executable), HERE / "bare_scrapy.py")
OURS = Contestant(key="hanoiwatch", title="hanoiwatch crawl", lap=run_hanoiwatch)
TRAFILATURA = Contestant(
    key="scrapy-trafilatura",
    title="bare Scrapy + trafilatura, 2 processes",
    lap=given_the_list(*BARE_SCRAPY, "extract"),
)
DOWNLOAD = Contestant(
    key="scrapy-download",
    title="bare Scrapy, download only",
    lap=given_the_list(*BARE_SCRAPY, "download"),
)
PEERS = (
    ("news-please", "news-please, library mode, 2 processes", "news_please.py", SLOW_SHARE),
    ("fundus", "Fundus, selectors by hand", "fundus_crawl.py", 1),
)


def peers() -> tuple[Contestant | tuple[str, Missing], ...]:
    """The peers, or why one of them cannot run here."""
    return tuple(_peer(*peer) for peer in PEERS)


def _peer(key: str, title: str, script: str, share: int) -> Contestant | tuple[str, Missing]:
    python = peer_python(key)
    if isinstance(python, Missing):
        return title, python
    return Contestant(
        key=key, title=title, lap=given_the_list(python, HERE / "peers" / script), share=share
    )

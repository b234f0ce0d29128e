"""When a crawl is killed: at a random time, or once a stage has done a random part of its work."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.processes import RunningCrawl

Stage = Literal["discovery", "fetch", "record", "index"]

COUNTED: dict[Stage, str] = {
    "discovery": "SELECT count(*) FROM page",
    "fetch": "SELECT count(*) FROM outcome WHERE stage = 'fetch'",
    "record": "SELECT count(*) FROM outcome WHERE stage = 'record'",
    "index": "SELECT count(*) FROM outcome WHERE stage = 'index'",
}
"""What grows while a stage works."""

LOOK_SECONDS = 0.005
LONGEST_WAIT = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """After ``seconds``; with a stage: after it has done ``share`` of what it has left to do."""

    seconds: float
    stage: Stage | None = None
    share: float = 0.0

    def __str__(self) -> str:
        part = f"{self.share:.0%} into {self.stage}, then " if self.stage else ""
        return f"{part}{self.seconds:.2f} s"


START_SECONDS = 1.5
"""In which a crawl makes its files, or looks at what is there, and starts its processes."""


def random_moment(dealer: random.Random, whole_seconds: float) -> Moment:
    """A quarter of them at the start, a quarter anywhere in the time that a whole crawl takes,
    half inside a stage's work."""
    if dealer.random() < 0.5:
        longest = dealer.choice((START_SECONDS, whole_seconds))
        return Moment(seconds=dealer.uniform(0.0, longest))
    stage = dealer.choice(tuple(COUNTED))
    return Moment(seconds=dealer.uniform(0.0, 0.05), stage=stage, share=dealer.random())


class Progress:
    """The stages' counts in a record that others write."""

    def __init__(self, record: Path, pages: int) -> None:
        self._record, self._pages = record, pages

    def counts(self) -> dict[Stage, int]:
        """All 0 while there is no record, or none that is made."""
        try:
            with closing(sqlite3.connect(f"file:{self._record}?mode=ro", uri=True)) as record:
                return {
                    stage: int(record.execute(query).fetchone()[0])
                    for stage, query in COUNTED.items()
                }
        except sqlite3.OperationalError:
            return dict.fromkeys(COUNTED, 0)

    def reached(self) -> str:
        """The stage that is under way, in a word, as the counts show it."""
        counts = self.counts()
        if not counts["discovery"]:
            return "start"
        for stage in ("fetch", "record", "index"):
            if counts[stage] < self._pages:
                return stage
        return "end"

    def wait_for(self, moment: Moment, crawl: RunningCrawl) -> bool:
        """Returns at the moment; False where the crawl ended before it came."""
        if moment.stage is not None and not self._wait_for_stage(moment, crawl):
            return False
        until = time.monotonic() + moment.seconds
        while crawl.running and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_SECONDS))
        return crawl.running

    def _wait_for_stage(self, moment: Moment, crawl: RunningCrawl) -> bool:
        assert moment.stage is not None
        begun = self.counts()[moment.stage]
        wanted = begun + max(1, round(moment.share * (self._pages - begun)))
        until = time.monotonic() + LONGEST_WAIT
        while self.counts()[moment.stage] < wanted:
            if not crawl.running or time.monotonic() > until:
                return False
            time.sleep(LOOK_SECONDS)
        return True

"""``python -m bench.copies``: stories of 10,000 articles, 500 of them near-copies.

The articles are in the record already; measured is the stage that finds the stories, all in:
reading, words, signatures, candidates, comparing, writing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import click
import psutil

from bench.copies_corpus import Corpus, Pair, corpus
from bench.meter import MB
from bench.recorded import fill, story_ids
from bench.verdict import judge, load_floors
from hanoiwatch.log import configure_logging
from hanoiwatch.store import Record
from indexer.stories.linking import StoryLinker

ARTICLES = 10_000
TURN = 500
"""Articles recorded between two calls of the stage, as a crawl does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the stage reached."""

    precision: float
    recall: float
    ms_each: float
    """Processor time of an article."""
    memory_mb: float
    """That the stage took beyond what the process held before."""

    def figures(self) -> dict[str, float | None]:
        return {
            "copies_precision": self.precision,
            "copies_recall": self.recall,
            "copies_ms": self.ms_each,
            "copies_memory_mb": self.memory_mb,
        }


@click.command()
@click.option("--articles", default=ARTICLES, show_default=True)
def main(*, articles: int) -> None:
    """Find the stories of a made-up week; exit code 1 where a bar is missed."""
    configure_logging()
    with tempfile.TemporaryDirectory(prefix="bench-copies-") as folder:
        measured = measure(corpus(articles), Path(folder))
    verdicts = judge(measured.figures(), load_floors())
    click.echo(f"{articles} articles, {articles // 20} near-copies")
    for verdict in verdicts:
        click.echo(str(verdict))
    sys.exit(0 if all(verdict.passed for verdict in verdicts) else 1)


def measure(made: Corpus, folder: Path) -> Measured:
    """Records the articles in turns, and links them after each."""
    record = Record.open(folder / "record.sqlite3")
    linker, seconds = StoryLinker(record), 0.0
    memory = psutil.Process().memory_info
    rowids: list[int] = []
    grown = 0
    for start in range(0, len(made.articles), TURN):
        rowids += fill(record, made.articles[start : start + TURN])
        held, started = memory().rss, time.process_time()
        linker.link_changed()
        seconds += time.process_time() - started
        grown += memory().rss - held
    urls = dict(zip(rowids, (each.content.url for each in made.articles), strict=True))
    found = _pairs({urls[rowid]: story for rowid, story in story_ids(record).items() if story})
    record.close()
    right = len(found & made.copies)
    return Measured(
        precision=right / len(found) if found else 0.0,
        recall=right / len(made.copies),
        ms_each=seconds * 1000 / len(made.articles),
        memory_mb=grown / MB,
    )


def _pairs(stories: dict[str, str]) -> set[Pair]:
    told: dict[str, list[str]] = defaultdict(list)
    for url, story in stories.items():
        told[story].append(url)
    return {frozenset(pair) for urls in told.values() for pair in combinations(urls, 2)}


if __name__ == "__main__":
    main()

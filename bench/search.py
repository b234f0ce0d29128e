"""``python -m bench.search``: the embedded index beside tantivy-py, on made-up articles.

Both give the whole answer (total, the ten newest hits with highlights, facets by source, section
and month) to the same questions, in turns, at two sizes of the same growing corpus.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, pairwise
from pathlib import Path

import click

from bench.search_corpus import KINDS, Question, articles, questions
from bench.search_engines import BATCH, Engine, Ours, Tantivy

ARTICLES = 100_000
SMALL_SHARE = 5
"""The first measurement, by which growth is stated, is at one in so many of the articles."""
EACH = 12
"""Questions of each kind."""
ROUNDS = 3
"""Each question's time is its best of these: what else runs here only ever adds to it."""
BAR = 2.5
"""Our 95th percentile as a multiple of tantivy's, at most."""


@dataclass(slots=True)
class Measured:
    """An engine at one size."""

    articles: int
    build_ms: float
    """An article, over those added since the size before."""
    bytes_each: float
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Milliseconds, by kind of question."""

    @property
    def everything(self) -> list[float]:
        return [each for times in self.times.values() for each in times]


@click.command()
@click.option("--articles", "count", default=ARTICLES, show_default=True)
@click.option("--each", default=EACH, show_default=True, help="Questions of each kind.")
def main(*, count: int, each: int) -> None:
    """Build both indexes, ask both the same; exit code 1 where ours is too slow or wrong."""
    sizes = sorted({max(count // SMALL_SHARE, 1), count})
    with tempfile.TemporaryDirectory(prefix="bench-search-") as folder:
        engines: list[Engine] = [Ours(Path(folder)), Tantivy(Path(folder))]
        measured = measure(engines, sizes, questions(each))
        for engine in engines:
            engine.close()
    passed = report(measured)
    sys.exit(0 if passed else 1)


def measure(
    engines: Sequence[Engine], sizes: Sequence[int], asked: Sequence[Question]
) -> list[list[Measured]]:
    """For each size what each engine does, in the order of ``engines``."""
    results = []
    for before, size in pairwise((0, *sizes)):
        seconds = _build(engines, before + 1, size + 1)
        results.append(
            [
                Measured(size, 1000 * each / (size - before), engine.size() / size)
                for engine, each in zip(engines, seconds, strict=True)
            ]
        )
        for question in asked:
            _ask(engines, question, results[-1])
    return results


def _build(engines: Sequence[Engine], first: int, end: int) -> list[float]:
    """Seconds that each engine took for these articles."""
    seconds = [0.0 for _ in engines]
    made = articles(first, end)
    while batch := list(islice(made, BATCH)):
        for number, engine in enumerate(engines):
            engine.keep(batch)
            seconds[number] += _seconds(partial(engine.add, batch))
        if sys.stderr.isatty():
            click.echo(f"\r{batch[-1].rowid} articles", nl=False, err=True)
    for number, engine in enumerate(engines):
        seconds[number] += _seconds(engine.ready)
    return seconds


def _ask(engines: Sequence[Engine], question: Question, measured: Sequence[Measured]) -> None:
    totals = {engine.ask(question.query).total for engine in engines}
    if question.same_total and len(totals) > 1:
        raise click.ClickException(f"{question.query}: the engines find {sorted(totals)}.")
    for engine, found in zip(engines, measured, strict=True):
        times = [_seconds(partial(engine.ask, question.query)) for _ in range(ROUNDS)]
        found.times[question.kind].append(1000 * min(times))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def report(measured: Sequence[Sequence[Measured]]) -> bool:
    """Prints what was measured; whether ours is within the bar at the largest size."""
    for ours, peer in measured:
        click.echo(
            f"\n{ours.articles} articles{'':<10}{'hanoiwatch':>20}{'tantivy':>20}{'ratio':>9}"
        )
        click.echo(_line("build, ms an article", ours.build_ms, peer.build_ms))
        click.echo(_line("index, kB an article", ours.bytes_each / 1e3, peer.bytes_each / 1e3))
        click.echo(f"{'answer, ms: p50 / p95':<28}")
        for kind in KINDS:
            click.echo(_times_line(kind, ours.times[kind], peer.times[kind]))
        click.echo(_times_line("all", ours.everything, peer.everything))
    (small, _), (large, peer) = measured[0], measured[-1]
    for share in (50, 95):
        growth = _percentile(large.everything, share) / _percentile(small.everything, share)
        click.echo(
            f"p{share} grows {growth:.1f} times for {large.articles / small.articles:g} times"
        )
    ratio = _percentile(large.everything, 95) / _percentile(peer.everything, 95)
    passed = ratio <= BAR
    click.echo(
        f"{'PASS' if passed else 'FAIL'}  search_p95_times_tantivy: {ratio:.2f} (at most {BAR})"
    )
    return passed


def _line(what: str, ours: float, peer: float) -> str:
    return f"{what:<28}{ours:>20.2f}{peer:>20.2f}{ours / peer:>8.2f}x"


def _times_line(what: str, ours: Sequence[float], peer: Sequence[float]) -> str:
    def both(times: Sequence[float]) -> str:
        return f"{_percentile(times, 50):.1f} / {_percentile(times, 95):.1f}"

    ratio = _percentile(ours, 95) / _percentile(peer, 95)
    return f"  {what:<26}{both(ours):>20}{both(peer):>20}{ratio:>8.2f}x"


def _percentile(times: Sequence[float], share: int) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) * share // 100, len(ordered) - 1)]


if __name__ == "__main__":
    main()

"""``python -m bench.extract``: reading pages with all fields beside trafilatura with metadata.

Both read each page in turn in this one process, several times, the best of each counting, so that
a machine that is busy for a while favours nobody. Two kinds of pages: the article extraction
benchmark, which nobody described to us (the general path), and pages with a layout: the golden ones
and the real articles, where those are beside the repository.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from bench.verdict import judge, load_floors
from hanoiwatch.page.document import PageInput
from indexer.extract import LayoutBook, read_page
from tests.beside import BENCHMARK, PAGES, beside, why_not
from tests.eval.benchmark import benchmark_pages
from tests.eval.judged import judged_pages
from tests.eval.pages import bundled_layouts, real_pages

ROUNDS = 9
"""On a machine that does other things too, a page of three milliseconds needs some to be left in
peace once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Milliseconds of processor time a page, ours and trafilatura's."""

    pages: int
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """How many times as fast we are."""
        return self.theirs / self.ours


@click.command()
@click.option("--rounds", default=ROUNDS, show_default=True)
def main(*, rounds: int) -> None:
    """Time both readers on both kinds of pages; exit code 1 where a bar is missed."""
    figures: dict[str, float | None] = {}
    for name, title, pages, book in _courses():
        times = timed(pages, book, rounds)
        click.echo(
            f"{title} ({times.pages} pages): ours {times.ours:.1f} ms, {1000 / times.ours:.0f}/s; "
            f"trafilatura {times.theirs:.1f} ms, {1000 / times.theirs:.0f}/s"
        )
        figures[name] = times.ratio
    for folder in (BENCHMARK, PAGES):
        if beside(folder) is None:
            click.echo(f"not run: {why_not(folder)}")
    verdicts = judge(figures, load_floors())
    for verdict in verdicts:
        click.echo(str(verdict))
    sys.exit(0 if all(verdict.passed for verdict in verdicts) else 1)


def _courses() -> list[tuple[str, str, list[PageInput], LayoutBook]]:
    """The kinds of pages that are there."""
    layouts = bundled_layouts()
    described = [page.page for page in judged_pages() if page.group != "unknown"]
    described += [page.page for page in real_pages() if page.kind == "article"]
    courses = [("extract_times_trafilatura_layout", "pages with a layout", described, layouts)]
    if unknown := [page.page for page in benchmark_pages()]:
        courses.insert(0, ("extract_times_trafilatura", "the benchmark", unknown, layouts))
    return courses


def timed(pages: Sequence[PageInput], book: LayoutBook, rounds: int) -> Times:
    """Each page's best times, summed over the pages."""
    from trafilatura import bare_extraction

    def theirs(page: PageInput) -> Any:
        return bare_extraction(page.body, with_metadata=True, include_comments=False)

    def ours(page: PageInput) -> Any:
        return read_page(page, book)

    for reader in (ours, theirs):
        reader(pages[0])  # nothing is loaded on the clock
    mine = other = 0.0
    for page in pages:
        laps = [(_lap(ours, page), _lap(theirs, page)) for _ in range(rounds)]
        mine += min(lap for lap, _ in laps)
        other += min(lap for _, lap in laps)
    each = 1000 / len(pages)
    return Times(pages=len(pages), ours=mine * each, theirs=other * each)


def _lap(reader: Callable[[PageInput], Any], page: PageInput) -> float:
    started = time.process_time()
    reader(page)
    return time.process_time() - started


if __name__ == "__main__":
    main()

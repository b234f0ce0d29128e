"""Prints how well pages are read and how fast: ``python -m tests.eval.report``.

Fields are right or wrong against the gold; the text is scored by 4-word shingles; times are the
best of some runs, in milliseconds of CPU, for reading with layouts, for the general path, and for
trafilatura with metadata on the same bytes in the same run.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from hanoiwatch.model import ReadArticle
from indexer.extract import LayoutBook, read_page
from tests.eval.pages import RealPage, bundled_layouts, real_pages
from tests.eval.scores import PageScore, mean, score

RUNS = 5


def main() -> int:
    if not PAGES.exists():
        print(WHY_NOT, file=sys.stderr)
        return 1
    pages = real_pages()
    articles = [one for one in pages if one.kind == "article"]
    for name, book in (("layouts", bundled_layouts()), ("general path", LayoutBook())):
        _print_scores(name, [_scored(one, book) for one in articles])
    _print_others([one for one in pages if one.kind != "article"])
    _print_times(pages)
    return 0


def _scored(page: RealPage, book: LayoutBook) -> PageScore:
    reading = read_page(page.page, book)
    assert isinstance(reading, ReadArticle), (page.file, reading)
    return score(page.file, reading.layout, reading.content, page.gold)


def _print_scores(name: str, scores: list[PageScore]) -> None:
    fields = list(scores[0].fields)
    print(f"\n{name}\n{'page':32} {'layout':20} {'F1':>6} {'P':>6} {'R':>6}  " + " ".join(fields))
    for one in scores:
        marks = " ".join(f"{'+' if one.fields[key] else 'X':>{len(key)}}" for key in fields)
        numbers = f"{one.f1:6.3f} {one.precision:6.3f} {one.recall:6.3f}"
        print(f"{one.file:32} {one.layout:20} {numbers}  {marks}")
    print(f"{'mean':53} {mean(one.f1 for one in scores):6.3f}")


def _print_others(pages: list[RealPage]) -> None:
    print(f"\n{'no articles, templates':42} {'kind':12} reading")
    for page in pages:
        reading = read_page(page.page, bundled_layouts())
        said = f"article by {reading.layout}" if isinstance(reading, ReadArticle) else (
            f"{reading.reason}: {reading.detail}")  # fmt: skip
        print(f"{page.file:42} {page.kind:12} {said}")


def _print_times(pages: list[RealPage]) -> None:
    from trafilatura import bare_extraction

    book = bundled_layouts()
    general = LayoutBook()
    print(f"\n{'ms of CPU, best of ' + str(RUNS):42} {'KB':>5} layouts general trafilatura")
    for page in pages:
        times = (
            _best(lambda page=page: read_page(page.page, book)),
            _best(lambda page=page: read_page(page.page, general)),
            _best(lambda page=page: bare_extraction(page.page.body, with_metadata=True)),
        )
        shown = " ".join(f"{ms:{size}.1f}" for ms, size in zip(times, (7, 7, 11), strict=True))
        print(f"{page.file:42} {len(page.page.body) // 1024:5} {shown}")


def _best(action: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        action()
        times.append(time.process_time() - started)
    return min(times) * 1000


if __name__ == "__main__":
    sys.exit(main())

"""``python -m tests.eval.report``: how well pages are read, by kind of page and by field.

Beside us read trafilatura, newspaper4k and news-please, in the same run. Pages: the golden ones,
those of systems that nobody described, and, where they are beside the repository, the real pages
and the article extraction benchmark. A field is right or wrong, the text is scored by 4-word
shingles; what a reader does not tell has no figure.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from bench.environments import Missing
from indexer.extract import LayoutBook, read_page
from tests.beside import BENCHMARK, PAGES, beside, why_not
from tests.eval.benchmark import (
    TRAFILATURA,
    BenchmarkPage,
    benchmark_pages,
    benchmark_score,
    trafilatura_reader,
)
from tests.eval.fields import FIELDS, Answer
from tests.eval.gate import by_group, ours, score_of
from tests.eval.judged import Judged, judged_pages
from tests.eval.readers import PEERS, Read, read_by
from tests.eval.realpages import real_judged

OURS = "hanoiwatch"
GENERAL = "hanoiwatch, no layouts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One reader over one group of pages."""

    group: str
    reader: str
    scores: Mapping[str, float]
    ms: float
    """Of processor time, a page."""


@click.command()
@click.option("--peers/--no-peers", default=True, help="Also newspaper4k and news-please.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Also write all as JSON.")
def main(*, peers: bool, file: Path | None) -> None:
    """Score every reader on every group of pages."""
    pages = [*judged_pages(), *real_judged()]
    missing: dict[str, str] = {}
    for folder in (PAGES, BENCHMARK):
        if beside(folder) is None:
            missing[folder] = why_not(folder)
    rows = [*_our_rows(pages), *_peer_rows(pages, missing, with_all=peers)]
    rows.sort(key=lambda row: [page.group for page in pages].index(row.group))
    benchmark = _benchmark_rows(benchmark_pages(), with_all=peers)
    _print_rows(rows)
    _print_benchmark(benchmark)
    for name, reason in missing.items():
        print(f"not run: {name}: {reason}")
    if file is not None:
        said = {"fields": [_as_json(row) for row in rows], "not_run": missing,
                "benchmark": [_as_json(row) for row in benchmark]}  # fmt: skip
        file.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")


# --- by field ----------------------------------------------------------------------------------


def _our_rows(pages: list[Judged]) -> Iterable[Row]:
    read = [_timed(page) for page in pages]
    yield from _rows(OURS, pages, read)
    described = [page for page in pages if page.group != "unknown"]
    yield from _rows(GENERAL, described, [_timed(page, LayoutBook()) for page in described])


def _timed(page: Judged, book: LayoutBook | None = None) -> Read:
    page = page if book is None else replace(page, layouts=book)
    chosen = page.book()
    read_page(page.page, chosen)  # nothing is loaded on the clock
    started = time.process_time()
    read_page(page.page, chosen)
    seconds = time.process_time() - started
    return Read(answer=ours(page), seconds=seconds)


def _peer_rows(pages: list[Judged], missing: dict[str, str], *, with_all: bool) -> Iterable[Row]:
    for peer in PEERS if with_all else PEERS[:1]:
        with tempfile.TemporaryDirectory(prefix="eval-") as scratch:
            read = read_by(peer, [page.page for page in pages], Path(scratch))
        if isinstance(read, Missing):
            missing[peer.title] = read.reason
        else:
            yield from _rows(peer.title, pages, read)


def _rows(reader: str, pages: list[Judged], read: list[Read]) -> Iterable[Row]:
    scored = [
        (page.group, {**score_of(page, one.answer), "ms": one.seconds * 1000})
        for page, one in zip(pages, read, strict=True)
    ]
    for group, scores in by_group(scored).items():
        fields = {name: score for name, score in scores.items() if name != "ms"}
        yield Row(group=group, reader=reader, scores=fields, ms=scores["ms"])


def _print_rows(rows: list[Row]) -> None:
    wide = {name: max(5, len(name)) for name in FIELDS}
    head = " ".join(f"{name:>{wide[name]}}" for name in FIELDS)
    print(f"{'pages':24} {'reader':23} {head} {'ms':>6}")
    for row in rows:
        said = (f"{row.scores[name]:.3f}" if name in row.scores else "-" for name in FIELDS)
        cells = " ".join(f"{cell:>{wide[name]}}" for name, cell in zip(FIELDS, said, strict=True))
        print(f"{row.group:24} {row.reader:23} {cells} {row.ms:6.1f}")


# --- the benchmark -----------------------------------------------------------------------------


def _benchmark_rows(pages: list[BenchmarkPage], *, with_all: bool) -> list[Row]:
    if not pages:
        return []
    general = [_timed(_judged(page)) for page in pages]
    texts = {OURS: [_with_lead(one.answer) for one in general]}
    seconds = {OURS: sum(one.seconds for one in general)}
    for name, settings in TRAFILATURA.items():
        reader = trafilatura_reader(with_metadata=True, **settings)
        started = time.process_time()
        texts[f"trafilatura, {name}"] = [reader(page) for page in pages]
        seconds[f"trafilatura, {name}"] = time.process_time() - started
    for peer in PEERS[1:] if with_all else ():
        with tempfile.TemporaryDirectory(prefix="eval-") as scratch:
            read = read_by(peer, [page.page for page in pages], Path(scratch))
        if not isinstance(read, Missing):
            texts[peer.title] = [one.answer.text for one in read]
            seconds[peer.title] = sum(one.seconds for one in read)
    return [_benchmark_row(name, pages, texts[name], seconds[name]) for name in texts]


def _judged(page: BenchmarkPage) -> Judged:
    return Judged(group="benchmark", slug=page.key, page=page.page, truth={}, layouts=LayoutBook())


def _with_lead(answer: Answer) -> str:
    return f"{answer.lead or ''}\n{answer.text}"


def _benchmark_row(name: str, pages: list[BenchmarkPage], texts: list[str], seconds: float) -> Row:
    found = {page.key: text for page, text in zip(pages, texts, strict=True)}
    score = benchmark_score(pages, found)
    scores = {"F1": score.f1, "precision": score.precision, "recall": score.recall}
    return Row(group=BENCHMARK, reader=name, scores=scores, ms=seconds * 1000 / len(pages))


def _print_benchmark(rows: list[Row]) -> None:
    if rows:
        print(f"\n{BENCHMARK:36} {'F1':>6} {'P':>6} {'R':>6} {'ms':>6}")
    for row in rows:
        cells = " ".join(f"{score:6.4f}" for score in row.scores.values())
        print(f"{row.reader:36} {cells} {row.ms:6.1f}")


def _as_json(row: Row) -> dict[str, Any]:
    return {"pages": row.group, "reader": row.reader, "scores": dict(row.scores), "ms": row.ms}


if __name__ == "__main__":
    sys.exit(main())

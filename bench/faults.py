"""What is wrong with an archive after a crawl of the synthetic outlet: ideally nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hanoiwatch.app import App, open_existing
from hanoiwatch.cli.archive import verify_archive
from hanoiwatch.config import load_config
from hanoiwatch.model import Filters
from hanoiwatch.query import parse

MARKER = re.compile(r"\(hồ sơ (\d+)\)$")
"""In the title of each synthetic article: its own number."""

_ELSEWHERE = "is not this source's own"

EVERYTHING = 100_000


def faults(folder: Path, articles: int) -> list[str]:
    """A sentence for each promise that the data folder below ``folder`` does not keep: every one
    of the outlet's ``articles`` is there, once, and is found; the ledger adds up with nothing
    waiting; each record of the archive is sound."""
    config = load_config(environment={}, data_dir=str(folder / "hanoiwatch-data"))
    with open_existing(config) as app:
        found = [*_articles(app, articles), *_ledger(app, articles), *_archive(app)]
        return found or list(_searches(app, articles))


def _articles(app: App, articles: int) -> Iterator[str]:
    found = app.search_index.search(None, Filters(), limit=EVERYTHING)
    kept = app.record.articles.by_rowids([match.article_rowid for match in found.matches])
    if found.total != articles:
        yield f"{found.total} articles in the index, not {articles}"
    for what, seen in (
        ("number", Counter(_number(one.content.title) for one in kept.values())),
        ("address", Counter(one.content.url for one in kept.values())),
        ("id", Counter(str(one.id) for one in kept.values())),
    ):
        if len(seen) != articles:
            yield f"{len(seen)} different {what}s, not {articles}"
        for value, times in seen.items():
            if times > 1:
                yield f"{times} articles have the {what} {value}"


def _number(title: str) -> str:
    found = MARKER.search(title)
    return found[1] if found else f"none: {title}"


def _ledger(app: App, articles: int) -> Iterator[str]:
    """The outlet also lists a page of another site and one that its robots.txt forbids."""
    for wrong in app.record.ledger.discrepancies():
        yield f"the ledger of {wrong.day}: {wrong.what} ({wrong.count})"
    left_over = Counter[str]()
    for day in app.record.ledger.coverage():
        left_over["listed"] += day.listed
        for stage in day.stages:
            ended = sum(stage.outcomes.values())
            if stage.waiting or ended != stage.entered:
                yield f"{day.day}: {stage.entered} entered {stage.stage}, {ended} ended it"
            left_over.update(stage.reasons)
    listed, refused = left_over.pop("listed", 0), left_over.pop("refused: robots.txt", 0)
    refused += sum(left_over.pop(reason) for reason in list(left_over) if _ELSEWHERE in reason)
    if listed - refused != articles:
        yield f"{listed} pages are listed and {refused} refused, which is not {articles}"
    if left_over:
        yield f"left over: {dict(left_over)}"


def _archive(app: App) -> Iterator[str]:
    _, problems = verify_archive(app)
    yield from (f"archive: {problem}" for problem in problems)


def _searches(app: App, articles: int) -> Iterator[str]:
    """Each article by the phrase that only it has."""
    for number in range(articles):
        found = app.search_index.search(parse(f'title:"hồ sơ {number}"'), Filters())
        if found.total != 1:
            yield f"article {number} is found {found.total} times"

"""The quality gate: no field of any kind of page may be read worse than it has been."""

from __future__ import annotations

import pytest

from tests.beside import BENCHMARK, needs
from tests.eval.benchmark import (
    TRAFILATURA,
    benchmark_pages,
    benchmark_score,
    read_ours,
    trafilatura_reader,
)
from tests.eval.fields import FIELDS
from tests.eval.gate import FLOORS, by_group, floors_of, ours, score_of
from tests.eval.judged import judged_pages

PAGES = judged_pages()
GROUPS = sorted({page.group for page in PAGES})
SLACK = 0.02
"""How far a score may stand above its floor before the floor has to be raised."""
FEWEST_UNKNOWN = 12


@pytest.mark.parametrize("group", GROUPS)
def test_every_field_keeps_its_floor_and_the_floor_keeps_up(group: str) -> None:
    pages = [page for page in PAGES if page.group == group]
    scores = by_group((group, score_of(page, ours(page))) for page in pages)[group]
    floors = floors_of(group)
    assert set(scores) == set(floors) == set(FIELDS)
    assert {field: score for field, score in scores.items() if score < floors[field]} == {}
    assert {field: score for field, score in scores.items() if score > floors[field] + SLACK} == {}


def test_there_are_pages_of_many_systems_that_nobody_described() -> None:
    assert sum(page.group == "unknown" for page in PAGES) >= FEWEST_UNKNOWN


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.group == "unknown"], ids=lambda page: page.slug
)
def test_an_unknown_page_tells_title_byline_time_and_captions(page) -> None:
    score = score_of(page, ours(page))
    sure = (
        "title",
        "lead",
        "byline",
        "photographers",
        "source",
        "published",
        "captions",
        "credits",
    )
    assert {field: score[field] for field in sure} == dict.fromkeys(sure, 1.0)


@pytest.mark.slow
@needs(BENCHMARK)
def test_the_benchmark_is_read_better_than_by_any_setting_of_trafilatura() -> None:
    pages = benchmark_pages()
    mine = benchmark_score(pages, {one.key: read_ours(one) for one in pages})
    theirs = {
        name: benchmark_score(pages, {one.key: read(one) for one in pages}).f1
        for name, settings in TRAFILATURA.items()
        for read in [trafilatura_reader(**settings)]
    }
    assert mine.f1 >= FLOORS["benchmark"]["f1"]
    assert mine.f1 - max(theirs.values()) >= FLOORS["benchmark"]["above_trafilatura"], theirs

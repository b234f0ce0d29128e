"""The scores of our reading, by group and field, and the floors pinned beneath them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from hanoiwatch.articlejson import reading_json
from indexer.extract import read_page
from tests.eval.fields import NOTHING, Answer, of_article, scored
from tests.eval.judged import Judged
from tests.eval.scores import mean

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text("utf-8"))

Scores = Mapping[str, float]


def floors_of(group: str) -> dict[str, float]:
    return FLOORS["default"] | FLOORS.get(group, {})


def ours(page: Judged) -> Answer:
    """What we read on a page; nothing where we take it for no article."""
    read = reading_json(read_page(page.page, page.book()))
    return of_article(read) if "blocks" in read else NOTHING


def score_of(page: Judged, answer: Answer) -> Scores:
    return scored(answer, of_article(page.truth), page.truth.get("must_not_contain", ()))


def by_group(scores: Iterable[tuple[str, Scores]]) -> dict[str, Scores]:
    """The means of each field over the pages of a group."""
    groups: dict[str, list[Scores]] = {}
    for group, score in scores:
        groups.setdefault(group, []).append(score)
    return {
        group: {field: mean(score[field] for score in found) for field in found[0]}
        for group, found in groups.items()
    }

"""The scores of our reading, by group and field, and the floors pinned beneath them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
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
    boxes = page.truth.get("boxes", ())
    answer = replace(answer, knows=answer.knows & page.told)
    if "credits" not in page.told:  # its captions have them in them
        answer = replace(answer, captions=_printed(answer))
    truth = of_article(page.truth)
    if boxes:
        answer = replace(answer, text=_without(boxes, answer.text))
    return scored(answer, truth, page.truth.get("must_not_contain", ()))


def _printed(answer: Answer) -> tuple[str, ...] | None:
    pairs = zip(answer.captions or (), answer.credits or (), strict=True)
    return tuple(f"{text} {credit}" for text, credit in pairs if text or credit)


def _without(boxes: Iterable[str], text: str) -> str:
    said = {" ".join(line.split()) for box in boxes for line in box.split("\n")}
    return "\n".join(line for line in text.split("\n") if " ".join(line.split()) not in said)


def by_group(scores: Iterable[tuple[str, Scores]]) -> dict[str, Scores]:
    """The means of each field over the pages of a group."""
    groups: dict[str, list[Scores]] = {}
    for group, score in scores:
        groups.setdefault(group, []).append(score)
    return {
        group: {field: mean(score[field] for score in found) for field in found[0]}
        for group, found in groups.items()
    }

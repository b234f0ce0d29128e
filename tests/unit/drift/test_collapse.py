"""When a field of a source counts as collapsed."""

from __future__ import annotations

import pytest

from indexer.drift.collapse import BY_CHANCE, chance, collapses
from tests.unit.drift.made import USUAL, nothing, shape, without


def fields(fresh: list, history: list) -> list[str]:
    return [one.field for one in collapses(fresh, history)]


@pytest.mark.parametrize(
    ("kept", "pages", "had", "of", "alarm"),
    [
        (0, 3, 49, 50, True),  # from 98% to none of three
        (0, 3, 196, 200, True),
        (2, 5, 120, 200, False),  # from 60% to two of five
        (0, 1, 200, 200, False),  # one page alone: a matter for suspects
        (0, 3, 10, 10, False),  # ten pages make nothing sure
        (0, 5, 20, 20, True),
        (5, 10, 190, 200, True),
        (17, 20, 190, 200, False),
        (0, 4, 100, 200, False),
        (0, 15, 100, 200, True),
    ],
)
def test_so_few_are_or_are_not_by_chance(
    kept: int, pages: int, had: int, of: int, alarm: bool
) -> None:
    assert (chance(kept, pages, had, of) < BY_CHANCE) is alarm


def test_the_chance_of_any_number_is_one_in_all() -> None:
    assert chance(7, 7, 31, 40) == pytest.approx(1.0)
    assert chance(0, 1, 5, 10) == pytest.approx(0.5)


def test_the_field_that_is_gone_is_named_with_pages_that_lack_it() -> None:
    fresh = [shape(without("lead")) for _ in range(6)] + [shape()]
    (found,) = collapses(fresh, [shape() for _ in range(60)])
    assert (found.field, found.before, found.pages) == ("lead", 1.0, 7)
    assert found.now == pytest.approx(1 / 7)
    assert found.examples == tuple(one.url for one in fresh[:3])
    assert found.sentence.startswith("lead: 14% of 7 pages, 100% before; for instance https://")


def test_a_field_that_editors_often_leave_out_does_not_alarm() -> None:
    history = [shape(without("byline")) for _ in range(40)] + [shape() for _ in range(60)]
    assert fields([shape(without("byline")) for _ in range(4)], history) == []


def test_a_young_history_says_nothing() -> None:
    assert fields([shape(without("title"))] * 9, [shape()] * 9) == []
    assert fields([], [shape()] * 90) == []


def test_layout_length_captions_and_articles_are_watched() -> None:
    history = [shape() for _ in range(50)]
    general = [shape(layout="general") for _ in range(5)]
    assert fields(general, history) == ["layout"]
    from dataclasses import replace

    assert fields([shape(replace(USUAL, chars=300))] * 5, history) == ["text length"]
    assert fields([shape(replace(USUAL, captions=0))] * 5, history) == ["captions"]
    assert fields([nothing("challenge: cf-chl")] * 5, history) == ["article"]


def test_pages_without_pictures_are_not_asked_for_captions() -> None:
    from dataclasses import replace

    bare = replace(USUAL, images=0, captions=0)
    assert fields([shape(bare)] * 8, [shape()] * 50) == []

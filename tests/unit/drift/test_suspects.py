"""When one page looks otherwise than its source's pages did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanoiwatch.store.drift import Shape
from indexer.drift.suspects import History, suspicion
from indexer.drift.usual import Forms
from tests.unit.drift.made import USUAL, nothing, shape, without

TWENTY = History([shape() for _ in range(20)])


def why(page: Shape, history: History = TWENTY, own: Shape | None = None) -> str:
    return suspicion(page, history, own)


def test_a_page_like_the_others_is_not_suspect() -> None:
    assert why(shape()) == ""
    assert why(shape(replace(USUAL, chars=900, images=0, captions=0, figures=()))) == ""


def test_a_byline_that_an_editor_left_out_is_not_suspect() -> None:
    page = replace(
        without("byline"),
        places={name: form for name, form in USUAL.places.items() if name != "byline"},
        frame=tuple(name for name in USUAL.frame if name != "span.tac-gia"),
    )
    assert why(shape(page)) == ""


@pytest.mark.parametrize("name", ["title", "lead", "published"])
def test_a_field_that_every_page_has_is_missed(name: str) -> None:
    assert f"no {name}, which 20 of 20 pages had" in why(shape(without(name)))


def test_a_renamed_class_is_told_although_the_field_was_found_elsewhere() -> None:
    page = replace(
        USUAL,
        places=USUAL.places | {"byline": "span.nguoi-viet"},
        frame=("div.noi-dung", "h1.tieu-de", "p.sapo", "span.nguoi-viet", "time.gio"),
    )
    assert "span.tac-gia is now span.nguoi-viet" in why(shape(page))
    assert "the byline stands in span.nguoi-viet, usually in span.tac-gia" in why(shape(page))


def test_one_class_more_on_an_element_is_nothing() -> None:
    assert why(shape(replace(USUAL, places=USUAL.places | {"title": "h1.dai.tieu-de"}))) == ""


def test_another_layout_is_told_and_the_users_own_is_not() -> None:
    assert "read by general, as none of 20 pages before" in why(shape(layout="general"))
    assert why(shape(layout="bao/1")) == ""


def test_a_source_whose_templates_vary_raises_no_alarm_for_one_more() -> None:
    mixed = History([shape(layout=f"he-{n}/bai") for n in range(20)])
    assert why(shape(layout="general"), mixed) == ""


def test_a_text_of_which_little_is_left_and_prose_outside_are_told() -> None:
    assert "120 characters of text; the shortest of 20 pages had 2400" in why(
        shape(replace(USUAL, chars=120))
    )
    assert "900 characters of prose around" in why(shape(replace(USUAL, outside=900)))


def test_a_caption_that_lost_its_place_is_told() -> None:
    assert "without the caption" in why(shape(replace(USUAL, captions=0)))
    assert "stands in the text" in why(shape(replace(USUAL, captions=0, loose=1)))


@pytest.mark.parametrize("reason", ["challenge: cf-chl", "login", "empty: he/bai: no text"])
def test_a_page_that_says_itself_that_it_is_none_is_always_told(reason: str) -> None:
    assert why(nothing(reason), History([])) == f"no article ({reason})"


def test_lists_among_the_articles_are_told_unless_they_are_the_papers_way() -> None:
    assert why(nothing("list")) == "no article (list)"
    usual = History([shape() for _ in range(18)] + [nothing("list") for _ in range(2)])
    assert why(nothing("list"), usual) == ""
    assert why(nothing("list"), usual, own=shape()) == "no article (list), and it was one before"


def test_a_young_history_says_nothing_but_the_page_itself_does() -> None:
    young = History([shape() for _ in range(5)])
    assert why(shape(without("lead")), young) == ""
    assert why(shape(without("lead")), young, own=shape()) == "its lead is gone"
    assert "read by general, and by he/bai before" in why(shape(layout="general"), young, shape())
    assert "300 characters of text, 2400 before" in why(
        shape(replace(USUAL, chars=300)), young, shape()
    )


def test_markup_is_compared_within_one_extractor_only() -> None:
    moved = replace(USUAL, places=USUAL.places | {"title": "h1.khac"})
    assert "the title stands in h1.khac" in why(shape(moved))
    assert why(shape(moved, extractor="2")) == ""


def test_forms_are_strange_where_new_ones_are_not_to_be_expected() -> None:
    forms = Forms()
    forms.add(["h1.a"] * 19)
    assert forms.is_strange("h1.b")
    assert not forms.is_strange("h1.a")
    forms.add(["h1.c", "h1.d"])
    assert not forms.is_strange("h1.b")
    few = Forms()
    few.add(["h1.a"] * 7)
    assert not few.is_strange("h1.b")

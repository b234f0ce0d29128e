"""Floors for real pages; they are not in the repository, so this runs where they are."""

from __future__ import annotations

import pytest

from hanoiwatch.model import ReadArticle, ReadNothing
from indexer.extract import LayoutBook, read_page
from tests.beside import PAGES, needs
from tests.eval.gate import FLOORS
from tests.eval.pages import bundled_layouts, real_pages
from tests.eval.scores import mean, score

pytestmark = needs(PAGES)


def test_every_field_of_the_articles_is_right_by_layout() -> None:
    book = bundled_layouts()
    for page in (one for one in real_pages() if one.kind == "article"):
        reading = read_page(page.page, book)
        assert isinstance(reading, ReadArticle), (page.file, reading)
        assert reading.layout != "general"
        result = score(page.file, reading.layout, reading.content, page.gold)
        assert result.fields == dict.fromkeys(result.fields, True), page.file
        assert result.f1 == pytest.approx(1.0, abs=0.001), page.file


def test_the_general_path_keeps_its_floor() -> None:
    results = []
    for page in (one for one in real_pages() if one.kind == "article"):
        reading = read_page(page.page, LayoutBook())
        assert isinstance(reading, ReadArticle), (page.file, reading)
        results.append(score(page.file, "general", reading.content, page.gold))
    assert mean(one.f1 for one in results) >= FLOORS["real"]["text"]
    for one in results:
        assert one.fields == dict.fromkeys(one.fields, True), one.file


def test_lists_and_tables_are_no_articles() -> None:
    for page in (one for one in real_pages() if one.kind in {"list", "nonarticle"}):
        reading = read_page(page.page, bundled_layouts())
        assert isinstance(reading, ReadNothing), page.file
        assert reading.reason in {"list", "empty"}, page.file

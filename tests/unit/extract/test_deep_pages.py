"""Pages whose elements nest deeper than any that a person wrote."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from hanoiwatch.model import ReadArticle
from hanoiwatch.page.tree import MOST_DEPTH, lines_of, parse_html
from hanoiwatch.sources.loader import load_families
from indexer.extract import LayoutBook, PageInput, read_page

DEEP = 3000
SENTENCE = "Hồ nước giữa khu tập thể được vét bùn suốt ba đêm liền trước mùa mưa. "


@pytest.mark.parametrize(
    "opening",
    ["<div>", "<table><tr><td>", "<blockquote>", "<ul><li>", "<b>", "<p><span>", "<figure>",
     '<div class="sc-hightlight-box">', '<table class="c-box"><tr><td><blockquote>'],
)  # fmt: skip
def test_a_page_nested_thousands_deep_is_read_without_an_error(opening: str) -> None:
    body = (
        '<html><body><article class="entry"><div class="sc-longform-header">'
        '<h1 class="sc-longform-header-title">Vét bùn hồ nước</h1></div>'
        f"<p>{SENTENCE * 5}</p>{opening * DEEP}<p>{SENTENCE * 5}</p></article></body></html>"
    )
    page = PageInput(
        url="http://127.0.0.1/a-1200001.html",
        body=body.encode(),
        captured_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    reading = read_page(page, LayoutBook(families=load_families()))
    assert isinstance(reading, ReadArticle)
    assert SENTENCE.strip() in reading.content.text


def test_a_page_of_no_family_nested_thousands_deep_is_read_soon() -> None:
    body = f"<html><body><h1>Vét bùn</h1><p>{SENTENCE * 9}</p>{'<table><tr><td>' * DEEP}"
    page = PageInput(
        url="http://127.0.0.1/a-1200001.html",
        body=f"{body}<p>{SENTENCE * 9}</p>".encode(),
        captured_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    started = time.process_time()
    read_page(page, LayoutBook())
    assert time.process_time() - started < 3


def test_what_is_nested_too_deep_stands_in_the_same_order_with_its_own_tags() -> None:
    opened = "".join(f"<div>a{level} " for level in range(300))
    closed = "".join(f"b{level}&#27;</div>" for level in reversed(range(300)))
    root = parse_html(f"<html><body>{opened}<p>x</p><p>y</p>z{closed}</body></html>")
    assert root is not None
    expected = [*(f"a{level}" for level in range(300)), "x", "y", "z"]
    said = " ".join(lines_of(root)).replace("\x1b", "").replace("b", " b").split()
    assert said == [*expected, *(f"b{level}" for level in reversed(range(300)))]
    assert [paragraph.text for paragraph in root.iter("p")] == ["x", "y"]
    depths = [sum(1 for _ in element.iterancestors()) for element in root.iter()]
    assert max(depths) == MOST_DEPTH - 1

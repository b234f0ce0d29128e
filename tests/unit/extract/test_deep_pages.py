"""Pages whose elements nest deeper than any that a person wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hanoiwatch.model import ReadArticle
from hanoiwatch.sources.loader import load_families
from indexer.extract import LayoutBook, PageInput, read_page

DEEP = 3000
SENTENCE = "Hồ nước giữa khu tập thể được vét bùn suốt ba đêm liền trước mùa mưa. "


@pytest.mark.parametrize(
    "opening",
    ["<div>", "<table><tr><td>", "<blockquote>", "<ul><li>", "<b>", "<p><span>", "<figure>",
     '<table class="c-box"><tr><td><blockquote>'],
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

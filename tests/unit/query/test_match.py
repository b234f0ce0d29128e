"""Which articles a query matches, and at which words."""

from __future__ import annotations

import pytest

from hanoiwatch.model import Block, Content, Image
from hanoiwatch.query import SearchedContent, Span, matches, parse, spans
from tests.query_table import ARTICLES, FINDINGS, Finding

SEARCHED = {name: SearchedContent(content) for name, content in ARTICLES.items()}
PLACES = Content(
    url="https://bao.example/1",
    title="Phố cổ, hè phố",
    blocks=(
        Block(kind="paragraph", text="Đêm qua mưa to."),
        Block(kind="image", text="", image=0),
        Block(kind="paragraph", text="Uỷ ban họp về hè phố, chợ đêm và hè đường."),
    ),
    images=(Image(url="https://bao.example/1.jpg", caption="Hè phố vắng", credit="Phố Hè"),),
    tags=("chợ", "hè phố"),
)


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.rule)
def test_a_query_matches_the_articles_of_the_table(finding: Finding) -> None:
    tree = parse(finding.query)
    assert {name for name, content in SEARCHED.items() if matches(tree, content)} == finding.names


def test_the_table_has_a_row_for_each_rule_once() -> None:
    assert len({finding.rule for finding in FINDINGS}) == len(FINDINGS) >= 150


def _said(query: str, content: Content = PLACES) -> list[tuple[str, int, str]]:
    texts = {
        "title": [content.title],
        "text": [content.text],
        "caption": [image.caption for image in content.images],
        "tag": list(content.tags),
    }
    return [
        (span.field, span.item, texts[span.field][span.item][span.start : span.end])
        for span in spans(parse(query), content)
    ]


def test_spans_name_field_item_and_place_in_reading_order() -> None:
    assert _said('"hè phố"') == [
        ("title", 0, "hè phố"),
        ("text", 0, "hè phố"),
        ("caption", 0, "Hè phố"),
        ("tag", 1, "hè phố"),
    ]


def test_spans_count_in_the_whole_text_not_in_the_paragraph() -> None:
    assert spans(parse("ủy"), PLACES) == (Span(field="text", item=0, start=16, end=18),)


def test_other_words_between_are_no_part_of_a_span() -> None:
    assert _said('"họp về phố đêm"~3') == [
        ("text", 0, "họp về"),
        ("text", 0, "phố"),
        ("text", 0, "đêm"),
    ]


def test_overlapping_spans_become_one() -> None:
    assert _said('text:"chợ đêm và" text:"đêm và hè"') == [("text", 0, "chợ đêm và hè")]


def test_a_negated_word_has_no_span() -> None:
    assert _said("text:ban -xe") == [("text", 0, "ban")]
    assert _said("-xe") == []


def test_no_match_has_no_spans() -> None:
    assert _said("ban xe") == []


def test_each_branch_that_occurs_has_spans() -> None:
    assert _said("text:(ban OR chợ OR xe)") == [("text", 0, "ban"), ("text", 0, "chợ")]

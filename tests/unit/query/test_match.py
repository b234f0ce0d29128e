"""Which articles a query matches, and at which words."""

from __future__ import annotations

import pytest

from hanoiwatch.model import Block, Content, Image
from hanoiwatch.query import SearchedContent, Span, highlights, matches, parse, spans
from hanoiwatch.text import nfc
from tests.query_table import (
    ARTICLES,
    FINDINGS,
    HINTS,
    NARROWED,
    REFUSALS,
    RULES,
    SHOWN,
    Finding,
    Shown,
)

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


DESIGN = (
    "words must all occur, in any field",
    "credits are no caption",
    "no prefix search",
    "tokens are syllables and every other character separates",
    "a word of several tokens is a phrase",
    "case does not matter",
    "composed, decomposed and look-alike letters are the same",
    "old and new tone placement are the same, never in quý",
    "any mark makes every word exact",
    "no mark folds every word",
    "a tilde folds its part",
    "final i and y are the same, never tai and tay",
    "a phrase lies in one passage of one field",
    "near counts the other words, in order, in one paragraph",
    "OR finds either",
    "a minus means that it does not occur",
    "brackets bind closest",
    "fields stand before a word, a phrase or a group",
    "quotation marks come in pairs",
    "as people type and paste",
)
"""Rule by rule what docs/reference/query.md promises; refusals and hints have their own tables."""


def test_the_table_names_every_rule_of_the_language() -> None:
    assert tuple(RULES) == DESIGN
    assert min(len(rows) for rows in RULES.values()) >= 7


def test_the_table_has_each_row_once_and_rows_enough() -> None:
    assert len({finding.rule for finding in FINDINGS}) == len(FINDINGS)
    assert len({refusal.query for refusal in REFUSALS}) == len(REFUSALS) >= 60
    assert sum(bool(finding.names) for finding in FINDINGS) >= 330
    assert len(HINTS) + len(NARROWED) + len(SHOWN) >= 45


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.rule)
def test_highlights_are_those_of_the_table(shown: Shown) -> None:
    assert highlights(parse(shown.query), ARTICLES[shown.name]) == shown.snippets


def test_a_decomposed_article_says_what_the_composed_one_says() -> None:
    decomposed = ARTICLES["nfd"]
    title = nfc(decomposed.title)
    assert title != decomposed.title
    (span,) = spans(parse("title:đình"), decomposed)
    assert title[span.start : span.end] == "đình"


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

"""How a query is understood, and how it is refused."""

from __future__ import annotations

import sys
import time

import pytest

from hanoiwatch.errors import QueryError
from hanoiwatch.query import FIELDS, AllOf, AnyOf, Node, Not, Phrase, parse, without_marks
from hanoiwatch.query.parse import MAX_DEPTH
from tests.query_table import LONG_FINDINGS, LONG_REFUSALS, REFUSALS, Finding, Refusal


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.query or "empty")
def test_a_query_that_cannot_be_read_is_refused_at_its_place(refusal: Refusal) -> None:
    with pytest.raises(QueryError) as caught:
        parse(refusal.query)
    assert caught.value.position == refusal.position
    assert refusal.reason in str(caught.value)
    assert caught.value.query == refusal.query


def test_a_word_is_a_phrase_of_its_spellings() -> None:
    assert parse("Sỹ") == Phrase(words=(("sỹ", "sĩ"),), folded=False)
    assert parse("sy") == Phrase(words=(("sy", "si"),), folded=True)


def test_a_word_is_looked_for_in_every_field() -> None:
    tree = parse("phường")
    assert isinstance(tree, Phrase)
    assert tree.fields == FIELDS == ("title", "lead", "text", "caption", "byline", "tag")


def test_words_bind_closer_than_or() -> None:
    def word(text: str) -> Phrase:
        return Phrase(words=((text,),), folded=True)

    assert parse("a b OR c -d") == AnyOf(
        (AllOf((word("a"), word("b"))), AllOf((word("c"), Not(word("d")))))
    )


def test_the_inner_field_counts() -> None:
    tree = parse("title:(aa OR lead:bb)")
    assert isinstance(tree, AnyOf)
    assert [part.fields for part in tree.parts if isinstance(part, Phrase)] == [
        ("title",),
        ("lead",),
    ]


def test_one_mark_makes_the_whole_query_exact_but_for_tildes() -> None:
    tree = parse("ha nội ~xa")
    assert isinstance(tree, AllOf)
    assert [part.folded for part in tree.parts if isinstance(part, Phrase)] == [False, False, True]


def test_without_marks_folds_every_part() -> None:
    assert without_marks(parse('"kỉ luật" OR -(sở title:bộ)')) == parse(
        '"ki luat" OR -(so title:bo)'
    )


def test_a_folded_query_has_nothing_to_fold() -> None:
    assert without_marks(parse("ha noi -~mưa")) is not None
    assert without_marks(parse('ha noi -"pho co"')) is None


def test_spellings_that_fold_alike_are_one() -> None:
    folded = without_marks(parse("~mưa đi"))
    assert isinstance(folded, AllOf)
    assert folded.parts[1] == Phrase(words=(("di", "dy"),), folded=True)


@pytest.mark.parametrize("row", LONG_FINDINGS, ids=lambda row: row.rule)
def test_ten_thousand_characters_are_read_at_once(row: Finding) -> None:
    started = time.process_time()
    parse(row.query)
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize("row", LONG_REFUSALS, ids=lambda row: row.query[:12])
def test_ten_thousand_characters_are_refused_at_once(row: Refusal) -> None:
    started = time.process_time()
    with pytest.raises(QueryError, match=row.reason) as caught:
        parse(row.query)
    assert caught.value.position == row.position
    assert time.process_time() - started < 1.0


def test_reading_takes_time_in_proportion_to_the_query() -> None:
    def seconds(words: int) -> float:
        query = '~phường OR "bộ máy"~6 -(sở title:quận) ' * words
        started = time.process_time()
        parse(query)
        return time.process_time() - started

    short = min(seconds(20) for _ in range(5))
    assert min(seconds(320) for _ in range(3)) < 16 * 3 * short


def test_brackets_may_be_fifty_deep_and_no_deeper() -> None:
    assert parse("(" * 50 + "a" + ")" * 50) == parse("a")
    with pytest.raises(QueryError, match="nested deeper than 50") as caught:
        parse("b " + "(" * 51 + "a" + ")" * 51)
    assert caught.value.position == 52


def test_the_deepest_query_leaves_the_caller_most_of_the_stack() -> None:
    deepest = "-title:(a OR " * MAX_DEPTH + "b" + ")" * MAX_DEPTH

    def parse_below(frames: int) -> Node:
        return parse_below(frames - 1) if frames else parse(deepest)

    assert parse_below(sys.getrecursionlimit() // 2) == parse(deepest)

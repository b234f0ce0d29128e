"""What a question says before it is asked: options, names of sources and sections."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from hanoiwatch.cli.options import parse_date
from hanoiwatch.cli.question import (
    Question,
    QuestionCommand,
    question_options,
    sections_note,
    source_names,
)
from hanoiwatch.cli.search import about
from hanoiwatch.errors import UnknownSourceError
from hanoiwatch.model import Filters

TITLES = {
    "hanoimoi": "Báo Hànộimới", "vov": "Đài Tiếng nói", "vov-tin": "Đài tiếng nói", "a": "B",
}  # fmt: skip


def question_of(*words: str) -> Question:
    seen: list[Question] = []

    @click.command(cls=QuestionCommand)
    @question_options
    def ask(*, question: Question) -> None:
        seen.append(question)

    result = CliRunner().invoke(ask, words, catch_exceptions=False)
    if result.exit_code:
        raise click.UsageError(result.output)
    return seen[0]


def test_a_query_and_its_filters_are_one_question() -> None:
    asked = question_of(
        "cầu", "--source", "vov", "--source", "a", "--section", "Xã hội", "--since", "2026-10-01",
        "--until", "2026-10-31",
    )  # fmt: skip
    assert asked == Question(
        query="cầu",
        filters=Filters(
            sources=("vov", "a"),
            sections=("Xã hội",),
            since=datetime(2026, 9, 30, 17, tzinfo=UTC),
            until=datetime(2026, 10, 31, 17, tzinfo=UTC),
        ),
    )


def test_without_words_everything_is_asked_for() -> None:
    assert question_of() == Question(query="", filters=Filters())


@pytest.mark.parametrize("words", [("-mưa",), ("--", "-mưa"), ("-mưa", "--source", "vov")])
def test_a_query_may_begin_with_a_minus_beside_options(words: tuple[str, ...]) -> None:
    assert question_of(*words).query == "-mưa"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("bộ", "máy"), "in quotes: 'bộ máy'"),
        (("x", "--since", "2026-10-02", "--until", "2026-10-01"), "--since is after --until"),
        (("x", "--since", "hôm qua"), "is no date"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(words, sentence: str) -> None:
    with pytest.raises(click.UsageError) as refused:
        question_of(*words)
    assert sentence in " ".join(str(refused.value).split())


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("hanoimoi", ["hanoimoi"]),
        ("Báo Hànộimới", ["hanoimoi"]),
        ("bao  hanoimoi", ["hanoimoi"]),
        ("HANOIMOI", ["hanoimoi"]),
        ("dai tieng noi", ["vov", "vov-tin"]),
    ],
)
def test_a_source_is_named_by_name_or_title(given: str, names: list[str]) -> None:
    assert source_names(given, TITLES) == names


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("hanoimio", "there is no source `hanoimio`. Did you mean `hanoimoi`?"),
        ("Bao Ha noi moi", "there is no source `Bao Ha noi moi`. Did you mean `Báo Hànộimới`?"),
        ("xyz", "there is no source `xyz`."),
    ],
)
def test_an_unknown_source_is_a_sentence_with_the_nearest(given: str, sentence: str) -> None:
    with pytest.raises(UnknownSourceError) as error:
        source_names(given, TITLES)
    assert str(error.value) == sentence


def test_an_unknown_section_is_a_hint_with_the_nearest() -> None:
    known = ["Chính trị", "Xã hội"]
    assert sections_note(("Chính trị",), known) is None
    assert sections_note(("chinh tri", "Xã hội", "Thơ"), known) == (
        "No article is in a section `chinh tri`. Did you mean `Chính trị`? "
        "No article is in a section `Thơ`."
    )


def test_until_takes_its_whole_day_and_spans_count_from_now() -> None:
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    day = parse_date("2026-10-31", now)
    end = parse_date("2026-10-31", now, end=True)
    assert day is not None
    assert end == day + timedelta(days=1)
    assert parse_date("2w", now, end=True) == now - timedelta(days=14)


def test_the_line_under_a_headline_says_what_befell_the_article() -> None:
    article = {
        "published_at": "2026-11-16T11:45:00+07:00", "source": "vov", "section": None, "id": "ab",
        "withdrawn_at": None, "story": None,
    }  # fmt: skip
    assert about(article) == ["2026-11-16 11:45", "vov", "ab"]
    befallen = article | {
        "published_at": None,
        "withdrawn_at": "2026-11-20T08:00:00+07:00",
        "story": {"id": "ab", "first_source": "vov", "copies": 2},
    }
    assert [click.unstyle(part) for part in about(befallen)] == [
        "no date", "vov", "ab", "withdrawn 2026-11-20", "+2 copies",
    ]  # fmt: skip
    assert about(article | {"story": {"copies": 1}})[-1] == "+1 copy"

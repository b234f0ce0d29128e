"""The analyzers of Elasticsearch give exactly the tokens of `hanoiwatch.text`."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice

import pytest

from hanoiwatch.sample.articles import load_articles
from hanoiwatch.text import canon, fold, words
from indexer.search.elastic.analysis import FOLDED, LINES, TONED, analysis_settings
from tests.elasticnode import Node

pytestmark = pytest.mark.elastic

Form = Callable[[str], str]
FORMS: dict[str, Form] = {FOLDED: fold, TONED: canon}
GENERATED = 10_000
AT_ONCE = 200
MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
LETTERS = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạếềểễệộỷỹýỳỵQUOAÀĐÐðƉÜüçñ²½Ⅷ123 -./_0\u200b\u00ad\u00a0\n"
    + MARKS
)


@pytest.fixture(scope="module")
def analyze(elastic_node: Node) -> Iterator[Callable[[str, list[str]], list[str]]]:
    body = {"settings": {"index": {"analysis": analysis_settings(), "number_of_shards": 1}}}
    elastic_node.ask("/analysis", "PUT", body)

    def tokens(analyzer: str, texts: list[str]) -> list[str]:
        asked = {"analyzer": analyzer, "text": texts}
        found = elastic_node.ask("/analysis/_analyze", "POST", asked)["tokens"]
        return [token["token"] for token in found]

    yield tokens
    elastic_node.ask("/analysis", "DELETE")


Analyze = Callable[[str, list[str]], list[str]]


def assert_same(analyze: Analyze, texts: list[str]) -> None:
    """Many texts at once; where they differ, the first that does."""
    for analyzer, form in FORMS.items():
        if analyze(analyzer, texts) == [word for text in texts for word in words(form(text))]:
            continue
        for text in texts:
            assert analyze(analyzer, [text]) == words(form(text)), (analyzer, ascii(text))


def in_batches(texts: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(texts, AT_ONCE)):
        yield batch


def test_every_distinct_token_of_the_sample_archive(analyze: Analyze) -> None:
    said = " ".join(
        f"{article.title} {article.lead} {' '.join(piece.text for piece in article.pieces)}"
        for article in load_articles()
    )
    distinct = sorted(set(words(said)))
    assert len(distinct) > 2_000
    for batch in in_batches(iter(distinct)):
        assert_same(analyze, batch)


def strings() -> Iterator[str]:
    """Words of the press with every way to write their marks, and text that nobody writes."""
    chance = random.Random(24)
    anything = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]

    def drawn(alphabet: str | list[str], most: int) -> str:
        return "".join(chance.choices(alphabet, k=chance.randrange(1, most)))

    for number in range(GENERATED):
        match number % 5:
            case 0:
                yield drawn(LETTERS, 30)
            case 1:
                yield unicodedata.normalize("NFD", drawn(LETTERS, 30))
            case 2:
                yield "".join(
                    letter + "".join(chance.choices(MARKS, k=chance.randrange(6)))
                    for letter in drawn("aoueyiAOUEYIdnơưâêốọ", 9)
                )
            case 3:
                yield drawn("oOuUqQaAiyYàáảãạèéẻẽẹỳýỷỹỵÀÝỲ2½ n\u0301\u0300Ⅷ-", 12)
            case _:
                yield "".join(drawn(chance.choice((LETTERS, anything)), 4) for _ in range(6))


def test_ten_thousand_generated_strings(analyze: Analyze) -> None:
    texts = list(strings())
    assert len(texts) == GENERATED
    for batch in in_batches(iter(texts)):
        assert_same(analyze, batch)


def test_every_character_there_is(analyze: Analyze) -> None:
    every = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    while batch := list(islice(every, 4_000)):
        assert_same(analyze, batch)


def test_the_end_of_a_line_is_a_hole_in_the_positions(elastic_node: Node, analyze: Analyze) -> None:
    def positions(analyzer: str) -> list[tuple[str, int]]:
        asked = {"analyzer": analyzer, "text": "bơm nước\ndọn rác\n\ncắm biển"}
        found = elastic_node.ask("/analysis/_analyze", "POST", asked)["tokens"]
        return [(token["token"], token["position"]) for token in found]

    assert positions(TONED) == [
        ("bơm", 0), ("nước", 1), ("dọn", 3), ("rác", 4), ("cắm", 7), ("biển", 8)
    ]  # fmt: skip
    assert [at for _, at in positions(LINES)] == [2, 5, 6]

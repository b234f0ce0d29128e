"""What people type into Kibana's own search finds at least what ours finds.

Kibana sends words as a `multi_match`, a quoted phrase as one of the type `phrase`, both without
fields, so the index says which; and Lucene's syntax as a `query_string`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from hanoiwatch.model import Block, Content, Filters
from hanoiwatch.query import parse
from hanoiwatch.query.spelling import pairs
from hanoiwatch.text import fold
from indexer.search.elastic.index import ElasticIndex
from tests.elasticnode import Node
from tests.index_engines import drop, elastic_index, prefix_of
from tests.query_table import FINDINGS, NAMES, table_articles
from tests.search_feed import Feed, id_of, make_article

pytestmark = pytest.mark.elastic

WORDS = re.compile(r"[^\W_]+( [^\W_]+)*")
PLAIN = sorted(
    {
        finding.query
        for finding in FINDINGS
        if len(finding.query) < 200
        and "OR" not in finding.query
        and WORDS.fullmatch(finding.query.removeprefix('"').removesuffix('"'))
    }
)
"""Of the table of queries, words and quoted phrases: in both languages they mean the same."""
MORE = (
    "ki niem", "kỉ niệm", '"kỷ niệm"', '"ky niem chuong"', "Mỹ Đình", '"mĩ đình"', "quí", "quy i",
    '"bo may"', "SẮP XẾP", '"hoà giải"', "uỷ ban", "15-NQ/TW", "10.000",
)  # fmt: skip


@pytest.fixture(scope="module")
def index(elastic_node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ElasticIndex]:
    opened = elastic_index(elastic_node, prefix_of(tmp_path_factory.mktemp("typed")))
    first = max(NAMES) + 1
    others = (
        Content(url="https://bao.example/a", title="Kỉ niệm chương trao ở Mĩ Đình, quý I"),
        Content(url="https://bao.example/b", title="Lễ kỷ niệm", lead="Sân Mỹ Đình, quí hai"),
        Content(
            url="https://bao.example/c", title="",
            blocks=(Block(kind="paragraph", text="Hà Nội sắp xếp bộ máy, theo 15-NQ/TW"),),
        ),
    )  # fmt: skip
    more = [make_article(first + number, content) for number, content in enumerate(others)]
    Feed(opened).put(*table_articles(), *more)
    yield opened
    drop(opened)
    opened.close()


def ours(index: ElasticIndex, typed: str) -> set[str]:
    found = index.search(parse(typed), Filters(), limit=100)
    return {id_of(match.article_rowid) for match in found.matches}


def typed_in(node: Node, index: ElasticIndex, query: dict[str, Any]) -> set[str]:
    path = f"/{index.connection.names.articles}/_search"
    hits = node.ask(path, "POST", {"query": query, "size": 100, "_source": False})["hits"]["hits"]
    return {hit["_id"] for hit in hits}


def kuery(typed: str) -> dict[str, Any]:
    quoted = typed.startswith('"')
    how = {"type": "phrase" if quoted else "best_fields", "lenient": True}
    return {"multi_match": {"query": typed.strip('"'), **how}}


def lucene(typed: str) -> dict[str, Any]:
    return {"query_string": {"query": typed.replace("/", "\\/"), "analyze_wildcard": True}}


@pytest.mark.parametrize("typed", [*PLAIN, *MORE])
def test_words_and_phrases_find_at_least_what_ours_finds(
    elastic_node: Node, index: ElasticIndex, typed: str
) -> None:
    expected = ours(index, typed)
    for way in (kuery, lucene):
        assert typed_in(elastic_node, index, way(typed)) >= expected, way


def test_much_of_the_table_is_asked_and_finds_something(index: ElasticIndex) -> None:
    assert len(PLAIN) > 40
    assert sum(bool(ours(index, typed)) for typed in PLAIN) > 30


def test_a_phrase_finds_no_more_than_where_its_words_touch(
    elastic_node: Node, index: ElasticIndex
) -> None:
    folded = ours(index, '"sap xep bo may"')
    for way in (kuery, lucene):
        assert typed_in(elastic_node, index, way('"sắp xếp bộ máy"')) == folded


def test_with_marks_a_field_finds_the_other_spelling_and_no_other_mark(
    elastic_node: Node, index: ElasticIndex
) -> None:
    toned = {"match_phrase": {"title.toned": "kỷ niệm"}}
    assert typed_in(elastic_node, index, toned) == ours(index, 'title:"kỉ niệm"') != set()
    assert typed_in(elastic_node, index, {"match_phrase": {"title.toned": "ky niem"}}) == set()


def test_every_word_with_two_spellings_is_asked_for_in_both(
    elastic_node: Node, index: ElasticIndex
) -> None:
    path = f"/{index.connection.names.articles}/_analyze"

    def places(analyzer: str, text: str) -> list[tuple[str, int]]:
        asked = {"analyzer": analyzer, "text": text}
        tokens = elastic_node.ask(path, "POST", asked)["tokens"]
        return sorted((token["token"], token["position"]) for token in tokens)

    for word, other in pairs():
        for typed in (word, other):
            both = sorted({(word, 0), (other, 0)})
            assert places("vi_toned_typed", typed) == both
            assert places("vi_folded_typed", typed) == sorted({(fold(w), 0) for w, _ in both})
    assert places("vi_folded_typed", "tai tay quây nghi") == [
        ("nghi", 3), ("quay", 2), ("tai", 0), ("tay", 1)
    ]  # fmt: skip

"""Every index answers the table of queries alike. A new one is added to `INDEXES`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanoiwatch.query import parse
from indexer.search.embedded import EmbeddedIndex
from indexer.search.protocol import SearchIndex
from tests.matcher_index import MatcherIndex
from tests.query_table import (
    FINDINGS,
    HINTS,
    NARROWED,
    Finding,
    Hint,
    MakeIndex,
    Narrowed,
    answers,
    ask,
    fill,
    table_articles,
)
from tests.search_feed import Feed

INDEXES: dict[str, MakeIndex] = {"embedded": EmbeddedIndex, "matcher": MatcherIndex}
Filled = dict[str, SearchIndex]
each_index = pytest.mark.parametrize("engine", INDEXES)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("table")
    made = {engine: make(folder / engine) for engine, make in INDEXES.items()}
    for index in made.values():
        fill(index)
    yield made
    for index in made.values():
        index.close()


@each_index
@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.rule)
def test_a_query_finds_the_articles_of_the_table(
    filled: Filled, engine: str, finding: Finding
) -> None:
    answer = ask(filled[engine], finding.query)
    assert set(answer.names) == finding.names
    assert answer.total == len(answer.names) == len(finding.names)


@each_index
@pytest.mark.parametrize("row", NARROWED, ids=lambda row: row.rule)
def test_a_filter_narrows_the_result_and_every_facet_but_its_own(
    filled: Filled, engine: str, row: Narrowed
) -> None:
    answer = ask(filled[engine], row.query, row.filters)
    assert list(answer.names) == row.names
    assert answer.facets == row.facets


@each_index
@pytest.mark.parametrize("row", HINTS, ids=lambda row: row.rule)
def test_a_hint_says_how_many_the_folded_form_would_find(
    filled: Filled, engine: str, row: Hint
) -> None:
    answer = ask(filled[engine], row.query, row.filters)
    assert answer.hint == row.count
    assert row.count is None or answer.total == 0


def test_all_answers_are_those_of_the_matcher(filled: Filled) -> None:
    expected = answers(filled["matcher"])
    for engine in INDEXES:
        assert answers(filled[engine]) == expected


@each_index
def test_the_order_and_size_of_batches_change_no_answer(
    filled: Filled, engine: str, tmp_path: Path
) -> None:
    other = INDEXES[engine](tmp_path / "other")
    feed = Feed(other)
    for article in reversed(table_articles()):
        feed.put(article)
    feed.put(*table_articles()[:4])
    assert answers(other) == answers(filled[engine])
    other.close()


@each_index
def test_the_whole_result_comes_in_the_order_of_its_pages(filled: Filled, engine: str) -> None:
    index = filled[engine]
    for row in NARROWED:
        tree = parse(row.query)
        found = index.search(tree, row.filters, limit=100).matches
        assert list(index.rowids(tree, row.filters)) == [one.article_rowid for one in found]
        assert sum(index.days(tree, row.filters).values()) == len(found)

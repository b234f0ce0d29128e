"""Every index answers the table of queries alike. A new one is added to
`tests/index_engines.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanoiwatch.query import parse
from indexer.search.protocol import SearchIndex
from tests.index_engines import ENGINES, MATCHER, Engine, engine_of
from tests.matcher_index import MatcherIndex
from tests.query_table import (
    FINDINGS,
    HINTS,
    NARROWED,
    Finding,
    Hint,
    Narrowed,
    answers,
    ask,
    fill,
    table_articles,
)
from tests.search_feed import Feed


@pytest.fixture(scope="module", params=[*ENGINES, MATCHER])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    yield from engine_of(request)


@pytest.fixture(scope="module")
def filled(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    index = engine.open(tmp_path_factory.mktemp("table") / "index")
    fill(index)
    return index


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.rule)
def test_a_query_finds_the_articles_of_the_table(filled: SearchIndex, finding: Finding) -> None:
    answer = ask(filled, finding.query)
    assert set(answer.names) == finding.names
    assert answer.total == len(answer.names) == len(finding.names)


@pytest.mark.parametrize("row", NARROWED, ids=lambda row: row.rule)
def test_a_filter_narrows_the_result_and_every_facet_but_its_own(
    filled: SearchIndex, row: Narrowed
) -> None:
    answer = ask(filled, row.query, row.filters)
    assert list(answer.names) == row.names
    assert answer.facets == row.facets


@pytest.mark.parametrize("row", HINTS, ids=lambda row: row.rule)
def test_a_hint_says_how_many_the_folded_form_would_find(filled: SearchIndex, row: Hint) -> None:
    answer = ask(filled, row.query, row.filters)
    assert answer.hint == row.count
    assert row.count is None or answer.total == 0


def test_all_answers_are_those_of_the_matcher(filled: SearchIndex) -> None:
    matcher = MatcherIndex()
    fill(matcher)
    assert answers(filled) == answers(matcher)


def test_the_order_and_size_of_batches_change_no_answer(
    engine: Engine, filled: SearchIndex, tmp_path: Path
) -> None:
    other = engine.open(tmp_path / "other")
    feed = Feed(other)
    for article in reversed(table_articles()):
        feed.put(article)
    feed.put(*table_articles()[:4])
    assert answers(other) == answers(filled)


def test_the_whole_result_comes_in_the_order_of_its_pages(filled: SearchIndex) -> None:
    for row in NARROWED:
        tree = parse(row.query)
        found = filled.search(tree, row.filters, limit=100).matches
        assert list(filled.rowids(tree, row.filters)) == [one.article_rowid for one in found]
        assert sum(filled.days(tree, row.filters).values()) == len(found)

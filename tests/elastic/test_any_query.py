"""Any query, of any articles: a real node answers what the matcher answers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanoiwatch.errors import QueryError
from hanoiwatch.model import Block, Content, Filters, Image
from hanoiwatch.query import Node, parse
from indexer.search.elastic.index import ElasticIndex
from tests.elasticnode import Node as ElasticNode
from tests.index_engines import drop, elastic_index, prefix_of
from tests.matcher_index import MatcherIndex
from tests.query_strategies import (
    any_query,
    article_of,
    contents,
    filters,
    good_query,
    lines,
    words,
)
from tests.query_table import hinted
from tests.search_feed import Feed

pytestmark = pytest.mark.elastic

ODD_WORDS = [
    "Straße", "İstanbul", "ﬁn", "m²", "Ⅷ", "ΣΟΦΟΣ", "Ǆ", "Z̃y", "ạ̃", "ớ", "o\u0301\u031b", "d'Orsay",
    "C++", "e-mail@x.vn", "№5", "٣", "ยา", "東京", "😀", "a\u200db", "soft\u00adhyphen", "Ðà",
    "ɖ", "quỳ", "quỵ", "QUÝ", "thuở", "khuỷu", "ngoẹo", "hoà.", "uý", "l̀y", "_a_", "x\ue000y",
    "\ue001à", "tỷ", "tỉ", "Sĩ", "sỹ", "Lý", "y", "i", "ti-vi", "vy", "1.250,5", "T.Ư", "AND",
    "NOT", "*", "\\",
]  # fmt: skip
odd_lines = st.lists(st.sampled_from(ODD_WORDS), min_size=1, max_size=8).map(" ".join)
odd_contents = st.builds(
    lambda form, title, text, caption, names: Content(
        url="https://bao.example/1",
        title=unicodedata.normalize(form, title),
        blocks=(Block(kind="list", text=unicodedata.normalize(form, text)),),
        images=(Image(url="", caption=caption, credit="Straße"),),
        byline=tuple(names),
        tags=tuple(names[:1]),
    ),
    st.sampled_from(["NFC", "NFD"]),
    odd_lines,
    st.lists(odd_lines, max_size=3).map("\n".join),
    odd_lines,
    st.lists(odd_lines, max_size=2),
)
odd_phrase = st.builds(
    lambda parts, slop: f'"{" ".join(parts)}"{slop}',
    st.lists(st.sampled_from(ODD_WORDS), min_size=1, max_size=3),
    st.sampled_from(["", "~1", "~4"]),
)
odd_query = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "~", "title:", "-", "byline:"]),
    st.one_of(st.sampled_from(ODD_WORDS), odd_phrase),
    st.sampled_from(["", " OR hà", " -da"]),
)

article_states = st.lists(
    st.tuples(
        st.integers(1, 7),
        st.one_of(st.none(), contents, contents, odd_contents),
        st.one_of(st.none(), st.integers(0, 3)),
        st.sampled_from([None, "Xã hội", "Đô thị"]),
    ),
    max_size=8,
)
questions = st.lists(
    st.tuples(
        st.one_of(good_query, good_query, odd_query, any_query, lines, words),
        filters,
        st.sampled_from(["newest", "oldest", "relevance"]),
        st.integers(0, 3),
    ),
    min_size=3,
    max_size=8,
)


class Both:
    """The index and its oracle, fed by one change log: every example changes what there is."""

    def __init__(self, index: ElasticIndex) -> None:
        self.index, self.oracle = index, MatcherIndex()
        self._feed = Feed(index)

    def change(self, states: list[tuple[int, Content | None, int | None, str | None]]) -> None:
        changes = [
            self._feed.note(rowid, content and article_of(rowid, content, day, section))
            for rowid, content, day, section in states
        ]
        self.index.apply(changes)
        self.oracle.apply(changes)


@pytest.fixture(scope="module")
def both(elastic_node: ElasticNode, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    index = elastic_index(elastic_node, prefix_of(tmp_path_factory.mktemp("any")))
    yield Both(index)
    drop(index)
    index.close()


def understood(query: str) -> Node | None:
    try:
        return parse(query)
    except QueryError:
        return None  # refused before any index is asked; the same in both modes


@given(article_states, questions)
@settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_node_answers_what_the_matcher_answers(
    both: Both,
    article_states: list[tuple[int, Content | None, int | None, str | None]],
    questions: list[tuple[str, Filters, str, int]],
) -> None:
    both.change(article_states)
    for query, narrowed, sort, offset in questions:
        if (tree := understood(query)) is not None:
            assert_same(both, tree, narrowed, sort, offset)


def assert_same(both: Both, tree: Node, narrowed: Filters, sort: str, offset: int) -> None:
    how = {"sort": sort, "limit": 5, "offset": offset}
    found = both.index.search(tree, narrowed, **how)
    expected = both.oracle.search(tree, narrowed, **how)
    whole = list(both.index.rowids(tree, narrowed, sort=sort))
    assert found.total == expected.total == len(whole)
    assert found.facets == expected.facets
    assert hinted(found.hint) == hinted(expected.hint)
    page = [match.article_rowid for match in found.matches]
    assert page == whole[offset : offset + 5]
    if sort == "relevance":
        assert set(whole) == set(both.oracle.rowids(tree, narrowed))
    else:
        assert page == [match.article_rowid for match in expected.matches]
    assert both.index.days(tree, narrowed) == both.oracle.days(tree, narrowed)

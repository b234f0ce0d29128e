"""What every search index must do. A new implementation is added to `tests/index_engines.py`,
and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanoiwatch.model import Matches
from hanoiwatch.query import parse
from indexer.search.protocol import SearchIndex
from tests.contract.asking import EVERYTHING, FACETS, find, refill, rowids_of, titled
from tests.index_engines import Engine
from tests.query_table import ARTICLES, FINDINGS, Finding
from tests.search_feed import Feed, make_article


@pytest.fixture(scope="module")
def table_index(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    opened = engine.open(tmp_path_factory.mktemp("table") / "index.sqlite3")
    Feed(opened).put(*(make_article(n, content) for n, content in enumerate(ARTICLES.values(), 1)))
    return opened


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.rule)
def test_a_query_finds_the_articles_of_the_table(
    table_index: SearchIndex, finding: Finding
) -> None:
    names = dict(enumerate(ARTICLES, 1))
    found = table_index.search(parse(finding.query), EVERYTHING, limit=100)
    assert {names[rowid] for rowid in rowids_of(found)} == finding.names
    assert found.total == len(finding.names)


def test_an_empty_index_finds_nothing(index: SearchIndex) -> None:
    found = index.search(None, EVERYTHING)
    assert found == Matches(total=0, matches=(), facets=dict.fromkeys(FACETS, ()))
    assert tuple(found.facets) == FACETS
    assert index.search(parse('"phố cổ"~3'), EVERYTHING, sort="relevance").total == 0
    assert index.position() == 0


def test_no_query_finds_every_article(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, titled("Một")), make_article(2, titled("")))
    assert index.search(None, EVERYTHING).total == 2


# --- following the change log --------------------------------------------------------------


def test_the_position_is_the_last_change_applied(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, titled("Một")), make_article(2, titled("Hai")))
    assert index.position() == 2
    feed.remove(1)
    assert index.position() == 3


def test_a_changed_article_is_found_by_its_new_words_only(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, titled("Chợ đêm", tags=("chợ",))), make_article(2, titled("Chợ hoa")))
    feed.put(make_article(1, titled("Phố đêm")))
    assert find(index, "chợ") == [2]
    assert find(index, '"phố đêm"') == [1]
    assert index.search(None, EVERYTHING).total == 2
    assert find(index, "-phố") == [2]


def test_a_removed_article_is_not_found(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, titled("Chợ đêm")), make_article(2, titled("Chợ hoa")))
    feed.remove(1)
    found = index.search(parse("chợ"), EVERYTHING)
    assert (rowids_of(found), found.total) == ([2], 1)
    assert find(index, "-hoa") == []
    assert [facet.count for facet in found.facets["sources"]] == [1]


def test_several_changes_of_an_article_in_one_batch_leave_the_last(
    index: SearchIndex, feed: Feed
) -> None:
    first, second = make_article(1, titled("Chợ đêm")), make_article(1, titled("Phố đêm"))
    index.apply([feed.note(1, first), feed.note(1, None), feed.note(1, second)])
    index.apply([feed.note(2, make_article(2, titled("Đêm mưa"))), feed.note(2, None)])
    assert find(index, "đêm") == [1]
    assert index.position() == 5


def test_a_batch_applied_again_changes_nothing(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, titled("Chợ đêm")))
    feed.put(make_article(1, titled("Phố đêm")))
    index.apply(feed.changes[:1])
    index.apply(feed.changes)
    assert find(index, "đêm phố") == [1]
    assert index.search(parse("đêm"), EVERYTHING).total == 1
    assert index.position() == 2


def test_an_empty_batch_is_allowed(index: SearchIndex) -> None:
    index.apply([])
    assert index.position() == 0


def test_removing_what_is_not_there_only_moves_on(index: SearchIndex, feed: Feed) -> None:
    feed.remove(7)
    assert (index.position(), index.search(None, EVERYTHING).total) == (1, 0)


# --- hint ----------------------------------------------------------------------------------


def test_a_hint_counts_what_would_be_found_without_marks(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, titled("Đồng bằng")), make_article(2, titled("Đông phố")))
    hint = index.search(parse("Đổng"), EVERYTHING).hint
    assert hint is not None
    assert " 2 " in hint
    narrowed = index.search(parse("Đổng -phò"), EVERYTHING).hint
    assert narrowed is not None
    assert " 1 " in narrowed


@pytest.mark.parametrize("query", ["đồng", "dong", "đổng xa", "xa", None])
def test_there_is_no_hint_where_it_would_not_help(
    index: SearchIndex, feed: Feed, query: str | None
) -> None:
    feed.put(make_article(1, titled("Đồng bằng")))
    tree = parse(query) if query else None
    assert index.search(tree, EVERYTHING).hint is None


# --- many articles, other processes --------------------------------------------------------


def test_many_small_batches_answer_like_one(index: SearchIndex, feed: Feed) -> None:
    for rowid in range(1, 200):
        feed.put(make_article(rowid, titled(f"Tin số {rowid}", lead="mưa rào " * (rowid % 3))))
    assert index.search(parse('"tin số"'), EVERYTHING).total == 199
    assert find(index, '"số 77"') == [77]
    assert index.search(parse("mưa"), EVERYTHING).total == 133
    assert index.search(parse('"rào mưa"'), EVERYTHING).total == 66


def test_a_reader_sees_what_another_writer_has_committed(engine: Engine, tmp_path: Path) -> None:
    writer, reader = (engine.open(tmp_path / "index.sqlite3") for _ in range(2))
    feed = Feed(writer)
    assert reader.search(None, EVERYTHING).total == 0
    feed.put(make_article(1, titled("Chợ đêm")))
    assert find(reader, "chợ") == [1]
    feed.put(make_article(2, titled("Chợ hoa")))
    assert reader.search(parse("chợ"), EVERYTHING).total == 2
    refill(reader, make_article(1, titled("Chợ đêm")), position=2).take_over()
    assert (writer.position(), find(writer, "chợ")) == (2, [1])
    feed.put(make_article(3, titled("Chợ mưa")))
    assert sorted(find(reader, "chợ")) == [1, 3]


def test_a_closed_index_opens_where_it_was(engine: Engine, tmp_path: Path) -> None:
    first = engine.open(tmp_path / "index.sqlite3")
    Feed(first).put(make_article(1, titled("Chợ đêm")))
    first.close()
    second = engine.open(tmp_path / "index.sqlite3")
    assert (second.position(), find(second, "chợ")) == (1, [1])

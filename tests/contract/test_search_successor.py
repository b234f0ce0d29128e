"""Every index is made anew beside itself, and answers all the while."""

from __future__ import annotations

import dataclasses
import random
from datetime import timedelta
from pathlib import Path

import pytest

from hanoiwatch.model import Article, Filters
from hanoiwatch.query import parse
from indexer.search.protocol import SearchIndex
from tests.contract.asking import EVERYTHING, drawn_content, find, refill, titled
from tests.index_engines import Engine
from tests.search_feed import NOON, Feed, make_article


def test_a_successor_answers_only_when_it_has_taken_over(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, titled("Chợ đêm")), make_article(2, titled("Chợ hoa")))
    successor = refill(index, make_article(2, titled("Phố hoa")), position=2)
    assert (successor.position(), successor.filled_to()) == (2, 2)
    assert (sorted(find(index, "chợ")), find(index, "phố")) == ([1, 2], [])
    successor.take_over()
    assert (find(index, "chợ"), find(index, "phố"), index.position()) == ([], [2], 2)
    assert index.search(None, EVERYTHING).total == 1


def test_a_successor_follows_the_changes_since_it_was_begun(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, titled("Chợ đêm")), make_article(2, titled("Chợ hoa")))
    successor = refill(
        index, make_article(1, titled("Chợ đêm")), make_article(2, titled("Chợ hoa")), position=2
    )
    feed.put(make_article(1, titled("Phố đêm")), make_article(3, titled("Phố mưa")))
    feed.remove(2)
    successor.apply(feed.changes[2:])
    successor.take_over()
    assert sorted(find(index, None)) == [1, 3]
    assert sorted(find(index, "phố")) == [1, 3]
    assert index.position() == 5


def test_changes_go_to_the_index_that_has_taken_over(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, titled("Chợ đêm")))
    refill(index, make_article(1, titled("Chợ đêm")), position=1).take_over()
    feed.put(make_article(2, titled("Chợ hoa")))
    assert sorted(find(index, "chợ")) == [1, 2]


def test_a_successor_that_was_left_goes_on_where_it_was(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, titled("Chợ đêm")), make_article(2, titled("Chợ hoa")))
    refill(index, make_article(1, titled("Chợ đêm")), position=2).close()
    again = index.successor(position=9)
    assert (again.position(), again.filled_to()) == (2, 1)
    again.fill([make_article(2, titled("Phố hoa"))], upto=2)
    again.take_over()
    assert sorted(find(index, None)) == [1, 2]
    assert find(index, "phố") == [2]


def test_what_breaks_while_filling_leaves_nothing(index: SearchIndex) -> None:
    successor = index.successor(position=1)
    broken = make_article(2, titled("Chợ hoa", section="\ud800"))
    with pytest.raises(UnicodeEncodeError):
        successor.fill([make_article(1, titled("Chợ đêm")), broken], upto=2)
    assert successor.filled_to() == 0
    successor.fill([make_article(1, titled("Chợ đêm"))], upto=1)
    successor.take_over()
    assert find(index, None) == find(index, '"chợ đêm"') == [1]


def test_an_index_knows_which_change_of_an_article_it_has(index: SearchIndex, feed: Feed) -> None:
    feed.put(_changed(2, 1), _changed(1, 2), _changed(3, 3))
    feed.put(_changed(2, 4))
    feed.remove(3)
    assert list(index.versions()) == [(1, 2), (2, 4)]
    refill(index, _changed(1, 2), _changed(2, 4), position=5).take_over()
    assert list(index.versions()) == [(1, 2), (2, 4)]


def _changed(rowid: int, sequence: int) -> Article:
    return dataclasses.replace(make_article(rowid, titled("Tin")), sequence=sequence)


def test_an_index_of_this_version_is_not_outdated(index: SearchIndex) -> None:
    assert (index.outdated(), index.caveat()) == (False, "")


def test_rebuilding_gives_the_same_answers(
    engine: Engine, index: SearchIndex, feed: Feed, tmp_path: Path
) -> None:
    chance = random.Random(11)
    now: dict[int, Article] = {}
    for _ in range(150):
        rowid = chance.randrange(1, 60)
        if chance.random() < 0.15:
            now.pop(rowid, None)
            feed.remove(rowid)
        else:
            now[rowid] = make_article(rowid, drawn_content(chance), chance.choice(["a", "b"]))
            feed.put(now[rowid])
    rebuilt = engine.open(tmp_path / "rebuilt.sqlite3")
    refill(rebuilt, *(now[rowid] for rowid in sorted(now))).take_over()
    for query in (None, "sông", "sông -hồ", '"hồ sông"~2', "title:hồ OR gió", '"mưa gió"', "~mua"):
        tree = parse(query) if query else None
        for filters in (EVERYTHING, Filters(sources=("a",), since=NOON - timedelta(days=300))):
            for sort in ("newest", "oldest", "relevance"):
                assert index.search(tree, filters, sort=sort, limit=100) == rebuilt.search(
                    tree, filters, sort=sort, limit=100
                )

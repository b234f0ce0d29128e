"""The order of what every index finds: its pages, and the whole of it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from hanoiwatch.clock import HANOI
from hanoiwatch.model import Article, Filters
from hanoiwatch.query import parse
from indexer.search.protocol import SearchIndex
from tests.contract.asking import EVERYTHING, drawn_content, find, rowids_of, titled
from tests.search_feed import NOON, Feed, make_article


def dated(rowid: int, published: datetime | None) -> Article:
    return make_article(rowid, titled("Tin", published_at=published))


def test_newest_comes_first_and_undated_last(index: SearchIndex, feed: Feed) -> None:
    feed.put(
        dated(1, NOON),
        dated(2, None),
        dated(3, NOON + timedelta(seconds=1)),
        dated(4, NOON - timedelta(days=90)),
    )
    assert find(index, "tin") == [3, 1, 4, 2]
    assert find(index, "tin", sort="oldest") == [4, 1, 3, 2]


def test_the_same_moment_in_two_zones_is_the_same_moment(index: SearchIndex, feed: Feed) -> None:
    articles = [dated(1, NOON), dated(2, NOON.astimezone(UTC)), dated(3, NOON)]
    feed.put(*articles)
    by_id = [article.rowid for article in sorted(articles, key=lambda article: article.id)]
    assert find(index, "tin") == by_id
    assert find(index, "tin", sort="oldest") == by_id


@pytest.mark.parametrize("count", [40, 1_500])
def test_pages_follow_one_another(index: SearchIndex, feed: Feed, count: int) -> None:
    chance = random.Random(5)
    days = [chance.randrange(400) if chance.random() < 0.95 else None for _ in range(count)]
    articles = [
        dated(rowid, None if day is None else NOON - timedelta(days=day))
        for rowid, day in enumerate(days, 1)
    ]
    feed.put(*articles)

    def key(article: Article) -> tuple[bool, float, str]:
        published = article.content.published_at
        return published is None, -(published.timestamp() if published else 0), article.id

    newest = [article.rowid for article in sorted(articles, key=key)]
    assert find(index, None, limit=count + 5) == newest
    paged = [rowid for at in range(0, count, 7) for rowid in find(index, "tin", limit=7, offset=at)]
    assert paged == newest
    assert find(index, "tin", limit=0) == []
    assert find(index, "tin", offset=count) == []
    undated = days.count(None)
    oldest = find(index, "tin", sort="oldest", limit=count)
    assert sorted(oldest) == sorted(newest)
    assert oldest[count - undated :] == newest[count - undated :]
    moments = [day for rowid in oldest if (day := days[rowid - 1]) is not None]
    assert moments == sorted(moments, reverse=True)


def test_relevance_puts_a_title_and_a_rare_word_first(index: SearchIndex, feed: Feed) -> None:
    filler = "một đoạn văn dài kể chuyện phố phường và chợ búa của nhiều người qua nhiều năm"
    feed.put(
        make_article(1, titled("Tin vắn", lead=f"Chợ. {filler}")),
        make_article(2, titled("Chợ hoa")),
        make_article(3, titled("Tin vắn", lead=f"Chợ, cầu Long Biên. {filler}")),
        make_article(4, titled("Chợ đêm", lead=filler, published_at=NOON)),
    )
    by_title = index.search(parse("chợ"), EVERYTHING, sort="relevance")
    assert set(rowids_of(by_title)[:2]) == {2, 4}
    by_rarity = index.search(parse("lead:(chợ OR cầu)"), EVERYTHING, sort="relevance")
    assert rowids_of(by_rarity)[0] == 3
    for found in (by_title, by_rarity):
        scores = [match.score for match in found.matches]
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] > 0


def test_equal_relevance_comes_newest_first(index: SearchIndex, feed: Feed) -> None:
    feed.put(dated(1, NOON), dated(2, NOON + timedelta(days=1)), dated(3, None))
    assert find(index, "tin", sort="relevance") == [2, 1, 3]
    assert find(index, "tin", sort="relevance", limit=1, offset=1) == [1]
    assert find(index, "-tức", sort="relevance") == [2, 1, 3]
    assert find(index, None, sort="relevance") == [2, 1, 3]


def test_scores_are_zero_where_the_order_is_by_date(index: SearchIndex, feed: Feed) -> None:
    feed.put(dated(1, NOON))
    assert [match.score for match in index.search(parse("tin"), EVERYTHING).matches] == [0.0]


@pytest.mark.parametrize("count", [30, 1_500])
def test_rowids_are_all_that_a_search_counts_in_its_order(
    index: SearchIndex, feed: Feed, count: int
) -> None:
    chance = random.Random(8)
    feed.put(
        *(
            make_article(rowid, drawn_content(chance), chance.choice(["a", "b"]))
            for rowid in range(1, count + 1)
        )
    )
    for query in (None, "sông -hồ", '"mưa gió"', "~mua OR lịch"):
        tree = parse(query) if query else None
        for filters in (EVERYTHING, Filters(sources=("a",), until=NOON - timedelta(days=99))):
            for sort in ("newest", "oldest"):
                found = index.search(tree, filters, sort=sort, limit=count)
                assert list(index.rowids(tree, filters, sort=sort)) == rowids_of(found)


def test_days_before_1970_are_days(index: SearchIndex, feed: Feed) -> None:
    feed.put(dated(1, datetime(1954, 10, 10, 0, 30, tzinfo=HANOI)), dated(2, None))
    assert index.days(parse("tin"), EVERYTHING) == {date(1954, 10, 10): 1, None: 1}
    assert list(index.rowids(None, EVERYTHING)) == [1, 2]

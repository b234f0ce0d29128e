"""Every index narrows and counts by source, section and month alike."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hanoiwatch.clock import HANOI
from hanoiwatch.model import Filters, Matches
from hanoiwatch.query import parse
from indexer.search.protocol import SearchIndex
from tests.contract.asking import EVERYTHING, rowids_of, titled
from tests.search_feed import Feed, make_article


@pytest.fixture
def shelf(feed: Feed) -> SearchIndex:
    """Six articles: two sources, two sections and one without, three months and one undated."""
    rows = [
        ("bao-pho", "Xã hội", datetime(2026, 7, 31, 23, 59, tzinfo=HANOI)),
        ("bao-pho", "Xã hội", datetime(2026, 8, 1, 0, 0, tzinfo=HANOI)),
        ("bao-pho", "Đô thị", datetime(2026, 8, 31, 16, 59, 59, tzinfo=UTC)),
        ("tin-song", "Đô thị", datetime(2026, 8, 31, 17, 0, tzinfo=UTC)),
        ("tin-song", None, datetime(2026, 9, 15, 8, 30, tzinfo=HANOI)),
        ("tin-song", "Xã hội", None),
    ]
    feed.put(
        *(
            make_article(rowid, titled("Tin", section=section, published_at=when), source)
            for rowid, (source, section, when) in enumerate(rows, 1)
        )
    )
    return feed.index


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(sources=("tin-song",)), {4, 5, 6}),
        (Filters(sources=("tin-song", "bao-pho")), {1, 2, 3, 4, 5, 6}),
        (Filters(sources=("khong-co",)), set()),
        (Filters(sections=("Xã hội",)), {1, 2, 6}),
        (Filters(sections=("Xã hội",), sources=("bao-pho",)), {1, 2}),
        (Filters(since=datetime(2026, 8, 1, tzinfo=HANOI)), {2, 3, 4, 5}),
        (Filters(until=datetime(2026, 8, 1, tzinfo=HANOI)), {1}),
        (Filters(until=datetime(2026, 8, 1, 0, 0, 0, 1, tzinfo=HANOI)), {1, 2}),
        (
            Filters(
                since=datetime(2026, 7, 1, tzinfo=HANOI), until=datetime(2026, 9, 2, tzinfo=HANOI)
            ),
            {1, 2, 3, 4},
        ),
        (Filters(since=datetime(2026, 8, 31, 17, 0, tzinfo=UTC)), {4, 5}),
        (
            Filters(
                since=datetime(2026, 9, 2, tzinfo=HANOI), until=datetime(2026, 9, 1, tzinfo=HANOI)
            ),
            set(),
        ),
        (
            Filters(
                since=datetime(2026, 12, 1, tzinfo=HANOI), until=datetime(2026, 1, 1, tzinfo=HANOI)
            ),
            set(),
        ),
        (Filters(since=datetime(1, 1, 1, tzinfo=UTC)), {1, 2, 3, 4, 5}),
        (Filters(since=datetime(999, 1, 1, tzinfo=UTC)), {1, 2, 3, 4, 5}),
        (Filters(until=datetime(9999, 12, 31, 16, tzinfo=UTC)), {1, 2, 3, 4, 5}),
    ],
)
def test_filters_narrow_the_result(
    shelf: SearchIndex, filters: Filters, expected: set[int]
) -> None:
    found = shelf.search(parse("tin"), filters)
    assert set(rowids_of(found)) == expected
    assert found.total == len(expected)


def _counts(found: Matches, facet: str) -> dict[str, int]:
    assert all(count.name == count.id for count in found.facets[facet])
    return {count.id: count.count for count in found.facets[facet]}


def test_facets_count_the_whole_result_most_frequent_first(shelf: SearchIndex) -> None:
    found = shelf.search(parse("tin"), EVERYTHING, limit=1)
    assert list(_counts(found, "sources").items()) == [("bao-pho", 3), ("tin-song", 3)]
    assert list(_counts(found, "sections").items()) == [("Xã hội", 3), ("Đô thị", 2)]


def test_months_are_of_hanoi_and_newest_first(shelf: SearchIndex) -> None:
    found = shelf.search(parse("tin"), EVERYTHING)
    assert list(_counts(found, "months").items()) == [
        ("2026-09", 2),
        ("2026-08", 2),
        ("2026-07", 1),
    ]


def test_each_facet_leaves_out_its_own_filter(shelf: SearchIndex) -> None:
    found = shelf.search(
        None,
        Filters(
            sources=("bao-pho",),
            sections=("Xã hội",),
            since=datetime(2026, 8, 1, tzinfo=HANOI),
        ),
    )
    assert rowids_of(found) == [2]
    assert _counts(found, "sources") == {"bao-pho": 1}
    assert _counts(found, "sections") == {"Xã hội": 1, "Đô thị": 1}
    assert _counts(found, "months") == {"2026-08": 1, "2026-07": 1}


def test_facets_follow_a_changed_article(shelf: SearchIndex, feed: Feed) -> None:
    moved = titled("Tin", section="Đô thị", published_at=datetime(2026, 6, 1, tzinfo=HANOI))
    feed.put(make_article(1, moved, "bao-moi"))
    found = shelf.search(None, EVERYTHING)
    assert _counts(found, "sources") == {"tin-song": 3, "bao-pho": 2, "bao-moi": 1}
    assert _counts(found, "sections") == {"Đô thị": 3, "Xã hội": 2}
    assert _counts(found, "months") == {"2026-09": 2, "2026-08": 2, "2026-06": 1}


def test_days_are_of_hanoi_and_count_the_undated(shelf: SearchIndex) -> None:
    assert shelf.days(parse("tin"), EVERYTHING) == {
        date(2026, 7, 31): 1,
        date(2026, 8, 1): 1,
        date(2026, 8, 31): 1,
        date(2026, 9, 1): 1,
        date(2026, 9, 15): 1,
        None: 1,
    }
    assert shelf.days(None, Filters(sections=("Đô thị",))) == {
        date(2026, 8, 31): 1,
        date(2026, 9, 1): 1,
    }
    assert shelf.days(parse("không"), EVERYTHING) == {}

"""What every search index must do. A new implementation is added to `tests/index_engines.py`,
and nothing else."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hanoiwatch.clock import HANOI
from hanoiwatch.model import Article, Content, Filters, Matches
from hanoiwatch.query import parse
from indexer.search.protocol import SearchIndex, Successor
from tests.index_engines import ENGINES, Engine, engine_of
from tests.query_table import ARTICLES, FINDINGS, Finding
from tests.search_feed import NOON, Feed, make_article

EVERYTHING = Filters()
FACETS = ("officials", "posts", "bodies", "topics", "sources", "sections", "months")
"""In the order in which every answer has them."""


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    yield from engine_of(request)


@pytest.fixture
def index(engine: Engine, tmp_path: Path) -> SearchIndex:
    return engine.open(tmp_path / "index.sqlite3")


@pytest.fixture
def feed(index: SearchIndex) -> Feed:
    return Feed(index)


def _text(title: str, **fields: object) -> Content:
    return dataclasses.replace(
        Content(url="https://bao.example/1", title=title),
        **fields,  # type: ignore[arg-type]  # named fields of Content
    )


def _rowids(found: Matches) -> list[int]:
    return [match.article_rowid for match in found.matches]


def _find(index: SearchIndex, query: str | None, **how: object) -> list[int]:
    tree = parse(query) if query else None
    filters = how.pop("filters", EVERYTHING)
    assert isinstance(filters, Filters)
    return _rowids(index.search(tree, filters, **how))  # type: ignore[arg-type]  # passed on


# --- what is found -------------------------------------------------------------------------


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
    assert {names[rowid] for rowid in _rowids(found)} == finding.names
    assert found.total == len(finding.names)


def test_an_empty_index_finds_nothing(index: SearchIndex) -> None:
    found = index.search(None, EVERYTHING)
    assert found == Matches(total=0, matches=(), facets=dict.fromkeys(FACETS, ()))
    assert tuple(found.facets) == FACETS
    assert index.search(parse('"phố cổ"~3'), EVERYTHING, sort="relevance").total == 0
    assert index.position() == 0


def test_no_query_finds_every_article(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, _text("Một")), make_article(2, _text("")))
    assert index.search(None, EVERYTHING).total == 2


# --- following the change log --------------------------------------------------------------


def test_the_position_is_the_last_change_applied(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, _text("Một")), make_article(2, _text("Hai")))
    assert index.position() == 2
    feed.remove(1)
    assert index.position() == 3


def test_a_changed_article_is_found_by_its_new_words_only(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, _text("Chợ đêm", tags=("chợ",))), make_article(2, _text("Chợ hoa")))
    feed.put(make_article(1, _text("Phố đêm")))
    assert _find(index, "chợ") == [2]
    assert _find(index, '"phố đêm"') == [1]
    assert index.search(None, EVERYTHING).total == 2
    assert _find(index, "-phố") == [2]


def test_a_removed_article_is_not_found(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, _text("Chợ đêm")), make_article(2, _text("Chợ hoa")))
    feed.remove(1)
    found = index.search(parse("chợ"), EVERYTHING)
    assert (_rowids(found), found.total) == ([2], 1)
    assert _find(index, "-hoa") == []
    assert [facet.count for facet in found.facets["sources"]] == [1]


def test_several_changes_of_an_article_in_one_batch_leave_the_last(
    index: SearchIndex, feed: Feed
) -> None:
    first, second = make_article(1, _text("Chợ đêm")), make_article(1, _text("Phố đêm"))
    index.apply([feed.note(1, first), feed.note(1, None), feed.note(1, second)])
    index.apply([feed.note(2, make_article(2, _text("Đêm mưa"))), feed.note(2, None)])
    assert _find(index, "đêm") == [1]
    assert index.position() == 5


def test_a_batch_applied_again_changes_nothing(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, _text("Chợ đêm")))
    feed.put(make_article(1, _text("Phố đêm")))
    index.apply(feed.changes[:1])
    index.apply(feed.changes)
    assert _find(index, "đêm phố") == [1]
    assert index.search(parse("đêm"), EVERYTHING).total == 1
    assert index.position() == 2


def test_an_empty_batch_is_allowed(index: SearchIndex) -> None:
    index.apply([])
    assert index.position() == 0


def test_removing_what_is_not_there_only_moves_on(index: SearchIndex, feed: Feed) -> None:
    feed.remove(7)
    assert (index.position(), index.search(None, EVERYTHING).total) == (1, 0)


# --- made anew beside itself ---------------------------------------------------------------


def _refill(index: SearchIndex, *articles: Article, position: int = 0) -> Successor:
    successor = index.successor(position=position)
    successor.fill(articles, upto=max((one.rowid for one in articles), default=0))
    return successor


def test_a_successor_answers_only_when_it_has_taken_over(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, _text("Chợ đêm")), make_article(2, _text("Chợ hoa")))
    successor = _refill(index, make_article(2, _text("Phố hoa")), position=2)
    assert (successor.position(), successor.filled_to()) == (2, 2)
    assert (sorted(_find(index, "chợ")), _find(index, "phố")) == ([1, 2], [])
    successor.take_over()
    assert (_find(index, "chợ"), _find(index, "phố"), index.position()) == ([], [2], 2)
    assert index.search(None, EVERYTHING).total == 1


def test_a_successor_follows_the_changes_since_it_was_begun(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, _text("Chợ đêm")), make_article(2, _text("Chợ hoa")))
    successor = _refill(
        index, make_article(1, _text("Chợ đêm")), make_article(2, _text("Chợ hoa")), position=2
    )
    feed.put(make_article(1, _text("Phố đêm")), make_article(3, _text("Phố mưa")))
    feed.remove(2)
    successor.apply(feed.changes[2:])
    successor.take_over()
    assert sorted(_find(index, None)) == [1, 3]
    assert sorted(_find(index, "phố")) == [1, 3]
    assert index.position() == 5


def test_changes_go_to_the_index_that_has_taken_over(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, _text("Chợ đêm")))
    _refill(index, make_article(1, _text("Chợ đêm")), position=1).take_over()
    feed.put(make_article(2, _text("Chợ hoa")))
    assert sorted(_find(index, "chợ")) == [1, 2]


def test_a_successor_that_was_left_goes_on_where_it_was(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, _text("Chợ đêm")), make_article(2, _text("Chợ hoa")))
    _refill(index, make_article(1, _text("Chợ đêm")), position=2).close()
    again = index.successor(position=9)
    assert (again.position(), again.filled_to()) == (2, 1)
    again.fill([make_article(2, _text("Phố hoa"))], upto=2)
    again.take_over()
    assert sorted(_find(index, None)) == [1, 2]
    assert _find(index, "phố") == [2]


def test_what_breaks_while_filling_leaves_nothing(index: SearchIndex) -> None:
    successor = index.successor(position=1)
    broken = make_article(2, _text("Chợ hoa", section="\ud800"))
    with pytest.raises(UnicodeEncodeError):
        successor.fill([make_article(1, _text("Chợ đêm")), broken], upto=2)
    assert successor.filled_to() == 0
    successor.fill([make_article(1, _text("Chợ đêm"))], upto=1)
    successor.take_over()
    assert _find(index, None) == _find(index, '"chợ đêm"') == [1]


def test_an_index_knows_which_change_of_an_article_it_has(index: SearchIndex, feed: Feed) -> None:
    feed.put(_changed(2, 1), _changed(1, 2), _changed(3, 3))
    feed.put(_changed(2, 4))
    feed.remove(3)
    assert list(index.versions()) == [(1, 2), (2, 4)]
    _refill(index, _changed(1, 2), _changed(2, 4), position=5).take_over()
    assert list(index.versions()) == [(1, 2), (2, 4)]


def _changed(rowid: int, sequence: int) -> Article:
    return dataclasses.replace(make_article(rowid, _text("Tin")), sequence=sequence)


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
            now[rowid] = make_article(rowid, _random_content(chance), chance.choice(["a", "b"]))
            feed.put(now[rowid])
    rebuilt = engine.open(tmp_path / "rebuilt.sqlite3")
    _refill(rebuilt, *(now[rowid] for rowid in sorted(now))).take_over()
    for query in (None, "sông", "sông -hồ", '"hồ sông"~2', "title:hồ OR gió", '"mưa gió"', "~mua"):
        tree = parse(query) if query else None
        for filters in (EVERYTHING, Filters(sources=("a",), since=NOON - timedelta(days=300))):
            for sort in ("newest", "oldest", "relevance"):
                assert index.search(tree, filters, sort=sort, limit=100) == rebuilt.search(
                    tree, filters, sort=sort, limit=100
                )


def _random_content(chance: random.Random) -> Content:
    def some(count: int) -> str:
        return " ".join(chance.choices(["sông", "hồ", "mưa", "gió", "Tô", "Lịch"], k=count))

    dated = chance.random() < 0.9
    return _text(
        some(3),
        lead=some(6),
        section=chance.choice([None, "Xã hội", "Đô thị"]),
        published_at=NOON - timedelta(days=chance.randrange(600)) if dated else None,
    )


# --- order ---------------------------------------------------------------------------------


def _dated(rowid: int, published: datetime | None) -> Article:
    return make_article(rowid, _text("Tin", published_at=published))


def test_newest_comes_first_and_undated_last(index: SearchIndex, feed: Feed) -> None:
    feed.put(
        _dated(1, NOON),
        _dated(2, None),
        _dated(3, NOON + timedelta(seconds=1)),
        _dated(4, NOON - timedelta(days=90)),
    )
    assert _find(index, "tin") == [3, 1, 4, 2]
    assert _find(index, "tin", sort="oldest") == [4, 1, 3, 2]


def test_the_same_moment_in_two_zones_is_the_same_moment(index: SearchIndex, feed: Feed) -> None:
    articles = [_dated(1, NOON), _dated(2, NOON.astimezone(UTC)), _dated(3, NOON)]
    feed.put(*articles)
    by_id = [article.rowid for article in sorted(articles, key=lambda article: article.id)]
    assert _find(index, "tin") == by_id
    assert _find(index, "tin", sort="oldest") == by_id


@pytest.mark.parametrize("count", [40, 1_500])
def test_pages_follow_one_another(index: SearchIndex, feed: Feed, count: int) -> None:
    chance = random.Random(5)
    days = [chance.randrange(400) if chance.random() < 0.95 else None for _ in range(count)]
    articles = [
        _dated(rowid, None if day is None else NOON - timedelta(days=day))
        for rowid, day in enumerate(days, 1)
    ]
    feed.put(*articles)

    def key(article: Article) -> tuple[bool, float, str]:
        published = article.content.published_at
        return published is None, -(published.timestamp() if published else 0), article.id

    newest = [article.rowid for article in sorted(articles, key=key)]
    assert _find(index, None, limit=count + 5) == newest
    paged = [
        rowid for at in range(0, count, 7) for rowid in _find(index, "tin", limit=7, offset=at)
    ]
    assert paged == newest
    assert _find(index, "tin", limit=0) == []
    assert _find(index, "tin", offset=count) == []
    undated = days.count(None)
    oldest = _find(index, "tin", sort="oldest", limit=count)
    assert sorted(oldest) == sorted(newest)
    assert oldest[count - undated :] == newest[count - undated :]
    moments = [day for rowid in oldest if (day := days[rowid - 1]) is not None]
    assert moments == sorted(moments, reverse=True)


def test_relevance_puts_a_title_and_a_rare_word_first(index: SearchIndex, feed: Feed) -> None:
    filler = "một đoạn văn dài kể chuyện phố phường và chợ búa của nhiều người qua nhiều năm"
    feed.put(
        make_article(1, _text("Tin vắn", lead=f"Chợ. {filler}")),
        make_article(2, _text("Chợ hoa")),
        make_article(3, _text("Tin vắn", lead=f"Chợ, cầu Long Biên. {filler}")),
        make_article(4, _text("Chợ đêm", lead=filler, published_at=NOON)),
    )
    by_title = index.search(parse("chợ"), EVERYTHING, sort="relevance")
    assert set(_rowids(by_title)[:2]) == {2, 4}
    by_rarity = index.search(parse("lead:(chợ OR cầu)"), EVERYTHING, sort="relevance")
    assert _rowids(by_rarity)[0] == 3
    for found in (by_title, by_rarity):
        scores = [match.score for match in found.matches]
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] > 0


def test_equal_relevance_comes_newest_first(index: SearchIndex, feed: Feed) -> None:
    feed.put(_dated(1, NOON), _dated(2, NOON + timedelta(days=1)), _dated(3, None))
    assert _find(index, "tin", sort="relevance") == [2, 1, 3]
    assert _find(index, "tin", sort="relevance", limit=1, offset=1) == [1]
    assert _find(index, "-tức", sort="relevance") == [2, 1, 3]
    assert _find(index, None, sort="relevance") == [2, 1, 3]


def test_scores_are_zero_where_the_order_is_by_date(index: SearchIndex, feed: Feed) -> None:
    feed.put(_dated(1, NOON))
    assert [match.score for match in index.search(parse("tin"), EVERYTHING).matches] == [0.0]


# --- filters and facets --------------------------------------------------------------------


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
            make_article(rowid, _text("Tin", section=section, published_at=when), source)
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
    assert set(_rowids(found)) == expected
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
    assert _rowids(found) == [2]
    assert _counts(found, "sources") == {"bao-pho": 1}
    assert _counts(found, "sections") == {"Xã hội": 1, "Đô thị": 1}
    assert _counts(found, "months") == {"2026-08": 1, "2026-07": 1}


def test_facets_follow_a_changed_article(shelf: SearchIndex, feed: Feed) -> None:
    moved = _text("Tin", section="Đô thị", published_at=datetime(2026, 6, 1, tzinfo=HANOI))
    feed.put(make_article(1, moved, "bao-moi"))
    found = shelf.search(None, EVERYTHING)
    assert _counts(found, "sources") == {"tin-song": 3, "bao-pho": 2, "bao-moi": 1}
    assert _counts(found, "sections") == {"Đô thị": 3, "Xã hội": 2}
    assert _counts(found, "months") == {"2026-09": 2, "2026-08": 2, "2026-06": 1}


# --- a whole result ------------------------------------------------------------------------


@pytest.mark.parametrize("count", [30, 1_500])
def test_rowids_are_all_that_a_search_counts_in_its_order(
    index: SearchIndex, feed: Feed, count: int
) -> None:
    chance = random.Random(8)
    feed.put(
        *(
            make_article(rowid, _random_content(chance), chance.choice(["a", "b"]))
            for rowid in range(1, count + 1)
        )
    )
    for query in (None, "sông -hồ", '"mưa gió"', "~mua OR lịch"):
        tree = parse(query) if query else None
        for filters in (EVERYTHING, Filters(sources=("a",), until=NOON - timedelta(days=99))):
            for sort in ("newest", "oldest"):
                found = index.search(tree, filters, sort=sort, limit=count)
                assert list(index.rowids(tree, filters, sort=sort)) == _rowids(found)


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


def test_days_before_1970_are_days(index: SearchIndex, feed: Feed) -> None:
    feed.put(_dated(1, datetime(1954, 10, 10, 0, 30, tzinfo=HANOI)), _dated(2, None))
    assert index.days(parse("tin"), EVERYTHING) == {date(1954, 10, 10): 1, None: 1}
    assert list(index.rowids(None, EVERYTHING)) == [1, 2]


# --- hint ----------------------------------------------------------------------------------


def test_a_hint_counts_what_would_be_found_without_marks(index: SearchIndex, feed: Feed) -> None:
    feed.put(make_article(1, _text("Đồng bằng")), make_article(2, _text("Đông phố")))
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
    feed.put(make_article(1, _text("Đồng bằng")))
    tree = parse(query) if query else None
    assert index.search(tree, EVERYTHING).hint is None


# --- many articles, other processes --------------------------------------------------------


def test_many_small_batches_answer_like_one(index: SearchIndex, feed: Feed) -> None:
    for rowid in range(1, 200):
        feed.put(make_article(rowid, _text(f"Tin số {rowid}", lead="mưa rào " * (rowid % 3))))
    assert index.search(parse('"tin số"'), EVERYTHING).total == 199
    assert _find(index, '"số 77"') == [77]
    assert index.search(parse("mưa"), EVERYTHING).total == 133
    assert index.search(parse('"rào mưa"'), EVERYTHING).total == 66


def test_a_reader_sees_what_another_writer_has_committed(engine: Engine, tmp_path: Path) -> None:
    writer, reader = (engine.open(tmp_path / "index.sqlite3") for _ in range(2))
    feed = Feed(writer)
    assert reader.search(None, EVERYTHING).total == 0
    feed.put(make_article(1, _text("Chợ đêm")))
    assert _find(reader, "chợ") == [1]
    feed.put(make_article(2, _text("Chợ hoa")))
    assert reader.search(parse("chợ"), EVERYTHING).total == 2
    _refill(reader, make_article(1, _text("Chợ đêm")), position=2).take_over()
    assert (writer.position(), _find(writer, "chợ")) == (2, [1])
    feed.put(make_article(3, _text("Chợ mưa")))
    assert sorted(_find(reader, "chợ")) == [1, 3]


def test_a_closed_index_opens_where_it_was(engine: Engine, tmp_path: Path) -> None:
    first = engine.open(tmp_path / "index.sqlite3")
    Feed(first).put(make_article(1, _text("Chợ đêm")))
    first.close()
    second = engine.open(tmp_path / "index.sqlite3")
    assert (second.position(), _find(second, "chợ")) == (1, [1])

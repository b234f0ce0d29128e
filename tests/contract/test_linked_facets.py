"""Every index narrows by officials, posts, bodies and topics alike, and counts them alike."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from hanoiwatch.model import (
    Article,
    BodyLink,
    Content,
    Filters,
    Links,
    Matches,
    Mention,
    OfficialLink,
    SortOrder,
    TopicLink,
)
from hanoiwatch.query import parse
from indexer.search.protocol import SearchIndex
from tests.index_engines import ENGINES, MATCHER, Engine, engine_of
from tests.matcher_index import MatcherIndex
from tests.search_feed import Feed, make_article

SURE, UNSURE = 0.6, 0.59


def _mentions(*confidences: float) -> tuple[Mention, ...]:
    return tuple(
        Mention(field="title", start=0, end=3, text="Tin", rule="made", confidence=confidence)
        for confidence in confidences
    )


def official(name: str, *posts: str, sure: float = SURE) -> OfficialLink:
    return OfficialLink(
        id=name, name=name, post_ids=posts, posts=posts, mentions=_mentions(0.2, sure)
    )


def body(name: str, sure: float = SURE) -> BodyLink:
    return BodyLink(id=name, name=name, mentions=_mentions(sure))


def topic(name: str, sure: float = SURE) -> TopicLink:
    return TopicLink(id=name, name=name, mentions=_mentions(sure))


def linked(rowid: int, *links: OfficialLink | BodyLink | TopicLink, source: str = "a") -> Article:
    content = Content(url=f"https://bao.example/{rowid}", title=f"Tin số {rowid}")
    return dataclasses.replace(
        make_article(rowid, content, source),
        links=Links(
            officials=tuple(one for one in links if isinstance(one, OfficialLink)),
            bodies=tuple(one for one in links if isinstance(one, BodyLink)),
            topics=tuple(one for one in links if isinstance(one, TopicLink)),
        ),
    )


SHELF = (
    linked(1, official("an", "bi-thu"), official("binh", "pho"), body("so-y-te"), topic("ngap")),
    linked(2, official("an", "bi-thu"), topic("ngap"), topic("ban-do"), source="b"),
    linked(3, official("chi", "bi-thu"), body("so-y-te"), body("quan-cu")),
    linked(4, official("an", "pho", sure=UNSURE), body("so-y-te", UNSURE), topic("ngap", UNSURE)),
    linked(5),
)


@pytest.fixture(scope="module", params=[*ENGINES, MATCHER])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    yield from engine_of(request)


@pytest.fixture
def index(engine: Engine, tmp_path: Path) -> SearchIndex:
    opened = engine.open(tmp_path / "index.sqlite3")
    Feed(opened).put(*SHELF)
    return opened


def _found(matches: Matches) -> set[int]:
    return {match.article_rowid for match in matches.matches}


def _counts(matches: Matches, facet: str) -> list[tuple[str, int]]:
    return [(one.id, one.count) for one in matches.facets[facet]]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(officials=("an",)), {1, 2}),
        (Filters(officials=("an", "chi")), {1, 2, 3}),
        (Filters(officials=("khong-ai",)), set()),
        (Filters(posts=("bi-thu",)), {1, 2, 3}),
        (Filters(posts=("pho",)), {1}),
        (Filters(bodies=("so-y-te",)), {1, 3}),
        (Filters(topics=("ngap", "ban-do")), {1, 2}),
        (Filters(officials=("an", "chi"), bodies=("so-y-te",)), {1, 3}),
        (Filters(officials=("an",), topics=("ban-do",)), {2}),
        (Filters(officials=("an",), bodies=("quan-cu",)), set()),
        (Filters(officials=("an",), sources=("b",)), {2}),
    ],
)
def test_names_of_one_kind_are_alternatives_and_all_kinds_must_hold(
    index: SearchIndex, filters: Filters, expected: set[int]
) -> None:
    found = index.search(parse("tin"), filters)
    assert (_found(found), found.total) == (expected, len(expected))
    assert set(index.rowids(None, filters)) == expected
    assert sum(index.days(None, filters).values()) == len(expected)


def test_facets_count_sure_links_once_an_article(index: SearchIndex) -> None:
    found = index.search(parse("tin"), Filters(), limit=1)
    assert _counts(found, "officials") == [("an", 2), ("binh", 1), ("chi", 1)]
    assert _counts(found, "posts") == [("bi-thu", 3), ("pho", 1)]
    assert _counts(found, "bodies") == [("so-y-te", 2), ("quan-cu", 1)]
    assert _counts(found, "topics") == [("ngap", 2), ("ban-do", 1)]


def test_each_facet_of_links_leaves_out_its_own_filter_alone(index: SearchIndex) -> None:
    found = index.search(None, Filters(officials=("an",), topics=("ban-do",)))
    assert _counts(found, "officials") == [("an", 1)]
    assert _counts(found, "topics") == [("ngap", 2), ("ban-do", 1)]
    assert _counts(found, "posts") == [("bi-thu", 1)]
    assert _counts(found, "bodies") == []
    assert _counts(found, "sources") == [("b", 1)]


def test_facets_follow_an_article_that_links_otherwise_now(engine: Engine, tmp_path: Path) -> None:
    index = engine.open(tmp_path / "fed")
    feed = Feed(index)
    feed.put(*SHELF)
    feed.put(linked(1, official("chi", "pho")))
    found = index.search(None, Filters())
    assert _counts(found, "officials") == [("chi", 2), ("an", 1)]
    assert _counts(found, "bodies") == [("quan-cu", 1), ("so-y-te", 1)]
    assert _found(index.search(None, Filters(posts=("pho",)))) == {1}


def test_a_rebuilt_index_has_the_facets_of_one_fed_change_by_change(
    engine: Engine, tmp_path: Path
) -> None:
    """And both those of the matcher, on links drawn at random."""
    chance = random.Random(6)
    articles = [_drawn(chance, rowid) for rowid in range(1, 121)]
    oracle, fed = MatcherIndex(), engine.open(tmp_path / "fed")
    for index in (oracle, fed):
        feed = Feed(index)
        for article in articles:
            feed.put(article)
    again = fed if engine.name == MATCHER else _made_anew(engine.open(tmp_path / "2"), articles)
    for filters in (Filters(), *(_drawn_filters(chance) for _ in range(40))):
        expected = oracle.search(parse("tin"), filters, limit=200)
        for sort in get_args(SortOrder)[:2]:
            wanted = oracle.search(parse("tin"), filters, sort=sort, limit=200)
            assert fed.search(parse("tin"), filters, sort=sort, limit=200) == wanted
            assert again.search(parse("tin"), filters, sort=sort, limit=200) == wanted
        assert expected.facets == again.search(parse("tin"), filters, limit=0).facets


def _made_anew(index: SearchIndex, articles: list[Article]) -> SearchIndex:
    successor = index.successor(position=len(articles))
    successor.fill(articles, upto=len(articles))
    successor.take_over()
    return index


def _drawn(chance: random.Random, rowid: int) -> Article:
    def some(names: str) -> list[str]:
        return chance.sample(list(names), chance.randrange(4))

    sure = (SURE, UNSURE, 1.0)
    return linked(
        rowid,
        *(official(name, *some("pqr"), sure=chance.choice(sure)) for name in some("abcdef")),
        *(body(name, chance.choice(sure)) for name in some("klmno")),
        *(topic(name, chance.choice(sure)) for name in some("xyz")),
        source=chance.choice("uv"),
    )


def _drawn_filters(chance: random.Random) -> Filters:
    def some(names: str) -> tuple[str, ...]:
        return tuple(chance.sample(list(names), chance.choice((0, 0, 1, 2))))

    return Filters(
        officials=some("abcdef"),
        posts=some("pqr"),
        bodies=some("klmno"),
        topics=some("xyz"),
        sources=some("uv"),
    )

"""Who joins which story."""

from __future__ import annotations

from itertools import permutations

from hanoiwatch.model import ArticleId
from indexer.stories.choosing import Teller, joins


def teller(rowid: int, at: str = "2026-11-09", story: str | None = None) -> Teller:
    return Teller(
        rowid=rowid,
        id=ArticleId(f"id{rowid}"),
        at=at,
        first_seen_at=at,
        story_id=ArticleId(story) if story else None,
    )


def test_an_article_alone_joins_nothing() -> None:
    assert joins(teller(1), []) == {}


def test_whoever_was_published_first_founds_the_story_in_whichever_order() -> None:
    tellers = [teller(1, "2026-11-10"), teller(2, "2026-11-09"), teller(3, "2026-11-11")]
    for own, *copies in permutations(tellers):
        assert joins(own, copies) == {1: "id2", 2: "id2", 3: "id2"}


def test_a_story_that_is_there_is_joined_also_by_an_earlier_article() -> None:
    assert joins(teller(1, "2026-11-08"), [teller(2, story="id2")]) == {1: "id2"}


def test_two_stories_stay_two_and_the_copy_most_alike_decides() -> None:
    copies = [teller(2), teller(3, story="id3"), teller(4, story="id4")]
    assert joins(teller(1), copies) == {1: "id3", 2: "id3"}


def test_nobody_leaves_a_story() -> None:
    assert joins(teller(1, story="id9"), [teller(2), teller(3, story="id3")]) == {2: "id9"}

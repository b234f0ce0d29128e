"""A post alone, asked of every post of one seat on every day on which something changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hanoiwatch.registry import load_registry
from hanoiwatch.registry.records import Tenure
from tests.unit.registry.linked import links

DAY = timedelta(days=1)
REGISTRY = load_registry()
SEATS = [post for post in REGISTRY.posts.values() if post.seats == 1]


def tenures(post: str) -> list[Tenure]:
    return [one for each in REGISTRY.officials.values() for one in each.tenures if one.post == post]


def days(held: list[Tenure]) -> set[date]:
    """The first and the last day of each tenure as its dates may mean them, the days beside them,
    and some days between and after."""
    edges = {day for one in held for at in (one.since, one.until, one.seen) if at
             for day in (at.first, at.last)}  # fmt: skip
    between = {first + (last - first) / 2 for first in edges for last in edges if first < last}
    last = REGISTRY.known_until
    return {*(edge + step for edge in edges for step in (-DAY, DAY * 0, DAY)), *between,
            last, last + DAY}  # fmt: skip


def certainly_held(one: Tenure, day: date) -> bool:
    """As the file says it, read anew: begun on a day that has come, ended on none that has."""
    begun = one.since.last <= day or (
        one.seen is not None and one.seen.last <= day and one.since.first <= day
    )
    if one.until is not None:
        return begun and day < one.until.first
    return begun and not (one.ended and (one.seen is None or day > one.seen.last))


def expected(held: list[Tenure], day: date) -> set[str]:
    if day > REGISTRY.known_until:
        return set()
    certain = [one for one in held if certainly_held(one, day)]
    sure = len(certain) == 1 and certain[0].confidence != "low"
    return {certain[0].official} if sure else set()


@pytest.mark.parametrize("post", SEATS, ids=lambda post: post.id)
def test_a_post_alone_is_its_holder_of_the_day_and_nobody_in_a_gap(post) -> None:  # type: ignore[no-untyped-def]
    held = tenures(post.id)
    said = f"Chiều nay, {post.name} kết luận hội nghị."
    for day in sorted(days(held)):
        found = links(said, day.isoformat()).officials
        assert {one.id for one in found} == expected(held, day), (post.id, day)
        assert all(m.rule == "post-alone" for one in found for m in one.mentions)


def test_posts_have_days_with_somebody_and_days_with_nobody() -> None:
    asked = [(bool(expected(tenures(post.id), day))) for post in SEATS
             for day in days(tenures(post.id))]  # fmt: skip
    assert sum(asked) > 200
    assert len(asked) - sum(asked) > 200

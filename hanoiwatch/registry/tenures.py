"""Whether somebody held a post at about the time that an article speaks of."""

from __future__ import annotations

from datetime import date, timedelta

from hanoiwatch.registry.found import PostFound
from hanoiwatch.registry.records import Official, Tenure

AROUND_A_CHANGE = timedelta(days=45)
"""Papers name somebody by a post some weeks before they take it and after they leave it."""


def posts_meant(post: PostFound) -> tuple[str, ...]:
    return (post.post,) if post.post is not None and post.standing != "foreign" else ()


def held(official: Official, post: PostFound, on: date | None) -> bool:
    """Whether the title was this person's at about that day; without a day: ever."""
    return any(
        tenure.post == known and _fits(tenure, post, on)
        for known in posts_meant(post)
        for tenure in official.tenures
    )


def _fits(tenure: Tenure, post: PostFound, on: date | None) -> bool:
    if on is None:
        return True
    return tenure.since.first <= on if post.office == "former" else _about(tenure, on)


def in_office(official: Official, on: date | None) -> bool:
    """Whether they held any post at about that day."""
    return on is None or any(_about(tenure, on) for tenure in official.tenures)


def _about(tenure: Tenure, on: date) -> bool:
    days = (on, on - AROUND_A_CHANGE, on + AROUND_A_CHANGE)
    return any(tenure.held_on(day) != "no" for day in days)

"""What made-up articles link to: as much as articles about the city do, drawn as unevenly."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from hanoiwatch.model import BodyLink, Links, Mention, OfficialLink, TopicLink

OFFICIALS, POSTS, BODIES, TOPICS = 90, 60, 250, 40
"""About as many as the bundled registry has."""
_MENTIONS = 3
"""Of each link."""
_WIDTH = 12


def links_of(number: int) -> Links:
    """Depends on the article's number only."""
    chance = np.random.default_rng((number, 6))
    return Links(
        officials=tuple(map(_official, _some(chance, OFFICIALS, 2))),
        bodies=tuple(
            BodyLink(id=f"body-{one}", name=f"Cơ quan số {one}", mentions=_mentions(one))
            for one in _some(chance, BODIES, 5)
        ),
        topics=tuple(
            TopicLink(id=f"topic-{one}", name=f"Chủ đề số {one}", mentions=_mentions(one))
            for one in _some(chance, TOPICS, 2)
        ),
    )


def _some(chance: np.random.Generator, of: int, mean: int) -> list[int]:
    """By Zipf's law: a few are everywhere."""
    drawn = np.searchsorted(_cumulated(of), chance.random(int(chance.integers(2 * mean + 1))))
    return sorted({min(int(one), of - 1) for one in drawn})


@cache
def _cumulated(of: int) -> npt.NDArray[np.float64]:
    weights = 1 / np.arange(1, of + 1)
    return np.cumsum(weights / weights.sum())


def _official(one: int) -> OfficialLink:
    posts = tuple(f"post-{(one + shift) % POSTS}" for shift in range(1 + one % 2))
    names = tuple(f"Chức vụ {post}" for post in posts)
    return OfficialLink(
        id=f"official-{one}", name=f"Người số {one}", post=names[0], posts=names, post_ids=posts,
        mentions=_mentions(one),
    )  # fmt: skip


def _mentions(one: int) -> tuple[Mention, ...]:
    return tuple(
        Mention(field="text", start=at, end=at + _WIDTH, text="m" * _WIDTH, rule="name-after-post",
                confidence=0.9)
        for at in range(one, one + _MENTIONS * 100, 100)
    )  # fmt: skip

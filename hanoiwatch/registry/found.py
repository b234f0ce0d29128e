"""What reading one field finds before anybody is named: bodies, titles, and all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hanoiwatch.registry.gazetteer import Grade, Hit
from hanoiwatch.registry.spans import Cover
from hanoiwatch.registry.syllables import Syllables

Standing = Literal["ours", "unsure", "foreign"]
"""``unsure``: nothing says that it is Hanoi's, and nothing that it is not."""
Office = Literal["holder", "former", "acting", "fresh", "office", "plural"]
"""What a post stands for: who holds it, who held it, the seat itself …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFound:
    first: int
    end: int
    body: str
    grade: Grade
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFound:
    """A title: words that make a post, with the body that it is of."""

    first: int
    end: int
    head: str
    body: BodyFound | None
    post: str | None
    """The registry's post; None for a title that it does not have, such as a deputy's."""
    office: Office
    standing: Standing
    grade: Grade
    said: str
    """Its words, and the two after them: of which province it is."""


@dataclass(slots=True)
class FieldFound:
    """What stands in one field before anybody is named."""

    text: Syllables
    posts: list[PostFound]
    neutral: list[tuple[int, int]]
    bodies: list[BodyFound]
    people: list[Hit]
    places: Sequence[Hit]
    topics: list[Hit]
    heads: dict[int, int]
    """Where a title's head begins, to where the longest there ends."""
    titled: Cover
    """What is within a post."""
    post_ends: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What place an article is about."""

    hanoi: bool
    """An office's short name means Hanoi's."""
    elsewhere: bool
    """Its title or lead names another place, too."""

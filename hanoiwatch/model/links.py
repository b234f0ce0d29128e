"""What an article links to in the registry, with the words that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MentionField = Literal["title", "lead", "text", "caption"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words of an article that name somebody or something of the registry.

    ``start`` and ``end`` count code points of the field's NFC text; ``item`` says which image a
    caption belongs to, and is 0 elsewhere.
    """

    field: MentionField
    item: int = 0
    start: int
    end: int
    text: str
    rule: str
    """The rule that made the link, for instance ``name-after-post``."""
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialLink:
    """A person of the registry that an article names, with the posts of the article's day."""

    id: str
    name: str
    post: str | None = None
    """The post the article names them by; else the first they held on that day; else None."""
    posts: tuple[str, ...] = ()
    """Names of all posts they held on that day, the highest first."""
    post_ids: tuple[str, ...] = ()
    """Ids of the same posts, in the same order."""
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLink:
    """A body of the registry that an article names: the body of that day."""

    id: str
    name: str
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLink:
    """A topic of the registry that an article is about."""

    id: str
    name: str
    mentions: tuple[Mention, ...] = ()


FACET_CONFIDENCE = 0.6
"""A link counts in facets and filters if one of its mentions is at least so sure."""

LinkKind = Literal["official", "body", "topic"]
NamedKind = Literal["official", "post", "body", "topic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Who, which body, what about: everything of the registry that one article names."""

    officials: tuple[OfficialLink, ...] = ()
    bodies: tuple[BodyLink, ...] = ()
    topics: tuple[TopicLink, ...] = ()

    def counted(self) -> Links:
        """Those that facets and filters count: none that only unsure mentions made."""
        return Links(
            officials=tuple(one for one in self.officials if _is_sure(one.mentions)),
            bodies=tuple(one for one in self.bodies if _is_sure(one.mentions)),
            topics=tuple(one for one in self.topics if _is_sure(one.mentions)),
        )

    def names(self) -> dict[tuple[NamedKind, str], str]:
        """What everything linked to is called, posts too, by kind and id."""
        found: dict[tuple[NamedKind, str], str] = {}
        for official in self.officials:
            found["official", official.id] = official.name
            for post, name in zip(official.post_ids, official.posts, strict=True):
                found["post", post] = name
        found |= {("body", one.id): one.name for one in self.bodies}
        found |= {("topic", one.id): one.name for one in self.topics}
        return found


NO_LINKS = Links()


def _is_sure(mentions: tuple[Mention, ...]) -> bool:
    return any(mention.confidence >= FACET_CONFIDENCE for mention in mentions)

"""Of an article's links only what facets count: a fraction of the time it takes to read them all,
which counts where a whole archive goes through an index."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from hanoiwatch.model import (
    FACET_CONFIDENCE,
    NO_LINKS,
    BodyLink,
    Links,
    Mention,
    OfficialLink,
    TopicLink,
)


class _Mention(msgspec.Struct, gc=False):
    confidence: float


class _Link(msgspec.Struct, gc=False):
    id: str
    mentions: list[_Mention]
    post_ids: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        for mention in self.mentions:  # noqa: SIM110 - `any` takes three times as long
            if mention.confidence >= FACET_CONFIDENCE:
                return True
        return False


class _Links(msgspec.Struct, gc=False):
    officials: list[_Link]
    bodies: list[_Link]
    topics: list[_Link]


_decode = msgspec.json.Decoder(_Links).decode
_SURE = (Mention(field="title", start=0, end=0, text="", rule="", confidence=1.0),)
"""Stands for all mentions of a link that counts."""
_KEPT = 4_096
"""Some times as many as a registry has: articles name the same few again and again."""


def decode_counted(text: str | bytes) -> Links:
    """Those that count, by their ids: without names, and with one mention that says nothing."""
    links = _decode(text)
    officials = [_official(one.id, one.post_ids) for one in links.officials if one.is_sure]
    bodies = [_body(one.id) for one in links.bodies if one.is_sure]
    topics = [_topic(one.id) for one in links.topics if one.is_sure]
    if not (officials or bodies or topics):
        return NO_LINKS
    return Links(officials=tuple(officials), bodies=tuple(bodies), topics=tuple(topics))


@lru_cache(_KEPT)
def _official(name: str, posts: tuple[str, ...]) -> OfficialLink:
    return OfficialLink(id=name, name="", posts=posts, post_ids=posts, mentions=_SURE)


@lru_cache(_KEPT)
def _body(name: str) -> BodyLink:
    return BodyLink(id=name, name="", mentions=_SURE)


@lru_cache(_KEPT)
def _topic(name: str) -> TopicLink:
    return TopicLink(id=name, name="", mentions=_SURE)

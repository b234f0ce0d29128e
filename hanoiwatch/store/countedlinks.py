"""Of an article's links only what facets count: a fraction of the time it takes to read them all,
which counts where a whole archive goes through an index."""

from __future__ import annotations

import msgspec

from hanoiwatch.model import FACET_CONFIDENCE, BodyLink, Links, Mention, OfficialLink, TopicLink


class _Mention(msgspec.Struct):
    confidence: float


class _Link(msgspec.Struct):
    id: str
    mentions: list[_Mention]
    post_ids: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        return any(mention.confidence >= FACET_CONFIDENCE for mention in self.mentions)


class _Links(msgspec.Struct):
    officials: list[_Link]
    bodies: list[_Link]
    topics: list[_Link]


_decode = msgspec.json.Decoder(_Links).decode
_SURE = (Mention(field="title", start=0, end=0, text="", rule="", confidence=1.0),)
"""Stands for all mentions of a link that counts."""


def decode_counted(text: str) -> Links:
    """Those that count, by their ids: without names, and with one mention that says nothing."""
    links = _decode(text)
    return Links(
        officials=tuple(
            OfficialLink(
                id=one.id, name="", posts=one.post_ids, post_ids=one.post_ids, mentions=_SURE
            )
            for one in links.officials
            if one.is_sure
        ),
        bodies=tuple(
            BodyLink(id=one.id, name="", mentions=_SURE) for one in links.bodies if one.is_sure
        ),
        topics=tuple(
            TopicLink(id=one.id, name="", mentions=_SURE) for one in links.topics if one.is_sure
        ),
    )

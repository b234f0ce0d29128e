"""What a registry file may hold, key by key: types and nothing else (`checks` judges values)."""

from __future__ import annotations

from typing import Any

import msgspec

from hanoiwatch.registry.records import BodyKind, Confidence, Gender


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    confidence: Confidence
    sources: tuple[str, ...] = ()
    note: str = ""


class TenureEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    post: str
    since: str = msgspec.field(name="from")
    until: str | None = None
    ended: bool = False
    seen: str | None = None
    confidence: Confidence
    sources: tuple[str, ...] = ()
    note: str = ""


class OfficialEntry(_Entry, frozen=True, kw_only=True):
    name: str
    aliases: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()
    gender: Gender | None = None
    born: str | None = None
    common: bool = False
    elsewhere: tuple[str, ...] = ()
    tenures: tuple[TenureEntry, ...] = ()


class PostEntry(_Entry, frozen=True, kw_only=True):
    name: str
    body: str
    seats: int | None = None
    heads: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


class BodyEntry(_Entry, frozen=True, kw_only=True):
    name: str
    kind: BodyKind
    aliases: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    parent: str | None = None
    since: str | None = msgspec.field(name="from", default=None)
    until: str | None = None
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    code: str | None = None


class NearEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    parts: tuple[str, ...]
    gap: int
    weight: float = 1.0


class TopicEntry(_Entry, frozen=True, kw_only=True):
    name: str
    group: str
    phrases: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    near: tuple[NearEntry, ...] = ()
    abbreviations: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole file, or all of them merged."""

    known_until: str | None = None
    sources: dict[str, str] = {}
    officials: tuple[OfficialEntry, ...] = ()
    posts: tuple[PostEntry, ...] = ()
    bodies: tuple[BodyEntry, ...] = ()
    topics: tuple[TopicEntry, ...] = ()


Tree = dict[str, Any]
"""A file as YAML gives it, its dates as text."""

KINDS = ("officials", "posts", "bodies", "topics")
"""The lists of entries that a file may hold."""

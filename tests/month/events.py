"""What can happen at an outlet, each with its moment. ``article`` is named by its slug."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from hanoiwatch.sample.articles import SampleArticle

CosmeticKind = Literal["counter", "advertisement", "tags", "stamp", "related"]
COSMETICS: tuple[CosmeticKind, ...] = ("counter", "advertisement", "tags", "stamp", "related")
Departure = Literal["404", "410", "to its section"]
DEPARTURES: tuple[Departure, ...] = ("404", "410", "to its section")
WorseKind = Literal["cut", "empty", "challenge", "login", "soft 404", "maintenance"]
WORSE: tuple[WorseKind, ...] = ("cut", "empty", "challenge", "login", "soft 404", "maintenance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at: datetime
    paper: str
    slug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Event):
    article: SampleArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Event):
    """``article`` is how it reads from now on."""

    kind: str
    article: SampleArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched(Event):
    """Cosmetic changes, all at once."""

    kinds: tuple[CosmeticKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed(Event):
    how: Departure


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Worsened(Event):
    how: WorseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended(Event):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reformed(Event):
    """Every address of the paper ends; each article that stands gets a new one."""


def copied(text: SampleArticle, *, slug: str, at: datetime, within: bool) -> SampleArticle:
    """The text as it is reprinted: by another paper that names its source, or by the same paper
    once more."""
    source = None if within else "Báo Thủ đô Mẫu"
    byline = text.byline if within else ()
    return replace(text, slug=slug, published=at, byline=byline, original_source=source)

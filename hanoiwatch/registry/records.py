"""What the registry holds, and what linking proposes to add to it. Frozen, no I/O.

Shaped after FollowTheMoney: an `Official` is a Person, a `Post` a Position, a `Tenure` an
Occupancy, a `Body` a PublicBody. Every fact has its sources and a confidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from hanoiwatch.model import MentionField
from hanoiwatch.registry.partialdate import PartialDate

Confidence = Literal["high", "medium", "low"]
"""``high``: dated sources agree; ``medium``: partly sourced, or a date is an estimate; ``low``:
general knowledge alone. A post by itself is never resolved at ``low``."""

Gender = Literal["male", "female"]
Held = Literal["yes", "maybe", "no"]
"""Whether somebody held a post on a day. ``maybe``: the dates are not known well enough."""

BodyKind = Literal[
    "party", "council", "committee", "office", "department", "agency", "enterprise", "university",
    "police", "military", "court", "procuracy", "front", "union", "media", "steering-committee",
    "district", "ward", "national",
]  # fmt: skip
AREA_KINDS: frozenset[BodyKind] = frozenset({"district", "ward"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """Who held which post, from when until when.

    ``until`` is the first day on which they no longer held it: None while no end is known. With
    ``ended`` it is known that they left, but not when.
    """

    official: str
    post: str
    since: PartialDate
    until: PartialDate | None = None
    ended: bool = False
    seen: PartialDate | None = None
    """A day on which a source shows them in post: from then on, and not before an end, they
    held it for certain."""
    confidence: Confidence
    sources: tuple[str, ...]
    note: str = ""

    def held_on(self, day: date) -> Held:
        """Says nothing about what came after the registry's `known_until`."""
        if day < self.since.first or (self.until and day > self._last_possible):
            return "no"
        if day < self.since.last and not (self.seen and day >= self.seen.last):
            return "maybe"
        if self.until is not None:
            return "yes" if day < self.until.first else "maybe"
        if self.ended and (self.seen is None or day > self.seen.last):
            return "maybe"
        return "yes"

    @property
    def _last_possible(self) -> date:
        assert self.until is not None
        if self.until.is_day:
            return date.fromordinal(self.until.first.toordinal() - 1)
        return self.until.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A person who holds or held a post of Hanoi."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    """Other spellings of the whole name."""
    misspellings: tuple[str, ...] = ()
    """Seen in the press by mistake; believed only beside a post that they hold."""
    gender: Gender | None = None
    born: PartialDate | None = None
    common: bool = False
    """Others who are in the news have this name: it needs a post or a body of theirs beside it."""
    elsewhere: tuple[str, ...] = ()
    """Posts outside Hanoi by which the press names the same person."""
    confidence: Confidence
    sources: tuple[str, ...]
    note: str = ""
    tenures: tuple[Tenure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A position of a body, held by one person or by several."""

    id: str
    name: str
    body: str
    seats: int | None = None
    """None: several, how many is not fixed."""
    heads: tuple[str, ...] = ()
    """The words that make the post when they stand before a name of its body."""
    phrases: tuple[str, ...] = ()
    """Further ways to say the whole post."""
    rank: int = 0
    """Its place in the file: the lower, the higher the post."""
    confidence: Confidence
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An organisation, or the authorities of a district or ward."""

    id: str
    name: str
    kind: BodyKind
    aliases: tuple[str, ...] = ()
    """Names that mean it wherever they are read."""
    short: tuple[str, ...] = ()
    """Names that mean it in an article about Hanoi; ``{tp}`` where the city must be named."""
    parent: str | None = None
    since: PartialDate | None = None
    until: PartialDate | None = None
    """The first day on which it was no more."""
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    code: str | None = None
    """Of the statistics office, for districts and wards."""
    confidence: Confidence
    sources: tuple[str, ...]
    note: str = ""

    @property
    def of_hanoi(self) -> bool:
        return self.kind != "national"


LIKELY_PHRASE, WEAK_PHRASE = 0.7, 0.4
"""Weights of phrases that say less than one of weight 1, which makes a topic wherever a note
begins. A likely one does so from a headline alone, else beside another of any kind; a weak one
never without another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words in order within one sentence: the parts, each whole, at most ``gap`` words between."""

    parts: tuple[str, ...]
    gap: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What an article may be about, and the phrases that say so."""

    id: str
    name: str
    group: str
    phrases: tuple[Phrase, ...] = ()
    exclude: tuple[str, ...] = ()
    """A phrase within one of these says nothing about the topic."""
    beside: tuple[str, ...] = ()
    """An article that holds none of these is not about it; empty: any may be."""
    confidence: Confidence
    sources: tuple[str, ...]
    note: str = ""


# --- what linking proposes ------------------------------------------------------------------

ChangeKind = Literal["appointed", "elected", "removed", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where words stand in an article: code points of the field's NFC text."""

    field: MentionField
    item: int = 0
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownName:
    """A person named by a post of Hanoi whom the registry lacks."""

    name: str
    post: str
    """In the article's words."""
    post_id: str | None
    """The registry's post, where it is one of them."""
    body_id: str
    surfaces: tuple[str, ...]
    """Every spelling of the name in the article, the first first."""
    places: tuple[Place, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedChange:
    """A sentence that says that somebody takes or leaves a post. Never applied by itself."""

    name: str
    official_id: str | None
    """None: a person whom the registry lacks."""
    post: str
    post_id: str | None
    body_id: str | None
    kind: ChangeKind
    on: PartialDate | None
    """As the sentence states it, else the article's day; None where neither is known."""
    on_is_stated: bool
    sentence: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one article adds to the review queue."""

    unknown: tuple[UnknownName, ...] = ()
    changes: tuple[ProposedChange, ...] = field(default=())

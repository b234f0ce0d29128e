"""Links an article to the registry: its officials, bodies and topics, each with its words.

The rules and their order are told in docs/explanation/linking.md; why they are rules and no model
in docs/decisions/0019-linking-by-rules-on-a-trie-of-syllables.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hanoiwatch.model import (
    BodyLink,
    Content,
    Links,
    Mention,
    MentionField,
    OfficialLink,
    TopicLink,
)
from hanoiwatch.registry.binding import LINKED_FROM, Binder, Bound
from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.changes import find_changes, find_unknown
from hanoiwatch.registry.found import About, BodyFound, FieldFound
from hanoiwatch.registry.gazetteer import Gazetteer, Hit
from hanoiwatch.registry.nearby import names_hanoi
from hanoiwatch.registry.offices import OfficeReader
from hanoiwatch.registry.records import AREA_KINDS, Body, Findings
from hanoiwatch.registry.subjects import Said, TopicField, topic_confidence, topics_said
from hanoiwatch.registry.syllables import Syllables, syllables

FACET_THRESHOLD = LINKED_FROM
"""Every link has at least this confidence, and so counts in facets."""
_DATELINE_WORDS, _OPENING_WORDS = 12, 60
"""Where Hà Nội stands among so many first words of the text, with a lead and without one, the
article is about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of an article besides its content."""

    source_is_of_hanoi: bool
    on: date | None
    """The day it speaks of: Hanoi's day of publication, else of its first sight."""
    day_is_exact: bool = True


@dataclass(frozen=True, slots=True)
class _Field:
    kind: MentionField
    item: int
    text: Syllables
    found: FieldFound


@dataclass(frozen=True, slots=True)
class _Read:
    """An article that has been read once: everything further is drawn from it."""

    fields: list[_Field]
    binder: Binder
    bound: list[Bound]


class Linker:
    """Finds what articles name of one registry. Keeps nothing between articles."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._gazetteer = gazetteer_of(registry)

    def link(
        self, content: Content, *, source_is_of_hanoi: bool, on: date | None,
        day_is_exact: bool = True,
    ) -> Links:  # fmt: skip
        """Everything of the registry that the article names, in reading order.

        ``on`` is the day whose posts count; None: no post is resolved by itself. With
        ``day_is_exact`` False it is only known that the article is no younger.
        """
        seen = Circumstances(
            source_is_of_hanoi=source_is_of_hanoi, on=on, day_is_exact=day_is_exact
        )
        return self._links(self._read(content, seen))

    def unknown(
        self, content: Content, *, source_is_of_hanoi: bool, on: date | None,
        day_is_exact: bool = True,
    ) -> Findings:  # fmt: skip
        """Names with a post of Hanoi that the registry lacks, and changes that sentences state."""
        seen = Circumstances(
            source_is_of_hanoi=source_is_of_hanoi, on=on, day_is_exact=day_is_exact
        )
        return self._findings(self._read(content, seen))

    def link_and_find(self, content: Content, seen: Circumstances) -> tuple[Links, Findings]:
        """`link` and `unknown` of one reading: half the work of both."""
        read = self._read(content, seen)
        return self._links(read), self._findings(read)

    def _links(self, read: _Read) -> Links:
        on = read.binder.on
        return Links(
            officials=self._officials(read, on),
            bodies=self._bodies(read, on),
            topics=self._topics(read),
        )

    def _findings(self, read: _Read) -> Findings:
        places = [(one.kind, one.item) for one in read.fields]
        return Findings(
            unknown=find_unknown(self.registry, read.binder, places),
            changes=find_changes(self.registry, read.binder, read.bound, places),
        )

    def _read(self, content: Content, seen: Circumstances) -> _Read:
        texts = [(kind, item, syllables(said)) for kind, item, said in fields_of(content)]
        hits = [self._gazetteer.scan(text) for _, _, text in texts]
        about = about_what(texts, hits, of_hanoi=seen.source_is_of_hanoi)
        reader = OfficeReader(self.registry, self._gazetteer, about)
        binder = Binder(self.registry, seen.on, seen.day_is_exact, about.hanoi)
        fields = []
        for (kind, item, text), there in zip(texts, hits, strict=True):
            found = reader.read(text, there)
            binder.add(found)
            fields.append(_Field(kind, item, text, found))
        return _Read(fields, binder, binder.bind())

    # --- officials ---------------------------------------------------------------------------

    def _officials(self, read: _Read, on: date | None) -> tuple[OfficialLink, ...]:
        by_official: dict[str, list[Bound]] = defaultdict(list)
        for bound in read.bound:
            by_official[bound.official].append(bound)
        return tuple(self._official(read, one, bound, on) for one, bound in by_official.items())

    def _official(self, read: _Read, who: str, bound: list[Bound], on: date | None) -> OfficialLink:
        posts = self.registry.posts
        named = [one.post for one in bound if one.post is not None]
        held = [tenure.post for tenure in self._held(who, on)]
        named_now = [post for post in named if post in held or self._is_unknown_now(on)]
        every = sorted({*held, *named_now}, key=lambda post: posts[post].rank)
        post = named[0] if named else every[0] if every else None
        return OfficialLink(
            id=who,
            name=self.registry.officials[who].name,
            post=posts[post].name if post else None,
            posts=tuple(posts[one].name for one in every),
            post_ids=tuple(every),
            mentions=tuple(
                _mention(read.fields[one.field_number], one.first, one.end, one.rule,
                         one.confidence) for one in bound
            ),
        )  # fmt: skip

    def _held(self, who: str, on: date | None) -> list:  # type: ignore[type-arg]
        if on is None:
            return []
        held = self.registry.posts_of(who, on)
        if on <= self.registry.known_until:
            return list(held)
        return [tenure for tenure in held if tenure.until is not None]

    def _is_unknown_now(self, on: date | None) -> bool:
        return on is None or on > self.registry.known_until

    # --- bodies ------------------------------------------------------------------------------

    def _bodies(self, read: _Read, on: date | None) -> tuple[BodyLink, ...]:
        mentions: dict[str, list[Mention]] = defaultdict(list)
        for number, one in enumerate(read.fields):
            confirmed = _confirmed(number, read)
            for found in one.found.bodies:
                confidence = self._body_confidence(
                    found, on, confirmed=(found.first, found.end) in confirmed
                )
                if confidence >= FACET_THRESHOLD:
                    rule = f"body-{found.grade}"
                    mention = _mention(one, found.first, found.end, rule, confidence)
                    mentions[found.body].append(mention)
        bodies = self.registry.bodies
        return tuple(
            BodyLink(id=body, name=bodies[body].name, mentions=tuple(said))
            for body, said in mentions.items()
        )

    def _body_confidence(self, found: BodyFound, on: date | None, *, confirmed: bool) -> float:
        if found.standing == "foreign" or (found.standing == "unsure" and not confirmed):
            return 0.0
        body = self.registry.bodies[found.body]
        if not _there(body, on):
            return 0.0
        confidence = {"explicit": 0.97, "local": 0.88, "weak": 0.7}[found.grade]
        return 0.9 if confirmed and found.grade != "explicit" else confidence

    # --- topics ------------------------------------------------------------------------------

    def _topics(self, read: _Read) -> tuple[TopicLink, ...]:
        fields = [
            TopicField(
                one.kind, one.text, one.found.topics,
                self._titles(one.found),
                opens=one.kind == "text" and not any(
                    len(each.text) for each in read.fields if each.kind == "lead"
                ),
            )
            for one in read.fields
        ]  # fmt: skip
        said = topics_said(self.registry, fields)
        length = sum(len(one.text) for one in read.fields)
        return tuple(
            self._topic(read, topic, found, length)
            for topic, found in sorted(said.items(), key=lambda each: _first(each[1]))
        )

    def _titles(self, found: FieldFound) -> list[tuple[int, int]]:
        """Titles of people, and districts and wards, of which some are named like a sight.

        A steering committee is named for what it is about.
        """
        known = self.registry.bodies
        return [
            (post.first, post.end)
            for post in found.posts
            if post.body is None or known[post.body.body].kind != "steering-committee"
        ] + [(one.first, one.end) for one in found.bodies if known[one.body].kind in AREA_KINDS]

    def _topic(self, read: _Read, topic: str, found: list[Said], length: int) -> TopicLink:
        sure = topic_confidence(found, length)
        ordered = sorted(found, key=lambda one: (one.field_number, one.first))
        return TopicLink(
            id=topic,
            name=self.registry.topics[topic].name,
            mentions=tuple(
                _mention(read.fields[one.field_number], one.first, one.end, "phrase", sure)
                for one in ordered
            ),
        )


def _first(said: list[Said]) -> tuple[int, int]:
    return min((one.field_number, one.first) for one in said)


@lru_cache(maxsize=4)
def gazetteer_of(registry: Registry) -> Gazetteer:
    """The registry made ready; once per process and registry."""
    return Gazetteer(registry)


def fields_of(content: Content) -> Iterable[tuple[MentionField, int, str]]:
    """What is linked from: never bylines, credits, sources or tags."""
    yield "title", 0, content.title
    yield "lead", 0, content.lead
    yield "text", 0, content.text
    for number, image in enumerate(content.images):
        yield "caption", number, image.caption


def about_what(
    texts: list[tuple[MentionField, int, Syllables]], hits: list[list[Hit]], *, of_hanoi: bool
) -> About:
    """Whether an office's short name in the article means Hanoi's.

    Its source is of Hanoi, or Hanoi is named in title, lead or dateline; and title and lead do
    not name another province alone.
    """
    heads = [text for kind, _, text in texts if kind in ("title", "lead")]
    has_lead = any(len(text) for kind, _, text in texts if kind == "lead")
    opening = [_opening(text, has_lead=has_lead) for kind, _, text in texts if kind == "text"]
    elsewhere = any(
        hit.meaning.kind == "place"
        for (kind, _, _), there in zip(texts, hits, strict=True)
        if kind in ("title", "lead")
        for hit in there
    )
    named = any(names_hanoi(text.words) for text in heads) or any(map(names_hanoi, opening))
    return About(hanoi=named or (of_hanoi and not elsewhere), elsewhere=elsewhere)


def _opening(text: Syllables, *, has_lead: bool) -> list[str]:
    """The dateline; without a lead the first paragraph, which then is one."""
    if has_lead:
        return text.words[:_DATELINE_WORDS]
    end = text.text.find("\n")
    count = sum(start < end for start in text.starts) if end >= 0 else len(text)
    return text.words[: min(count, _OPENING_WORDS)]


def _there(body: Body, on: date | None) -> bool:
    """Whether a name can mean the body on that day: it is there, or it was once.

    A ward of before July 2025 had other bounds than the one of its name today: it is another.
    """
    if on is None:
        return body.kind != "ward"
    if body.since is None or on >= body.since.first:
        return True
    return body.kind not in AREA_KINDS and (body.since.first - on).days <= _PLANNED_DAYS


_PLANNED_DAYS = 365
"""So long before it is made a body is written about by its name."""


def _confirmed(number: int, read: _Read) -> set[tuple[int, int]]:
    """Bodies of titles that stand beside the name of who held them."""
    firsts = {one.first for one in read.bound if one.field_number == number and one.post}
    names = [name for name in read.binder.fields[number].names if name.first in firsts]
    bodies = (post.body for name in names for post in name.posts if post.body is not None)
    return {(body.first, body.end) for body in bodies}


def _mention(one: _Field, first: int, end: int, rule: str, confidence: float) -> Mention:
    start, stop = one.text.starts[first], one.text.ends[end - 1]
    return Mention(
        field=one.kind, item=one.item, start=start, end=stop, text=one.text.text[start:stop],
        rule=rule, confidence=confidence,
    )  # fmt: skip

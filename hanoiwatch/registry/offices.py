"""Bodies, districts and posts of one field, each told apart from its namesakes.

"Thành ủy" is Hanoi's only in an article about Hanoi, with no other province near; "UBND" is the
city's or a ward's by what stands after it; "Chủ tịch UBND thành phố Hải Phòng" is nobody of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.gazetteer import Gazetteer, Grade, Hit
from hanoiwatch.registry.nearby import (
    area_end,
    before,
    follows,
    hanoi_in_sentence,
    is_place,
    level_follows,
    level_in_sentence,
    place_follows,
    place_near,
    said,
)
from hanoiwatch.registry.records import AREA_KINDS
from hanoiwatch.registry.spans import Around, Cover
from hanoiwatch.registry.syllables import Syllables
from hanoiwatch.registry.vocabulary import vocabulary

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


class OfficeReader:
    """Reads fields one after the other: what was said before decides what a short name means."""

    def __init__(self, registry: Registry, gazetteer: Gazetteer, *, about_hanoi: bool) -> None:
        self._registry = registry
        self._gazetteer = gazetteer
        self._about = about_hanoi
        self._said_elsewhere: set[str] = set()
        """Bodies whose short name last meant another province's."""
        self._last_level: str | None = None
        self._post_of = gazetteer.posts_by_head

    def read(self, text: Syllables, hits: list[Hit]) -> FieldFound:
        by_kind: dict[str, list[Hit]] = {}
        for hit in hits:
            by_kind.setdefault(hit.meaning.kind, []).append(hit)
        places = Around([hit for hit in by_kind.get("place", ()) if is_place(text, hit)])
        heads: dict[int, int] = {}
        for hit in by_kind.get("head", ()):
            heads[hit.first] = max(heads.get(hit.first, 0), hit.end)
        pairs, alone = _choose(text, by_kind, self._post_of)
        paired = [body for _, body in pairs]
        alone = [hit for hit in alone if _may_be_body(text, hit, self._registry)]
        bodies = self._bodies(text, paired + alone, places)
        posts = self._posts(text, pairs, bodies)
        posts += self._phrase_posts(text, by_kind.get("post", ()), posts, places)
        posts += _roving_posts(text, by_kind.get("roving", ()), posts)
        titled = Cover((post.first, post.end) for post in posts)
        neutral = [
            (hit.first, hit.end)
            for hit in _longest(by_kind.get("neutral", ()))
            if hit.first not in titled
        ]
        return FieldFound(
            text=text,
            posts=sorted(posts, key=lambda post: post.first),
            neutral=neutral,
            bodies=sorted(bodies.values(), key=lambda body: body.first),
            people=by_kind.get("person", []),
            places=places.between(0, len(text)),
            topics=by_kind.get("topic", []) + by_kind.get("exclude", []),
            heads=heads,
            titled=titled,
            post_ends=frozenset(post.end for post in posts),
        )

    # --- bodies ----------------------------------------------------------------------------

    def _bodies(
        self, text: Syllables, hits: Iterable[Hit], places: Around
    ) -> dict[tuple[int, int], BodyFound]:
        ordered = sorted(hits, key=lambda hit: hit.first)
        found: dict[tuple[int, int], BodyFound] = {}
        for hit in ordered:
            if hit.meaning.grade != "weak":
                found[hit.first, hit.end] = self._body(text, hit, places)
                self._add_row(text, hit, found)
        by_first = {first: body for (first, _), body in found.items()}
        for hit in reversed([hit for hit in ordered if hit.meaning.grade == "weak"]):
            body = self._weak_body(text, hit, by_first, places)
            found[hit.first, hit.end] = by_first[hit.first] = body
        return found

    def _add_row(self, text: Syllables, hit: Hit, found: dict[tuple[int, int], BodyFound]) -> None:
        """The further names of ``các phường Hoàn Kiếm, Cửa Nam và Ngọc Hà``."""
        names = self._gazetteer.area_names(hit)
        one, at = found[hit.first, hit.end], hit.end
        while names and at < len(text) and text.sentence[at] == text.sentence[hit.first]:
            start = at + 1 if text.words[at] == "và" else at
            allowed = ("", ",") if start > at else (",",)
            end = area_end(text, start, names)
            if text.gap(at).strip() not in allowed or end is None:
                return
            body = names[tuple(text.words[start:end])]
            found[start, end] = replace(one, first=start, end=end, body=body)
            at = end

    def _body(self, text: Syllables, hit: Hit, places: Around) -> BodyFound:
        standing = self._standing(text, hit, places)
        body, area = hit.meaning.id, hit.meaning.kind == "area"
        if body in _LEVELLED or area:
            self._last_level = "foreign" if standing == "foreign" else "area" if area else "city"
        if standing == "foreign":
            self._said_elsewhere.add(body)
        elif hit.meaning.grade == "explicit":
            self._said_elsewhere.discard(body)
        return BodyFound(
            first=hit.first, end=hit.end, body=body, grade=hit.meaning.grade, standing=standing
        )

    def _standing(self, text: Syllables, hit: Hit, places: Around) -> Standing:
        if place_follows(text, hit.end, places):
            return "foreign"
        if hit.meaning.grade == "explicit":
            return "ours"
        if level_follows(text, hit.end):
            return "foreign"
        if place_near(text, hit, places):
            return "unsure"
        if self._about or hanoi_in_sentence(text, hit):
            return "unsure" if hit.meaning.id in self._said_elsewhere else "ours"
        return "unsure"

    def _weak_body(
        self, text: Syllables, hit: Hit, by_first: dict[int, BodyFound], places: Around
    ) -> BodyFound:  # fmt: skip
        """ "UBND" by itself: what the next office in the same row is of, else the city's."""
        body, grade = hit.meaning.id, hit.meaning.grade
        standing: Standing = "unsure"
        following = _next_in_row(text, hit.end, by_first)
        if following is not None and following.standing == "foreign":
            standing = "foreign"
        elif following is not None:
            is_area = self._registry.bodies[following.body].kind in AREA_KINDS
            body = following.body if is_area else body
            grade, standing = following.grade, following.standing
        elif place_follows(text, hit.end, places) or level_follows(text, hit.end):
            standing = "foreign"
        elif text.words[max(hit.first - 2, 0) : hit.first] == ["đại", "biểu"]:
            standing = "foreign"  # of which council, nothing says
        elif self._about and self._last_level in (None, "city"):
            near = place_near(text, hit, places) or level_in_sentence(text, hit)
            standing = "unsure" if near else "ours"
        return BodyFound(first=hit.first, end=hit.end, body=body, grade=grade, standing=standing)

    # --- posts -----------------------------------------------------------------------------

    def _posts(
        self, text: Syllables, pairs: list[tuple[Hit, Hit]],
        bodies: dict[tuple[int, int], BodyFound],
    ) -> list[PostFound]:  # fmt: skip
        found = []
        for head, hit in pairs:
            body = bodies.get((hit.first, hit.end))
            if body is None:
                continue
            known = self._registry.bodies[body.body]
            is_area = known.kind in AREA_KINDS
            standing = body.standing if known.of_hanoi else "foreign"
            post = None if is_area else self._post_of.get((head.meaning.id, body.body))
            found.append(PostFound(
                first=head.first,
                end=hit.end,
                head=head.meaning.id,
                body=body,
                post=post,
                office=_office(text, head.first, hit.end),
                standing=standing,
                grade=body.grade,
                said=said(text, head.first, hit.end),
            ))  # fmt: skip
        return found

    def _phrase_posts(
        self, text: Syllables, hits: Iterable[Hit], taken: list[PostFound], places: Around
    ) -> list[PostFound]:
        found = []
        titled = Cover((post.first, post.end) for post in taken)
        for hit in _longest(hits):
            if hit.first in titled:
                continue
            before = text.words[hit.first - 1] if hit.first else ""
            if before == "phó":
                continue
            found.append(PostFound(
                first=hit.first,
                end=hit.end,
                head=" ".join(text.words[hit.first : hit.end]),
                body=None,
                post=hit.meaning.id,
                office=_office(text, hit.first, hit.end),
                standing=self._standing(text, hit, places),
                grade=hit.meaning.grade,
                said=said(text, hit.first, hit.end),
            ))  # fmt: skip
        return found


def _roving_posts(text: Syllables, hits: Iterable[Hit], taken: list[PostFound]) -> list[PostFound]:
    titled = Cover((post.first, post.end) for post in taken)
    return [
        PostFound(
            first=hit.first, end=hit.end, head=hit.meaning.id, body=None, post=None,
            office=_office(text, hit.first, hit.end), standing="unsure", grade="weak",
            said=said(text, hit.first, hit.end),
        )
        for hit in _longest(hits)
        if hit.first not in titled
    ]  # fmt: skip


_LEVELLED = frozenset({"ubnd", "hdnd", "thanh-uy"})
"""Bodies of which every level of the state has one."""


def _choose(
    text: Syllables, by_kind: dict[str, list[Hit]], post_of: dict[tuple[str, str], str]
) -> tuple[list[tuple[Hit, Hit]], list[Hit]]:
    """Titles as (head, body), and the bodies outside them; the longest reading of each place."""
    offices = by_kind.get("body", []) + by_kind.get("area", [])
    by_first: dict[int, list[Hit]] = {}
    for hit in offices:
        by_first.setdefault(hit.first, []).append(hit)
    pairs = [
        (head, body)
        for head in by_kind.get("head", ())
        if head.end in by_first and text.plain(head.end)
        for body in by_first[head.end]
    ]

    def better(pair: tuple[Hit, Hit]) -> tuple[int, int, bool, int]:
        head, body = pair
        known = (head.meaning.id, body.meaning.id) in post_of
        return head.first, -body.end, not known, head.end

    titles: list[tuple[Hit, Hit]] = []
    taken = -1
    for head, body in sorted(pairs, key=better):
        if head.first >= taken:
            titles.append((head, body))
            taken = body.end
    covered = Cover((head.first, body.end) for head, body in titles)
    free = [hit for hit in offices if not covered.touches(hit.first, hit.end)]
    return titles, _longest(free)


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """The leftmost, of these the longest, none over another."""
    chosen: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.first, -hit.end)):
        if not chosen or hit.first >= chosen[-1].end:
            chosen.append(hit)
    return chosen


_NO_OFFICE_BEFORE = frozenset({"cơ", "trụ", "công", "hội", "văn"})
_SMALL_WORDS = (("thành", "ủy"),)
_LONG_ENOUGH = 4


def _may_be_body(text: Syllables, hit: Hit, registry: Registry) -> bool:
    """A name begins with a capital; "cơ sở y tế" is none."""
    first, words = hit.first, tuple(text.words[hit.first : hit.end])
    if hit.meaning.kind == "area":
        return True
    if words[0] == "sở" and first and text.words[first - 1] in _NO_OFFICE_BEFORE:
        return False
    if words == ("thành", "ủy") and text.words[hit.end : hit.end + 1] == ["viên"]:
        return False
    if registry.bodies[hit.meaning.id].kind == "national":
        return _may_be_national(text, hit)
    if text.capital(first) or (words[0] == "sở" and text.capital(first + 1)):
        return True
    long = len(words) >= _LONG_ENOUGH and hit.meaning.grade == "explicit"
    return long or words[:2] in _SMALL_WORDS


_OTHER_STATES = frozenset({"chính phủ", "quốc hội", "bộ nội vụ"})
_NOT_GOVERNMENT = frozenset({"điện", "số", "các"})


def _may_be_national(text: Syllables, hit: Hit) -> bool:
    if not text.capital(hit.first):
        return False
    if " ".join(text.words[hit.first : hit.end]) not in _OTHER_STATES or hit.end >= len(text):
        return True
    after = text.words[hit.end]
    if not text.plain(hit.end):
        return True
    abroad = text.capital(hit.end) and after not in vocabulary().surnames
    return after not in _NOT_GOVERNMENT and not abroad


_ROW_GAPS = frozenset({"", ",", "-", "–", "—", "/", ";"})
_ROW_WORDS = (["và"], ["cùng"])


def _next_in_row(text: Syllables, end: int, by_first: dict[int, BodyFound]) -> BodyFound | None:
    """The office that follows in the same row: HĐND, UBND thành phố."""
    if end >= len(text):
        return None
    at = end
    if text.words[end : end + 1] in _ROW_WORDS:
        at = end + 1
    elif text.gap(end).strip() == "":
        return None
    for start in range(at, min(at + 6, len(text))):
        if text.gap(start).strip() not in _ROW_GAPS:
            return None
        if start in by_first:
            return by_first[start]
        if start - at >= _HEAD_ROOM:
            return None
    return None


_HEAD_ROOM = 4
"""A title's head may stand between: Chủ tịch HĐND, Chủ tịch UBND thành phố."""


def _office(text: Syllables, first: int, end: int) -> Office:
    """What the words around a post make of it."""
    known = vocabulary()
    one, two = before(text, first, 1), before(text, first, 2)
    if {one, two} & known.former:
        return "former"
    if one in known.acting:
        return "acting"
    if one in known.fresh:
        return "fresh"
    if one in known.office or two in known.office:
        return "office"
    if one in known.plural or two in known.plural:
        return "plural"
    return "office" if any(follows(text, end, said) for said in known.office_after) else "holder"

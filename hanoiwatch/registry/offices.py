"""Bodies, districts and posts of one field, each told apart from its namesakes.

"Thành ủy" is Hanoi's only in an article about Hanoi, with no other province near; "UBND" is the
city's or a ward's by what stands after it; "Chủ tịch UBND thành phố Hải Phòng" is nobody of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.briefly import KindsSaid
from hanoiwatch.registry.found import About, BodyFound, FieldFound, Office, PostFound, Standing
from hanoiwatch.registry.gazetteer import Gazetteer, Hit, Meaning
from hanoiwatch.registry.nearby import (
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
from hanoiwatch.registry.rows import Named, areas_after, of_one_kind, shares_end
from hanoiwatch.registry.spans import Around, Cover
from hanoiwatch.registry.syllables import Syllables
from hanoiwatch.registry.vocabulary import vocabulary
from hanoiwatch.registry.wording import may_be_body


class OfficeReader:
    """Reads fields one after the other: what was said before decides what a short name means."""

    def __init__(self, registry: Registry, gazetteer: Gazetteer, about: About) -> None:
        self._registry = registry
        self._gazetteer = gazetteer
        self._about = about.hanoi
        self._elsewhere = about.elsewhere
        self._said_elsewhere: dict[str, tuple[Syllables, int]] = {}
        """Bodies whose short name last meant another province's, and where."""
        self._last_elsewhere = False
        """The office before was another province's."""
        self._kinds = KindsSaid()
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
        alone = [hit for hit in alone if may_be_body(text, hit, self._registry)]
        bodies = self._bodies(text, paired + alone, places)
        within = Cover((hit.first, hit.end) for hit in by_kind.get("neutral", ()))
        stems = [hit for hit in by_kind.get("stem", ()) if hit.first not in within]
        self._add_rows(text, stems, bodies, places)
        posts = self._posts(text, pairs, bodies)
        posts += self._phrase_posts(text, by_kind.get("post", ()), posts, places)
        posts += _roving_posts(text, by_kind.get("roving", ()), posts)
        titled = Cover((post.first, post.end) for post in posts)
        briefs = self._kinds.read(text, by_kind.get("head", ()), list(bodies.values()), titled)
        posts += [self._post(text, one.head, one.body, one.end) for one in briefs if one.body]
        titled = Cover((post.first, post.end) for post in posts)
        neutral = [
            (hit.first, hit.end)
            for hit in _longest(by_kind.get("neutral", ()))
            if hit.first not in titled
        ] + [(one.first, one.end) for one in briefs if one.body is None]
        return FieldFound(
            text=text,
            posts=sorted(posts, key=lambda post: post.first),
            neutral=neutral,
            bodies=sorted(bodies.values(), key=lambda body: body.first),
            people=by_kind.get("person", []),
            places=places.between(0, len(text)),
            topics=[
                hit for kind in ("topic", "exclude", "beside") for hit in by_kind.get(kind, ())
            ],
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
        last: BodyFound | None = None
        for hit in ordered:
            if hit.meaning.grade != "weak":
                last = found[hit.first, hit.end] = self._body(text, hit, places, last)
                for first, end, area in areas_after(text, hit, self._gazetteer.area_names(hit)):
                    found[first, end] = replace(last, first=first, end=end, body=area)
        by_first = {first: body for (first, _), body in found.items()}
        for hit in reversed([hit for hit in ordered if hit.meaning.grade == "weak"]):
            body = self._weak_body(text, hit, by_first, places)
            found[hit.first, hit.end] = by_first[hit.first] = body
        return found

    def _add_rows(
        self, text: Syllables, stems: Sequence[Hit], found: dict[tuple[int, int], BodyFound],
        places: Around,
    ) -> None:  # fmt: skip
        """The bodies of rows of which another one says the rest."""
        for row in of_one_kind(text, "ban", self._gazetteer.boards):
            _add_boards(row, found)
        taken = Cover(found)
        for row in of_one_kind(text, "sở", self._gazetteer.departments):
            last = Hit(*row[-1][:2], Meaning("body", row[-1][2], "local"))
            far = self._standing(text, last, places) == "foreign"
            for first, end, body in row:
                if not taken.touches(first, end):
                    hit = Hit(first, end, Meaning("body", body, "local"))
                    standing = "foreign" if far else self._standing(text, hit, places)
                    found[first, end] = BodyFound(
                        first=first, end=end, body=body, grade="local", standing=standing
                    )
        self._add_stems(
            text, [hit for hit in stems if not taken.touches(hit.first, hit.end)], found
        )

    def _add_stems(
        self, text: Syllables, stems: Iterable[Hit], found: dict[tuple[int, int], BodyFound]
    ) -> None:
        """From the last of a row to its first: each leaves out what the next one says."""
        by_first = {body.first: body for body in found.values()}
        ends = {body.first: body.end for body in found.values()}
        for hit in sorted(stems, key=lambda hit: (-hit.first, -hit.end)):
            last = _next_in_row(text, hit.end, by_first)
            if last is None or last.grade == "weak" or not text.capital(hit.first):
                continue
            end = ends[last.first]
            if shares_end(text, hit.meaning.id, end, last.body, self._gazetteer):
                one = replace(last, first=hit.first, end=hit.end, body=hit.meaning.id)
                found[hit.first, hit.end] = by_first[hit.first] = one
                ends[hit.first] = end

    def _body(self, text: Syllables, hit: Hit, places: Around, last: BodyFound | None) -> BodyFound:
        standing = self._standing(text, hit, places, last)
        body, area = hit.meaning.id, hit.meaning.kind == "area"
        if body in _LEVELLED or area:
            self._last_level = "foreign" if standing == "foreign" else "area" if area else "city"
        if standing != "unsure":
            self._last_elsewhere = standing == "foreign"
        if standing == "foreign":
            self._said_elsewhere[body] = text, hit.first
        elif hit.meaning.grade == "explicit":
            self._said_elsewhere.pop(body, None)
        return BodyFound(
            first=hit.first, end=hit.end, body=body, grade=hit.meaning.grade, standing=standing
        )

    def _standing(
        self, text: Syllables, hit: Hit, places: Around, last: BodyFound | None = None
    ) -> Standing:
        """Whose it is; ``last``: the body before it."""
        if place_follows(text, hit.end, places):
            return "foreign"
        if hit.meaning.grade == "explicit":
            return "ours"
        if level_follows(text, hit.end):
            return "foreign"
        if place_near(text, hit, places):
            return "unsure"
        if self._about or hanoi_in_sentence(text, hit):
            beside = last is not None and _said_beside(text, hit, last)
            return "unsure" if self._still_elsewhere(text, hit) and not beside else "ours"
        return "unsure"

    def _still_elsewhere(self, text: Syllables, hit: Hit) -> bool:
        """Whether the short name was another city's before: in the same paragraph, or anywhere in
        an article whose title or lead names that other place. In such an article also whether the
        office before was that place's."""
        if hit.meaning.id not in self._said_elsewhere:
            return self._elsewhere and self._last_elsewhere
        there, at = self._said_elsewhere[hit.meaning.id]
        if self._elsewhere:
            return True
        return there is text and "\n" not in text.text[text.ends[at] : text.starts[hit.first]]

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
        return [
            self._post(text, head, bodies[hit.first, hit.end], hit.end)
            for head, hit in pairs
            if (hit.first, hit.end) in bodies
        ]

    def _post(self, text: Syllables, head: Hit, body: BodyFound, end: int) -> PostFound:
        known = self._registry.bodies[body.body]
        is_area = known.kind in AREA_KINDS
        return PostFound(
            first=head.first,
            end=end,
            head=head.meaning.id,
            body=body,
            post=None if is_area else self._post_of.get((head.meaning.id, body.body)),
            office=_office(text, head.first, end),
            standing=body.standing if known.of_hanoi else "foreign",
            grade=body.grade,
            said=said(text, head.first, end),
        )

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


_ROW_GAPS = frozenset({"", ",", "-", "–", "—", "/", ";"})
_ROW_WORDS = (["và"], ["cùng"])


def _add_boards(row: list[Named], found: dict[tuple[int, int], BodyFound]) -> None:
    """``các ban Tổ chức, Tuyên giáo Thành ủy``: the last holds the committee's name, too."""
    last = row[-1][1]
    whose = next((one for one in found.values() if one.first == last), None)
    if whose is None or whose.body != "thanh-uy":
        return
    del found[whose.first, whose.end]
    for first, end, body in row:
        stop = whose.end if end == last else end
        found[first, stop] = replace(whose, first=first, end=stop, body=body)


def _said_beside(text: Syllables, hit: Hit, last: BodyFound) -> bool:
    """Whether a body of Hanoi stands right before it in the same row."""
    if last.standing != "ours":
        return False
    between = text.words[last.end : hit.first]
    return between in _ROW_WORDS or (not between and text.gap(hit.first).strip() == ",")


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

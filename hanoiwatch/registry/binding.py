"""Who is meant: names and posts of one article, bound to officials with a rule and a confidence.

First every whole name with its titles; what they settle then decides the rest: a bare name, "ông
Dũng", "đồng chí Bí thư Thành ủy". Whatever stays in doubt stays unlinked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice

from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.found import FieldFound, PostFound
from hanoiwatch.registry.people import NameFound, ShortName, find_names, find_short_names
from hanoiwatch.registry.records import Official, Tenure
from hanoiwatch.registry.syllables import Syllables, phrase_words
from hanoiwatch.registry.tenures import held, in_office, posts_meant
from hanoiwatch.registry.titles import Candidates, chains
from hanoiwatch.registry.vocabulary import vocabulary

INEXACT_DAY = timedelta(days=30)
"""Where only the day on which an article was first seen is known, it may be so much older."""
FRESH = timedelta(days=60)
"""So long somebody is called new in a post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Words of a field that mean an official."""

    field_number: int
    first: int
    end: int
    official: str
    rule: str
    confidence: float
    post: str | None = None


Span = tuple[int, int, int]
"""A field's number, and the syllables from, to."""


@dataclass(slots=True)
class _Field:
    found: FieldFound
    names: list[NameFound]
    short: list[ShortName]
    free_posts: list[PostFound]
    """Posts that stand without a name."""


@dataclass(slots=True)
class Binder:
    """The people of one article."""

    registry: Registry
    on: date | None
    day_is_exact: bool
    about_hanoi: bool
    fields: list[_Field] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)
    _bodies: set[str] = field(default_factory=set)
    """Of Hanoi, as far as the article names them."""
    _settled: dict[str, float] = field(default_factory=dict)
    """Officials whose name stood beside a title of theirs somewhere in the article."""
    _of_post: dict[str, set[str | None]] = field(default_factory=dict)
    """A post to whose name it stood beside; None: somebody the registry lacks."""
    _of_head: list[tuple[tuple[int, int], str, str, str | None]] = field(default_factory=list)
    _named: dict[str, dict[tuple[str, ...], tuple[NameFound, str | None]]] = field(
        default_factory=dict
    )
    """The last syllable of every whole name so far to the names, and the officials they mean."""

    def add(self, found: FieldFound) -> None:
        names = find_names(found)
        free: list[PostFound] = []
        places = {id(name): number for number, name in enumerate(names)}
        candidates = [
            self._without_strangers(post, one)
            for post, one in zip(found.posts, chains(found, names), strict=True)
        ]
        led = {id(one.after) for one in candidates if one.after is not None and one.right_on}
        for post, one in zip(found.posts, candidates, strict=True):
            owner = self._owner(post, one, led)
            if owner is None:
                free.append(post)
            else:
                owner.posts.append(post)
                self._share(found, names, owner, post, places)
        self._bodies.update(body.body for body in found.bodies if body.standing == "ours")
        self.fields.append(_Field(found, names, find_short_names(found, names), free))

    def _share(
        self,
        found: FieldFound,
        names: list[NameFound],
        owner: NameFound,
        post: PostFound,
        places: dict[int, int],
    ) -> None:
        """The title of the first name of a row is the others' too, where they held it."""
        if post.first > owner.first:
            return
        last = owner
        for name in islice(names, places[id(owner)] + 1, None):
            between = found.text.words[last.end : name.start]
            gap = found.text.gap(last.end).strip()
            if between not in ([], ["và"], ["cùng"]) or gap not in ("", ",", ";"):
                return
            if self._fits(name, post):
                name.posts.append(post)
            last = name

    def _without_strangers(self, post: PostFound, names: Candidates) -> Candidates:
        """Beyond a title that is not known only who held the post is a candidate."""
        before, after = (
            None if through and name and not self._fits(name, post) else name
            for name, through in zip(
                (names.before, names.after), names.through_unknown, strict=True
            )
        )
        return replace(names, before=before, after=after)

    def _owner(self, post: PostFound, names: Candidates, led: set[int]) -> NameFound | None:
        """Whose title it is where a name stands on either side of its chain."""
        before, after = names.before, names.after
        if before is None or after is None:
            return before or after
        if self._fits(after, post):
            return after
        if self._fits(before, post) or not names.right_on:
            return before
        if after.ids and id(before) not in led:
            return before
        return after

    def _fits(self, name: NameFound, post: PostFound) -> bool:
        return any(held(self.registry.officials[one], post, self.on) for one in name.ids)

    # --- the passes ------------------------------------------------------------------------

    def bind(self) -> list[Bound]:
        """Everything that can be settled, in reading order."""
        for number, one in enumerate(self.fields):
            for name in one.names:
                self._bind_titled(number, name)
        for number, one in enumerate(self.fields):
            self._bind_rest(number, one)
        return sorted(self.bound, key=lambda each: (each.field_number, each.first))

    def _bind_titled(self, number: int, name: NameFound) -> None:
        for official in self._candidates(name):
            matched = [post for post in name.posts if held(official, post, self.on)]
            if matched:
                self._settle(number, name, official, matched[-1])
                return
        self._note_posts(number, name, None)

    def _candidates(self, name: NameFound) -> Iterator[Official]:
        for one in name.ids:
            official = self.registry.officials[one]
            if name.gender is None or official.gender in (None, name.gender):
                yield official

    def _settle(self, number: int, name: NameFound, official: Official, post: PostFound) -> None:
        after = post.first < name.first
        confidence = 0.97 if not name.misspelt else 0.8
        if post.office == "former":
            confidence -= 0.02
        if post.standing == "unsure":
            confidence -= 0.07
        known = next(iter(p for p in posts_meant(post) if self._has_had(official, p)), post.post)
        rule = ("former-" if post.office == "former" else "") + (
            "name-after-post" if after else "name-before-post"
        )
        self._put((number, name.first, name.end), official.id, rule, confidence, known)
        self._settled[official.id] = max(self._settled.get(official.id, 0), confidence)
        self._note_posts(number, name, official.id)

    def _has_had(self, official: Official, post: str) -> bool:
        return any(tenure.post == post for tenure in official.tenures)

    def _note_posts(self, number: int, name: NameFound, official: str | None) -> None:
        place = (number, name.first)
        for post in name.posts:
            if post.office in ("former", "office"):
                continue
            if post.post is not None and (post.standing == "ours" or official is not None):
                self._of_post.setdefault(post.post, set()).add(official)
            self._of_head.append((place, post.head, post.said, official))

    def _put(
        self, place: Span, official: str, rule: str, confidence: float, post: str | None = None
    ) -> None:
        number, first, end = place
        bound = Bound(
            field_number=number, first=first, end=end, official=official, rule=rule,
            confidence=round(confidence, 2), post=post,
        )  # fmt: skip
        self.bound.append(bound)

    def _bind_rest(self, number: int, one: _Field) -> None:
        """The field's other names and posts, in reading order: each may lean on those before."""
        done = {each.first: each for each in self.bound if each.field_number == number}
        items: list[tuple[int, NameFound | ShortName | PostFound]] = [
            *((name.first, name) for name in one.names),
            *((short.first, short) for short in one.short),
            *((post.first, post) for post in one.free_posts),
        ]
        for _, item in sorted(items, key=lambda each: each[0]):
            if isinstance(item, NameFound):
                bound = done.get(item.first)
                official = bound.official if bound else self._bind_bare(number, item)
                self._named.setdefault(item.words[-1], {})[item.words] = item, official
            elif isinstance(item, ShortName):
                self._bind_short(number, one, item)
            else:
                self._bind_post(number, item)
        self._bind_alone_heads(number, one)

    # --- a whole name without a title of theirs ----------------------------------------------

    def _bind_bare(self, number: int, name: NameFound) -> str | None:
        best: tuple[float, str, Official] | None = None
        for official in self._candidates(name):
            confidence, rule = self._bare(name, official)
            if best is None or confidence > best[0]:
                best = confidence, rule, official
        if best is None or best[0] < LINKED_FROM:
            return None
        self._put((number, name.first, name.end), best[2].id, best[1], best[0])
        return best[2].id

    def _bare(self, name: NameFound, official: Official) -> tuple[float, str]:
        """How sure it is that a name without a fitting post means this official, and why."""
        if name.occupied or (name.misspelt and not name.posts):
            return 0.2, "name"
        titles = [post for post in name.posts if post.body is not None or post.post is not None]
        foreign = [post.said for post in titles if post.standing == "foreign"]
        if name.other_title is not None or (foreign and len(foreign) == len(titles)):
            elsewhere = [*foreign, *([name.other_title] if name.other_title else [])]
            same = any(_same_title(title, official) for title in elsewhere)
            return (0.8, "name-with-other-post") if same else (0.3, "name")
        if official.id in self._settled:
            return 0.9, "name-again"
        return self._other_post(titles, official) if titles else self._alone(name, official)

    def _alone(self, name: NameFound, official: Official) -> tuple[float, str]:
        """A name that no title stands beside."""
        if name.bare_head is not None and self._head_fits(name.bare_head, official):
            sure = self.about_hanoi and not official.common
            return (0.88 if sure else 0.55), "name-after-head"
        if official.common:
            comrade = name.comrade and self.about_hanoi and in_office(official, self.on)
            return (0.65 if comrade else 0.4), "name"
        if self._about_their_body(official) or self.about_hanoi:
            return (0.8 if in_office(official, self.on) else 0.6), "name-in-hanoi-article"
        return (0.6 if name.addressed and in_office(official, self.on) else 0.5), "name"

    def _other_post(self, titles: list[PostFound], official: Official) -> tuple[float, str]:
        """Beside a title of Hanoi that the registry does not give them."""
        bodies = {self.registry.posts[tenure.post].body for tenure in official.tenures}
        theirs = any(post.body is not None and post.body.body in bodies for post in titles)
        if official.common:
            return (0.65 if theirs else 0.4), "name-with-new-post"
        return (0.8 if theirs or in_office(official, self.on) else 0.65), "name-with-new-post"

    def _head_fits(self, head: str, official: Official) -> bool:
        for tenure in official.tenures:
            if self.on is not None and tenure.held_on(self.on) == "no":
                continue
            if head in {
                " ".join(phrase_words(one)) for one in self.registry.posts[tenure.post].heads
            }:
                return True
        return False

    def _about_their_body(self, official: Official) -> bool:
        bodies = {self.registry.posts[tenure.post].body for tenure in official.tenures}
        return not bodies.isdisjoint(self._bodies)

    # --- short names and posts alone -----------------------------------------------------------

    def _bind_short(self, number: int, one: _Field, short: ShortName) -> None:
        """The last person so far whose name ends so; unless two of them may be meant."""
        text = one.found.text
        meant: dict[str | None, None] = {}
        for words, (name, official) in self._named.get(short.words[-1], {}).items():
            if words[-len(short.words) :] != short.words:
                continue
            known = self.registry.officials[official] if official else None
            gender = known.gender if known else name.gender
            if short.gender and gender and gender != short.gender:
                continue
            meant[official or " ".join(words)] = None
        if len(meant) != 1:
            return
        who = next(iter(meant))
        if who in self.registry.officials and not text.shouted(short.first):
            assert who is not None
            self._put((number, short.first, short.end), who, "short-name", 0.85)

    def _bind_roving(self, number: int, post: PostFound) -> None:
        """``Trưởng ban Chỉ đạo``: whom the article named so before, if it was one person."""
        here = (number, post.first)
        said = {
            who
            for place, _, title, who in self._of_head
            if title.startswith(post.head) and place < here
        }
        if len(said) == 1 and None not in said and post.office == "holder":
            (who,) = said
            assert who is not None
            self._put((number, post.first, post.end), who, "head-again", 0.75)

    def _bind_post(self, number: int, post: PostFound) -> None:
        """A post without a name: who the article said it is, else who held it that day."""
        if post.post is None and post.body is None:
            self._bind_roving(number, post)
            return
        if post.post is None or post.office not in ("holder", "fresh"):
            return
        if post.standing != "ours":
            return
        said = self._of_post.get(post.post, set())
        if said:
            who = next(iter(said)) if len(said) == 1 else None
            one_seat = self.registry.posts[post.post].seats == 1
            if who is not None and (one_seat or self._was_named_by(who, (number, post.first))):
                self._put((number, post.first, post.end), who, "post-again", 0.85, post.post)
            return
        tenure = self._sole(post.post)
        if tenure is None:
            return
        if post.office == "fresh" and self.on and self.on - tenure.since.first > FRESH:
            return
        confidence = 0.75 if tenure.confidence == "high" else 0.65
        self._put(
            (number, post.first, post.end), tenure.official, "post-alone", confidence, post.post
        )

    def _sole(self, post: str) -> Tenure | None:
        if self.on is None:
            return None
        tenure = self.registry.sole_holder(post, self.on)
        if tenure is None or self.day_is_exact:
            return tenure
        before = self.registry.sole_holder(post, self.on - INEXACT_DAY)
        return tenure if before == tenure else None

    def _was_named_by(self, who: str, here: tuple[int, int]) -> bool:
        """Whether the article had named them with a title before this place."""
        return any(one == who and place < here for place, _, _, one in self._of_head)

    def _bind_alone_heads(self, number: int, one: _Field) -> None:
        """``đồng chí Bí thư``, ``nữ Phó Chủ tịch``: whom the article named by such a title."""
        text, alone = one.found.text, vocabulary().alone_heads
        for first, end in one.found.heads.items():
            head = " ".join(text.words[first:end])
            if not {head, head.removeprefix("phó ")} & alone or first in one.found.titled:
                continue
            comrade = text.words[max(first - 2, 0) : first] == ["đồng", "chí"]
            woman = text.words[first - 1 : first] == ["nữ"] and text.plain(first)
            if not (comrade or woman) or _titled(text, end):
                continue
            said = {
                who
                for place, title, _, who in self._of_head
                if f"{title} ".startswith(f"{head} ")
                and place < (number, first)
                and not (woman and who and self.registry.officials[who].gender == "male")
            }
            if len(said) == 1 and None not in said:
                (who,) = said
                assert who is not None
                self._put((number, first - 2 * comrade, end), who, "head-again", 0.75)


LINKED_FROM = 0.6
"""Below this nothing is linked: a guess is worse than a gap."""


def _same_title(title: str, official: Official) -> bool:
    said = " ".join(phrase_words(title))
    return any(said.startswith(" ".join(phrase_words(one))) for one in official.elsewhere)


def _titled(text: Syllables, end: int) -> bool:
    """Whether something of the same title follows the head."""
    if end >= len(text) or not text.plain(end):
        return False
    return bool(text.capital(end)) or text.words[end] in ("các", "tỉnh", "quận", "huyện", "phường")

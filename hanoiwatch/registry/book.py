"""The registry as the program asks it: everything by id, and who held what on a day."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from hanoiwatch.errors import NotFoundError
from hanoiwatch.registry.records import Body, Official, Post, Tenure, Topic
from hanoiwatch.text import canon, fold

NEAREST = 3
"""So many are offered where a name is not found."""


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Registry:
    """Everything that is known about Hanoi's officials, posts, bodies and topics.

    Equal only to itself, so that what is made of it can be kept beside it.
    """

    officials: Mapping[str, Official]
    posts: Mapping[str, Post]
    bodies: Mapping[str, Body]
    topics: Mapping[str, Topic]
    sources: Mapping[str, str]
    known_until: date
    """The last day of which anything is known. Tenures without an end are known until then."""
    fingerprint: str
    """Changes with everything that links hang on, the linker's own version among it."""
    _by_post: Mapping[str, tuple[Tenure, ...]] = field(repr=False)

    def holders(self, post_id: str, on: date) -> tuple[Tenure, ...]:
        """Who held the post on that day, or may have: see `Tenure.held_on`.

        After `known_until` these are who held it last, as far as is known.
        """
        return tuple(t for t in self._by_post.get(post_id, ()) if t.held_on(on) != "no")

    def tenures_of(self, post_id: str) -> tuple[Tenure, ...]:
        """Everyone who held the post, by date."""
        return self._by_post.get(post_id, ())

    def posts_of(self, official_id: str, on: date) -> tuple[Tenure, ...]:
        """What they held on that day, or may have held, the highest post first."""
        held = (t for t in self.officials[official_id].tenures if t.held_on(on) != "no")
        return tuple(sorted(held, key=lambda tenure: self.posts[tenure.post].rank))

    def sole_holder(self, post_id: str, on: date) -> Tenure | None:
        """Who a post by itself means on that day: None unless that is beyond doubt.

        One seat, one certain holder, no low confidence, and not after `known_until`. Who else
        may have held it by their vague dates did not: there is one seat.
        """
        if self.posts[post_id].seats != 1 or on > self.known_until:
            return None
        certain = [one for one in self.holders(post_id, on) if one.held_on(on) == "yes"]
        return certain[0] if len(certain) == 1 and certain[0].confidence != "low" else None

    def predecessors(self, body_id: str) -> tuple[str, ...]:
        """Every body that became this one, theirs too, the nearest first."""
        found: dict[str, None] = {}
        waiting = list(self.bodies[body_id].predecessors)
        while waiting:
            one = waiting.pop(0)
            if one not in found and one != body_id:
                found[one] = None
                waiting += self.bodies[one].predecessors
        return tuple(found)

    def find_official(self, name: str) -> Official:
        return _find(name, self.officials, lambda one: one.aliases, "official")

    def find_post(self, name: str) -> Post:
        return _find(name, self.posts, self._post_names, "post")

    def find_body(self, name: str) -> Body:
        return _find(name, self.bodies, _body_names, "body")

    def find_topic(self, name: str) -> Topic:
        return _find(name, self.topics, lambda _: (), "topic")

    def _post_names(self, post: Post) -> Iterable[str]:
        body = self.bodies[post.body]
        names = (body.name, *_body_names(body))
        yield from (f"{head} {name}" for head in post.heads for name in names)
        yield from (name for phrase in post.phrases for name in _with_city(phrase))


_CITY_FORMS = ("thành phố", "thành phố Hà Nội", "Hà Nội", "TP", "TP Hà Nội")


def _with_city(name: str) -> Iterable[str]:
    return [name.replace("{tp}", form) for form in _CITY_FORMS] if "{tp}" in name else [name]


def _body_names(body: Body) -> Iterable[str]:
    return (*body.aliases, *(name for short in body.short for name in _with_city(short)))


def _find(wanted: str, known: Mapping[str, N], names: Callable[[N], Iterable[str]], kind: str) -> N:
    """By id, else by name with or without marks. Raises NotFoundError naming the nearest ones."""
    if wanted in known:
        return known[wanted]
    for form in (_spelled, fold_name):
        key = form(wanted)
        for every in (False, True):
            found = [
                one
                for one in known.values()
                if key in {form(name) for name in (one.name, *(names(one) if every else ()))}
            ]
            if len(found) == 1:
                return found[0]
            if found:
                ids = ", ".join(one.id for one in found)
                raise NotFoundError(f"`{wanted}` may be several: say {ids}.")
    raise NotFoundError(f"the registry has no {kind} `{wanted}`.{_nearest(wanted, known)}")


def _nearest(wanted: str, known: Mapping[str, N]) -> str:
    by_name: dict[str, list[str]] = defaultdict(list)
    for one in known.values():
        by_name[fold_name(one.name)].append(f"{one.name} ({one.id})")
        by_name[one.id].append(f"{one.name} ({one.id})")
    near = difflib.get_close_matches(fold_name(wanted), by_name, n=NEAREST, cutoff=0.5)
    offered = list(dict.fromkeys(text for name in near for text in by_name[name]))
    return f" The nearest: {'; '.join(offered)}." if offered else ""


_SAME = (
    ("ubnd", "uy ban nhan dan"), ("hdnd", "hoi dong nhan dan"), ("mttq", "mat tran to quoc"),
    ("ubkt", "uy ban kiem tra"), ("dbqh", "dai bieu quoc hoi"), ("ldld", "lien doan lao dong"),
    ("thanh pho", "tp"),
)  # fmt: skip


def _spelled(name: str) -> str:
    return " ".join(canon(name).replace(".", " ").split())


def fold_name(name: str) -> str:
    """A name as it is compared where marks are left out: without them, abbreviations as words."""
    text = " ".join(fold(name).replace(".", " ").replace(" - ", " ").split())
    for short, whole in _SAME:
        text = text.replace(short, whole)
    return text

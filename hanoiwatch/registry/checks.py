"""What is wrong in a registry: each fault with the entry and the key where it stands."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from hanoiwatch.registry.partialdate import PartialDate
from hanoiwatch.registry.records import Body, Official, Post, Tenure, Topic
from hanoiwatch.text import canon, words

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ALIAS_WORDS = 24


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    id: str
    path: tuple[str | int, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """All entries of a registry, before anyone has vouched for them."""

    officials: Mapping[str, Official]
    posts: Mapping[str, Post]
    bodies: Mapping[str, Body]
    topics: Mapping[str, Topic]
    sources: Mapping[str, str]


def faults(entries: Entries) -> Iterator[Fault]:
    """Every fault of the whole, in the order of the files' kinds."""
    yield from _common_faults(entries)
    for official in entries.officials.values():
        yield from _official_faults(official, entries)
    yield from _seat_faults(entries)
    yield from _duplicate_names(entries)
    for post in entries.posts.values():
        yield from _post_faults(post, entries)
    for body in entries.bodies.values():
        yield from _body_faults(body, entries)
    yield from _body_name_faults(entries)
    for topic in entries.topics.values():
        if not topic.phrases:
            yield Fault("topics", topic.id, ("phrases",), "a topic needs at least one phrase")


def _common_faults(entries: Entries) -> Iterator[Fault]:
    kinds = ("officials", "posts", "bodies", "topics")
    for kind in kinds:
        for one in getattr(entries, kind).values():
            if not _ID.fullmatch(one.id):
                yield Fault(kind, one.id, ("id",), f"`{one.id}` is no id: use a-z, 0-9 and `-`")
            if not one.name.strip():
                yield Fault(kind, one.id, ("name",), "the name is empty")
            yield from _source_faults(kind, one.id, ("sources",), one.sources, entries)


def _source_faults(
    kind: str, name: str, path: tuple[str | int, ...], said: Iterable[str], entries: Entries
) -> Iterator[Fault]:
    said = tuple(said)
    if not said:
        yield Fault(kind, name, path, "a fact needs its source: name at least one in `sources`")
    for one in said:
        if one not in entries.sources:
            reason = f"there is no source `{one}`: describe it under `sources:`"
            yield Fault(kind, name, path, reason)


def _official_faults(official: Official, entries: Entries) -> Iterator[Fault]:
    for number, tenure in enumerate(official.tenures):
        at = ("tenures", number)
        if tenure.post not in entries.posts:
            reason = f"there is no post `{tenure.post}`"
            yield Fault("officials", official.id, (*at, "post"), reason)
        if not _in_order(tenure.since, tenure.until):
            reason = f"`until` {tenure.until} is not after `from` {tenure.since}"
            yield Fault("officials", official.id, (*at, "until"), reason)
        if tenure.until is not None and tenure.ended:
            reason = "`ended` is for an end whose date is not known; here `until` says it"
            yield Fault("officials", official.id, (*at, "ended"), reason)
        yield from _source_faults(
            "officials", official.id, (*at, "sources"), tenure.sources, entries
        )
    yield from _overlaps(official)
    for name in (official.name, *official.aliases, *official.misspellings):
        if not 2 <= len(words(name)) <= 6:
            reason = f"`{name}` is no whole name: two to six syllables"
            yield Fault("officials", official.id, ("name",), reason)


def _in_order(since: PartialDate | None, until: PartialDate | None) -> bool:
    return since is None or until is None or since.first < until.last


def _overlaps(official: Official) -> Iterator[Fault]:
    by_post: dict[str, list[Tenure]] = defaultdict(list)
    for tenure in official.tenures:
        by_post[tenure.post].append(tenure)
    for post, held in by_post.items():
        for one, other in _clashes(held):
            reason = f"`{post}` is held twice at once: from {one.since} and from {other.since}"
            yield Fault("officials", official.id, ("tenures",), reason)


def _clashes(held: list[Tenure]) -> Iterator[tuple[Tenure, Tenure]]:
    """Neighbours that certainly overlap, by the days that are certain."""
    for one, other in pairwise(sorted(held, key=lambda tenure: tenure.since.first)):
        if one.ended:
            continue
        if one.until is None or one.until.first > other.since.last:
            yield one, other


def _seat_faults(entries: Entries) -> Iterator[Fault]:
    by_post: dict[str, list[Tenure]] = defaultdict(list)
    for official in entries.officials.values():
        for tenure in official.tenures:
            by_post[tenure.post].append(tenure)
    for post in entries.posts.values():
        if post.seats != 1:
            continue
        for one, other in _clashes(by_post[post.id]):
            reason = (
                f"`{post.id}` has one seat, but {one.official} held it from {one.since} to "
                f"{one.until or 'now'} and {other.official} from {other.since}: say `until` when "
                f"{one.official} left it"
            )
            yield Fault("officials", other.official, ("tenures",), reason)


def _duplicate_names(entries: Entries) -> Iterator[Fault]:
    """Two officials of one name are told apart by their posts alone, so both must be `common`."""
    by_name: dict[str, list[Official]] = defaultdict(list)
    for official in entries.officials.values():
        for name in {_key(name) for name in (official.name, *official.aliases)}:
            by_name[name].append(official)
    for named in by_name.values():
        if len(named) > 1 and not all(official.common for official in named):
            others = " and ".join(official.id for official in named)
            reason = f"{others} have the same name: mark both `common: true`"
            yield Fault("officials", named[-1].id, ("name",), reason)


def _key(name: str) -> str:
    return " ".join(words(canon(name)))


def _post_faults(post: Post, entries: Entries) -> Iterator[Fault]:
    if post.body not in entries.bodies:
        yield Fault("posts", post.id, ("body",), f"there is no body `{post.body}`")
    if post.seats is not None and post.seats < 1:
        yield Fault("posts", post.id, ("seats",), "a post has at least one seat")
    if not post.heads and not post.phrases:
        yield Fault("posts", post.id, ("heads",), "nothing says this post: give heads or phrases")
    for other in entries.posts.values():
        same = {_key(head) for head in post.heads} & {_key(head) for head in other.heads}
        if other.id < post.id and other.body == post.body and same:
            reason = f"`{other.id}` of the same body has the same head `{min(same)}`"
            yield Fault("posts", post.id, ("heads",), reason)


def _body_faults(body: Body, entries: Entries) -> Iterator[Fault]:
    for key, ids in (
        ("parent", (body.parent,) if body.parent else ()),
        ("predecessors", body.predecessors),
        ("successors", body.successors),
    ):
        for one in ids:
            if one not in entries.bodies:
                yield Fault("bodies", body.id, (key,), f"there is no body `{one}`")
            elif one == body.id:
                yield Fault("bodies", body.id, (key,), "a body is not its own")
    if not _in_order(body.since, body.until):
        reason = f"`until` {body.until} is not after `from` {body.since}"
        yield Fault("bodies", body.id, ("until",), reason)
    for name in (body.name, *body.aliases, *body.short):
        if not 1 <= len(words(name)) <= MAX_ALIAS_WORDS:
            yield Fault("bodies", body.id, ("aliases",), f"`{name}` is no name of a body")


def _body_name_faults(entries: Entries) -> Iterator[Fault]:
    """One name, two bodies: only where one ended before the other began."""
    by_name: dict[str, list[Body]] = defaultdict(list)
    for body in entries.bodies.values():
        names = {_key(name) for name in (body.name, *body.aliases, *body.short)}
        for name in names:
            by_name[name].append(body)
    for name, named in by_name.items():
        ordered = sorted(named, key=lambda body: str(body.since or ""))
        for one, other in pairwise(ordered):
            if one.until is None or other.since is None or one.until.first > other.since.last:
                reason = f"`{one.id}` has the name `{name}` too, at the same time"
                yield Fault("bodies", other.id, ("aliases",), reason)
    twice = Counter(body.code for body in entries.bodies.values() if body.code and not body.until)
    for body in entries.bodies.values():
        if body.code and not body.until and twice[body.code] > 1:
            yield Fault("bodies", body.id, ("code",), f"the code {body.code} stands twice")

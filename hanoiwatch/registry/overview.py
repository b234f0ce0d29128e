"""The registry as rows and details for people: what `registry list` and `registry show` print."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal

from hanoiwatch.errors import NotFoundError
from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.records import Body, Official, Post, Tenure, Topic

Kind = Literal["officials", "posts", "bodies", "topics"]
KINDS: tuple[Kind, ...] = ("officials", "posts", "bodies", "topics")

COLUMNS: dict[Kind, tuple[str, ...]] = {
    "officials": ("id", "name", "posts", "confidence"),
    "posts": ("id", "name", "body", "seats", "holders"),
    "bodies": ("id", "name", "kind", "parent", "from", "until", "predecessors"),
    "topics": ("id", "name", "group", "phrases", "confidence"),
}

Row = dict[str, Any]


def rows(registry: Registry, kind: Kind, on: date | None = None) -> list[Row]:
    """One row an entry, in the registry's order; who holds what as of ``on``, else of its end."""
    day = on or registry.known_until
    if kind == "officials":
        return [_official_row(registry, one, day) for one in registry.officials.values()]
    if kind == "posts":
        return [_post_row(registry, one, day) for one in registry.posts.values()]
    if kind == "bodies":
        return [_body_row(one) for one in registry.bodies.values()]
    return [_topic_row(one) for one in registry.topics.values()]


def _official_row(registry: Registry, official: Official, day: date) -> Row:
    held = registry.posts_of(official.id, day)
    return {
        "id": official.id, "name": official.name, "confidence": official.confidence,
        "posts": [_doubted(registry.posts[one.post].name, one, day, registry) for one in held],
    }  # fmt: skip


def _post_row(registry: Registry, post: Post, day: date) -> Row:
    holders = registry.holders(post.id, day)
    return {
        "id": post.id, "name": post.name, "body": post.body, "seats": post.seats,
        "holders": [
            _doubted(registry.officials[one.official].name, one, day, registry) for one in holders
        ],
    }  # fmt: skip


def _doubted(text: str, tenure: Tenure, day: date, registry: Registry) -> str:
    sure = tenure.held_on(day) == "yes" and day <= registry.known_until
    return text if sure else f"{text} (?)"


def _body_row(body: Body) -> Row:
    return {
        "id": body.id, "name": body.name, "kind": body.kind, "parent": body.parent,
        "from": _text(body.since), "until": _text(body.until),
        "predecessors": list(body.predecessors),
    }  # fmt: skip


def _topic_row(topic: Topic) -> Row:
    return {
        "id": topic.id, "name": topic.name, "group": topic.group,
        "phrases": len(topic.phrases), "confidence": topic.confidence,
    }  # fmt: skip


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


# --- one entry ------------------------------------------------------------------------------


def details(registry: Registry, name: str, on: date | None = None) -> Row:
    """All of the entry that ``name`` means, by id or name; for a post or person as of ``on``.

    Raises NotFoundError with the nearest names of every kind.
    """
    finders: tuple[tuple[Callable[[str], Any], Callable[..., Row]], ...] = (
        (registry.find_official, _official_details),
        (registry.find_post, _post_details),
        (registry.find_body, _body_details),
        (registry.find_topic, _topic_details),
    )
    for kind, (_, show) in zip(KINDS, finders, strict=True):
        known = getattr(registry, kind)
        if name in known:
            return show(registry, known[name], on)
    missed: list[str] = []
    for find, show in finders:
        try:
            return show(registry, find(name), on)
        except NotFoundError as error:
            missed.append(str(error))
    raise NotFoundError(_not_found(name, missed))


def _not_found(name: str, missed: Iterable[str]) -> str:
    several = [text for text in missed if "may be several" in text]
    if several:
        return several[0]
    near = [text.partition("The nearest: ")[2].rstrip(".") for text in missed]
    offered = "; ".join(text for text in near if text)
    end = f" The nearest: {offered}." if offered else " See `hanoiwatch registry list`."
    return f"the registry has nothing called `{name}`.{end}"


def _official_details(registry: Registry, official: Official, on: date | None) -> Row:
    tenures = sorted(official.tenures, key=lambda one: one.since.first)
    return {
        "kind": "official", "id": official.id, "name": official.name,
        "aliases": list(official.aliases), "misspellings": list(official.misspellings),
        "gender": official.gender, "born": _text(official.born), "common": official.common,
        "elsewhere": list(official.elsewhere),
        **({} if on is None else {"on": on.isoformat()}),
        "posts": [
            _tenure(registry, one, on) for one in tenures
            if on is None or one.held_on(on) != "no"
        ],
        **_origin(registry, official),
    }  # fmt: skip


def _post_details(registry: Registry, post: Post, on: date | None) -> Row:
    tenures = registry.tenures_of(post.id) if on is None else registry.holders(post.id, on)
    return {
        "kind": "post", "id": post.id, "name": post.name, "body": post.body,
        "body_name": registry.bodies[post.body].name, "seats": post.seats,
        "heads": list(post.heads), "phrases": list(post.phrases),
        **({} if on is None else {"on": on.isoformat()}),
        "holders": [_tenure(registry, one, on) for one in tenures],
        **_origin(registry, post),
    }  # fmt: skip


def _tenure(registry: Registry, tenure: Tenure, on: date | None) -> Row:
    held = None if on is None else tenure.held_on(on)
    if held == "yes" and on is not None and on > registry.known_until:
        held = "maybe"
    return {
        "official": tenure.official, "name": registry.officials[tenure.official].name,
        "post": tenure.post, "post_name": registry.posts[tenure.post].name,
        "from": str(tenure.since), "until": _text(tenure.until), "ended": tenure.ended,
        "seen": _text(tenure.seen), **({} if held is None else {"held": held}),
        "confidence": tenure.confidence,
        "sources": [registry.sources[one] for one in tenure.sources], "note": tenure.note,
    }  # fmt: skip


def _body_details(registry: Registry, body: Body, on: date | None) -> Row:
    del on
    return {
        "kind": "body", "id": body.id, "name": body.name, "body_kind": body.kind,
        "aliases": list(body.aliases), "short": list(body.short), "parent": body.parent,
        "from": _text(body.since), "until": _text(body.until),
        "predecessors": list(body.predecessors),
        "all_predecessors": list(registry.predecessors(body.id)),
        "successors": list(body.successors), "code": body.code,
        "posts": [post.id for post in registry.posts.values() if post.body == body.id],
        **_origin(registry, body),
    }  # fmt: skip


def _topic_details(registry: Registry, topic: Topic, on: date | None) -> Row:
    del on
    return {
        "kind": "topic", "id": topic.id, "name": topic.name, "group": topic.group,
        "phrases": [
            {"words": " … ".join(one.parts), "gap": one.gap, "weight": one.weight}
            for one in topic.phrases
        ],
        "exclude": list(topic.exclude), "beside": list(topic.beside), **_origin(registry, topic),
    }  # fmt: skip


def _origin(registry: Registry, one: Official | Post | Body | Topic) -> Row:
    return {
        "confidence": one.confidence, "sources": [registry.sources[each] for each in one.sources],
        "note": one.note,
    }  # fmt: skip

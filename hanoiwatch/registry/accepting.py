"""What a person accepts, as an entry of their own registry file. Pure: whoever calls it writes.

Nothing is filled in that is not known: no sex, no year of birth, no day that neither the article
nor the person gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from hanoiwatch.errors import UnknownLinkError
from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.records import Tenure
from hanoiwatch.registry.shape import Tree
from hanoiwatch.text import fold

CONFIDENCE = "medium"
"""Of one article that a person believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What is accepted: that somebody holds a post, or came to it, or left it."""

    name: str
    official_id: str | None
    """None: somebody whom the registry lacks; their id is made of the name."""
    post_id: str | None
    change: Literal["in", "out"]
    on: str | None
    """The day (month, year) on which they came or left."""
    source_id: str
    source: str
    """Where it says so, in words."""
    note: str


def merged_entry(tree: Tree, registry: Registry, accepted: Accepted) -> tuple[Tree, str]:
    """The user's file with what is accepted, and the id of the official. Raises UnknownLinkError
    where what is accepted says too little, or contradicts the registry."""
    tenure: Tree | None
    if accepted.change == "out":
        official, tenure = _end_of_tenure(registry, accepted)
    else:
        official, tenure = _official_id(registry, accepted), _new_tenure(registry, accepted)
    entry: Tree = {"id": official}
    if official not in registry.officials:
        entry |= {"name": accepted.name, "confidence": CONFIDENCE,
                  "sources": [accepted.source_id]}  # fmt: skip
        if tenure is None:
            entry["note"] = accepted.note
    if tenure is not None:
        entry["tenures"] = [tenure]
    return _with(tree, entry, accepted), official


def _official_id(registry: Registry, accepted: Accepted) -> str:
    """An id that is free, where they have none yet."""
    if accepted.official_id:
        return accepted.official_id
    base = re.sub(r"[^a-z0-9]+", "-", fold(accepted.name)).strip("-")
    taken, number = set(registry.officials), 2
    found = base
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def _new_tenure(registry: Registry, accepted: Accepted) -> Tree | None:
    """None where the post or the day is not known: then the person alone is."""
    if accepted.post_id is None or accepted.on is None:
        if accepted.official_id:
            raise UnknownLinkError(_too_little(accepted))
        return None
    if accepted.post_id not in registry.posts:
        raise UnknownLinkError(f"the registry has no post `{accepted.post_id}`: add it first.")
    return {"post": accepted.post_id, "from": accepted.on, **_sourced(accepted)}


def _end_of_tenure(registry: Registry, accepted: Accepted) -> tuple[str, Tree]:
    official, post = accepted.official_id, accepted.post_id
    if official is None or post is None or accepted.on is None:
        raise UnknownLinkError(_too_little(accepted))
    tenures = registry.officials[official].tenures
    going_on = [one for one in tenures if one.post == post and one.until is None]
    if not going_on:
        raise UnknownLinkError(
            f"the registry does not have {official} in the post {post} without an end: "
            f"see `hanoiwatch registry show {official}`."
        )
    return official, _ended(going_on[-1], accepted)


def _ended(tenure: Tenure, accepted: Accepted) -> Tree:
    """The whole tenure again, with its end: it replaces the one of the same post and beginning."""
    sources = [*tenure.sources, accepted.source_id]
    said = {"post": tenure.post, "from": str(tenure.since), "until": accepted.on,
            "confidence": tenure.confidence, "sources": sources}  # fmt: skip
    return said | {"note": "; ".join(filter(None, (tenure.note, accepted.note)))}


def _sourced(accepted: Accepted) -> Tree:
    return {
        "confidence": CONFIDENCE, "sources": [accepted.source_id], "note": accepted.note,
    }  # fmt: skip


def _too_little(accepted: Accepted) -> str:
    lacking = [
        said
        for said, known in (
            ("a day (--on DATE)", accepted.on),
            ("a post of the registry (--post ID)", accepted.post_id),
            ("an official of the registry (--official ID)", accepted.official_id),
        )
        if not known
    ]
    return f"to accept this, say {' and '.join(lacking)}: the article does not."


def _with(tree: Tree, entry: Tree, accepted: Accepted) -> Tree:
    """The tree with the entry; one of the same id gets what is new."""
    officials: list[Tree] = list(tree.get("officials", ()))
    at = next((n for n, one in enumerate(officials) if one.get("id") == entry["id"]), None)
    if at is None:
        officials.append(entry)
    else:
        officials[at] = _joined(officials[at], entry)
    sources = {**tree.get("sources", {}), accepted.source_id: accepted.source}
    return {**tree, "sources": sources, "officials": officials}


def _joined(old: Tree, new: Tree) -> Tree:
    tenures = _tenures(old.get("tenures", ()), new.get("tenures", ()))
    joined: dict[str, Any] = {**old, **{key: new[key] for key in new if key not in old}}
    return joined | ({"tenures": tenures} if tenures else {})


def _tenures(old: Iterable[Tree], new: Iterable[Tree]) -> list[Tree]:
    said = {(one.get("post"), str(one.get("from"))) for one in new}
    return [*(one for one in old if (one.get("post"), str(one.get("from"))) not in said), *new]

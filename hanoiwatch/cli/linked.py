"""Officials, posts, bodies and topics as a command names them: by id, by name, by another name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hanoiwatch.errors import NotFoundError, UnknownLinkError
from hanoiwatch.model import Filters, NamedKind

if TYPE_CHECKING:
    from hanoiwatch.app import App
    from hanoiwatch.config import Config
    from hanoiwatch.registry import Registry

LINKED: dict[str, NamedKind] = {
    "officials": "official", "posts": "post", "bodies": "body", "topics": "topic",
}  # fmt: skip
"""Fields of `Filters`, which are facets as well, and the kind that each names."""


def with_linked_ids(app: App, filters: Filters) -> Filters:
    """The filters with ids for names. Raises UnknownLinkError."""
    given: dict[str, tuple[str, ...]] = {name: getattr(filters, name) for name in LINKED}
    if not any(given.values()):
        return filters
    names = app.record.linkings.names()
    ids: dict[str, Any] = {
        field: tuple(
            dict.fromkeys(
                found for one in wanted for found in ids_of(app, LINKED[field], one, names)
            )
        )
        for field, wanted in given.items()
    }
    return replace(filters, **ids)


def ids_of(
    app: App, kind: NamedKind, given: str, names: Mapping[NamedKind, Mapping[str, str]]
) -> list[str]:
    """What ``given`` means: mostly one id; namesakes are all meant.

    What articles link to is looked through first, which needs no registry; then the registry,
    with its other names and abbreviations. Raises UnknownLinkError with the nearest.
    """
    known = names[kind]
    if given in known:
        return [given]
    for form in _forms():
        if found := [one for one, name in known.items() if form(name) == form(given)]:
            return found
    return [registry_id(app.registry, kind, given)]


def _forms() -> tuple[Callable[[str], str], ...]:
    """With marks, then without."""
    from hanoiwatch.text import canon, fold

    return (lambda name: " ".join(canon(name).split())), (lambda name: " ".join(fold(name).split()))


def registry_id(registry: Registry, kind: NamedKind, given: str) -> str:
    """The id of what the registry finds by this id, name or other name. Raises
    UnknownLinkError."""
    find: dict[NamedKind, Callable[[str], Any]] = {
        "official": registry.find_official,
        "post": registry.find_post,
        "body": registry.find_body,
        "topic": registry.find_topic,
    }
    try:
        found: str = find[kind](given).id
    except NotFoundError as error:
        raise UnknownLinkError(str(error)) from error
    return found


def with_predecessors_of(config: Config, bodies: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the bodies, and of those that became them. Raises UnknownLinkError."""
    from hanoiwatch.registry import load_registry

    registry = load_registry(config.registry_path)
    ids = [registry_id(registry, "body", body) for body in bodies]
    before = [one for body in ids for one in registry.predecessors(body)]
    return tuple(dict.fromkeys((*ids, *before)))

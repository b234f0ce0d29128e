"""Every name that by itself means a body of Hanoi: what `@bodies` in a source's scope stands for.

A scope decides before an article is an article, so it looks for names that need no scope
themselves: those that hold the city, or are there only once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.loader import load_registry
from hanoiwatch.registry.records import AREA_KINDS, Body
from hanoiwatch.registry.vocabulary import vocabulary
from hanoiwatch.text import canon, words

_TP = "{tp}"
_CITY_FORMS = ("thành phố Hà Nội", "TP Hà Nội", "Hà Nội")
_INITIALS = re.compile(r"[^\W\d_]+(?:[&-][^\W\d_]+)+")


def body_names(own_directory: Path | None = None) -> tuple[str, ...]:
    """The names, none of which holds another one: the shortest decides."""
    return _body_names(load_registry(own_directory))


@lru_cache(maxsize=4)
def _body_names(registry: Registry) -> tuple[str, ...]:
    bodies = [body for body in registry.bodies.values() if _counts(body)]
    names = {name for body in bodies for name in _names(body)}
    return tuple(sorted(_shortest(names)))


def bodies_version(own_directory: Path | None = None) -> str:
    """Changes with the names: articles decided by others are decided anew."""
    return hashlib.sha256("\n".join(body_names(own_directory)).encode()).hexdigest()[:12]


def _counts(body: Body) -> bool:
    """A newspaper's name says who wrote something, not what it is about."""
    return body.of_hanoi and not (body.kind == "media" and body.name.startswith("Báo "))


def _names(body: Body) -> Iterator[str]:
    if body.kind in AREA_KINDS:
        yield from _area_names(body)
        return
    whole = [body.name, *body.aliases, *_with_city(body.name)]
    whole += [name for short in body.short for name in _with_city(short)]
    for name in whole:
        yield from _written(name)


def _with_city(name: str) -> list[str]:
    """``Sở Y tế`` with the city after it, in each way to say it."""
    stem = name.replace(_TP, "").strip()
    for form in _CITY_FORMS:
        stem = stem.removesuffix(form).strip()
    return [f"{stem} {form}" for form in _CITY_FORMS]


def _area_names(body: Body) -> Iterator[str]:
    kind, _, name = body.name.partition(" ")
    if body.name.casefold().startswith("thị xã "):
        kind, name = "thị xã", body.name[len("thị xã ") :]
    kind = kind.casefold()
    if body.kind == "ward":
        yield from (f"{kind} {name} {form}" for form in _CITY_FORMS)
        return
    yield f"UBND {kind} {name}"
    yield f"{vocabulary().party_organs[kind].capitalize()} {name}"


def _written(name: str) -> Iterator[str]:
    """The name, with its words abbreviated, and with initials run together."""
    for one in {name, _abbreviated(name)}:
        yield one
        for initials in _INITIALS.findall(one):
            yield one.replace(initials, re.sub("[&-]", "", initials))
        if " - " in one:
            yield one.replace(" - ", " và ")


def _abbreviated(name: str) -> str:
    for short, meant in vocabulary().abbreviations.items():
        if len(meant.split()) > 2 and "thành phố" not in meant and "hồ chí minh" not in meant:
            name = re.sub(rf"(?<!\w){meant}(?!\w)", short, name, flags=re.IGNORECASE)
    return name


def _shortest(names: Iterable[str]) -> Iterator[str]:
    spelled = {f" {' '.join(words(canon(name)))} ": name for name in sorted(names, reverse=True)}
    kept: list[str] = []
    for said in sorted(spelled, key=len):
        if not any(other in said for other in kept) and len(said.split()) + (said in _ALONE) > 1:
            kept.append(said)
            yield spelled[said]


_ALONE = frozenset({" transerco "})
"""The one word that is a body of Hanoi by itself; others may be anybody's letters."""

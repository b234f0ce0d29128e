"""The ways in which the press writes one name: `và`, `&` or a dash, initials, half abbreviated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from hanoiwatch.registry.syllables import phrase_words

Words = tuple[str, ...]

_INITIALS = re.compile(r"[^\W\d_]+(?:[&-][^\W\d_]+)+")
_PARTS = re.compile(r" và |, | - ")
_DEPARTMENT = "Sở "


def variants(name: str) -> dict[Words, bool]:
    """A name's syllables in each way to write it, and whether a comma may stand within."""
    found: dict[Words, bool] = {}
    for words in (*_whole(name), *_half_abbreviated(name)):
        found[words] = found.get(words, False) or _may_have_comma(name, words)
    return found


def _whole(name: str) -> Iterator[Words]:
    words = phrase_words(name)
    yield words
    yield tuple(word for word in words if word != "và")
    if " - " in name:
        yield phrase_words(name.replace(" - ", " và "))
    for initials in _INITIALS.findall(name):
        yield phrase_words(name.replace(initials, re.sub("[&-]", "", initials)))
        if initials.count("-") + initials.count("&") > 1:
            yield phrase_words(name.replace(initials, initials.replace("-", "")))


def _half_abbreviated(name: str) -> Iterator[Words]:
    """``Sở Nông nghiệp và PTNT``, ``Sở GD và ĐT``: each part of a department whole or short."""
    parts = _PARTS.split(name.removeprefix(_DEPARTMENT))
    if not name.startswith(_DEPARTMENT) or len(parts) < 2 or any(map(str.isupper, parts)):
        return
    for chosen in product(*((part, _initials(part)) for part in parts)):
        for joints in product((" và ", " ", ""), repeat=len(parts) - 1):
            if _may_join(chosen, joints):
                joined = zip((*joints, ""), chosen, strict=True)
                yield phrase_words(_DEPARTMENT + "".join(part + joint for joint, part in joined))


def _may_join(parts: tuple[str, ...], joints: tuple[str, ...]) -> bool:
    """Only initials are run together."""
    sides = zip(joints, parts, parts[1:], strict=False)
    return all(joint or (one.isupper() and two.isupper()) for joint, one, two in sides)


def _initials(part: str) -> str:
    return "".join(word[0].upper() for word in part.split())


def _may_have_comma(name: str, words: Words) -> bool:
    """A name that has one, or one in place of its `và` or dash: Sở Văn hóa, Thể thao."""
    parts = _PARTS.split(name)
    return "," in name or words.count("và") < len(parts) - 1

"""Whose a title is: chains of titles, and the names on either side of them."""

from __future__ import annotations

from dataclasses import dataclass

from hanoiwatch.registry.found import FieldFound, PostFound
from hanoiwatch.registry.people import AFTER_GAPS, NameFound
from hanoiwatch.registry.syllables import Syllables
from hanoiwatch.registry.vocabulary import vocabulary

_CHAIN_GAPS = frozenset({"", ",", "-", "–", "—", ", -", "; -"})
_CHAIN_WORDS = (
    ["kiêm"], ["đồng", "thời", "là"], ["đồng", "thời"], ["kiêm", "nhiệm"], ["hiện", "là"],
)  # fmt: skip
_TAKING_ROOM = 10
"""Between a name and the post that its bearer takes or leaves stand at most so many words."""
_TO_WORDS = (["đối", "với"], ["cho"])
"""Between a post and the name that it is given to or taken from."""
_SIGNS_TO_NAME = frozenset({":", "(", "-", "–", "—"})


@dataclass(frozen=True, slots=True)
class _Element:
    """One piece of a chain of titles; None: a neutral title."""

    first: int
    end: int
    post: PostFound | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Whose a title may be: the name before its chain, and the one after it."""

    before: NameFound | None
    after: NameFound | None
    right_on: bool
    """The name after stands right on the chain, with no sign between."""


def chains(found: FieldFound, names: list[NameFound]) -> list[Candidates]:
    """For each post, in order, the names that it may belong to."""
    text = found.text
    elements = sorted(
        [_Element(post.first, post.end, post) for post in found.posts]
        + [_Element(first, end, None) for first, end in found.neutral],
        key=lambda one: one.first,
    )
    by_start = {name.start: name for name in names}
    by_end = {name.end: name for name in names}
    return [
        Candidates(
            _name_before(text, elements, at, by_end), *_name_after(text, elements, at, by_start)
        )
        for at, element in enumerate(elements)
        if element.post is not None
    ]


def _name_after(
    text: Syllables, elements: list[_Element], at: int, by_start: dict[int, NameFound]
) -> tuple[NameFound | None, bool]:
    """The name after the chain, and whether it follows right on it."""
    while True:
        end = elements[at].end
        name, gap = by_start.get(end), text.gap(end).strip()
        if name is not None and not gap:
            return name, True
        if name is not None and (gap in _SIGNS_TO_NAME or (gap == "," and name.addressed)):
            return name, False
        for words in _TO_WORDS:
            given = by_start.get(end + len(words))
            if given is not None and text.words[end : end + len(words)] == words:
                return given, True
        if at + 1 < len(elements) and _chained(text, end, elements[at + 1].first):
            at += 1
            continue
        return None, False


def _name_before(
    text: Syllables, elements: list[_Element], at: int, by_end: dict[int, NameFound]
) -> NameFound | None:
    while True:
        first = elements[at].first
        name = _named_right_before(text, first, by_end)
        if name is not None:
            return name
        if at > 0 and _chained(text, elements[at - 1].end, first):
            at -= 1
            continue
        return None


def _named_right_before(
    text: Syllables, first: int, by_end: dict[int, NameFound]
) -> NameFound | None:
    start = first
    if text.words[first - 1 : first] and text.words[first - 1] in _MODIFIERS:
        start = first - 1
    gap = text.gap(start)
    if start in by_end and (gap.strip() in AFTER_GAPS or "\t" in gap):  # a table's next cell
        return by_end[start]
    at = start
    while at > max(start - _TAKING_ROOM, 0) and text.words[at - 1] in vocabulary().taking:
        if at < start and text.gap(at).strip() not in ("", ","):
            return None
        at -= 1
    return by_end.get(at) if at < start and text.gap(at).strip() in ("", ",") else None


_MODIFIERS = frozenset({"nguyên", "cựu", "tân", "quyền"})


def _chained(text: Syllables, end: int, first: int) -> bool:
    """Whether two titles stand in one chain: only a sign or `kiêm` between them."""
    if first < end or text.sentence[end - 1] != text.sentence[first]:
        return False
    between = text.words[end:first]
    if between and between[-1] in _MODIFIERS:
        between = between[:-1]
    if between and between not in _CHAIN_WORDS:
        return False
    if first - end != len(between) + 0 and text.words[first - 1] not in _MODIFIERS:
        return False
    gaps = [text.gap(at).strip() for at in range(end, first + 1)]
    signs = [gap for gap in gaps if gap]
    return bool(between or signs) and all(sign in _CHAIN_GAPS for sign in signs)

"""Whose a title is: chains of titles, and the names on either side of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hanoiwatch.registry.found import FieldFound, PostFound
from hanoiwatch.registry.nearby import verb_at
from hanoiwatch.registry.people import AFTER_GAPS, TITLE_ROOM, NameFound
from hanoiwatch.registry.spans import Cover
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
_CHARGED = (["người", "được"], ["người", "đang", "được"])
"""A title in so many words: người được giao điều hành …"""
_TITLE_GAPS = frozenset({"", "-", "–", "&", "/"})
_AGAINST = ["phòng", "chống"]
_SIGNS_TO_NAME = frozenset({":", "(", "-", "–", "—"})


@dataclass(frozen=True, slots=True)
class _Element:
    """One piece of a chain of titles; None: a neutral title."""

    first: int
    end: int
    post: PostFound | None
    unknown: bool = False
    """A title that is none of ours, as far as it goes."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Whose a title may be: the name before its chain, and the one after it."""

    before: NameFound | None
    after: NameFound | None
    right_on: bool
    """The name after stands right on the chain, with no sign between."""
    through_unknown: tuple[bool, bool]
    """Whether a title that is not known stands between, before and after."""


@dataclass(frozen=True, slots=True)
class _Reached:
    """The name at one end of a chain."""

    name: NameFound | None
    through_unknown: bool = False
    right_on: bool = False


def chains(found: FieldFound, names: list[NameFound]) -> list[Candidates]:
    """For each post, in order, the names that it may belong to."""
    text = found.text
    by_start = {name.start: name for name in names}
    by_end = {name.end: name for name in names}
    known = [_Element(post.first, post.end, post) for post in found.posts]
    known += [_Element(first, end, None) for first, end in found.neutral]
    elements = sorted(
        known + list(_unknown(found, known, by_start)), key=lambda one: (one.first, -one.end)
    )
    return [
        _candidates(
            _name_before(text, elements, at, by_end), _name_after(text, elements, at, by_start)
        )
        for at, element in enumerate(elements)
        if element.post is not None
    ]


def _candidates(before: _Reached, after: _Reached) -> Candidates:
    return Candidates(
        before.name, after.name, after.right_on, (before.through_unknown, after.through_unknown)
    )


def _unknown(
    found: FieldFound, known: list[_Element], by_start: dict[int, NameFound]
) -> Iterator[_Element]:
    """Titles that the registry knows nothing of, each to the name or sign after it."""
    text, taken = found.text, Cover((one.first, one.end) for one in known)
    roving = [(one.first, one.end) for one in known if one.post and one.post.body is None
              and one.post.post is None]  # fmt: skip
    heads = [(first, end) for first, end in found.heads.items() if first not in taken]
    charged = [
        (at, at + len(said))
        for at, word in enumerate(text.words)
        if word == "người" and at not in taken
        for said in _CHARGED
        if text.words[at : at + len(said)] == said
    ]
    covered = -1
    for first, start in sorted(roving + heads + charged):
        end = _unknown_end(text, start, taken, by_start)
        if end is not None and first >= covered:
            covered = end
            yield _Element(first, end, None, unknown=True)


def _unknown_end(
    text: Syllables, start: int, taken: Cover, by_start: dict[int, NameFound]
) -> int | None:
    for at in range(start, start + TITLE_ROOM):
        if at >= len(text) or text.sentence[at] != text.sentence[start - 1] or at in by_start:
            return at
        gap = text.gap(at).strip()
        within = gap in _TITLE_GAPS or (gap == "," and text.words[at - 1 : at + 1] == _AGAINST)
        if not within or at in taken or verb_at(text, at):
            return at
    return None


def _name_after(
    text: Syllables, elements: list[_Element], at: int, by_start: dict[int, NameFound]
) -> _Reached:
    """The name after the chain, and whether it follows right on it."""
    through = False
    while True:
        end = elements[at].end
        name, gap = by_start.get(end), text.gap(end).strip()
        through = through or elements[at].unknown
        if name is not None and not gap:
            return _Reached(name, through, right_on=True)
        if name is not None and (gap in _SIGNS_TO_NAME or (gap == "," and name.addressed)):
            return _Reached(name, through)
        for words in _TO_WORDS:
            given = by_start.get(end + len(words))
            if given is not None and text.words[end : end + len(words)] == words:
                return _Reached(given, through, right_on=True)
        step = _next_of_chain(text, elements, at)
        if step is None:
            return _Reached(None)
        at = step


def _next_of_chain(text: Syllables, elements: list[_Element], at: int) -> int | None:
    """The element after, or the longer one that begins with this one."""
    for step in range(at + 1, len(elements)):
        one = elements[step]
        if one.first == elements[at].first and one.unknown:
            return step
        if one.first >= elements[at].end:
            return step if _chained(text, elements[at].end, one.first) else None
    return None


def _name_before(
    text: Syllables, elements: list[_Element], at: int, by_end: dict[int, NameFound]
) -> _Reached:
    through = False
    while True:
        first = elements[at].first
        through = through or elements[at].unknown
        name = _named_right_before(text, first, by_end)
        if name is not None:
            return _Reached(name, through)
        if at > 0 and _chained(text, elements[at - 1].end, first):
            at -= 1
            continue
        return _Reached(None)


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

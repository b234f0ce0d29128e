"""Bodies in a row, which say once what all of them share.

``các phường Cửa Nam và Ngọc Hà``, ``các Sở Nội vụ, Tài chính``, ``Ban Tổ chức, Ban Tuyên giáo
Thành ủy``: only one of them is a whole name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hanoiwatch.registry.gazetteer import Gazetteer, Hit
from hanoiwatch.registry.nearby import area_end
from hanoiwatch.registry.syllables import Syllables
from hanoiwatch.registry.vocabulary import vocabulary

Named = tuple[int, int, str]
"""Syllables from, to, and the body that they name."""

_JOINTS = frozenset({"và", "cùng"})
_BESIDE_DEPARTMENTS = frozenset({"ban", "ngành", "phòng"})
_LONGEST_NAME = 8
_CITY_ENDS = frozenset({"phố", "nội", "đô"})


def areas_after(text: Syllables, hit: Hit, names: Mapping[tuple[str, ...], str]) -> Iterator[Named]:
    """The further names of ``các phường Hoàn Kiếm, Cửa Nam và Ngọc Hà``."""
    at = hit.end
    while names and at < len(text) and text.sentence[at] == text.sentence[hit.first]:
        start = at + 1 if text.words[at] == "và" else at
        allowed = ("", ",") if start > at else (",",)
        end = area_end(text, start, names)
        if text.gap(at).strip() not in allowed or end is None:
            return
        yield start, end, names[tuple(text.words[start:end])]
        at = end


def of_one_kind(
    text: Syllables, kind: str, names: Mapping[tuple[str, ...], str]
) -> list[list[Named]]:
    """Each row of ``các Sở Nội vụ, Tài chính`` and ``các sở, ngành: Nội vụ, Tài chính``."""
    plural = vocabulary().plural
    return [
        row
        for at, word in enumerate(text.words)
        if word == kind and at and text.words[at - 1] in plural and text.plain(at)
        if (row := list(_named_after(text, at + 1, names)))
    ]


def _named_after(text: Syllables, at: int, names: Mapping[tuple[str, ...], str]) -> Iterator[Named]:
    sentence, kind = text.sentence[at - 1], text.words[at - 1]
    while at < len(text) and text.words[at] in _BESIDE_DEPARTMENTS and not text.capital(at):
        at += 1
    allowed = {"", ":"}
    while at < len(text) and text.sentence[at] == sentence:
        joint = at + 1 if text.words[at] in _JOINTS else at
        start = joint + 1 if text.words[joint : joint + 1] == [kind] else joint
        end = _name_end(text, start, names)
        if end is None or text.gap(at).strip() not in (allowed if joint == at else {"", ","}):
            return
        yield start, end, names[tuple(text.words[start:end])]
        at, allowed = end, {",", ";"}


def _name_end(text: Syllables, start: int, names: Mapping[tuple[str, ...], str]) -> int | None:
    if start >= len(text) or not text.capital(start):
        return None
    ends = [
        end
        for end in range(min(start + _LONGEST_NAME, len(text)), start, -1)
        if tuple(text.words[start:end]) in names and end not in text.inner
    ]
    whole = (end for end in ends if "," not in text.said(start, end))
    return next(whole, ends[0] if ends else None)


def shares_end(text: Syllables, stem: str, end: int, body: str, gazetteer: Gazetteer) -> bool:
    """Whether the last name of a row, which ends at ``end``, says for ``stem`` too whose it is."""
    known = gazetteer.stem_ends
    for shared in known.get(stem, set()) & known.get(body, set()):
        said = tuple(text.words[end - len(shared) : end]) if shared else ()
        if shared and said == shared:
            return True
        if not shared and text.words[end - 1] in _CITY_ENDS:
            return True
    return False

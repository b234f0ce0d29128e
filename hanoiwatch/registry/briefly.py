"""Titles with a body's kind alone: ``Giám đốc Sở``, ``giám đốc trung tâm này``.

They are of the last body of that kind that the article named, known or not; where that is none of
Hanoi's, they are of nobody that we know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hanoiwatch.registry.found import BodyFound, Standing
from hanoiwatch.registry.gazetteer import Hit
from hanoiwatch.registry.nearby import verb_at
from hanoiwatch.registry.spans import Cover
from hanoiwatch.registry.syllables import Syllables
from hanoiwatch.registry.vocabulary import vocabulary

_ONLY_HANOIS = frozenset({("sở",), ("ban",)})
"""Only offices of a city are of these kinds: where the article named none, nothing is said of
whose it is, and the name beside it is free."""
_ROW_WORDS = frozenset({"ban", "ngành", "phòng", "và", "thủ", "chủ", "người", "lãnh"})
"""After a comma they make it any office of its kind: giám đốc sở, thủ trưởng cơ quan."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A title with a kind alone, from ``first`` to ``end``, and what it is of."""

    first: int
    end: int
    head: Hit
    body: BodyFound | None
    """None: of no body that the article has named."""


@dataclass(slots=True)
class KindsSaid:
    """What an article has named so far of each kind."""

    _last: dict[tuple[str, ...], BodyFound | None] = field(default_factory=dict)
    """None: a body that is none of ours."""
    _seen: dict[tuple[str, ...], set[str | None]] = field(default_factory=dict)

    def read(
        self, text: Syllables, heads: Sequence[Hit], bodies: Sequence[BodyFound], titled: Cover
    ) -> list[Brief]:
        """The brief titles of one field, in order; remembers its bodies for the next field."""
        kinds = {words[0]: words for words in vocabulary().kinds}
        places = [at for at, word in enumerate(text.words) if word in kinds]
        if not places:
            return []
        by_first = {body.first: body for body in bodies}
        longest = {hit.end: hit for hit in sorted(heads, key=lambda hit: -hit.first)}
        found: list[Brief] = []
        for at in places:
            kind = kinds[text.words[at]]
            if tuple(text.words[at : at + len(kind)]) != kind:
                continue
            body, head = by_first.get(at), longest.get(at)
            if body is not None:
                self._note(kind, body if body.standing == "ours" else None)
            elif head is not None and head.first not in titled:
                found += self._brief(text, head, kind)
            elif text.capital(at) and _goes_on(text, at + len(kind)):
                self._note(kind, None)
        return found

    def _note(self, kind: tuple[str, ...], body: BodyFound | None) -> None:
        self._last[kind] = body
        self._seen.setdefault(kind, set()).add(body.body if body else None)

    def _brief(self, text: Syllables, head: Hit, kind: tuple[str, ...]) -> list[Brief]:
        end = head.end + len(kind)
        if not text.plain(head.end):
            return []
        if not _ends_there(text, end):
            if _goes_on(text, end):
                self._note(kind, None)
            return []
        if end < len(text) and text.plain(end) and text.words[end] == "này":
            end += 1
        if kind not in self._last:
            return [Brief(head.first, end, head, None)] if kind in _ONLY_HANOIS else []
        last = self._last[kind]
        if last is None:
            return []
        standing: Standing = "ours" if len(self._seen[kind]) == 1 else "unsure"
        body = replace(last, first=head.end, end=end, grade="weak", standing=standing)
        return [Brief(head.first, end, head, body)]


def _goes_on(text: Syllables, end: int) -> bool:
    """Whether the name of a body follows its kind."""
    return end < len(text) and text.plain(end) and text.capital(end) and not _is_name(text, end)


def _is_name(text: Syllables, at: int) -> bool:
    """Whether somebody's name begins here: a surname and another capital."""
    if text.words[at] not in vocabulary().surnames or not text.capital(at):
        return False
    return at + 1 < len(text) and text.plain(at + 1) and text.capital(at + 1)


def _ends_there(text: Syllables, end: int) -> bool:
    """Whether nothing says more of which body it is."""
    if end >= len(text) or text.sentence[end] != text.sentence[end - 1]:
        return True
    if not text.plain(end):
        return text.words[end] not in _ROW_WORDS
    return text.words[end] == "này" or _is_name(text, end) or verb_at(text, end)

"""Whether words that spell a body's name mean a body where they stand."""

from __future__ import annotations

from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.gazetteer import Hit
from hanoiwatch.registry.nearby import asked
from hanoiwatch.registry.syllables import Syllables
from hanoiwatch.registry.vocabulary import vocabulary

_NO_OFFICE_BEFORE = frozenset({"cơ", "trụ", "công", "hội", "văn"})
_SMALL_WORDS = (("thành", "ủy"),)
_LONG_ENOUGH = 4


def may_be_body(text: Syllables, hit: Hit, registry: Registry) -> bool:
    """A name begins with a capital; "cơ sở y tế" is none."""
    first, words = hit.first, tuple(text.words[hit.first : hit.end])
    if hit.meaning.kind == "area":
        return True
    joined = words[0] == "sở" and first and text.plain(first)
    if joined and text.words[first - 1] in _NO_OFFICE_BEFORE:
        return False
    if words == ("thành", "ủy") and text.words[hit.end : hit.end + 1] == ["viên"]:
        return False
    if registry.bodies[hit.meaning.id].kind == "media" and asked(text, first):
        return False
    if registry.bodies[hit.meaning.id].kind == "national":
        return _may_be_national(text, hit)
    if text.capital(first) or (words[0] == "sở" and text.capital(first + 1)):
        return True
    long = len(words) >= _LONG_ENOUGH and hit.meaning.grade == "explicit"
    return long or words[:2] in _SMALL_WORDS


_OTHER_STATES = frozenset({"chính phủ", "quốc hội", "bộ nội vụ"})
_NOT_GOVERNMENT = frozenset({"điện", "số", "các"})


def _may_be_national(text: Syllables, hit: Hit) -> bool:
    if not text.capital(hit.first):
        return False
    if " ".join(text.words[hit.first : hit.end]) not in _OTHER_STATES or hit.end >= len(text):
        return True
    after = text.words[hit.end]
    if not text.plain(hit.end):
        return True
    abroad = text.capital(hit.end) and after not in vocabulary().surnames
    return after not in _NOT_GOVERNMENT and not abroad

"""What stands around a place in a text: provinces, levels, the words before and after."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from hanoiwatch.registry.gazetteer import Hit
from hanoiwatch.registry.spans import Around
from hanoiwatch.registry.syllables import Syllables, phrase_words
from hanoiwatch.registry.vocabulary import vocabulary

NEAR_PLACE = 6
"""Another province within so many words of an office's short name: it may be that one's."""
_LONG_PLACE = 6
"""Syllables of the longest name of a place: thành phố Hồ Chí Minh."""
_HANOI = {("hà", "nội"), ("thủ", "đô")}
_AREA_WORDS = frozenset({"quận", "huyện", "phường", "xã"})


def area_end(text: Syllables, start: int, names: Collection[tuple[str, ...]]) -> int | None:
    """Where the longest of the names that stands at ``start``, in capitals, ends."""
    for length in (5, 3, 2, 1):
        end = start + length
        if end > len(text) or tuple(text.words[start:end]) not in names:
            continue
        if not all(text.capital(at) for at in range(start, end)):
            return None
        goes_on = end < len(text) and text.plain(end) and text.capital(end)
        return None if goes_on else end
    return None


def said(text: Syllables, first: int, end: int) -> str:
    return " ".join(text.words[first : end + 3])


def is_place(text: Syllables, hit: Hit) -> bool:
    known = vocabulary()
    before = [" ".join(text.words[max(hit.first - n, 0) : hit.first]) for n in (1, 2, 3, 4, 5)]
    street = any(said in known.street_words for said in before[:2])
    if street and before[1] != "thành phố":
        return False
    if hit.meaning.id in known.places_after_a_word:
        return any(said in known.place_words for said in before)
    named = hit.first and text.plain(hit.first) and text.capital(hit.first - 1)
    return not (named and text.words[hit.first - 1] in known.surnames)


def place_follows(text: Syllables, end: int, places: Around) -> bool:
    """Another province's name right after an office's, or after `tỉnh` or `thành phố`."""
    for hit in places.between(end - _LONG_PLACE, end + 2):
        if end <= hit.first <= end + 2 and text.sentence[hit.first] == text.sentence[end - 1]:
            between = text.words[end : hit.first]
            gap = text.gap(end).strip()
            if between in ([], ["tỉnh"], ["thành", "phố"]) and gap in ("", "."):
                return True
            if between == ["tỉnh"] and gap in (",", "("):
                return True
        if hit.first <= end - 1 < hit.end and hit.meaning.id.startswith("thành"):
            return True
    return False


def place_near(text: Syllables, hit: Hit, places: Around) -> bool:
    number = text.sentence[hit.first]
    return any(
        text.sentence[place.first] == number
        and (0 <= place.first - hit.end < NEAR_PLACE or 0 <= hit.first - place.end < NEAR_PLACE)
        for place in places.between(hit.first - NEAR_PLACE - _LONG_PLACE, hit.end + NEAR_PLACE)
    )


def level_follows(text: Syllables, end: int) -> bool:
    if end >= len(text) or not text.plain(end):
        return False
    levels = vocabulary().levels
    return text.words[end] in levels or " ".join(text.words[end : end + 2]) in levels


def hanoi_in_sentence(text: Syllables, hit: Hit) -> bool:
    first, end = text.bounds(hit.first)
    return names_hanoi(text.words[first:end])


def names_hanoi(said: list[str]) -> bool:
    """Whether the city is named: Hà Nội, Thủ đô."""
    return any(pair in _HANOI for pair in pairwise(said))


def level_in_sentence(text: Syllables, hit: Hit) -> bool:
    first, end = text.bounds(hit.first)
    return any(word in _AREA_WORDS for word in text.words[first:end])


def before(text: Syllables, at: int, count: int) -> str:
    first = at - count
    if first < 0 or text.sentence[first] != text.sentence[at]:
        return ""
    if any(not text.plain(one) for one in range(first + 1, at + 1)):
        return ""
    return " ".join(text.words[first:at])


def follows(text: Syllables, end: int, said: str) -> bool:
    words = list(phrase_words(said))
    return text.words[end : end + len(words)] == words and text.plain(end)


def verb_at(text: Syllables, at: int) -> bool:
    """Whether a word stands here, in small letters, that no name of an office holds."""
    if at >= len(text) or text.capital(at):
        return False
    known = vocabulary().no_part_of_a_name
    if text.words[at] in known:
        return True
    pair = " ".join(text.words[at : at + 2])
    return pair in known and text.words[at - 1 : at] not in (["ban"], ["hội"])


def asked(text: Syllables, at: int) -> bool:
    """Whether the paper named here only asked or told: theo Báo …, phóng viên Báo …"""
    known = vocabulary().asking
    return any(before(text, at, count) in known for count in (1, 2, 3))

"""Every name and phrase of the registry in one trie of syllables, and the scan that finds them.

A trie of syllables needs no segmentation, ignores punctuation and case, and keeps the places. It
is made once per registry; a scan walks each text once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from hanoiwatch.registry.book import Registry
from hanoiwatch.registry.records import AREA_KINDS, Body
from hanoiwatch.registry.spellings import variants
from hanoiwatch.registry.syllables import Syllables, phrase_words
from hanoiwatch.registry.vocabulary import Vocabulary, vocabulary

Grade = Literal["explicit", "local", "weak"]
"""``explicit``: means the body wherever it is read. ``local``: in an article about Hanoi. ``weak``:
only beside something that settles it."""

HitKind = Literal[
    "body", "stem", "area", "post", "person", "head", "neutral", "roving", "place", "topic",
    "exclude", "beside",
]  # fmt: skip

CITY = ("hà", "nội")
_CITY_FORMS: tuple[tuple[tuple[str, ...], Grade], ...] = (
    (("thành", "phố"), "local"),
    (("thành", "phố", "hà", "nội"), "explicit"),
    (CITY, "explicit"),
    (("thủ", "đô"), "local"),
    (("thủ", "đô", "hà", "nội"), "explicit"),
    (("của", "thành", "phố"), "local"),
    (("của", "hà", "nội"), "explicit"),
)
_SHARED_ENDS: tuple[tuple[str, ...], ...] = (
    (), ("thành", "ủy"), ("hội", "đồng", "nhân", "dân"),
)  # fmt: skip
"""What the last name of a row says for all of them; the empty one is the city."""
_TP = "{tp}"
_NAME_GAPS = frozenset({"", ".", "-", "–", "&", "/", ".-"})
_COMMA_GAPS = _NAME_GAPS | {","}
_AREA_GAPS = frozenset({"", ".", "-", "–", ":"})
"""What may stand between the syllables of a name."""
_END = ""
"""The key of a node under which its meanings are; no syllable is empty."""

_OPEN_I = re.compile(r"(?:[hklmstv]|qu)[iyìỳíýỉỷĩỹịỵ]")
_OTHER_I = str.maketrans("iyìỳíýỉỷĩỹịỵ", "yiỳìýíỷỉỹĩỵị")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase of the trie stands for."""

    kind: HitKind
    id: str
    grade: Grade = "explicit"
    comma: bool = False
    """Its own words are parted by a comma somewhere; else none may stand within."""
    part: tuple[int, int] = (0, 0)
    """Of a topic: which phrase, and which part of it."""
    upper: bool = False
    """Only where the text has it in capitals."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Syllables ``first`` to ``end`` of a field mean this."""

    first: int
    end: int
    meaning: Meaning


Node = dict[str, Any]


class Gazetteer:
    """All that can be found, ready to be looked for."""

    def __init__(self, registry: Registry) -> None:
        self._root: Node = {}
        self._words = vocabulary()
        self.areas: dict[str, dict[tuple[str, ...], str]] = {}
        """The kind's word to the bare names of districts or wards of that kind, to their ids."""
        self.departments: dict[tuple[str, ...], str] = {}
        """Names of departments without their `sở`, to their ids."""
        self.boards: dict[tuple[str, ...], str] = {}
        """Names of the Party's boards without `ban` and `Thành ủy`, to their ids."""
        self.stem_ends: dict[str, set[tuple[str, ...]]] = {}
        """Bodies with a name of which a row may leave out the end, to those ends."""
        self.posts_by_head = {
            (" ".join(phrase_words(head)), post.body): post.id
            for post in registry.posts.values()
            for head in post.heads
        }
        """(a title's head, a body) to the post that they make."""
        _add_people(self, registry)
        _add_bodies(self, registry)
        _add_posts(self, registry)
        _add_topics(self, registry)
        _add_vocabulary(self, self._words)

    def area_names(self, hit: Hit) -> dict[tuple[str, ...], str]:
        """The bare names of the districts or wards of the same kind as ``hit``'s."""
        return next(
            (names for names in self.areas.values() if hit.meaning.id in names.values()), {}
        )

    def add(self, phrase: str | Iterable[str], meaning: Meaning) -> None:
        words = phrase_words(phrase) if isinstance(phrase, str) else tuple(phrase)
        for spelled in _spellings(words):
            node = self._root
            for word in spelled:
                node = node.setdefault(word, {})
            meanings: list[Meaning] = node.setdefault(_END, [])
            if meaning not in meanings:
                meanings.append(meaning)

    def scan(self, text: Syllables) -> list[Hit]:
        """Everything that stands in the text, nested and overlapping, by where it begins."""
        found: list[Hit] = []
        root, words, inner = self._root, text.words, text.inner
        length = len(words)
        for first, word in enumerate(words):
            node = root.get(word)
            if node is None or first in inner:
                continue
            end = first + 1
            while True:
                meanings = node.get(_END)
                if meanings is not None and end not in inner:
                    found += [Hit(first, end, one) for one in meanings]
                if end == length:
                    break
                node = node.get(words[end])
                if node is None:
                    break
                end += 1
        return [hit for hit in found if _stands(text, hit)]


def _stands(text: Syllables, hit: Hit) -> bool:
    """Within one sentence, with the capitals that its kind needs, no comma inside a name."""
    first, last = hit.first, hit.end - 1
    if text.sentence[first] != text.sentence[last]:
        return False
    kind = hit.meaning.kind
    if kind == "topic":
        return (not hit.meaning.upper or text.upper(first)) and not _cuts(text, first, hit.end)
    if kind in ("exclude", "beside"):
        return True
    if kind == "person":
        whole = all(text.plain(at) for at in range(first + 1, hit.end))
        return whole and all(text.capital(at) for at in range(first, hit.end))
    if kind == "place":
        return text.capital(last) and text.capital(last - 1 if last > first else last)
    allowed = _AREA_GAPS if kind == "area" else _COMMA_GAPS if hit.meaning.comma else _NAME_GAPS
    if kind == "area" and not text.capital(last):
        return False
    return all(
        text.plain(at) or text.gap(at).strip() in allowed for at in range(first + 1, hit.end)
    )


def _cuts(text: Syllables, first: int, end: int) -> bool:
    """Whether a phrase begins or ends within a longer word: công | đoàn Thủ đô."""
    longer, words = vocabulary().whole_words, text.words
    if first and (words[first - 1], words[first]) in longer and text.plain(first):
        return True
    return end < len(words) and (words[end - 1], words[end]) in longer and text.plain(end)


def _spellings(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """With i and y for each other where they end an open syllable: Sỹ and Sĩ."""
    choices = [
        (word, word[:-1] + word[-1].translate(_OTHER_I)) if _OPEN_I.fullmatch(word) else (word,)
        for word in words
    ]
    return product(*choices)


def _add_people(to: Gazetteer, registry: Registry) -> None:
    for official in registry.officials.values():
        for name in (official.name, *official.aliases):
            to.add(name, Meaning("person", official.id))
        for name in official.misspellings:
            to.add(name, Meaning("person", official.id, grade="weak"))


def _add_bodies(to: Gazetteer, registry: Registry) -> None:
    for body in registry.bodies.values():
        if body.kind in AREA_KINDS:
            _add_area(to, body)
            continue
        for name in (body.name, *body.aliases):
            for words, comma in variants(name).items():
                to.add(words, Meaning("body", body.id, comma=comma))
        for short in body.short:
            _add_short(to, body, short)


def _add_short(to: Gazetteer, body: Body, short: str) -> None:
    needs_city = _TP in short
    for words, comma in variants(short.replace(_TP, "").strip()).items():
        if not needs_city:
            to.add(words, Meaning("body", body.id, "local", comma))
        elif body.kind in ("committee", "council"):
            to.add(words, Meaning("body", body.id, "weak", comma))
        _add_stem(to, body, words, needs_city=needs_city)
        if body.kind == "department" and words[0] == "sở":
            to.departments[words[1:]] = body.id
        if words[0] == "ban" and words[-2:] == ("thành", "ủy"):
            to.boards[words[1:-2]] = body.id
        for form, grade in _CITY_FORMS:
            to.add((*words, *form), Meaning("body", body.id, grade, comma))


def _add_stem(to: Gazetteer, body: Body, words: tuple[str, ...], *, needs_city: bool) -> None:
    """What a row says of all but its last: ``Ban Tổ chức, Ban Tuyên giáo Thành ủy``."""
    for shared in _SHARED_ENDS:
        stem = words[: len(words) - len(shared)]
        if (needs_city if not shared else words[-len(shared) :] == shared) and len(stem) > 1:
            to.stem_ends.setdefault(body.id, set()).add(shared)
            to.add(stem, Meaning("stem", body.id))


def _add_area(to: Gazetteer, body: Body) -> None:
    words = phrase_words(body.name)
    kind = words[:2] if words[:2] == ("thị", "xã") else words[:1]
    name = words[len(kind) :]
    spelled = " ".join(kind)
    to.areas.setdefault(spelled, {})[name] = body.id
    grade: Grade = "explicit" if body.kind == "district" else "local"
    meaning = Meaning("area", body.id, grade)
    to.add(words, meaning)
    for organ in vocabulary().area_organs:
        to.add((*phrase_words(organ), *words), meaning)
    if spelled in vocabulary().party_organs:
        to.add((*phrase_words(vocabulary().party_organs[spelled]), *name), meaning)


def _add_posts(to: Gazetteer, registry: Registry) -> None:
    heads: set[tuple[str, ...]] = {phrase_words(head) for head in vocabulary().heads}
    for post in registry.posts.values():
        heads |= {phrase_words(head) for head in post.heads}
        for phrase in post.phrases:
            words = phrase_words(phrase.replace(_TP, ""))
            if _TP not in phrase:
                grade: Grade = "explicit" if words[-2:] == CITY else "local"
                to.add(words, Meaning("post", post.id, grade))
                continue
            for form, grade in _CITY_FORMS[:3]:
                to.add((*words, *form), Meaning("post", post.id, grade))
    for head in heads:
        to.add(head, Meaning("head", " ".join(head)))


def _add_topics(to: Gazetteer, registry: Registry) -> None:
    for topic in registry.topics.values():
        for number, phrase in enumerate(topic.phrases):
            for part, said in enumerate(phrase.parts):
                upper = said.isupper() and said.isascii() and len(said) <= 6
                to.add(said, Meaning("topic", topic.id, part=(number, part), upper=upper))
        for said in topic.exclude:
            to.add(said, Meaning("exclude", topic.id))
        for said in topic.beside:
            to.add(said, Meaning("beside", topic.id))


def _add_vocabulary(to: Gazetteer, known: Vocabulary) -> None:
    for title in known.neutral_titles:
        to.add(title, Meaning("neutral", title))
    for title in known.roving_titles:
        to.add(title, Meaning("roving", title))
    for place in known.places:
        to.add(place, Meaning("place", place))

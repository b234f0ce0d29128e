"""Names of people in one field, known or not, and the titles that belong to each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from hanoiwatch.registry.found import FieldFound, PostFound
from hanoiwatch.registry.gazetteer import Hit
from hanoiwatch.registry.nearby import verb_at
from hanoiwatch.registry.records import Gender
from hanoiwatch.registry.syllables import Syllables
from hanoiwatch.registry.vocabulary import vocabulary

MAX_NAME = 5
"""Syllables of the longest names: Nguyễn Thị Hồng Hạnh Nhi."""
AFTER_GAPS = frozenset({",", "-", "–", "—", "(", ":", ", -"})
"""Between a name and a title after it."""
_NEW_WORDS = 2
"""One more capital may belong to a longer name; so many begin something else."""
TITLE_ROOM = 16
"""Between a title's head and the name after it stand at most so many syllables of its body."""


@dataclass(slots=True, kw_only=True, eq=False)
class NameFound:
    """A whole name of a person, and what the words around it say of them."""

    first: int
    end: int
    words: tuple[str, ...]
    ids: tuple[str, ...]
    """Officials of this name; none for somebody whom the registry lacks."""
    misspelt: bool = False
    gender: Gender | None = None
    """As the word of address says."""
    addressed: bool = False
    comrade: bool = False
    """Addressed as the Party addresses its own."""
    occupied: bool = False
    """Named by another walk of life: a singer, a farmer."""
    bare_head: str | None = None
    """A title's head right before it, without a body: Chủ tịch Trần Sỹ Thanh."""
    other_title: str | None = None
    """A title of something that is none of Hanoi's bodies."""
    posts: list[PostFound] = field(default_factory=list)
    """The titles that are theirs, in order."""
    start: int = 0
    """Where the words of address before the name begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortName:
    """``ông Dũng``: a word of address and the last one or two syllables of a name."""

    first: int
    end: int
    words: tuple[str, ...]
    gender: Gender | None


def find_names(found: FieldFound) -> list[NameFound]:
    """Every whole name in the field, in order.

    Right after a title it needs no surname that is known: the title is theirs, whoever it is.
    """
    text = found.text
    known = _known(found)
    blocked = _blocked(found)
    held = {post.end for post in found.posts if post.office not in ("office", "plural")}
    names: list[NameFound] = []
    at = 0
    surnames = vocabulary().surnames
    while at < len(text):
        titled = at in held and text.plain(at) and not text.shouted(at)
        if at in known or (text.capital(at) and (titled or text.words[at] in surnames)):
            end = _run(text, at, blocked, found.heads)
            after_title = at - 1 in blocked
            name = _name(text, at, end, known.get(at, []), found, after_title=after_title)
            if name is not None and at not in blocked:
                names.append(name)
                at = name.end
                continue
        at += 1
    return names


def _known(found: FieldFound) -> dict[int, list[Hit]]:
    by_first: dict[int, list[Hit]] = {}
    for hit in found.people:
        by_first.setdefault(hit.first, []).append(hit)
    return by_first


def _blocked(found: FieldFound) -> set[int]:
    spans = [(post.first, post.end) for post in found.posts] + found.neutral
    spans += [(body.first, body.end) for body in found.bodies]
    spans += [(place.first, place.end) for place in found.places]
    inner = found.text.inner
    within = inner | {at - 1 for at in inner}
    return within | {at for first, end in spans for at in range(first, end)}


def _run(text: Syllables, at: int, blocked: set[int], heads: dict[int, int]) -> int:
    """Where the row of capitalised syllables that begins at ``at`` ends."""
    end = at + 1
    while (
        end < len(text) and end not in blocked and end not in heads
        and text.plain(end) and text.capital(end) and text.sentence[end] == text.sentence[at]
    ):  # fmt: skip
        end += 1
    return end


def _name(
    text: Syllables, at: int, end: int, known: list[Hit], found: FieldFound, *, after_title: bool
) -> NameFound | None:
    """``after_title``: an office, a title or a place ends right before it."""
    if _is_place_name(text, at) and not _heads_projects(found, at):
        return None
    shouted = text.shouted(at)
    fitting = [hit for hit in known if hit.end == end or (shouted and hit.end <= end)]
    if not fitting and known:
        fitting = [hit for hit in known if hit.end < end and end - hit.end >= _NEW_WORDS]
    if fitting:
        stop = max(hit.end for hit in fitting)
        chosen = [hit for hit in fitting if hit.end == stop]
        ids = tuple(dict.fromkeys(hit.meaning.id for hit in chosen))
        misspelt = all(hit.meaning.grade == "weak" for hit in chosen)
        words = tuple(text.words[at:stop])
        name = NameFound(first=at, end=stop, words=words, ids=ids, misspelt=misspelt)
        return _described(found, name)
    if (
        shouted
        or not 2 <= end - at <= MAX_NAME
        or (at and not after_title and _in_longer(text, at))
    ):
        return None
    if " ".join(text.words[at:end]) in _never() or text.words[at + 1] == "nội":
        return None
    words = tuple(text.words[at:end])
    return _described(found, NameFound(first=at, end=end, words=words, ids=()))


def _in_longer(text: Syllables, at: int) -> bool:
    return text.plain(at) and text.capital(at - 1) and not _is_address(text, at)


def _is_address(text: Syllables, at: int) -> bool:
    """Whether the word before is a word of address or the end of a title."""
    one, two = text.words[at - 1], " ".join(text.words[max(at - 2, 0) : at])
    known = _titles_before()
    return one in known or two in known or one in _head_ends()


def _never() -> frozenset[str]:
    return frozenset(vocabulary().never_persons)


def _titles_before() -> frozenset[str]:
    known = vocabulary()
    return frozenset(
        (*known.honorifics.male, *known.honorifics.female, *known.honorifics.any, *known.ranks)
    )


def _head_ends() -> frozenset[str]:
    return frozenset(head.split()[-1] for head in vocabulary().heads) | {"viên", "đảng", "đô"}


def _is_place_name(text: Syllables, at: int) -> bool:
    if at == 0 or not text.plain(at):
        return False
    one, two = text.words[at - 1], " ".join(text.words[max(at - 2, 0) : at])
    known = vocabulary().not_a_person_after
    if two in ("thành phố", "môi trường", "thị trường"):  # ends of posts, and no kind of place
        return False  # Chủ tịch UBND thành phố Trần Sỹ Thanh
    return (one in known or two in known) and not text.capital(at - 1)


_PROJECTS = ["quản", "lý", "dự", "án"]


def _heads_projects(found: FieldFound, at: int) -> bool:
    """``Trưởng Ban quản lý dự án`` right before: the name is the head's, not the project's."""
    ends = {at - len(_PROJECTS), at - len(_PROJECTS) - 1}
    return found.text.words[max(at - len(_PROJECTS), 0) : at] == _PROJECTS and any(
        end in ends for first, end in found.heads.items() if at - TITLE_ROOM <= first < at
    )


def _described(found: FieldFound, name: NameFound) -> NameFound:
    text = found.text
    _read_address(text, name)
    known = vocabulary()
    name.occupied = (
        _said_before(text, name.start, known.occupations)
        or (name.start == name.first and _said_before(text, name.start, known.familiar))
        or _everyday(text, name.end)
    )
    if name.start not in found.post_ends:
        _read_title(found, name)
    return name


def _read_address(text: Syllables, name: NameFound) -> None:
    """Walks back over ``đồng chí``, ``ông``, ranks; notes the gender that they say."""
    known = vocabulary()
    at = name.first
    while at > 0 and text.sentence[at - 1] == text.sentence[name.first]:
        step = 0
        for count in (3, 2, 1):
            said = " ".join(text.words[max(at - count, 0) : at])
            if at >= count and said in _titles_before() and _near(text, at - count, at):
                step = count
                name.addressed = name.addressed or said not in known.ranks
                if said in ("đồng chí", "các đồng chí"):
                    name.comrade = True
                if said in known.honorifics.male:
                    name.gender = "male"
                elif said in known.honorifics.female:
                    name.gender = "female"
                break
        if not step:
            break
        at -= step
    name.start = at


def _near(text: Syllables, first: int, end: int) -> bool:
    return all(text.gap(at).strip() in ("", ".", ":") for at in range(first + 1, end + 1))


def _said_before(text: Syllables, at: int, known: frozenset[str]) -> bool:
    if at == 0 or not text.plain(at):
        return False
    return any(" ".join(text.words[at - count : at]) in known for count in (1, 2, 3) if at >= count)


def _everyday(text: Syllables, end: int) -> bool:
    """``…, 45 tuổi``, ``…, trú tại …``, ``…, chủ quán``: no office is meant."""
    if end >= len(text) or text.gap(end).strip() not in (",", "("):
        return False
    known = vocabulary()
    said = [" ".join(text.words[end : end + count]) for count in (1, 2, 3)]
    after_number = text.words[end].isdigit() and text.words[end + 1 : end + 2] == ["tuổi"]
    return after_number or any(one in known.everyday or one in known.occupations for one in said)


def _read_title(found: FieldFound, name: NameFound) -> None:
    """A title before the name, or after it, that is of none of our bodies."""
    text = found.text
    at = name.start
    lowest = max(at - TITLE_ROOM, 0)
    head: tuple[int, int] | None = None
    sentence = text.sentence[name.first]
    while at > lowest and text.gap(at).strip() in ("", "-", "–", ".", "&"):
        at -= 1
        if text.sentence[at] != sentence or verb_at(text, at):
            break
        if at not in found.heads or at in found.titled:
            continue
        if head is not None and found.heads[at] <= head[0]:
            break  # another title, before this one
        head = at, found.heads[at]
    if head is None:
        _read_title_after(found, name)
    elif head[1] == name.start:
        name.bare_head = " ".join(text.words[head[0] : head[1]])
    elif head[1] < name.start:
        name.other_title = text.said(head[0], name.start)


def _read_title_after(found: FieldFound, name: NameFound) -> None:
    text, at = found.text, name.end
    if text.gap(at).strip() not in AFTER_GAPS or at not in found.heads:
        return
    if at in found.titled or at in {first for first, _ in found.neutral}:
        return
    end = at
    while end < len(text) and (end == at or text.gap(end).strip() in ("", "-", "&")):
        end += 1
    if end > found.heads[at]:
        name.other_title = text.said(at, min(end, at + TITLE_ROOM))


_Form = tuple[tuple[str, ...], Gender | None]


@cache
def _openers() -> dict[str, list[_Form]]:
    """The words that a short name begins with, by the first of them, the longest first."""
    known = vocabulary()
    forms: list[_Form] = [
        *((tuple(said.split()), None) for said in known.honorifics.any),
        *((tuple(said.split()), "male") for said in known.honorifics.male),
        *((tuple(said.split()), "female") for said in known.honorifics.female),
        *((tuple(said.split()), None) for said in (*known.alone_heads, *known.ranks)),
    ]
    openers: dict[str, list[_Form]] = {}
    for form in sorted(forms, key=lambda form: -len(form[0])):
        openers.setdefault(form[0][0], []).append(form)
    return openers


def find_short_names(found: FieldFound, names: list[NameFound]) -> list[ShortName]:
    """Every ``ông Dũng`` that is not the beginning of a whole name."""
    text = found.text
    taken = {at for name in names for at in range(name.start, name.end)} | _blocked(found)
    short: list[ShortName] = []
    openers = _openers()
    for at, word in enumerate(text.words):
        if word not in openers:
            continue
        for said, gender in openers[word]:
            start = at + len(said)
            if tuple(text.words[at:start]) != said or start >= len(text) or start in taken:
                continue
            end = _run(text, start, taken, found.heads)
            if not (text.plain(start) and text.capital(start)) or not 1 <= end - start <= 2:
                break
            if text.sentence[start] == text.sentence[at] and not text.shouted(at):
                words = tuple(text.words[start:end])
                first = at - 1 if at and text.words[at - 1] == "phó" else at
                short.append(ShortName(first=first, end=end, words=words, gender=gender))
            break
    return short

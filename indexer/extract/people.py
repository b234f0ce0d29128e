"""Who wrote, who photographed, and where it was taken from: bylines as pages print them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from hanoiwatch.page.tree import tidy
from hanoiwatch.text import canon
from indexer.extract.words import bare, bare_names, the_words

LONGEST_NAME = 60
"""Characters; "PGS.TS Nguyễn Thị Minh Hạnh, Phó Viện trưởng" is already more than a name."""
MOST_NAME_WORDS = 7
MOST_SOURCE_WORDS = 8
"""More words after "Theo" are a sentence, not an outlet's name."""
PART_OF_NAME = 5
"""Letters of a part by which people call their outlet ("Bờ Đông" of "Báo Bờ Đông điện tử")."""

Role = Literal["author", "photo", "both", "other", "source"]

_APART = re.compile(r"\s+[-–—]+\s*|\s*[-–—]+\s+|\s*[–—;|/•]\s*|\s*,\s+|\s+(?:và|VÀ|and)\s+|\s*&\s*")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*")
_NO_NAME = re.compile(r"\d|https?:|www\.|@|[:?!…\"“”]")
_SMALL = frozenset({"và", "của", "the", "de", "von", "van", "la"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """What the lines around an article say of its making. Each name occurs once."""

    byline: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    original_source: str | None = None
    others: tuple[str, ...] = ()
    """Who drew, designed or produced it: part of the signature, no byline."""

    def __or__(self, other: Credits) -> Credits:
        """Both; of two original sources the first."""
        return Credits(
            byline=once((*self.byline, *other.byline)),
            photographers=once((*self.photographers, *other.photographers)),
            original_source=self.original_source or other.original_source,
            others=once((*self.others, *other.others)),
        )

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.byline, *self.photographers, *self.others)


def read_byline(text: str, site_names: Collection[str] = ()) -> Credits:
    """``"Bài: Hà Vũ - Ảnh: Đỗ Nam"``, ``"A và B"``, ``"A (theo TTXVN)"``.

    The outlet's own name is nobody's byline.
    """
    made = Credits()
    for role, names in _by_role(tidy(text)):
        people = () if role == "source" else tuple(_people(names, site_names))
        made |= Credits(
            byline=people if role in {"author", "both"} else (),
            photographers=tuple(filter(is_person, people)) if role in {"photo", "both"} else (),
            original_source=_source(names, site_names) if role == "source" else None,
            others=people if role == "other" else (),
        )
    return made


def read_source(text: str) -> str | None:
    """The outlet in ``"Theo Báo X"``, ``"(Nguồn: X)"``; None where the text says no such thing."""
    text = tidy(text)
    for tail in the_words().source_tails:
        text = text.partition(tail)[0]
    text = balanced(text.strip("() .,-–—"))
    found = _patterns().leading_source.match(canon(text))
    name = text[found.end() :].strip(" .-–—") if found else ""
    is_sentence = ", " in name or (text != name and len(name.split()) > MOST_SOURCE_WORDS)
    return name if name[:1].isupper() and len(name) <= LONGEST_NAME and not is_sentence else None


def looks_like_name(text: str) -> bool:
    """Whether a short line can be one person's or newsroom's name: each word capitalised."""
    parts = text.split()
    if not parts or len(text) > LONGEST_NAME or len(parts) > MOST_NAME_WORDS:
        return False
    if _NO_NAME.search(text) or text.endswith((",", ";")):
        return False
    return all(part[0].isupper() or part in _SMALL for part in parts)


def is_person(name: str) -> bool:
    """Whether a credit names somebody: two or more capitalised words, no organisation's."""
    return len(name.split()) > 1 and looks_like_name(name) and not is_organisation(name)


def is_organisation(name: str) -> bool:
    """Whether a name is an agency's, an office's, a school's: "Sở Xây dựng", "Ban QLDA"."""
    parts = name.split()
    if the_words().organisations.search(canon(name)):
        return True
    head = canon(parts[0])
    if head in the_words().organisation_heads:
        return True
    # "BAN MAI" is set as all names are there
    has_acronym = parts[-1].isupper() and len(parts[-1]) > 1 and not name.isupper()
    return head in the_words().doubtful_heads and (len(parts) > 2 or has_acronym)


def persons_in(credit: str, site_names: Collection[str] = ()) -> tuple[str, ...]:
    """The photographers that a picture's credit names: ``"Văn Điệp/TTXVN"`` is Văn Điệp."""
    parts = (part.strip(" .") for part in _split(_IN_BRACKETS.sub("", credit)))
    return once(part for part in parts if is_person(part) and not _is_site(part, site_names))


def is_agencies(text: str, site_names: Collection[str] = ()) -> bool:
    """Whether a line names nothing but outlets: "(TTXVN/Vietnam+)", the page's own name."""
    parts = [part.strip(" .") for part in _APART.split(text.strip("() .")) if part.strip(" .")]
    if not parts or not all(_is_site(part, site_names) or _is_agency(part) for part in parts):
        return False
    return len(parts) > 1 or _is_site(parts[0], site_names)


def _is_agency(name: str) -> bool:
    return canon(name) in the_words().lead_prefixes or canon(name) in the_words().agencies


def once(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order, the first spelling kept."""
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(bare(name), name)
    return tuple(seen.values())


def _by_role(text: str) -> Iterator[tuple[Role, str]]:
    """What stands under each role: names before the first role are authors."""
    role: Role = "author"
    start = 0
    if is_collective(text):
        yield role, text
        return
    for found in _patterns().role.finditer(canon(text)):
        if names := _trimmed(text[start : found.start()]):
            yield role, names
        role, start = _role_of(found["role"] or found["theo"] or found["title"]), found.end()
    if names := _trimmed(text[start:]):
        yield role, names


def is_collective(text: str) -> bool:
    """Whether a line names a newsroom in place of people: "Nhóm PV Thời sự"."""
    said = canon(text)
    return said in the_words().collective or said.startswith(the_words().collective_openings)


def _trimmed(names: str) -> str:
    names = names.strip(" -–—,;|/.")
    return names.strip("()") if names.count("(") != names.count(")") else names


def balanced(text: str) -> str:
    """With the bracket at its end that was stripped from it: "Hà Vũ (TTXVN"."""
    return f"{text})" if text.count("(") > text.count(")") else text


def _role_of(label: str) -> Role:
    words = the_words()
    if label in words.both_roles:
        return "both"
    if label in words.photo_roles:
        return "photo"
    if label in words.other_roles:
        return "other"
    return "source" if label in words.source_words else "author"


def _people(names: str, site_names: Collection[str]) -> Iterator[str]:
    if is_collective(names):
        yield names
        return
    plain = _IN_BRACKETS.sub(" ", names).strip()
    if _is_site(names, site_names) or _is_site(plain, site_names):
        return
    parts = [_without_title(_without_tail(part.strip(" .,-–—"))) for part in _split(plain)]
    people = [part for part in parts if not _is_site(part, site_names) and _can_be_name(part)]
    # "Hà Vũ/TTXVN": the agency is where somebody works
    somebody = [part for part in people if not is_organisation(part)]
    yield from somebody or people


def _without_title(name: str) -> str:
    """``"Hà Vũ, CTV Đỗ Nam"``: the second is no byline's first word, so no role either."""
    found = _patterns().title.match(canon(name))
    return name[found.end() :] if found else name


def _without_tail(name: str) -> str:
    """``"Hà Vũ ghi"`` names Hà Vũ; ``"Tổng hợp"`` alone names nobody."""
    said = canon(name)
    if said in the_words().tails:
        return ""
    for tail in the_words().tails:
        if said.endswith(f" {tail}") and name[-len(tail)].islower():
            return name[: -len(tail)].strip()
    return name


def _is_site(name: str, site_names: Collection[str]) -> bool:
    """Whether it is an outlet's name; of the page's own one a good part is enough."""
    mine = bare(name)
    if mine in the_words().sites:
        return True
    sites = bare_names(tuple(site_names))
    return mine in sites or (len(mine) >= PART_OF_NAME and any(mine in site for site in sites))


def _can_be_name(text: str) -> bool:
    """Looser than `looks_like_name`: the page says that here stands a name."""
    if not text or len(text) > LONGEST_NAME or _NO_NAME.search(text):
        return False
    upper = [part[0].isupper() for part in text.split()]
    return upper[0] and sum(upper) * 2 >= len(upper)


def _split(names: str) -> list[str]:
    parts = _APART.split(names)
    if len(parts) == 1 and all(len(half.split()) > 1 for half in _HYPHEN.split(names)):
        return _HYPHEN.split(names)  # "Hà Vũ-Đỗ Nam", but not "Anh-Thư"
    return parts


def _source(names: str, site_names: Collection[str]) -> str | None:
    name = balanced(names.strip(" .()"))
    if not name or len(name) > LONGEST_NAME or bare(name) in bare_names(tuple(site_names)):
        return None
    return name


@dataclass(frozen=True, slots=True)
class _Patterns:
    """They match canon text, which is as long as the text itself."""

    role: re.Pattern[str]
    leading_source: re.Pattern[str]
    title: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = the_words()
    labels = words.both_roles | words.photo_roles | words.roles | words.source_words
    labels |= words.other_roles
    return _Patterns(
        role=re.compile(
            rf"(?:^|(?<=[\s(/|,;–—-]))(?:(?P<role>{_alternation(labels)})\s*[:：]\s*"
            rf"|(?P<theo>theo)\s+(?=\S))"
            rf"|^(?P<title>{_alternation(words.titles | words.both_roles)})\s+(?=\w+\s+\w)"
        ),
        title=re.compile(rf"(?:{_alternation(words.titles)})\s+(?=\w+\s+\w)"),
        leading_source=re.compile(rf"(?:{_alternation(words.source_words)})(?:\s*[:：]\s*|\s+)"),
    )


def _alternation(values: Collection[str]) -> str:
    return "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))

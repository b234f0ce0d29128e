"""Who wrote, who photographed, and where it was taken from: bylines as pages print them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from hanoiwatch.page.tree import tidy
from hanoiwatch.text import canon
from indexer.extract.words import bare, the_words

LONGEST_NAME = 60
"""Characters; "PGS.TS Nguyễn Thị Minh Hạnh, Phó Viện trưởng" is already more than a name."""
MOST_NAME_WORDS = 7
PART_OF_NAME = 5
"""Letters of a part by which people call their outlet ("Bờ Đông" of "Báo Bờ Đông điện tử")."""

Role = Literal["author", "photo", "both", "source"]

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

    def __or__(self, other: Credits) -> Credits:
        """Both; of two original sources the first."""
        return Credits(
            byline=once((*self.byline, *other.byline)),
            photographers=once((*self.photographers, *other.photographers)),
            original_source=self.original_source or other.original_source,
        )


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
        )
    return made


def read_source(text: str) -> str | None:
    """The outlet in ``"Theo Báo X"``, ``"(Nguồn: X)"``; None where the text says no such thing."""
    text = tidy(text)
    for tail in the_words().source_tails:
        text = text.partition(tail)[0]
    text = text.strip("() .,-–—")
    found = _patterns().leading_source.match(canon(text))
    name = text[found.end() :].strip(" .-–—") if found else ""
    return name if name[:1].isupper() and len(name) <= LONGEST_NAME else None


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
    if len(name.split()) < 2 or not looks_like_name(name):
        return False
    return the_words().organisations.search(canon(name)) is None


def persons_in(credit: str, site_names: Collection[str] = ()) -> tuple[str, ...]:
    """The photographers that a picture's credit names: ``"Văn Điệp/TTXVN"`` is Văn Điệp."""
    parts = (part.strip(" .") for part in _split(_IN_BRACKETS.sub("", credit)))
    return once(part for part in parts if is_person(part) and not _is_site(part, site_names))


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
    if canon(text) in the_words().collective:
        yield role, text
        return
    for found in _patterns().role.finditer(canon(text)):
        if names := _trimmed(text[start : found.start()]):
            yield role, names
        role, start = _role_of(found["role"] or found["theo"] or found["title"]), found.end()
    if names := _trimmed(text[start:]):
        yield role, names


def _trimmed(names: str) -> str:
    names = names.strip(" -–—,;|/.")
    return names.strip("()") if names.count("(") != names.count(")") else names


def _role_of(label: str) -> Role:
    words = the_words()
    if label in words.both_roles:
        return "both"
    if label in words.photo_roles:
        return "photo"
    return "source" if label in words.source_words else "author"


def _people(names: str, site_names: Collection[str]) -> Iterator[str]:
    if canon(names) in the_words().collective:
        yield names
        return
    plain = _IN_BRACKETS.sub(" ", names).strip()
    if _is_site(names, site_names) or _is_site(plain, site_names):
        return
    parts = [part.strip(" .,-–—") for part in _split(plain)]
    people = [part for part in parts if not _is_site(part, site_names) and _can_be_name(part)]
    # "Hà Vũ/TTXVN": the agency is where somebody works
    somebody = [part for part in people if the_words().organisations.search(canon(part)) is None]
    yield from somebody or people


def _is_site(name: str, site_names: Collection[str]) -> bool:
    """Whether it is an outlet's name; of the page's own one a good part is enough."""
    mine = bare(name)
    if mine in the_words().sites:
        return True
    return any(mine == bare(site) or (len(mine) >= PART_OF_NAME and mine in bare(site))
               for site in site_names)  # fmt: skip


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
    name = names.strip(" .()")
    if not name or len(name) > LONGEST_NAME or bare(name) in {bare(site) for site in site_names}:
        return None
    return name


@dataclass(frozen=True, slots=True)
class _Patterns:
    """They match canon text, which is as long as the text itself."""

    role: re.Pattern[str]
    leading_source: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = the_words()
    labels = words.both_roles | words.photo_roles | words.roles | words.source_words
    return _Patterns(
        role=re.compile(
            rf"(?:^|(?<=[\s(/|,;–—-]))(?:(?P<role>{_alternation(labels)})\s*[:：]\s*"
            rf"|(?P<theo>theo)\s+(?=\S))"
            rf"|^(?P<title>{_alternation(words.titles | words.both_roles)})\s+(?=\w+\s+\w)"
        ),
        leading_source=re.compile(rf"(?:{_alternation(words.source_words)})(?:\s*[:：]\s*|\s+)"),
    )


def _alternation(values: Collection[str]) -> str:
    return "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))

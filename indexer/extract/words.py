"""The word lists of `words.toml`, prepared for comparing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from hanoiwatch.text import canon, fold, words

LONGEST_KEPT = 80
"""Characters of texts whose bare form is kept: names of sites are compared again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Sets are canon or folded as their comment in the file says; patterns match NFC text."""

    lead_prefixes: frozenset[str]
    institutions: frozenset[str]
    prefix_classes: frozenset[str]
    roles: frozenset[str]
    photo_roles: frozenset[str]
    both_roles: frozenset[str]
    other_roles: frozenset[str]
    tails: frozenset[str]
    titles: frozenset[str]
    source_words: frozenset[str]
    source_tails: tuple[str, ...]
    sites: frozenset[str]
    collective: frozenset[str]
    collective_openings: tuple[str, ...]
    credit_markers: str
    """Alternation for a regular expression, longest first."""
    drawn_markers: frozenset[str]
    """Of these, what stands before the maker of a graphic."""
    credit_kinds: str
    nobody: frozenset[str]
    credit_classes: frozenset[str]
    organisations: re.Pattern[str]
    """Finds the name of an organisation as whole words of canon text."""
    organisation_heads: frozenset[str]
    doubtful_heads: frozenset[str]
    agencies: frozenset[str]
    """Whole names, canon."""
    furniture_lines: frozenset[str]
    furniture_openings: tuple[str, ...]
    notices: tuple[str, ...]
    stamps: tuple[str, ...]
    """Words with a blank around each, as `counters`."""
    stamp_words: frozenset[str]
    counters: tuple[str, ...]
    counter_words: frozenset[str]
    furniture_classes: frozenset[str]
    insets: frozenset[str]
    leads: frozenset[str]
    times: frozenset[str]
    authors: frozenset[str]
    home: frozenset[str]
    quotes: frozenset[str]
    pictures: frozenset[str]
    captions: frozenset[str]
    videos: frozenset[str]
    signatures: frozenset[str]


@cache
def the_words() -> Words:
    """The lists, read once."""
    table = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    lead, byline, credit, page = (table[key] for key in ("lead", "byline", "credit", "furniture"))
    return Words(
        lead_prefixes=_canon(lead["prefixes"]),
        institutions=_canon(lead["institutions"]),
        prefix_classes=frozenset(lead["prefix_classes"]),
        roles=_canon(byline["roles"]),
        photo_roles=_canon(byline["photo_roles"]),
        both_roles=_canon(byline["both_roles"]),
        other_roles=_canon(byline["other_roles"]),
        tails=_canon(byline["tails"]),
        titles=_canon(byline["titles"]),
        source_words=_canon(byline["source_words"]),
        source_tails=tuple(byline["source_tails"]),
        sites=frozenset(bare(name) for name in byline["sites"]),
        collective=_canon(byline["collective"]),
        collective_openings=tuple(canon(opening) for opening in byline["collective_openings"]),
        credit_markers=_alternation(credit["markers"]),
        drawn_markers=_canon(credit["drawn"]),
        credit_kinds=_alternation(credit["kinds"]),
        nobody=_canon(credit["nobody"]),
        credit_classes=frozenset(credit["classes"]),
        organisations=re.compile(
            rf"(?<![^\W_])(?:{_alternation(map(canon, credit['organisations']))})(?![^\W_])"
        ),
        organisation_heads=_canon(credit["organisation_heads"]),
        doubtful_heads=_canon(credit["doubtful_heads"]),
        agencies=_canon(credit["agencies"]),
        furniture_lines=frozenset(bare(line) for line in page["lines"]),
        furniture_openings=tuple(fold(line) for line in page["openings"]),
        notices=tuple(fold(line) for line in page["notices"]),
        stamps=_spaced(page["stamps"]),
        stamp_words=_words_of((*page["stamps"], *page["stamp_words"])),
        counters=_spaced(page["counters"]),
        counter_words=_words_of((*page["counters"], *page["counter_words"])),
        furniture_classes=frozenset(page["classes"]),
        insets=frozenset(page["insets"]),
        leads=frozenset(page["leads"]),
        times=frozenset(page["times"]),
        authors=frozenset(page["authors"]),
        home=frozenset(bare(name) for name in page["home"]),
        quotes=frozenset(page["quotes"]),
        pictures=frozenset(page["pictures"]),
        captions=frozenset(page["captions"]),
        videos=frozenset(page["videos"]),
        signatures=frozenset(page["signatures"]),
    )


def bare(text: str) -> str:
    """``text`` folded, only its letters and digits: how names of sites and lines are compared."""
    return _bare_name(text) if len(text) <= LONGEST_KEPT else "".join(words(fold(text)))


@lru_cache(maxsize=256)
def bare_names(names: tuple[str, ...]) -> frozenset[str]:
    """Names of a site as they are compared; the same for every page of an outlet."""
    return frozenset(map(bare, names))


@lru_cache(maxsize=4096)
def _bare_name(text: str) -> str:
    return "".join(words(fold(text)))


def _spaced(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(f" {' '.join(words(fold(phrase)))} " for phrase in phrases)


def _words_of(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(word for phrase in phrases for word in words(fold(phrase)))


def _canon(values: Iterable[str]) -> frozenset[str]:
    return frozenset(canon(value) for value in values)


def _alternation(values: Iterable[str]) -> str:
    longest_first = sorted(set(values), key=len, reverse=True)
    return "|".join(re.escape(value) for value in longest_first)

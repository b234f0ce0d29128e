"""What linking knows besides the registry: `words.yaml`, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

WORDS_FILE = Path(__file__).with_name("words.yaml")


class Honorifics(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    male: tuple[str, ...]
    female: tuple[str, ...]
    any: tuple[str, ...]


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Each list as `words.yaml` explains it, in small letters but for the abbreviations."""

    abbreviations: dict[str, str]
    caseless: tuple[str, ...]
    never_in_capitals: tuple[str, ...]
    split_abbreviations: tuple[tuple[str, str, str], ...]
    area_letters: dict[str, str]
    stopped: frozenset[str]
    honorifics: Honorifics
    familiar: frozenset[str]
    ranks: tuple[str, ...]
    everyday: frozenset[str]
    roving_titles: tuple[str, ...]
    neutral_titles: tuple[str, ...]
    heads: tuple[str, ...]
    alone_heads: frozenset[str]
    former: frozenset[str]
    acting: frozenset[str]
    fresh: frozenset[str]
    plural: frozenset[str]
    office: tuple[str, ...]
    office_after: tuple[str, ...]
    taking: frozenset[str]
    kinds: tuple[tuple[str, ...], ...]
    no_part_of_a_name: frozenset[str]
    asking: frozenset[str]
    not_a_person_after: frozenset[str]
    occupations: frozenset[str]
    never_persons: tuple[str, ...]
    places: tuple[str, ...]
    places_after_a_word: frozenset[str]
    place_words: frozenset[str]
    street_words: frozenset[str]
    levels: frozenset[str]
    area_organs: tuple[str, ...]
    party_organs: dict[str, str]
    whole_words: frozenset[tuple[str, str]]
    surnames: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    from hanoiwatch.registry.yamlfile import read_yaml

    return msgspec.convert(read_yaml(WORDS_FILE).tree, Vocabulary)

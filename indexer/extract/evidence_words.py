"""The lists of `evidence.toml`, prepared for comparing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hanoiwatch.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWords:
    """Sets are words of classes and ids; tuples are beginnings of folded text."""

    other_times: frozenset[str]
    not_the_article: frozenset[str]
    mastheads: frozenset[str]
    sources: frozenset[str]
    titles: frozenset[str]
    tags: frozenset[str]
    sections: frozenset[str]
    trails: frozenset[str]
    accounts: frozenset[str]
    places: frozenset[str]
    site_titles: tuple[str, ...]
    offices: tuple[str, ...]
    office_units: tuple[str, ...]
    time_labels: tuple[str, ...]
    change_labels: tuple[str, ...]


@cache
def the_evidence_words() -> EvidenceWords:
    """The lists, read once."""
    table: dict[str, Any] = tomllib.loads(
        Path(__file__).with_name("evidence.toml").read_text("utf-8")
    )
    openings = ("site_titles", "offices", "office_units", "time_labels", "change_labels")
    for name, said in table.items():
        table[name] = tuple(map(fold, said)) if name in openings else frozenset(said)
    return EvidenceWords(**table)

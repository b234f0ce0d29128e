"""The table of `queries.yaml`, read once: for every test of what a query finds.

The parser passes it in tests/unit/query, every index in tests/contract/test_query_table.py.
`answers` asks an index every question of the table: its answers must be those of any other
index, and those of the same index before and after it was rebuilt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hanoiwatch.model import Article, Block, Content, Filters, Image
from hanoiwatch.query import highlights, parse
from hanoiwatch.text import nfc
from indexer.search.protocol import SearchIndex
from tests.search_feed import Feed, make_article
from tests.thorough import some
from tests.yamlfile import read_yaml

EVERYTHING = Filters()
Facets = dict[str, list[tuple[str, int]]]
NO_LINKS: Facets = {"officials": [], "posts": [], "bodies": [], "topics": []}
"""The table's articles link to nothing: tests/contract/test_linked_facets.py has some that do."""


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    """Of the design, and what the row shows of it."""
    query: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Narrowed:
    rule: str
    query: str
    filters: Filters
    names: list[str]
    """Newest first."""
    facets: Facets


@dataclass(frozen=True, slots=True)
class Hint:
    rule: str
    query: str
    filters: Filters
    count: int | None
    """Which number the hint names; None: there is no hint."""


@dataclass(frozen=True, slots=True)
class Shown:
    rule: str
    query: str
    name: str
    snippets: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    query: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What any index must say alike; scores are its own."""

    total: int
    names: tuple[str, ...]
    facets: Facets
    hint: int | None
    """How many the folded form would find; the sentence is the index's own."""
    highlights: tuple[dict[str, list[str]], ...]
    """Of the first articles, from the record."""


def _content(name: str, said: dict[str, Any]) -> Content:
    published = said.get("published")
    content = Content(
        url=f"https://bao.example/{name}",
        section=said.get("section"),
        published_at=datetime.fromisoformat(published) if published else None,
        title=nfc(said["title"]),
        lead=nfc(said.get("lead", "")),
        byline=tuple(said.get("byline", ())),
        photographers=tuple(said.get("photographers", ())),
        blocks=tuple(Block(kind="paragraph", text=nfc(text)) for text in said.get("text", ())),
        images=tuple(
            Image(url=f"https://bao.example/{number}.jpg", caption=nfc(caption), credit=credit)
            for number, (caption, credit) in enumerate(said.get("captions", ()))
        ),
        tags=tuple(said.get("tags", ())),
    )
    return _decomposed(content) if name == "nfd" else content


def _decomposed(content: Content) -> Content:
    """As if it had been recorded by somebody who does not compose."""

    def nfd(text: str) -> str:
        return unicodedata.normalize("NFD", text)

    return replace(
        content,
        title=nfd(content.title),
        lead=nfd(content.lead),
        blocks=tuple(replace(block, text=nfd(block.text)) for block in content.blocks),
        images=tuple(replace(image, caption=nfd(image.caption)) for image in content.images),
        byline=tuple(map(nfd, content.byline)),
        tags=tuple(map(nfd, content.tags)),
    )


def _filters(said: dict[str, Any]) -> Filters:
    return Filters(
        sources=tuple(said.get("sources", ())),
        sections=tuple(said.get("sections", ())),
        since=datetime.fromisoformat(said["since"]) if "since" in said else None,
        until=datetime.fromisoformat(said["until"]) if "until" in said else None,
    )


def _long_findings() -> list[Finding]:
    nowhere = " OR ".join(f"xyz{number}" for number in range(1_000))
    told = {"brackets": ("(" * 50 + "café" + ")" * 50, "ngoai")} | {
        "a list of OR": (f"{nowhere} OR café", "ngoai"),
        "a list of OR that finds nothing": (nowhere, ""),
        "five thousand words": ("a " * 4_999 + "a", "ngoai"),
        "five thousand words and one that is nowhere": ("a " * 4_999 + "à", ""),
        "a word": ("x" * 10_000, ""),
        "a phrase": (f'"{"a " * 4_990}"', ""),
        "a joined word": ("a-" * 4_999 + "a", ""),
        "a list of minuses": ("café " + "-xyz " * 1_999, "ngoai"),
        "a list of fields": ("title:a " * 1_250, "ngoai"),
        "a list of near phrases": ('"or gate"~6 ' * 800, "ngoai"),
        "spaces": (" " * 9_990 + "café", "ngoai"),
    }
    return [
        Finding(f"long queries: {rule}", query, frozenset(names.split()))
        for rule, (query, names) in told.items()
    ]


_TABLE = read_yaml(Path(__file__).with_name("queries.yaml"))
SOURCES: dict[str, str] = {name: said["source"] for name, said in _TABLE["articles"].items()}
ARTICLES = {name: _content(name, said) for name, said in _TABLE["articles"].items()}
NAMES = dict(enumerate(ARTICLES, 1))
"""Of each article by its number in the record."""
RULES: dict[str, list[list[str]]] = _TABLE["finds"]
LONG_FINDINGS = _long_findings()
SHORT_FINDINGS = [
    Finding(f"{rule}: {shows}", query, frozenset(names.split()))
    for rule, rows in RULES.items()
    for shows, query, names in rows
]
FINDINGS = SHORT_FINDINGS + LONG_FINDINGS
NARROWED = [
    Narrowed(
        shows, query, _filters(filters), names.split(),
        NO_LINKS | {facet: list(counts.items()) for facet, counts in facets.items()},
    )
    for shows, query, filters, names, facets in _TABLE["narrows"]
]  # fmt: skip
HINTS = [
    Hint(shows, query, _filters(filters), count) for shows, query, filters, count in _TABLE["hints"]
]
SHOWN = [Shown(*row) for row in _TABLE["shows"]]
REFUSALS = [Refusal(*row) for row in _TABLE["refuses"]]
LONG_REFUSALS = [
    Refusal("(" * 10_000, 50, "nested deeper than 50"),
    Refusal("title:(" * 1_400, 356, "nested deeper than 50"),
    Refusal(")" * 10_000, 0, "closes nothing"),
    Refusal("a (" + "b " * 4_990, 2, "never closed"),
    Refusal("a " * 4_990 + '"', 9_980, "never closed"),
    Refusal("a " * 4_990 + "OR", 9_980, "both its sides"),
    Refusal('"' * 10_000, 0, "no word in this phrase"),
    Refusal("-" * 10_000 + "a", 0, "one minus"),
    Refusal("~" * 10_000, 0, "right after ~"),
    Refusal("…" * 10_000, 0, "no word"),
    Refusal('"a b"~' + "9" * 9_990, 5, "a number"),
]


def table_articles() -> list[Article]:
    """The articles of the table as the record holds them."""
    return [
        make_article(rowid, ARTICLES[name], source=SOURCES[name]) for rowid, name in NAMES.items()
    ]


def fill(index: SearchIndex) -> None:
    """Puts the articles of the table into an empty index."""
    Feed(index).put(*table_articles())


def ask(index: SearchIndex, query: str, filters: Filters = EVERYTHING) -> Answer:
    tree = parse(query)
    found = index.search(tree, filters, limit=len(NAMES))
    names = tuple(NAMES[match.article_rowid] for match in found.matches)
    return Answer(
        total=found.total,
        names=names,
        facets={
            facet: [(count.id, count.count) for count in counts]
            for facet, counts in found.facets.items()
        },
        hint=hinted(found.hint),
        highlights=tuple(_shown(highlights(tree, ARTICLES[name])) for name in names),
    )


def hinted(hint: str | None) -> int | None:
    """The number that a hint names."""
    return None if hint is None else int(re.findall(r"\d+", hint)[0])


def answers(index: SearchIndex) -> dict[str, Answer]:
    """Every question of the table by its rule: equal for two indexes that both are right."""
    asked: Iterable[tuple[str, str, Filters]] = (
        *((row.rule, row.query, EVERYTHING) for row in SHORT_FINDINGS),
        *((row.rule, row.query, EVERYTHING) for row in some(LONG_FINDINGS, 4)),
        *((f"narrowed: {row.rule}", row.query, row.filters) for row in NARROWED),
        *((f"hint: {row.rule}", row.query, row.filters) for row in HINTS),
    )
    return {rule: ask(index, query, filters) for rule, query, filters in asked}


def _shown(snippets: Any) -> dict[str, list[str]]:
    return {str(field): list(here) for field, here in snippets.items()}

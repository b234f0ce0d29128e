"""Contents for an index in tests, and short questions to it."""

from __future__ import annotations

import dataclasses
import random
from datetime import timedelta

from hanoiwatch.model import Article, Content, Filters, Matches
from hanoiwatch.query import parse
from indexer.search.protocol import SearchIndex, Successor
from tests.search_feed import NOON

EVERYTHING = Filters()
FACETS = ("officials", "posts", "bodies", "topics", "sources", "sections", "months")
"""In the order in which every answer has them."""


def titled(title: str, **fields: object) -> Content:
    return dataclasses.replace(
        Content(url="https://bao.example/1", title=title),
        **fields,  # type: ignore[arg-type]  # named fields of Content
    )


def rowids_of(found: Matches) -> list[int]:
    return [match.article_rowid for match in found.matches]


def find(index: SearchIndex, query: str | None, **how: object) -> list[int]:
    tree = parse(query) if query else None
    filters = how.pop("filters", EVERYTHING)
    assert isinstance(filters, Filters)
    return rowids_of(index.search(tree, filters, **how))  # type: ignore[arg-type]  # passed on


def refill(index: SearchIndex, *articles: Article, position: int = 0) -> Successor:
    successor = index.successor(position=position)
    successor.fill(articles, upto=max((one.rowid for one in articles), default=0))
    return successor


def drawn_content(chance: random.Random) -> Content:
    def some(count: int) -> str:
        return " ".join(chance.choices(["sông", "hồ", "mưa", "gió", "Tô", "Lịch"], k=count))

    dated = chance.random() < 0.9
    return titled(
        some(3),
        lead=some(6),
        section=chance.choice([None, "Xã hội", "Đô thị"]),
        published_at=NOON - timedelta(days=chance.randrange(600)) if dated else None,
    )

"""An index that is the matcher, going through every article: the oracle of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from hanoiwatch.clock import HANOI
from hanoiwatch.model import Article, FacetCount, Filters, Match, Matches, SortOrder
from hanoiwatch.query import Node, matches, without_marks
from indexer.search.protocol import IndexChange

Value = Callable[[Article], str | None]


class MatcherIndex:
    """`SearchIndex` in memory; its relevance is the newest first."""

    def __init__(self, _: Path | None = None) -> None:
        self._articles: dict[int, Article] = {}
        self._position = 0

    def apply(self, changes: Sequence[IndexChange]) -> None:
        for change in changes:
            if change.change.sequence <= self._position:
                continue
            self._position = change.change.sequence
            self._articles.pop(change.change.article_rowid, None)
            if change.article:
                self._articles[change.change.article_rowid] = change.article

    def search(
        self,
        tree: Node | None,
        filters: Filters,
        *,
        sort: SortOrder = "newest",
        limit: int = 10,
        offset: int = 0,
    ) -> Matches:
        found = [article for article in self._articles.values() if _asked(tree, article)]
        result = _sorted((article for article in found if _kept(filters, article)), sort)
        return Matches(
            total=len(result),
            matches=tuple(
                Match(article_rowid=article.rowid) for article in result[offset : offset + limit]
            ),
            facets=_facets(found, filters),
            hint=None if result or not tree else self._hint(tree, filters),
        )

    def rowids(
        self, tree: Node | None, filters: Filters, *, sort: SortOrder = "newest"
    ) -> Sequence[int]:
        found = self.search(tree, filters, sort=sort, limit=len(self._articles))
        return [match.article_rowid for match in found.matches]

    def days(self, tree: Node | None, filters: Filters) -> Counter[date | None]:
        rowids = self.rowids(tree, filters)
        return Counter(_day(self._articles[rowid]) for rowid in rowids)

    def position(self) -> int:
        return self._position

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]  # nothing inherits from it

    def close(self) -> None:
        pass

    def _hint(self, tree: Node, filters: Filters) -> str | None:
        folded = without_marks(tree)
        count = self.search(folded, filters, limit=0).total if folded else 0
        return f"{count} would match without marks" if count else None


def _asked(tree: Node | None, article: Article) -> bool:
    return tree is None or matches(tree, article.content)


def _day(article: Article) -> date | None:
    published = article.content.published_at
    return published.astimezone(HANOI).date() if published else None


def _month(article: Article) -> str | None:
    day = _day(article)
    return f"{day:%Y-%m}" if day else None


def _kept(filters: Filters, article: Article) -> bool:
    published = article.content.published_at
    if filters.since and not (published and published >= filters.since):
        return False
    if filters.until and not (published and published < filters.until):
        return False
    for name in LINKED:
        wanted = getattr(filters, name)
        if wanted and not set(wanted) & _linked(name, article):
            return False
    if filters.sources and article.source not in filters.sources:
        return False
    return not filters.sections or article.content.section in filters.sections


LINKED = ("officials", "posts", "bodies", "topics")
LEAST_SURE = 0.6


def _linked(name: str, article: Article) -> set[str]:
    """The ids that an article counts under, by the rule itself: one mention sure enough."""
    links = article.links.officials if name == "posts" else getattr(article.links, name)
    sure = [
        link
        for link in links
        if max((m.confidence for m in link.mentions), default=0) >= LEAST_SURE
    ]
    if name == "posts":
        return {post for link in sure for post in link.post_ids}
    return {link.id for link in sure}


def _sorted(articles: Iterable[Article], sort: SortOrder) -> list[Article]:
    sign = 1 if sort == "oldest" else -1

    def key(article: Article) -> tuple[bool, float, str]:
        published = article.content.published_at
        return published is None, sign * published.timestamp() if published else 0, article.id

    return sorted(articles, key=key)


def _facets(found: list[Article], filters: Filters) -> dict[str, tuple[FacetCount, ...]]:
    sources = _count(found, replace(filters, sources=()), lambda article: article.source)
    sections = _count(found, replace(filters, sections=()), lambda a: a.content.section)
    months = _count(found, replace(filters, since=None, until=None), _month)
    linked = {name: _count_linked(found, replace(filters, **{name: ()}), name) for name in LINKED}
    return linked | {
        "sources": tuple(sorted(sources, key=lambda facet: (-facet.count, facet.id))),
        "sections": tuple(sorted(sections, key=lambda facet: (-facet.count, facet.id))),
        "months": tuple(sorted(months, key=lambda facet: facet.id, reverse=True)),
    }


def _count(found: list[Article], filters: Filters, value: Value) -> list[FacetCount]:
    counts = Counter(value(article) for article in found if _kept(filters, article))
    return [FacetCount(id=name, name=name, count=count) for name, count in counts.items() if name]


def _count_linked(found: list[Article], filters: Filters, name: str) -> tuple[FacetCount, ...]:
    counts = Counter(
        id_ for article in found if _kept(filters, article) for id_ in _linked(name, article)
    )
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(FacetCount(id=id_, name=id_, count=count) for id_, count in ordered)

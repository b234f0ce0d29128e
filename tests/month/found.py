"""What the program says of the month: read from its record, archive and index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text

from hanoiwatch.app import App
from hanoiwatch.cli.archive import verify_archive
from hanoiwatch.clock import from_stored
from hanoiwatch.model import Filters
from hanoiwatch.query.parse import parse
from hanoiwatch.store import Record
from hanoiwatch.store.engine import read
from hanoiwatch.store.readings import decode_content
from indexer.search.protocol import SearchIndex
from tests.month.life import Lived
from tests.month.oracle import Name
from tests.month.paper import Told, slug_of, told_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A revision; ``at``: when its capture was fetched."""

    number: int
    at: datetime
    told: Told


@dataclass(slots=True, kw_only=True)
class Recorded:
    """One article of the record."""

    name: Name
    rowid: int
    id: str
    withdrawn: bool
    story: str | None
    versions: list[Version] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    """Kinds, in order."""

    @property
    def titles(self) -> tuple[str, ...]:
        """All that it ever had, the present one last."""
        said = (version.told.title for version in reversed(self.versions))
        return tuple(reversed(dict.fromkeys(said)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    articles: tuple[Recorded, ...]
    unknown: tuple[str, ...]
    """URLs of articles that no paper ever had."""
    reported: frozenset[tuple[Name, datetime]]
    """Visits whose page was called worse than the article or no article, by their time."""
    discrepancies: tuple[str, ...]
    archive: tuple[str, ...]
    indexed: frozenset[int]
    """Rowids that a search without words finds."""
    by_source: dict[str, int]
    """As the index counts."""
    by_title: Mapping[str, frozenset[int]]
    """Rowids that a search for a title as a phrase finds: each title that any revision had of an
    article whose title changed."""

    def of(self, name: Name) -> list[Recorded]:
        return [article for article in self.articles if article.name == name]


def look(lived: Lived) -> Found:
    with App(lived.config) as app:
        articles, unknown = _articles(app.record, lived)
        index = app.search_index
        _, faults = verify_archive(app)
        matches = index.search(None, Filters(), sort="newest", limit=1, offset=0)
        return Found(
            articles=articles,
            unknown=unknown,
            reported=_reported(app.record, lived),
            discrepancies=tuple(str(each) for each in app.record.ledger.discrepancies()),
            archive=tuple(str(fault) for fault in faults),
            indexed=frozenset(index.rowids(None, Filters())),
            by_source={each.id: each.count for each in matches.facets["sources"]},
            by_title=_by_title(index, articles),
        )


_ARTICLES = text(
    "SELECT rowid_, id, url, source, withdrawn_at, story_id FROM article ORDER BY rowid_"
)
_VERSIONS = text(
    "SELECT revision.article, revision.number, capture.fetched_at, reading.content FROM revision "
    "JOIN reading ON reading.id = revision.reading_id "
    "JOIN capture ON capture.id = revision.capture_id ORDER BY revision.article, revision.number"
)
_CHANGES = text("SELECT article, kind FROM change ORDER BY sequence")
_REPORTED = text(
    "SELECT capture.source, capture.url, capture.fetched_at FROM capture "
    "WHERE capture.id IN (SELECT capture_id FROM held) "
    "OR capture.id IN (SELECT capture_id FROM reading WHERE reason <> '')"
)


def _articles(record: Record, lived: Lived) -> tuple[tuple[Recorded, ...], tuple[str, ...]]:
    found: dict[int, Recorded] = {}
    unknown: list[str] = []
    with read(record.engine) as connection:
        rows = {name: connection.execute(query).all() for name, query in _QUERIES.items()}
    for row in rows["articles"]:
        slug = slug_of(lived.papers[row.source], row.url)
        if slug is None:
            unknown.append(row.url)
        else:
            found[row.rowid_] = _recorded(row, slug)
    for row in rows["versions"]:
        if row.article in found:
            told = told_of(decode_content(row.content))
            version = Version(number=row.number, at=from_stored(row.fetched_at), told=told)
            found[row.article].versions.append(version)
    for row in rows["changes"]:
        if row.article in found:
            found[row.article].changes.append(row.kind)
    return tuple(found.values()), tuple(unknown)


_QUERIES = {"articles": _ARTICLES, "versions": _VERSIONS, "changes": _CHANGES}


def _recorded(row: Any, slug: str) -> Recorded:
    return Recorded(
        name=(row.source, slug),
        rowid=row.rowid_,
        id=row.id,
        withdrawn=row.withdrawn_at is not None,
        story=row.story_id,
    )


def _by_title(index: SearchIndex, articles: tuple[Recorded, ...]) -> Mapping[str, frozenset[int]]:
    titles = {title for article in articles if len(article.titles) > 1 for title in article.titles}
    return {
        title: frozenset(index.rowids(parse(f'title:"{title}"'), Filters())) for title in titles
    }


def _reported(record: Record, lived: Lived) -> frozenset[tuple[Name, datetime]]:
    with read(record.engine) as connection:
        rows = connection.execute(_REPORTED).all()
    found = set()
    for row in rows:
        slug = slug_of(lived.papers[row.source], row.url)
        if slug is not None:
            found.add(((row.source, slug), _crawl_before(lived, from_stored(row.fetched_at))))
    return frozenset(found)


def _crawl_before(lived: Lived, moment: datetime) -> datetime:
    return max(crawl.at for crawl in lived.crawls if crawl.at <= moment)


def pairs(groups: dict[Any, list[Name]]) -> set[frozenset[Name]]:
    """Every two names that share a group."""
    return {
        frozenset((one, other))
        for names in groups.values()
        for one in names
        for other in names
        if one != other
    }


def pairs_of_stories(found: Found) -> set[frozenset[Name]]:
    stories: dict[str, list[Name]] = defaultdict(list)
    for article in found.articles:
        if article.story is not None:
            stories[article.story].append(article.name)
    return pairs(dict(stories))

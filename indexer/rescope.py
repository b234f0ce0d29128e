"""Deciding anew about every article of a source whose scope has changed: `index rebuild`.

A source's scope is noted as the deciding one when all of it is done, so this can be killed at
any moment and started again. Nothing is fetched or extracted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from hanoiwatch.sources.schema import Discover, Scope, Source
from hanoiwatch.store import Record
from hanoiwatch.store.engine import write
from hanoiwatch.store.scopes import LeftOut, ScopedArticle, enter_scope, leave_scope
from indexer.recording import ReadCapture, RecordCounts, record_readings
from indexer.scope import out_of_scope, scope_from_json, scope_json

BATCH = 128
"""Articles decided in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescoped:
    """What a changed scope did to one source."""

    source: str
    removed: int
    """Articles that are out of scope now."""
    restored: int
    """Articles that had left the scope, and are in it again."""
    found: int
    """Articles on pages that no scope had let in so far."""


def changed_scopes(record: Record, sources: Mapping[str, Source]) -> list[Source]:
    """The sources of which articles were decided by another scope than their file's.

    A source whose file is gone keeps its articles as they are.
    """
    known = record.sources.known()
    return [
        source
        for name, source in sources.items()
        if name in known and known[name].scope != scope_json(source.scope)
    ]


def with_gone_sources(record: Record, sources: Mapping[str, Source]) -> dict[str, Source]:
    """``sources``, and those whose files are gone, with the scope that last decided."""
    gone = {
        name: Source(
            name=name,
            title=known.title,
            home=known.home,
            rights=known.rights,
            discover=Discover(),
            scope=scope_from_json(known.scope),
        )
        for name, known in record.sources.known().items()
        if name not in sources
    }
    return {**gone, **sources}


def rescope(
    record: Record, sources: Mapping[str, Source], clock: Callable[[], datetime]
) -> Iterator[Rescoped]:
    """Decides anew, source by source; says of each what changed."""
    for source in changed_scopes(record, sources):
        removed = restored = found = 0
        for articles in _articles(record, source.name):
            left, returned = _decide_articles(record, articles, source.scope, clock())
            removed, restored = removed + left, restored + returned
        for pages in _left_out(record, source.name):
            found += _let_in(record, pages, source, clock())
        record.scopes.keep(source.name, scope_json(source.scope))
        yield Rescoped(source=source.name, removed=removed, restored=restored, found=found)


def _articles(record: Record, source: str) -> Iterator[list[ScopedArticle]]:
    after = 0
    while batch := record.scopes.articles(source, after=after, limit=BATCH):
        yield batch
        after = batch[-1].rowid


def _left_out(record: Record, source: str) -> Iterator[list[LeftOut]]:
    after = 0
    while batch := record.scopes.left_out(source, after=after, limit=BATCH):
        yield batch
        after = batch[-1].page_id


def _decide_articles(
    record: Record, articles: list[ScopedArticle], scope: Scope, now: datetime
) -> tuple[int, int]:
    """Returns how many left the scope, and how many came back into it."""
    reasons = {one.rowid: out_of_scope(one.content, scope) for one in articles}
    leaving = [one for one in articles if reasons[one.rowid] and not one.out_of_scope]
    returning = [one for one in articles if one.out_of_scope and not reasons[one.rowid]]
    if leaving or returning:
        with write(record.engine) as connection:
            for one in leaving:
                leave_scope(connection, one.rowid, reasons[one.rowid], now)
            for one in returning:
                enter_scope(connection, one.rowid, now)
    return len(leaving), len(returning)


def _let_in(record: Record, pages: list[LeftOut], source: Source, now: datetime) -> int:
    """Records the articles that the scope lets in, as if they had just been read."""
    inside = {
        one.capture_id: one.reading
        for one in pages
        if not out_of_scope(one.reading.content, source.scope)
    }
    batch = [
        ReadCapture(capture=capture, result=inside[capture.capture_id])
        for capture in record.readings.captures(list(inside))
    ]
    counts = RecordCounts()
    record_readings(record, batch, {source.name: source}, now, counts)
    return counts.by_source.get(source.name, {}).get("new", 0)

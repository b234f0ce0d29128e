"""Recording what the extractor read: readings, articles, revisions, and the ledger's outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from hanoiwatch.clock import to_stored
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.model import ReadArticle, Reading, ReadNothing
from hanoiwatch.sources.schema import Scope, Source
from hanoiwatch.store import Record, schema
from hanoiwatch.store.captures import keep_outcome
from hanoiwatch.store.drift import add_shape
from hanoiwatch.store.engine import write
from hanoiwatch.store.linking import NewLinking
from hanoiwatch.store.readings import UnreadCapture, add_reading, mark_read
from hanoiwatch.store.takedowns import refuse_page, takedown_of
from hanoiwatch.urls import canonical_url
from indexer.decide import Arrival, identity, next_visit
from indexer.enacting import Visit, record_absence, record_article
from indexer.linking.linker import LinkedArticle
from indexer.linking.stage import new_linking

EVERYTHING = Scope()
NOT_LINKED = "not-linked"
"""Counted where an article is recorded, but broke the linker."""

Evaluate = Callable[[Connection, datetime], None]
"""Called at the end of a transaction that may have added to the change log: alerts."""


def evaluate_nothing(_connection: Connection, _now: datetime) -> None:
    """Where nobody asked for alerts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """No reading came: the page hung, killed its worker, or broke the extractor."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCapture:
    """A capture and what became of it in the pool."""

    capture: UnreadCapture
    result: Reading | Quarantined


@dataclass(slots=True)
class RecordCounts:
    """What recording did, by source: ``new``, ``edited``, ``same``, ``not-article`` …"""

    by_source: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, source: str, what: str) -> None:
        counts = self.by_source.setdefault(source, {})
        counts[what] = counts.get(what, 0) + 1


def record_readings(
    record: Record,
    batch: Sequence[ReadCapture],
    sources: Mapping[str, Source],
    now: datetime,
    counts: RecordCounts,
    evaluate: Evaluate = evaluate_nothing,
) -> None:
    """Records a batch in one transaction, and what it means for alerts: all of it, or nothing.

    A page that breaks this stage is quarantined with its reason, and the rest goes on.
    """
    with write(record.engine) as connection:
        ended = [_guarded(connection, item, sources, now) for item in batch]
        evaluate(connection, now)
    for item, came_to in zip(batch, ended, strict=True):
        for what in came_to:
            counts.add(item.capture.source, what)


def _guarded(
    connection: Connection, item: ReadCapture, sources: Mapping[str, Source], now: datetime
) -> tuple[str, ...]:
    connection.exec_driver_sql("SAVEPOINT page")
    try:
        came_to = _record_one(connection, item, sources, now)
    except (DBAPIError, HanoiwatchError):
        raise  # the record itself: nothing can be kept
    except Exception as error:  # noqa: BLE001 - the stage's border: what breaks here is quarantined
        connection.exec_driver_sql("ROLLBACK TO page")
        reason = f"recording broke: {type(error).__name__}"
        broken = Quarantined(reason=reason, detail=str(error)[:500])
        came_to = (_quarantine(connection, item.capture, broken, now),)
    connection.exec_driver_sql("RELEASE page")
    return came_to


def _record_one(
    connection: Connection, item: ReadCapture, sources: Mapping[str, Source], now: datetime
) -> tuple[str, ...]:
    capture, result = item.capture, item.result
    if isinstance(result, Quarantined):
        return (_quarantine(connection, capture, result, now),)
    mark_read(connection, [capture.capture_id], "read")
    if takedown := takedown_of(connection, capture.page_id, _url_of(capture, result)):
        refuse_page(connection, takedown, capture.page_id, now)
        return ("taken-down",)
    add_shape(connection, capture, result, now)
    if isinstance(result, ReadNothing):
        return (_no_article(connection, capture, result, now),)
    content = replace(result.content, url=identity_of(capture, result.content.url))
    read = replace(result, content=content)
    reading_id, digest = add_reading(connection, capture.capture_id, read, now)
    keep_outcome(connection, capture.page_id, "extract", "extracted", "", now)
    source = sources.get(capture.source)
    visit = Visit(
        capture=capture,
        reading_id=reading_id,
        arrival=Arrival(
            page_id=capture.page_id,
            content=content,
            digest=digest,
            layout=result.layout,
            extractor=result.extractor,
            rendered=capture.rendered,
        ),
        at=now,
        linking=linking_of(result),
    )
    ended = record_article(connection, visit, source.scope if source else EVERYTHING)
    shown = {"new", "edited", "reread"}.intersection(ended)
    return (*ended, NOT_LINKED) if shown and visit.linking and visit.linking.failure else ended


def linking_of(reading: ReadArticle) -> NewLinking | None:
    """What the process that read it linked it to, where it did."""
    return new_linking(reading.linked) if isinstance(reading, LinkedArticle) else None


def identity_of(capture: UnreadCapture, declared: str) -> str:
    """The article's canonical URL: where the page was found, unless it says better."""
    fetched = canonical_url(capture.url) or capture.page_url
    return identity(fetched, canonical_url(declared) or fetched)


def _url_of(capture: UnreadCapture, result: Reading) -> str:
    declared = result.content.url if isinstance(result, ReadArticle) else capture.url
    return identity_of(capture, declared)


def _no_article(
    connection: Connection, capture: UnreadCapture, reading: ReadNothing, now: datetime
) -> str:
    add_reading(connection, capture.capture_id, reading, now)
    reason = f"{reading.reason}: {reading.detail}" if reading.detail else reading.reason
    keep_outcome(connection, capture.page_id, "extract", "not-article", reason, now)
    page = schema.page.c
    visits = connection.execute(select(page.visits).where(page.id == capture.page_id)).scalar_one()
    again = next_visit(reading.reason, visits - 1, now)
    if again is not None:
        # The stored validators are this page's, not the article's: asked without them next time.
        connection.execute(
            update(schema.page)
            .where(page.id == capture.page_id)
            .values(next_visit_at=_sooner(again), etag=None, last_modified=None, sha256=None)
        )  # fmt: skip
    return record_absence(connection, capture, reading, now)


def _sooner(again: datetime) -> ColumnElement[str]:
    """The planned visit, or this one where none is planned before it."""
    moment = to_stored(again)
    return func.min(func.coalesce(schema.page.c.next_visit_at, moment), moment)


def _quarantine(
    connection: Connection, capture: UnreadCapture, result: Quarantined, now: datetime
) -> str:
    mark_read(connection, [capture.capture_id], "quarantined")
    keep_outcome(connection, capture.page_id, "extract", "quarantined", result.reason, now)
    connection.execute(
        insert(schema.quarantine).values(
            page_id=capture.page_id,
            capture_id=capture.capture_id,
            stage="extract",
            reason=result.reason,
            detail=result.detail,
            at=to_stored(now),
        )
    )
    return "quarantined"

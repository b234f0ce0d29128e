"""Captures: what was fetched, where it lies, and how each page's fetch ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, bindparam, case, insert, select, union_all, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.errors import NotFoundError
from hanoiwatch.model import (
    GOES_ON,
    Capture,
    CaptureId,
    ExpectedRecord,
    OriginId,
    Outcome,
    PageId,
    Refers,
    RunId,
    Stage,
    WarcPlace,
)
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.vanished import note_gone

CaptureState = Literal["unread", "kept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchEnd:
    """How one page's fetch ended, for the ledger.

    ``next_visit_at`` None: it is not asked for again until something says so.
    ``good``: a body came that may be an article (200), or the host said "not modified".
    """

    page_id: PageId
    outcome: Literal["fetched", "not-due", "refused", "failed"]
    reason: str
    at: datetime
    next_visit_at: datetime | None
    good: bool = False
    gone: bool = False
    """The host says that there is no such page (any more); ``reason`` says how."""
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRendering:
    """The page that a browser made of a response, synced in the archive with it."""

    place: WarcPlace
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCapture:
    """One response to be recorded; its bytes are already synced in the archive."""

    source: str
    run_id: RunId
    url: str
    fetched_at: datetime
    status: int
    content_type: str
    sha256: str
    place: WarcPlace
    state: CaptureState
    page_id: PageId | None = None
    origin_id: OriginId | None = None
    body_capture_id: CaptureId | None = None
    """For a revisit: the capture that holds the body."""
    end: FetchEnd | None = None
    """Where this response ends its page's fetch (a redirect's first hop does not)."""
    rendering: NewRendering | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodCopy:
    """The capture of a page or origin that holds its last good body."""

    capture_id: CaptureId
    refers: Refers
    sha256: str


class Captures:
    """The archive's side of the record."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def commit(
        self,
        captures: Sequence[NewCapture],
        ends: Sequence[FetchEnd] = (),
        *,
        lengths: Mapping[str, int],
    ) -> None:
        """One group, one transaction: captures, the pages' outcomes, the files' new lengths.

        ``ends`` are fetches that ended without a response. ``lengths``: committed bytes per file.
        """
        if not captures and not ends:
            return
        with write(self._engine) as connection:
            _keep_lengths(connection, lengths)
            for capture in captures:
                _add(connection, capture)
            for end in ends:
                _end(connection, end, None)

    def good_copy(self, *, page_id: PageId) -> GoodCopy | None:
        """The last good body of a page, to which a revisit record can point."""
        query = (
            select(schema.capture)
            .join(schema.page, schema.page.c.capture_id == schema.capture.c.id)
            .where(schema.page.c.id == page_id)
        )
        return self._good_copy(query)

    def good_copy_of_origin(self, *, origin_id: OriginId) -> GoodCopy | None:
        """The same for a feed, sitemap or section page."""
        query = (
            select(schema.capture)
            .join(schema.origin, schema.origin.c.capture_id == schema.capture.c.id)
            .where(schema.origin.c.id == origin_id)
        )
        return self._good_copy(query)

    def _good_copy(self, query: Any) -> GoodCopy | None:
        with read(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        refers = Refers(
            record_id=row.record_id,
            url=row.url,
            fetched_at=from_stored(row.fetched_at),
            sha256=row.sha256,
        )
        return GoodCopy(capture_id=CaptureId(row.id), refers=refers, sha256=row.sha256)

    def committed_lengths(self) -> dict[str, int]:
        """Per archive file, the bytes that the record vouches for."""
        with read(self._engine) as connection:
            rows = connection.execute(select(schema.warc_file.c.name, schema.warc_file.c.length))
            return {row.name: row.length for row in rows}

    def expected_records(self) -> Iterator[ExpectedRecord]:
        """Every record that the archive must hold, file by file, in order of offset."""
        columns = ("file", "offset", "record_id", "sha256")
        responses = select(*(schema.capture.c[name] for name in columns))
        renderings = select(*(schema.rendering.c[name] for name in columns))
        query = union_all(responses, renderings).order_by("file", "offset")
        with read(self._engine) as connection:
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield ExpectedRecord(
                    file=row.file, offset=row.offset, record_id=row.record_id, sha256=row.sha256
                )

    def body_place(self, record_id: str) -> WarcPlace:
        """Where the body of the capture with this record id lies. Raises NotFoundError."""
        query = select(schema.capture.c.id).where(schema.capture.c.record_id == record_id)
        with read(self._engine) as connection:
            capture_id = connection.execute(query).scalar()
        if capture_id is None:
            raise NotFoundError(f"no capture {record_id} is in this record.")
        return self.get([capture_id])[capture_id].body_place

    def rendering_place(self, record_id: str) -> WarcPlace | None:
        """Where the page that a browser made of this capture lies; None: it was read as served."""
        rendering = schema.rendering.c
        query = (
            select(*(rendering[name] for name in _PLACE))
            .join(schema.capture, schema.capture.c.id == rendering.capture_id)
            .where(schema.capture.c.record_id == record_id)
        )
        with read(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return WarcPlace(
            file=row.file, offset=row.offset, length=row.length, record_id=row.record_id
        )

    def get(self, capture_ids: Sequence[int]) -> dict[int, Capture]:
        """Captures by id, each with the place of its body."""
        body = schema.capture.alias("body")
        query = (
            select(schema.capture, *(body.c[name].label(f"body_{name}") for name in _PLACE))
            .outerjoin(body, body.c.id == schema.capture.c.body_capture_id)
            .where(schema.capture.c.id.in_(capture_ids))
        )
        with read(self._engine) as connection:
            return {row.id: _capture(row) for row in connection.execute(query)}


_PLACE = ("file", "offset", "length", "record_id")


def _capture(row: Any) -> Capture:
    place = WarcPlace(file=row.file, offset=row.offset, length=row.length, record_id=row.record_id)
    body_place = place
    if row.body_file is not None:
        body_place = WarcPlace(
            file=row.body_file,
            offset=row.body_offset,
            length=row.body_length,
            record_id=row.body_record_id,
        )
    return Capture(
        id=CaptureId(row.id),
        source=row.source,
        page_id=PageId(row.page_id) if row.page_id is not None else None,
        url=row.url,
        fetched_at=from_stored(row.fetched_at),
        status=row.status,
        content_type=row.content_type,
        sha256=row.sha256,
        place=place,
        body_place=body_place,
    )


def _keep_lengths(connection: Connection, lengths: Mapping[str, int]) -> None:
    statement = upsert(schema.warc_file)
    for name, length in lengths.items():
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["name"], set_={"length": statement.excluded.length}
            ),
            {"name": name, "length": length},
        )


def _add(connection: Connection, capture: NewCapture) -> None:
    result = connection.execute(
        insert(schema.capture),
        {
            "source": capture.source,
            "run_id": capture.run_id,
            "page_id": capture.page_id,
            "origin_id": capture.origin_id,
            "url": capture.url,
            "fetched_at": to_stored(capture.fetched_at),
            "status": capture.status,
            "content_type": capture.content_type,
            "sha256": capture.sha256,
            "file": capture.place.file,
            "offset": capture.place.offset,
            "length": capture.place.length,
            "record_id": capture.place.record_id,
            "body_capture_id": capture.body_capture_id,
            "state": capture.state,
        },
    )
    new_id = int(result.lastrowid)
    if capture.rendering is not None:
        _add_rendering(connection, new_id, capture.rendering)
    holds_body = capture.body_capture_id is None
    if capture.origin_id is not None and holds_body and capture.status == 200:
        connection.execute(_ORIGIN_COPY, {"origin_": capture.origin_id, "capture": new_id})
    if capture.end is not None:
        _end(connection, capture.end, new_id if holds_body else None)
        if capture.end.gone:
            end = capture.end
            note_gone(connection, end.page_id, capture.run_id, end.reason, end.at)


def _add_rendering(connection: Connection, capture_id: int, rendering: NewRendering) -> None:
    place = rendering.place
    connection.execute(
        insert(schema.rendering),
        {
            "capture_id": capture_id,
            "sha256": rendering.sha256,
            "file": place.file,
            "offset": place.offset,
            "length": place.length,
            "record_id": place.record_id,
        },
    )


def _end(connection: Connection, end: FetchEnd, capture_id: int | None) -> None:
    keep_outcome(connection, end.page_id, "fetch", end.outcome, end.reason, end.at)
    next_visit = to_stored(end.next_visit_at) if end.next_visit_at else None
    if not end.good:
        counts = 0 if end.outcome == "not-due" else 1
        connection.execute(_FAILED, {"page_": end.page_id, "next_": next_visit, "counts": counts})
        return
    connection.execute(_VISITED, {"page_": end.page_id, "next_": next_visit})
    if capture_id is not None:
        connection.execute(
            _GOOD,
            {
                "page_": end.page_id,
                "capture": capture_id,
                "etag_": end.etag,
                "modified": end.last_modified,
                "digest": end.sha256,
            },
        )


def keep_outcome(
    connection: Connection,
    page_id: PageId,
    stage: Stage,
    outcome: Outcome,
    reason: str,
    at: datetime,
) -> None:
    """The page's one outcome of ``stage``. One with which it went on is never taken back:
    a later visit that goes wrong does not undo what an earlier one brought."""
    connection.execute(
        _KEEP_OUTCOME,
        {
            "page_id": page_id,
            "stage": stage,
            "outcome": outcome,
            "reason": reason,
            "at": to_stored(at),
        },
    )


def _keep_outcome_statement() -> Any:
    statement = upsert(schema.outcome)
    table, new = schema.outcome.c, statement.excluded
    goes_on = case(GOES_ON, value=table.stage)
    return statement.on_conflict_do_update(
        index_elements=["page_id", "stage"],
        set_={"outcome": new.outcome, "reason": new.reason, "at": new.at},
        where=table.outcome != goes_on,
    )


_KEEP_OUTCOME = _keep_outcome_statement()
_ORIGIN_COPY = (
    update(schema.origin)
    .where(schema.origin.c.id == bindparam("origin_"))
    .values(capture_id=bindparam("capture"))
)
_FAILED = (
    update(schema.page)
    .where(schema.page.c.id == bindparam("page_"))
    .values(failures=schema.page.c.failures + bindparam("counts"), next_visit_at=bindparam("next_"))
)
_VISITED = (
    update(schema.page)
    .where(schema.page.c.id == bindparam("page_"))
    .values(visits=schema.page.c.visits + 1, failures=0, next_visit_at=bindparam("next_"))
)
_GOOD = (
    update(schema.page)
    .where(schema.page.c.id == bindparam("page_"))
    .values(
        capture_id=bindparam("capture"),
        etag=bindparam("etag_"),
        last_modified=bindparam("modified"),
        sha256=bindparam("digest"),
    )
)

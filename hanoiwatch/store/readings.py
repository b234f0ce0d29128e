"""Readings: the captures that wait for extraction, and what was made of each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import to_stored
from hanoiwatch.model import CaptureId, Content, PageId, ReadArticle, ReadNothing
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read

_encode = msgspec.json.Encoder().encode
decode_content = msgspec.json.Decoder(Content).decode
"""The inverse of what `add_reading` stores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadCapture:
    """A capture that an extractor has not read yet, with what it and the record need."""

    capture_id: CaptureId
    page_id: PageId
    source: str
    url: str
    """As fetched, after redirects."""
    page_url: str
    """Canonical, as listed: the page's identity."""
    content_type: str
    status: int
    fetched_at: str
    file: str
    offset: int
    length: int
    record_id: str
    """Of what is read: the response, or the page that a browser made of it, as the place."""
    sha256: str
    first_seen_at: str
    """Of the page; as stored."""
    rendered: bool = False
    """What is read is the page as a browser showed it."""


class Readings:
    """Extraction's side of the record, for reading; `hanoiwatch.store.articles` writes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unread(self, *, after: int = 0, limit: int = 256) -> list[UnreadCapture]:
        """Captures that wait for extraction, oldest first, with an id above ``after``."""
        with read(self._engine) as connection:
            rows = connection.execute(_UNREAD, {"after_": after, "limit_": limit})
            return [UnreadCapture(**row) for row in rows.mappings()]

    def captures(self, ids: Sequence[int]) -> list[UnreadCapture]:
        """The captures with these ids, oldest first, whatever has read them before."""
        with read(self._engine) as connection:
            rows = connection.execute(_BY_ID, {"ids": list(ids)})
            return [UnreadCapture(**row) for row in rows.mappings()]

    def newest_capture(self) -> int:
        """The highest id of any capture; 0 where there is none."""
        with read(self._engine) as connection:
            query = select(func.coalesce(func.max(schema.capture.c.id), 0))
            return int(connection.execute(query).scalar_one())

    def unread_count(self, *, upto: int) -> int:
        """How many captures with ids up to ``upto`` wait for extraction."""
        query = select(func.count()).where(
            schema.capture.c.state == "unread", schema.capture.c.id <= upto
        )
        with read(self._engine) as connection:
            return int(connection.execute(query).scalar_one())

    def waits_of_ended_runs(self) -> bool:
        """Whether a capture that an ended run brought still waits for extraction."""
        query = (
            select(schema.capture.c.id)
            .join(schema.run, schema.run.c.id == schema.capture.c.run_id)
            .where(schema.capture.c.state == "unread", schema.run.c.ended_at.is_not(None))
            .limit(1)
        )
        with read(self._engine) as connection:
            return connection.execute(query).first() is not None


def _captures_query() -> Any:
    capture, page, rendering = schema.capture.c, schema.page.c, schema.rendering.c
    place = ("file", "offset", "length", "record_id")
    return (
        select(
            capture.id.label("capture_id"),
            capture.page_id,
            capture.source,
            capture.url,
            page.url.label("page_url"),
            capture.content_type,
            capture.status,
            capture.fetched_at,
            *(func.coalesce(rendering[name], capture[name]).label(name) for name in place),
            capture.sha256,
            rendering.capture_id.is_not(None).label("rendered"),
            page.first_seen_at,
        )
        .join(schema.page, page.id == capture.page_id)
        .outerjoin(schema.rendering, rendering.capture_id == capture.id)
        .order_by(capture.id)
    )


_UNREAD = (
    _captures_query()
    .where(schema.capture.c.state == "unread", schema.capture.c.id > bindparam("after_"))
    .limit(bindparam("limit_"))
)
_BY_ID = _captures_query().where(schema.capture.c.id.in_(bindparam("ids", expanding=True)))


def revision_digest(content: Content) -> str:
    """Hex SHA-256 of what a reader would call the article: title, lead, blocks, captions.

    Two readings by one extractor version with the same digest are the same revision.
    """
    said = (
        content.title,
        content.lead,
        [(block.kind, block.text, block.image) for block in content.blocks],
        [(image.caption, image.credit) for image in content.images],
    )
    return hashlib.sha256(_encode(said)).hexdigest()


def add_reading(
    connection: Connection,
    capture_id: CaptureId,
    reading: ReadArticle | ReadNothing,
    at: datetime,
) -> tuple[int, str]:
    """Stores a reading, once per capture and extractor version. Returns its id and digest."""
    values: dict[str, Any] = {
        "capture_id": capture_id,
        "extractor": reading.extractor,
        "at": to_stored(at),
        "layout": "",
        "reason": "",
        "content": None,
        "digest": "",
    }
    if isinstance(reading, ReadArticle):
        values["layout"] = reading.layout
        values["content"] = _encode(reading.content).decode()
        values["digest"] = revision_digest(reading.content)
    else:
        values["reason"] = reading.reason
    reading_id = connection.execute(_ADD, values).scalar_one()
    return int(reading_id), values["digest"]


def _add_statement() -> Any:
    statement = upsert(schema.reading)
    return statement.on_conflict_do_update(
        index_elements=["capture_id", "extractor"],
        set_={"at": statement.excluded.at, "content": statement.excluded.content,
              "digest": statement.excluded.digest, "layout": statement.excluded.layout,
              "reason": statement.excluded.reason},
    ).returning(schema.reading.c.id)  # fmt: skip


_ADD = _add_statement()


def mark_read(connection: Connection, capture_ids: Sequence[int], state: str) -> None:
    """The done-mark of extraction: ``read`` or ``quarantined``."""
    connection.execute(
        update(schema.capture)
        .where(schema.capture.c.id == bindparam("capture"))
        .values(state=bindparam("state_")),
        [{"capture": capture_id, "state_": state} for capture_id in capture_ids],
    )

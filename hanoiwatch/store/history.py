"""What one article's record remembers: its revisions, and everything that befell its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, bindparam, select, union

from hanoiwatch.clock import from_stored
from hanoiwatch.model import Article, Content
from hanoiwatch.store import schema
from hanoiwatch.store.articles import Articles
from hanoiwatch.store.engine import read
from hanoiwatch.store.readings import decode_content
from hanoiwatch.store.vanished import OPEN, LineState


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRef:
    """The response that something was read from."""

    url: str
    fetched_at: datetime
    record_id: str
    sha256: str
    rendered_record_id: str | None = None
    """Of the page that a browser made of it, where that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An article as its page said it, by the best reading of that capture there is now."""

    number: int
    recorded_at: datetime
    capture: CaptureRef
    layout: str
    extractor: str
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedChange:
    """A line of the change log that came with no revision."""

    kind: Literal["withdrawn", "restored", "removed", "reread"]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCapture:
    """A page that was worse than the good copy and replaced nothing."""

    at: datetime
    reason: str
    capture: CaptureRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address besides the present one at which the article is or was to be had.

    ``moved``: the article left it for another one at that moment.
    """

    url: str
    at: datetime
    moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """The article's page was gone. ``state`` says what came of it."""

    url: str
    first_at: datetime
    last_at: datetime
    how: str
    state: LineState

    @property
    def is_open(self) -> bool:
        """Whether nothing has come of it yet: neither confirmed nor back."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleHistory:
    """All of it, each part oldest first."""

    revisions: tuple[Revision, ...]
    changes: tuple[LoggedChange, ...]
    held: tuple[HeldCapture, ...]
    addresses: tuple[Address, ...]
    absences: tuple[Absence, ...]

    def revision(self, number: int) -> Revision | None:
        return next((one for one in self.revisions if one.number == number), None)

    @property
    def open_absence(self) -> Absence | None:
        """Set while its page is gone and that is not confirmed."""
        return next((one for one in reversed(self.absences) if one.is_open), None)


class History:
    """The memory of articles, for reading."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, rowid: int) -> ArticleHistory:
        """Everything that befell the article, in one view of the record."""
        with read(self._engine) as connection:
            changes = _changes(connection, rowid)
            return ArticleHistory(
                revisions=_revisions(connection, rowid),
                changes=changes,
                held=_held(connection, rowid),
                addresses=_addresses(connection, rowid, changes),
                absences=_absences(connection, rowid),
            )

    def copies_of(self, article: Article) -> tuple[Article, ...]:
        """The other articles of its story, who published first before all; none where it is
        alone."""
        if article.story is None:
            return ()
        values = {"story": article.story.id, "row": article.rowid}
        with read(self._engine) as connection:
            rowids = [row.rowid_ for row in connection.execute(_COPIES, values)]
        return tuple(sorted(Articles(self._engine).by_rowids(rowids).values(), key=first_told))


def first_told(article: Article) -> tuple[datetime, datetime, int]:
    """What orders the copies of a story: publication, then who was seen first."""
    published = article.content.published_at or article.first_seen_at
    return published, article.first_seen_at, article.rowid


def _revisions(connection: Connection, rowid: int) -> tuple[Revision, ...]:
    return tuple(
        Revision(
            number=row.number,
            recorded_at=from_stored(row.recorded_at),
            capture=_capture(row),
            layout=row.layout,
            extractor=row.extractor,
            content=decode_content(row.content),
        )
        for row in connection.execute(_REVISIONS, {"row": rowid})
    )


def _capture(row: Any) -> CaptureRef:
    return CaptureRef(
        url=row.url,
        fetched_at=from_stored(row.fetched_at),
        record_id=row.record_id,
        sha256=row.sha256,
        rendered_record_id=row.rendered_record_id,
    )


def _changes(connection: Connection, rowid: int) -> tuple[LoggedChange, ...]:
    return tuple(
        LoggedChange(kind=row.kind, at=from_stored(row.at))
        for row in connection.execute(_CHANGES, {"row": rowid})
    )


def _held(connection: Connection, rowid: int) -> tuple[HeldCapture, ...]:
    return tuple(
        HeldCapture(at=from_stored(row.at), reason=row.reason, capture=_capture(row))
        for row in connection.execute(_HELD, {"row": rowid})
    )


def _addresses(
    connection: Connection, rowid: int, changes: tuple[LoggedChange, ...]
) -> tuple[Address, ...]:
    # a move is a line of the change log at the same moment; a second address is none
    moves = {change.at for change in changes if change.kind == "reread"}
    return tuple(
        Address(url=row.url, at=from_stored(row.at), moved=from_stored(row.at) in moves)
        for row in connection.execute(_ADDRESSES, {"row": rowid})
    )


def _absences(connection: Connection, rowid: int) -> tuple[Absence, ...]:
    return tuple(
        Absence(
            url=row.url,
            first_at=from_stored(row.first_at),
            last_at=from_stored(row.last_at),
            how=row.how,
            state=row.state,
        )
        for row in connection.execute(_ABSENCES, {"row": rowid})
    )


_CAPTURE, _READING = schema.capture.c, schema.reading.c
_CAPTURE_COLUMNS = (
    _CAPTURE.url,
    _CAPTURE.fetched_at,
    _CAPTURE.record_id,
    _CAPTURE.sha256,
    schema.rendering.c.record_id.label("rendered_record_id"),
)
_RENDERING = schema.rendering.c.capture_id == _CAPTURE.id
_REVISIONS = (
    select(
        schema.revision.c.number,
        schema.revision.c.recorded_at,
        _READING.layout,
        _READING.extractor,
        _READING.content,
        *_CAPTURE_COLUMNS,
    )
    .join(schema.capture, _CAPTURE.id == schema.revision.c.capture_id)
    .outerjoin(schema.rendering, _RENDERING)
    .join(schema.reading, _READING.id == schema.revision.c.reading_id)
    .where(schema.revision.c.article == bindparam("row"))
    .order_by(schema.revision.c.number)
)
_CHANGES = (
    select(schema.change.c.kind, schema.change.c.at)
    .where(schema.change.c.article == bindparam("row"))
    .where(schema.change.c.kind.in_(("withdrawn", "restored", "removed", "reread")))
    .order_by(schema.change.c.sequence)
)
_HELD = (
    select(schema.held.c.at, schema.held.c.reason, *_CAPTURE_COLUMNS)
    .join(schema.capture, _CAPTURE.id == schema.held.c.capture_id)
    .outerjoin(schema.rendering, _RENDERING)
    .where(schema.held.c.article == bindparam("row"))
    .order_by(schema.held.c.at, schema.held.c.capture_id)
)
_ADDRESSES = (
    select(schema.address.c.url, schema.address.c.at)
    .join(schema.article, schema.article.c.rowid_ == schema.address.c.article)
    .where(schema.address.c.article == bindparam("row"))
    .where(schema.address.c.url != schema.article.c.url)  # noted before it moved there
    .order_by(schema.address.c.at, schema.address.c.url)
)
_PAGES = union(
    select(schema.article.c.page_id).where(schema.article.c.rowid_ == bindparam("row")),
    select(schema.address.c.page_id).where(schema.address.c.article == bindparam("row")),
)
_ABSENCES = (
    select(schema.vanished, schema.page.c.url)
    .join(schema.page, schema.page.c.id == schema.vanished.c.page_id)
    .where(schema.vanished.c.page_id.in_(_PAGES))
    .order_by(schema.vanished.c.first_at, schema.vanished.c.id)
)
_COPIES = select(schema.article.c.rowid_).where(
    schema.article.c.story_id == bindparam("story"), schema.article.c.rowid_ != bindparam("row")
)

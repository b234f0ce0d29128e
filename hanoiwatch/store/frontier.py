"""What was listed, where and when, and what should be fetched next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, and_, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import from_stored, hanoi_day, to_stored
from hanoiwatch.model import Discovered, DuePage, OriginId, OriginKind, PageId, RunId
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.vanished import OPEN

PollOutcome = Literal["ok", "unchanged", "empty", "failed", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginState:
    """A feed, sitemap or section page, and what the last poll left."""

    id: OriginId
    url: str
    kind: OriginKind
    etag: str | None
    last_modified: str | None
    sha256: str | None
    last_full_poll_at: datetime | None
    """When it last listed anything; None: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What one poll of one origin changed in the record."""

    pages: Mapping[str, PageId]
    """By canonical URL, every item of the poll."""
    new: tuple[PageId, ...]
    shared: int | None
    """How many items the origin's previous listing had too; None: there was no previous one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGap:
    """A feed may have missed what was listed after ``since``."""

    id: int
    feed: str
    since: datetime
    suspected_at: datetime


class Frontier:
    """Discovery's side of the record. Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def origin(self, source: str, kind: OriginKind, url: str) -> OriginState:
        """The origin at ``url``, made on first sight.

        Where it was of another kind before, it is of this one from here on, and read anew.
        """
        with write(self._engine) as connection:
            connection.execute(_KEEP_ORIGIN, {"source": source, "kind": kind, "url": url})
            row = connection.execute(_ORIGIN, {"source_": source, "url_": url}).one()
        return _origin_state(row)

    def list_items(
        self,
        origin: OriginState,
        run_id: RunId,
        items: Mapping[str, Discovered],
        at: datetime,
    ) -> Listed:
        """Records one poll that could be read, and its items by canonical URL.

        A page is made on first sight; every sighting is kept once per origin.
        """
        with write(self._engine) as connection:
            source, previous = connection.execute(
                select(schema.origin.c.source, schema.origin.c.poll_id).where(
                    schema.origin.c.id == origin.id
                )
            ).one()
            known = _pages_of(connection, source, tuple(items))
            new_urls = [url for url in items if url not in known]
            _add_pages(connection, source, {url: items[url] for url in new_urls}, at)
            pages = known | _pages_of(connection, source, new_urls)
            shared = _shared(connection, previous, tuple(pages.values()))
            poll_id = _add_poll(
                connection, origin.id, run_id, at,
                outcome="ok" if items else "empty",
                items=len(items), new=len(new_urls), shared=shared,
            )  # fmt: skip
            _see(connection, origin.id, poll_id, tuple(pages.values()), at)
            if items:
                connection.execute(
                    update(schema.origin)
                    .where(schema.origin.c.id == origin.id)
                    .values(poll_id=poll_id)
                )
        return Listed(pages=pages, new=tuple(pages[url] for url in new_urls), shared=shared)

    def poll_ended(
        self, origin: OriginState, run_id: RunId, at: datetime, outcome: PollOutcome, reason: str
    ) -> None:
        """Records a poll that listed nothing: unchanged, empty, failed or refused."""
        with write(self._engine) as connection:
            _add_poll(connection, origin.id, run_id, at, outcome=outcome, reason=reason)

    def keep_validators(
        self, origin: OriginState, *, etag: str | None, last_modified: str | None, sha256: str
    ) -> None:
        """After a body that could be read: what the next request is conditional on."""
        with write(self._engine) as connection:
            connection.execute(
                update(schema.origin)
                .where(schema.origin.c.id == origin.id)
                .values(etag=etag, last_modified=last_modified, sha256=sha256)
            )

    def suspect_gap(self, origin: OriginState, run_id: RunId, at: datetime) -> int:
        """A feed shares nothing with its last listing: opens a gap, returns its id."""
        since = origin.last_full_poll_at or at
        with write(self._engine) as connection:
            result = connection.execute(
                insert(schema.gap).values(
                    origin_id=origin.id,
                    run_id=run_id,
                    suspected_at=to_stored(at),
                    since=to_stored(since),
                )
            )
            return int(result.lastrowid)

    def open_gaps(self, source: str) -> list[OpenGap]:
        """Gaps of the source that no run has closed yet: its process was killed, say, or a
        section that would close it did not answer."""
        gap, origin = schema.gap.c, schema.origin.c
        query = (
            select(gap.id, gap.since, gap.suspected_at, origin.url)
            .join(schema.origin, origin.id == gap.origin_id)
            .where(origin.source == source, gap.closed_by == "", gap.missing == "")
        )
        with read(self._engine) as connection:
            return [
                OpenGap(
                    id=row.id,
                    feed=row.url,
                    since=from_stored(row.since),
                    suspected_at=from_stored(row.suspected_at),
                )
                for row in connection.execute(query)
            ]

    def close_gap(self, gap_id: int, *, closed_by: str, found: int, missing: str) -> None:
        """What was read to close the gap, how many new pages that gave, what could not be read."""
        with write(self._engine) as connection:
            connection.execute(
                update(schema.gap)
                .where(schema.gap.c.id == gap_id)
                .values(closed_by=closed_by, found=found, missing=missing)
            )

    def due(self, source: str, now: datetime) -> list[DuePage]:
        """Pages to fetch now: never fetched first (newest listing first), then revisits.

        A page whose last attempt failed comes back when its ``next_visit_at`` has passed.
        """
        with read(self._engine) as connection:
            rows = connection.execute(_DUE, {"source_": source, "now_": to_stored(now)})
            return [_due_page(row) for row in rows]

    def newest(self, source: str, most: int) -> list[DuePage]:
        """The newest pages of the source that carry an article, to be fetched in full."""
        with read(self._engine) as connection:
            rows = connection.execute(_NEWEST, {"source_": source, "most_": most}).all()
            return [replace(_due_page(row), etag=None, last_modified=None, sha256=None)
                    for row in rows]  # fmt: skip

    def pages(self, ids: Sequence[PageId]) -> list[DuePage]:
        """These pages, due or not, to be fetched in full."""
        with read(self._engine) as connection:
            rows = connection.execute(_BY_ID, {"ids_": list(ids)}).all()
            return [replace(_due_page(row), etag=None, last_modified=None, sha256=None)
                    for row in rows]  # fmt: skip

    def make_due(self, source: str, at: datetime) -> int:
        """Every known page of the source becomes due; returns how many there are."""
        with write(self._engine) as connection:
            result = connection.execute(
                update(schema.page)
                .where(schema.page.c.source == source)
                .values(next_visit_at=to_stored(at))
            )
            return int(result.rowcount)


_GONE = (*OPEN, "withdrawn")
"""States of a page's newest line with which it is gone."""


def _page_query() -> Any:
    page, article = schema.page.c, schema.article.c
    line = schema.vanished.c
    newest = (
        select(func.max(line.id)).where(line.page_id == page.id).correlate(schema.page)
    ).scalar_subquery()
    return (
        select(
            page.id,
            page.url,
            page.listed_url,
            page.visits,
            page.etag,
            page.last_modified,
            page.sha256,
            schema.rendering.c.sha256.label("rendered_sha256"),
            page.failures,
            page.first_seen_at,
            func.coalesce(article.published_at, page.listed_published_at).label("published_at"),
            article.rowid_.is_not(None).label("has_article"),
            line.first_at.label("gone_since"),
            (line.state == "reform").label("alarm"),
        )
        .outerjoin(schema.article, article.page_id == page.id)
        .outerjoin(schema.rendering, schema.rendering.c.capture_id == page.capture_id)
        .outerjoin(schema.vanished, (line.id == newest) & line.state.in_(_GONE))
        .where(page.id.not_in(select(schema.takedown_page.c.page_id)))
    )


_OF_SOURCE = schema.page.c.source == bindparam("source_")
_DUE = (
    _page_query()
    .where(_OF_SOURCE, schema.page.c.next_visit_at <= bindparam("now_"))
    .order_by(schema.page.c.visits > 0, schema.page.c.first_seen_at.desc(), schema.page.c.id)
)
_NEWEST = (
    _page_query()
    .where(_OF_SOURCE, schema.article.c.rowid_.is_not(None))
    .where(schema.article.c.withdrawn_at.is_(None))
    .order_by(schema.page.c.first_seen_at.desc(), schema.page.c.id.desc())
    .limit(bindparam("most_"))
)
_BY_ID = _page_query().where(schema.page.c.id.in_(bindparam("ids_", expanding=True)))


def _due_page(row: Any) -> DuePage:
    # What comes back is read whatever its validators say: reading it is what brings it back.
    known = row.gone_since is None
    return DuePage(
        page_id=PageId(row.id),
        url=row.url,
        listed_url=row.listed_url,
        first_visit=row.visits == 0,
        etag=row.etag if known else None,
        last_modified=row.last_modified if known else None,
        sha256=row.sha256 if known else None,
        rendered_sha256=row.rendered_sha256,
        published_at=from_stored(row.published_at) if row.published_at else None,
        first_seen_at=from_stored(row.first_seen_at),
        failures=row.failures,
        has_article=bool(row.has_article),
        gone_since=from_stored(row.gone_since) if row.gone_since else None,
        alarm=bool(row.alarm),
    )


def _keep_origin_statement() -> Any:
    statement = upsert(schema.origin)
    anew = dict.fromkeys(("etag", "last_modified", "sha256", "capture_id"))
    return statement.on_conflict_do_update(
        index_elements=["source", "url"],
        set_={"kind": statement.excluded.kind, **anew},
        where=schema.origin.c.kind != statement.excluded.kind,
    )


_KEEP_ORIGIN = _keep_origin_statement()


def _origin_query() -> Any:
    joined = schema.origin.outerjoin(schema.poll, schema.poll.c.id == schema.origin.c.poll_id)
    return (
        select(schema.origin, schema.poll.c.at.label("last_full_poll_at"))
        .select_from(joined)
        .where(
            and_(
                schema.origin.c.source == bindparam("source_"),
                schema.origin.c.url == bindparam("url_"),
            )
        )
    )


_ORIGIN = _origin_query()


def _origin_state(row: Any) -> OriginState:
    last = row.last_full_poll_at
    return OriginState(
        id=OriginId(row.id),
        url=row.url,
        kind=row.kind,
        etag=row.etag,
        last_modified=row.last_modified,
        sha256=row.sha256,
        last_full_poll_at=from_stored(last) if last else None,
    )


_CHUNK = 500
"""Names in one IN list; SQLite's limit on bound values is 32,766, its planner prefers fewer."""


def _pages_of(connection: Connection, source: str, urls: Sequence[str]) -> dict[str, PageId]:
    page = schema.page.c
    found: dict[str, PageId] = {}
    for start in range(0, len(urls), _CHUNK):
        rows = connection.execute(
            select(page.url, page.id).where(
                and_(page.source == source, page.url.in_(urls[start : start + _CHUNK]))
            )
        )
        found.update((row.url, PageId(row.id)) for row in rows)
    return found


def _add_pages(
    connection: Connection, source: str, items: Mapping[str, Discovered], at: datetime
) -> None:
    rows = [
        {
            "source": source,
            "url": url,
            "listed_url": item.url,
            "listed_title": item.title,
            "listed_published_at": to_stored(item.published_at) if item.published_at else None,
            "first_seen_at": to_stored(at),
            "first_seen_day": hanoi_day(at).isoformat(),
            "next_visit_at": to_stored(at),
        }
        for url, item in items.items()
    ]
    if rows:
        connection.execute(insert(schema.page), rows)


def _shared(connection: Connection, previous: int | None, pages: Sequence[PageId]) -> int | None:
    if previous is None:
        return None
    sighting = schema.sighting.c
    seen = connection.execute(select(sighting.page_id).where(sighting.poll_id == previous))
    return len({row.page_id for row in seen}.intersection(pages))


def _add_poll(
    connection: Connection, origin_id: int, run_id: RunId, at: datetime, **values: Any
) -> int:
    result = connection.execute(
        insert(schema.poll).values(origin_id=origin_id, run_id=run_id, at=to_stored(at), **values)
    )
    return int(result.lastrowid)


def _see(
    connection: Connection, origin_id: int, poll_id: int, pages: Sequence[PageId], at: datetime
) -> None:
    if not pages:
        return
    statement = upsert(schema.sighting)
    moment = to_stored(at)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["page_id", "origin_id"],
            set_={"last_at": statement.excluded.last_at, "poll_id": statement.excluded.poll_id},
        ),
        [
            {
                "page_id": page_id,
                "origin_id": origin_id,
                "first_at": moment,
                "last_at": moment,
                "poll_id": poll_id,
            }
            for page_id in pages
        ],
    )

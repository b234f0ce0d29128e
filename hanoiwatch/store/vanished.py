"""Pages that carry an article and were gone: noted at first sight, judged after their run.

A line is `fresh` until its run is judged, then `waiting` for the visit that confirms it, or held
by the alarm as `reform`. It is closed as `withdrawn`, `back` or `moved`, or as `left` where its
article had been known at another address for longer: no news, and part of no wave. A page has at
most one open line (docs/explanation/revisions.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Engine, bindparam, insert, select, text, update

from hanoiwatch.clock import from_stored, to_shown, to_stored
from hanoiwatch.model import PageId, RunId
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read

LineState = Literal["fresh", "waiting", "reform", "withdrawn", "back", "moved", "left"]
OPEN: tuple[LineState, ...] = ("fresh", "waiting", "reform")
NEWS_FOR = timedelta(hours=24)
"""An old address that ends so long after the new one was listed belongs to no wave: its revisit
only came late."""
EXAMPLES = 3
"""Addresses that an alarm names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneLine:
    """A page that is gone, with the article that it carried."""

    id: int
    page_id: PageId
    run_id: RunId
    source: str
    article: int
    url: str
    first_at: datetime
    last_at: datetime
    state: LineState


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Many pages of a source vanished at once, and are still gone."""

    source: str
    pages: int
    since: datetime
    examples: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What the operator is told: what happened, what we did not do, what to do."""
        return (
            f"{_known_pages(self.pages)} vanished in one wave (since {to_shown(self.since)}) and "
            "not come back, which looks like new addresses: nothing was withdrawn. Examples: "
            f"{', '.join(self.examples)}. Compare the site's addresses with `[discover]` in the "
            f"source file; once it answers again, `hanoiwatch crawl {self.source} --refetch` "
            "looks at all of them."
        )


def _known_pages(count: int) -> str:
    return "a known page has" if count == 1 else f"{count} known pages have"


class Vanished:
    """What is gone and not settled, for reading."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def alarms(self) -> list[Alarm]:
        """Per source, the pages held by the alarm; empty where there is none."""
        with read(self._engine) as connection:
            rows = connection.execute(_ALARMED).all()
        found: dict[str, list[Any]] = {}
        for row in rows:
            found.setdefault(row.source, []).append(row)
        return [
            Alarm(
                source=source,
                pages=len(lines),
                since=from_stored(lines[0].first_at),
                examples=tuple(line.url for line in lines[:EXAMPLES]),
            )
            for source, lines in found.items()
        ]

    def any_open(self) -> bool:
        """Whether any page waits to be judged or confirmed."""
        query = select(schema.vanished.c.id).where(schema.vanished.c.state.in_(OPEN)).limit(1)
        with read(self._engine) as connection:
            return connection.execute(query).first() is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What is known of a page that is gone: since when, and whether the alarm holds it."""

    since: datetime
    alarm: bool = False


def note_gone(
    connection: Connection, page_id: PageId, run_id: RunId, how: str, at: datetime
) -> Gone | None:
    """A page was gone at ``at``. None: it carries no article, or one that is withdrawn."""
    if connection.execute(_CARRIES, {"page_": page_id}).first() is None:
        return None
    moment = to_stored(at)
    known = connection.execute(_GONE_AGAIN, {"page_": page_id, "at": moment, "how_": how}).first()
    if known is not None:
        return Gone(since=from_stored(known.first_at), alarm=known.state == "reform")
    connection.execute(
        insert(schema.vanished).values(
            page_id=page_id, run_id=run_id, first_at=moment, last_at=moment, how=how, state="fresh"
        )
    )
    return Gone(since=at)


def is_open(connection: Connection, page_id: PageId) -> bool:
    """Whether the page is gone, as far as we know."""
    return connection.execute(_OPEN_LINE, {"page_": page_id}).first() is not None


def close_line(connection: Connection, page_id: PageId, state: LineState) -> None:
    """Settles what is open of the page, if anything is."""
    connection.execute(_CLOSE, {"page_": page_id, "state_": state})


def close_moved(connection: Connection, page_id: PageId, new_page: PageId) -> None:
    """Settles what is open of a page whose article lives at ``new_page``."""
    found = connection.execute(_MOVED_SINCE, {"page_": page_id, "new": new_page}).first()
    is_old = found and from_stored(found.began) - from_stored(found.listed) > NEWS_FOR
    close_line(connection, page_id, "left" if is_old else "moved")


def open_lines(connection: Connection) -> list[GoneLine]:
    """Every open line whose source has no run going on, oldest first.

    While one goes on, it may yet show that a wave is under way.
    """
    return [
        GoneLine(
            id=row.id,
            page_id=PageId(row.page_id),
            run_id=RunId(row.run_id),
            source=row.source,
            article=row.article,
            url=row.url,
            first_at=from_stored(row.first_at),
            last_at=from_stored(row.last_at),
            state=row.state,
        )
        for row in connection.execute(_OPEN_LINES)
    ]


def set_state(connection: Connection, lines: Sequence[GoneLine], state: LineState) -> None:
    if lines:
        connection.execute(
            update(schema.vanished)
            .where(schema.vanished.c.id == bindparam("line"))
            .values(state=state),
            [{"line": line.id} for line in lines],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """What a run and the day before it say of a source's known pages."""

    since: datetime
    revisited: int
    """Distinct pages that were looked at again and said anything of themselves."""
    vanished: int
    """Those of them that were first met gone in that time and have not come back."""


def wave_of(connection: Connection, run_id: RunId, before: timedelta) -> Wave:
    """Counts over the run and the time ``before`` it."""
    run = schema.run.c
    row = connection.execute(select(run.source, run.started_at).where(run.id == run_id)).one()
    since = from_stored(row.started_at) - before
    window = {"source": row.source, "since": to_stored(since), "run": run_id}
    gone = {found.page_id for found in connection.execute(_GONE_IN, window)}
    seen = {found.page_id for found in connection.execute(_SEEN_IN, window)}
    return Wave(since=since, revisited=len(seen | gone), vanished=len(gone))


_CARRIES = select(schema.article.c.rowid_).where(
    schema.article.c.page_id == bindparam("page_"), schema.article.c.withdrawn_at.is_(None)
)
_OF_PAGE = (schema.vanished.c.page_id == bindparam("page_")) & schema.vanished.c.state.in_(OPEN)
_GONE_AGAIN = (
    update(schema.vanished)
    .where(_OF_PAGE)
    .values(last_at=bindparam("at"), how=bindparam("how_"))
    .returning(schema.vanished.c.first_at, schema.vanished.c.state)
)
_OPEN_LINE = select(schema.vanished.c.id).where(_OF_PAGE)
_CLOSE = update(schema.vanished).where(_OF_PAGE).values(state=bindparam("state_"))
_MOVED_SINCE = text("""
SELECT run.started_at AS began, page.first_seen_at AS listed
FROM vanished JOIN run ON run.id = vanished.run_id JOIN page ON page.id = :new
WHERE vanished.page_id = :page_ AND vanished.state IN ('fresh', 'waiting', 'reform')
""")
_OPEN_LINES = text("""
SELECT vanished.id, vanished.page_id, vanished.run_id, page.source, article.rowid_ AS article,
       page.url, vanished.first_at, vanished.last_at, vanished.state
FROM vanished
JOIN page ON page.id = vanished.page_id
JOIN article ON article.page_id = page.id
WHERE vanished.state IN ('fresh', 'waiting', 'reform')
  AND NOT EXISTS (SELECT 1 FROM run WHERE run.source = page.source AND run.ended_at IS NULL)
ORDER BY vanished.id
""")
_ALARMED = text("""
SELECT page.source, page.url, vanished.first_at
FROM vanished JOIN page ON page.id = vanished.page_id
WHERE vanished.state = 'reform'
ORDER BY page.source, vanished.first_at, vanished.id
""")
_GONE_IN = text("""
SELECT vanished.page_id
FROM vanished JOIN page ON page.id = vanished.page_id
WHERE page.source = :source AND vanished.run_id <= :run AND vanished.first_at >= :since
  AND vanished.state IN ('fresh', 'waiting', 'reform', 'moved')
""")
# An answer tells something of the page where it is the page, "not modified", or "gone"; a 5xx or
# a refusal tells something of the host. Visits before the article was recorded are no revisits.
_SEEN_IN = text("""
SELECT DISTINCT capture.page_id
FROM run
JOIN capture ON capture.run_id = run.id
JOIN article ON article.page_id = capture.page_id
JOIN revision ON revision.article = article.rowid_ AND revision.number = 1
WHERE run.source = :source AND run.id <= :run
  AND (run.ended_at IS NULL OR run.ended_at >= :since)
  AND capture.fetched_at >= :since AND capture.id > revision.capture_id
  AND capture.status IN (200, 304, 404, 410)
""")

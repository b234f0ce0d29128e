"""What fresh readings looked like, and what came of it: suspect pages, collapsed fields.

Rows of one source are its history, the newest first (`docs/explanation/drift.md`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, delete, insert, select, text, update

from hanoiwatch.clock import to_stored
from hanoiwatch.model import Reading, ReadNothing, Traits
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read
from hanoiwatch.store.readings import UnreadCapture

KEPT = 400
"""Rows of a source: two hundred are compared with, the rest are revisits and suspects."""

NO_TRAITS = Traits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One fresh reading."""

    id: int
    source: str
    page_id: int
    run_id: int
    url: str
    at: str
    first: bool
    """Of a page that had no reading before."""
    layout: str
    """Empty: no article."""
    reason: str
    """Of no article, in words."""
    extractor: str
    traits: Traits
    suspicion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A page that does not look as its source's pages did."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collapse:
    """A field that a source's pages had and have no longer."""

    field: str
    before: float
    """Share of the earlier pages that had it."""
    now: float
    pages: int
    """Over how many pages of now."""
    examples: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return (
            f"{self.field}: {self.now:.0%} of {self.pages} pages, {self.before:.0%} before; "
            f"for instance {', '.join(self.examples)}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDrift:
    """What the last run of a source found that read anything."""

    source: str
    run_id: int
    at: str
    known: int
    """Pages of before that it was compared with."""
    suspects: tuple[Suspect, ...] = ()
    collapses: tuple[Collapse, ...] = field(default_factory=tuple)


class Drifts:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_run(self, source: str, run_id: int | None = None) -> RunDrift | None:
        """What ``run_id`` found; by default the source's last run that read anything. None: it
        read nothing."""
        with read(self._engine) as connection:
            run = run_id or connection.execute(_LAST_RUN, {"source": source}).scalar()
            rows = connection.execute(_OF_RUN, {"source": source, "run": run}).all()
            if run is None or not rows:
                return None
            found = connection.execute(
                select(schema.drift).where(schema.drift.c.run_id == run).order_by(schema.drift.c.id)
            ).all()
            known = connection.execute(_KNOWN, {"source": source, "run": run}).scalar_one()
        return RunDrift(
            source=source,
            run_id=run,
            at=rows[0].at,
            known=known,
            suspects=tuple(
                Suspect(url=row.url, reason=row.suspicion) for row in rows if row.suspicion
            ),
            collapses=tuple(_collapse(row) for row in found),
        )

    def recent(self, source: str, since: datetime) -> list[Collapse]:
        """Fields of the source that were found collapsed since then, the newest first."""
        drift = schema.drift.c
        query = (
            select(schema.drift)
            .where(drift.source == source, drift.at >= to_stored(since))
            .order_by(drift.id.desc())
        )
        with read(self._engine) as connection:
            return [_collapse(row) for row in connection.execute(query)]

    def recent_suspects(self, source: str, since: datetime) -> list[Suspect]:
        """Suspect pages of the source that were read since then, the newest first."""
        with read(self._engine) as connection:
            rows = connection.execute(_SUSPECTS, {"source": source, "since": to_stored(since)})
            return [Suspect(url=row.url, reason=row.suspicion) for row in rows]

    def sources(self) -> list[str]:
        """Those of which anything was read."""
        with read(self._engine) as connection:
            rows = connection.execute(select(schema.shape.c.source).distinct())
            return sorted(row.source for row in rows)

    def any_new(self) -> bool:
        """Whether any reading waits to be judged."""
        with read(self._engine) as connection:
            return connection.execute(_ANY_NEW).first() is not None


_LAST_RUN = text("SELECT max(run_id) FROM shape WHERE source = :source")
_OF_RUN = text("""
SELECT page.url, shape.at, shape.suspicion FROM shape JOIN page ON page.id = shape.page_id
WHERE shape.source = :source AND shape.run_id = :run ORDER BY shape.id
""")
_KNOWN = text("""
SELECT count(*) FROM shape WHERE source = :source AND run_id < :run AND first = 1 AND layout <> ''
""")
_SUSPECTS = text("""
SELECT page.url, shape.suspicion FROM shape JOIN page ON page.id = shape.page_id
WHERE shape.source = :source AND shape.at >= :since AND shape.suspicion <> ''
ORDER BY shape.id DESC
""")
_ANY_NEW = text("SELECT 1 FROM shape WHERE judged = 0 LIMIT 1")


def add_shape(
    connection: Connection, capture: UnreadCapture, reading: Reading, at: datetime
) -> None:
    """Notes what a fresh reading looked like, once a capture."""
    nothing = isinstance(reading, ReadNothing)
    connection.execute(
        _ADD,
        {
            "capture": capture.capture_id,
            "at": to_stored(at),
            "layout": "" if isinstance(reading, ReadNothing) else reading.layout,
            "reason": _words(reading) if isinstance(reading, ReadNothing) else "",
            "extractor": reading.extractor,
            "traits": msgspec.json.encode(reading.traits or NO_TRAITS).decode(),
            "judged": int(reading.traits is None and not nothing),
        },
    )


def _words(reading: ReadNothing) -> str:
    return f"{reading.reason}: {reading.detail}" if reading.detail else reading.reason


# A reading that came without traits is of no use for comparisons, and is not judged.
_ADD = text("""
INSERT INTO shape (source, page_id, capture_id, run_id, at, first, layout, reason, extractor,
                   traits, judged)
SELECT capture.source, capture.page_id, capture.id, capture.run_id, :at,
       NOT EXISTS (SELECT 1 FROM capture AS earlier JOIN reading ON reading.capture_id = earlier.id
                   WHERE earlier.page_id = capture.page_id AND earlier.id < capture.id),
       :layout, :reason, :extractor, :traits, :judged
FROM capture WHERE capture.id = :capture
ON CONFLICT (capture_id) DO NOTHING
""")


def new_shapes(connection: Connection) -> list[Shape]:
    """Those that wait to be judged, by source and run; a run that goes on is judged when it has
    ended, as a whole."""
    return _shapes(connection, f"shape.judged = 0 AND {_OF_ENDED_RUN}", {})


_OF_ENDED_RUN = (
    "NOT EXISTS (SELECT 1 FROM run WHERE run.id = shape.run_id AND run.ended_at IS NULL)"
)


def history(connection: Connection, source: str, *, before_run: int, limit: int) -> list[Shape]:
    """First readings of earlier runs, the newest first."""
    where = "shape.source = :source AND shape.run_id < :run AND shape.first = 1 AND judged = 1"
    return _shapes(connection, where, {"source": source, "run": before_run}, limit=limit)


def earlier_of_page(connection: Connection, shape: Shape) -> Shape | None:
    """The page's last reading before this one that was an article and not suspect."""
    where = "shape.page_id = :page AND shape.id < :id AND layout <> '' AND suspicion = ''"
    found = _shapes(connection, where, {"page": shape.page_id, "id": shape.id}, limit=1)
    return found[0] if found else None


def _shapes(
    connection: Connection, where: str, values: dict[str, Any], limit: int = -1
) -> list[Shape]:
    query = text(
        "SELECT shape.id, shape.source, shape.page_id, run_id, page.url, shape.at, first, layout,"  # noqa: S608 - our own conditions
        f" reason, extractor, traits, suspicion FROM shape JOIN page ON page.id = page_id"
        f" WHERE {where} ORDER BY shape.id DESC LIMIT {limit}"
    )
    return [_shape(row) for row in connection.execute(query, values)]


def _shape(row: Any) -> Shape:
    return Shape(
        id=row.id, source=row.source, page_id=row.page_id, run_id=row.run_id, url=row.url,
        at=row.at, first=bool(row.first), layout=row.layout, reason=row.reason,
        extractor=row.extractor, traits=_decode(row.traits), suspicion=row.suspicion,
    )  # fmt: skip


_decode = msgspec.json.Decoder(Traits).decode


def keep_judged(
    connection: Connection, judged: Iterable[tuple[int, str]], source: str, run_id: int
) -> None:
    """Notes what was found about each shape (id, suspicion) of a run; lets go of the source's
    oldest of earlier runs."""
    for shape_id, suspicion in judged:
        connection.execute(
            update(schema.shape)
            .where(schema.shape.c.id == shape_id)
            .values(judged=1, suspicion=suspicion)
        )
    oldest = (
        select(schema.shape.c.id)
        .where(schema.shape.c.source == source)
        .order_by(schema.shape.c.id.desc())
        .limit(1)
        .offset(KEPT)
    ).scalar_subquery()
    connection.execute(
        delete(schema.shape).where(
            schema.shape.c.source == source,
            schema.shape.c.id <= oldest,
            schema.shape.c.run_id < run_id,
        )
    )


def add_collapses(
    connection: Connection, source: str, run_id: int, collapses: Sequence[Collapse], at: datetime
) -> None:
    for one in collapses:
        connection.execute(
            insert(schema.drift).values(
                source=source, run_id=run_id, at=to_stored(at), field=one.field,
                before=one.before, now=one.now, pages=one.pages,
                examples=json.dumps(one.examples),
            )
        )  # fmt: skip


def _collapse(row: Any) -> Collapse:
    return Collapse(
        field=row.field, before=row.before, now=row.now, pages=row.pages,
        examples=tuple(json.loads(row.examples)),
    )  # fmt: skip

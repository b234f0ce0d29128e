"""The checks of sources: what a run tried, and the verdict that was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Engine, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.model import Traits
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read, write

FindingState = Literal["ok", "problem", "note"]
VerdictOutcome = Literal["ok", "problems", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was tried."""

    part: str
    """``robots``, ``feed``, ``sitemap``, ``section``, ``article``, ``drift`` …"""
    what: str
    """Its address, or the field."""
    state: FindingState
    said: str
    advice: str = ""
    """What to do; empty where there is nothing to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    source: str
    at: datetime
    outcome: VerdictOutcome
    """``failed``: nothing could be tried."""
    findings: tuple[Finding, ...] = ()

    @property
    def problems(self) -> int:
        return sum(one.state == "problem" for one in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedList:
    """A feed, sitemap or section as a run polled it."""

    kind: str
    url: str
    outcome: str
    items: int
    """Of the last poll that listed anything, where this one found it unchanged."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedPage:
    """A page as a run fetched and read it."""

    url: str
    outcome: str
    """Of its fetch."""
    reason: str
    """Of its fetch, or of no article."""
    layout: str
    traits: Traits
    suspicion: str


class Verdicts:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, verdict: Verdict) -> None:
        """The source's last verdict is this one."""
        statement = upsert(schema.verdict)
        values = {
            "source": verdict.source,
            "at": to_stored(verdict.at),
            "outcome": verdict.outcome,
            "findings": msgspec.json.encode(verdict.findings).decode(),
        }
        changed = {key: values[key] for key in ("at", "outcome", "findings")}
        with write(self._engine) as connection:
            connection.execute(
                statement.values(values).on_conflict_do_update(
                    index_elements=["source"], set_=changed
                )
            )

    def has(self, source: str) -> bool:
        """Whether the source was ever checked."""
        query = select(schema.verdict.c.source).where(schema.verdict.c.source == source)
        with read(self._engine) as connection:
            return connection.execute(query).first() is not None

    def all(self) -> dict[str, Verdict]:
        """The last verdict of each source that was ever checked."""
        with read(self._engine) as connection:
            rows = connection.execute(select(schema.verdict)).all()
        return {
            row.source: Verdict(
                source=row.source,
                at=from_stored(row.at),
                outcome=row.outcome,
                findings=_decode(row.findings),
            )
            for row in rows
        }

    def lists_of(self, run_id: int) -> list[TriedList]:
        """Every list that the run polled, in order; of a section its first page."""
        with read(self._engine) as connection:
            rows = connection.execute(_LISTS, {"run": run_id}).all()
        return [TriedList(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's name

    def pages_of(self, run_id: int) -> list[TriedPage]:
        """Every page that the run fetched, was refused or failed to fetch."""
        with read(self._engine) as connection:
            rows = connection.execute(_PAGES, {"run": run_id}).all()
        return [
            TriedPage(
                url=row.url, outcome=row.outcome, reason=row.no_article or row.reason or "",
                layout=row.layout or "", suspicion=row.suspicion or "",
                traits=_traits(row.traits) if row.traits else Traits(),
            )
            for row in rows
        ]  # fmt: skip


_decode = msgspec.json.Decoder(tuple[Finding, ...]).decode
_traits = msgspec.json.Decoder(Traits).decode

_LISTS = text("""
SELECT origin.kind, origin.url, poll.outcome,
       CASE poll.outcome WHEN 'unchanged' THEN coalesce(last.items, 0) ELSE poll.items END AS items,
       poll.reason
FROM poll JOIN origin ON origin.id = poll.origin_id
LEFT JOIN poll AS last ON last.id = origin.poll_id
WHERE poll.run_id = :run AND origin.kind <> 'manual' ORDER BY poll.id
""")
# The ledger keeps a page's first good fetch, so a known page is told by its capture.
_PAGES = text("""
SELECT page.url, outcome.reason, shape.reason AS no_article, shape.layout, shape.traits,
       shape.suspicion,
       CASE WHEN newest.status IN (200, 304) THEN 'fetched'
            WHEN outcome.outcome = 'fetched' THEN 'failed' ELSE outcome.outcome END AS outcome
FROM run JOIN page ON page.source = run.source
JOIN outcome ON outcome.page_id = page.id AND outcome.stage = 'fetch'
LEFT JOIN capture AS newest ON newest.id = (
    SELECT max(id) FROM capture WHERE capture.run_id = run.id AND capture.page_id = page.id)
LEFT JOIN shape ON shape.page_id = page.id AND shape.run_id = run.id
WHERE run.id = :run AND (newest.id IS NOT NULL
    OR (outcome.at >= run.started_at AND outcome.outcome IN ('refused', 'failed')))
ORDER BY page.id
""")

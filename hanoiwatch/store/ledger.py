"""The coverage ledger: per source and day, what became of every listed page.

The identity, for each source and day of first sight (Hanoi time)::

    listed    = fetched + not-due + refused + failed + waiting to be fetched
    fetched   = extracted + not-article + quarantined + waiting to be extracted
    extracted = recorded + duplicate + out-of-scope + quarantined + waiting to be recorded
    recorded  = indexed + quarantined + waiting to be indexed

`Ledger.discrepancies` checks it in SQL, and checks the outcomes against the tables that they
speak of; it must always be empty. After a finished crawl nothing waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, text

from hanoiwatch.model import GOES_ON, STAGES, Stage
from hanoiwatch.store.engine import read


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """One stage of one source and day: how many entered, and how they ended."""

    stage: Stage
    entered: int
    waiting: int
    outcomes: dict[str, int]
    reasons: dict[str, int]
    """Of outcomes with which a page did not go on: ``outcome: reason`` to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCoverage:
    source: str
    day: str
    listed: int
    stages: tuple[StageCount, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A listed page that is not in the index, and why."""

    source: str
    day: str
    url: str
    stage: Stage
    outcome: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEnd:
    """How one page ended a stage."""

    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """A line of the ledger that does not add up. There must be none."""

    source: str
    day: str
    what: str
    count: int


_WHERE = """
  (:source IS NULL OR page.source = :source)
  AND (:since IS NULL OR page.first_seen_day >= :since)
  AND (:until IS NULL OR page.first_seen_day < :until)
"""

_COUNTS = text(f"""
SELECT page.source, page.first_seen_day AS day, stage.name AS stage, outcome.outcome,
       outcome.reason, count(*) AS pages
FROM page
JOIN (SELECT 'fetch' AS name UNION ALL SELECT 'extract'
      UNION ALL SELECT 'record' UNION ALL SELECT 'index') AS stage
LEFT JOIN outcome ON outcome.page_id = page.id AND outcome.stage = stage.name
WHERE {_WHERE}
GROUP BY 1, 2, 3, 4, 5
ORDER BY 2 DESC, 1
""")  # noqa: S608 - the text put in is the constant above

_LOSSES = text(f"""
SELECT page.source, page.first_seen_day AS day, page.url, outcome.stage, outcome.outcome,
       outcome.reason, outcome.at
FROM page JOIN outcome ON outcome.page_id = page.id
WHERE outcome.outcome NOT IN ('fetched', 'extracted', 'recorded', 'indexed') AND {_WHERE}
ORDER BY outcome.at DESC, page.id
""")  # noqa: S608 - the text put in is the constant above

_PAGE_ENDS = text("""
SELECT outcome.stage, outcome.outcome, outcome.reason
FROM page JOIN outcome ON outcome.page_id = page.id
WHERE page.source = :source AND page.url = :url
""")

_DISCREPANCIES = text("""
WITH stage(name, before, before_outcome) AS (VALUES
    ('extract', 'fetch', 'fetched'), ('record', 'extract', 'extracted'),
    ('index', 'record', 'recorded')),
-- an article that moved stays counted by the page that it was first recorded from
carries(article, page_id) AS (SELECT rowid_, page_id FROM article
    UNION SELECT article, page_id FROM address),
counted(article, pages) AS (SELECT carries.article, count(outcome.page_id)
    FROM carries LEFT JOIN outcome ON outcome.page_id = carries.page_id
        AND outcome.stage = 'record' AND outcome.outcome = 'recorded'
    GROUP BY carries.article)
SELECT page.source, page.first_seen_day AS day,
       'ended ' || stage.name || ' without having gone through ' || stage.before AS what,
       count(*) AS pages
FROM page JOIN stage
JOIN outcome ON outcome.page_id = page.id AND outcome.stage = stage.name
LEFT JOIN outcome AS earlier ON earlier.page_id = page.id AND earlier.stage = stage.before
WHERE earlier.outcome IS NOT stage.before_outcome
GROUP BY 1, 2, 3
UNION ALL
SELECT page.source, page.first_seen_day, 'fetched without a capture', count(*)
FROM page JOIN outcome ON outcome.page_id = page.id AND outcome.stage = 'fetch'
WHERE outcome.outcome = 'fetched'
  AND NOT EXISTS (SELECT 1 FROM capture WHERE capture.page_id = page.id)
GROUP BY 1, 2
UNION ALL
SELECT page.source, page.first_seen_day, 'extracted without a reading', count(*)
FROM page JOIN outcome ON outcome.page_id = page.id AND outcome.stage = 'extract'
WHERE outcome.outcome = 'extracted'
  AND NOT EXISTS (SELECT 1 FROM capture JOIN reading ON reading.capture_id = capture.id
                  WHERE capture.page_id = page.id AND reading.content IS NOT NULL)
GROUP BY 1, 2
UNION ALL
SELECT page.source, page.first_seen_day, 'recorded without an article', count(*)
FROM page JOIN outcome ON outcome.page_id = page.id AND outcome.stage = 'record'
WHERE outcome.outcome = 'recorded'
  AND NOT EXISTS (SELECT 1 FROM article JOIN revision ON revision.article = article.rowid_
                  WHERE article.page_id = page.id)
  AND NOT EXISTS (SELECT 1 FROM address JOIN revision ON revision.article = address.article
                  WHERE address.page_id = page.id)
GROUP BY 1, 2
UNION ALL
SELECT page.source, page.first_seen_day,
       CASE counted.pages WHEN 0 THEN 'an article that the ledger does not count'
                          ELSE 'an article that the ledger counts twice' END, count(*)
FROM counted JOIN article ON article.rowid_ = counted.article
JOIN page ON page.id = article.page_id
WHERE counted.pages <> 1 AND (article.out_of_scope = '' OR counted.pages > 1)
GROUP BY 1, 2, 3
UNION ALL
SELECT page.source, page.first_seen_day, 'gone twice at once', count(*)
FROM vanished JOIN page ON page.id = vanished.page_id
WHERE vanished.state IN ('fresh', 'waiting', 'reform')
GROUP BY page.id HAVING count(*) > 1
UNION ALL
SELECT page.source, page.first_seen_day, 'waiting to be extracted without an unread capture',
       count(*)
FROM page JOIN outcome ON outcome.page_id = page.id AND outcome.stage = 'fetch'
WHERE outcome.outcome = 'fetched'
  AND NOT EXISTS (SELECT 1 FROM outcome AS next
                  WHERE next.page_id = page.id AND next.stage = 'extract')
  AND NOT EXISTS (SELECT 1 FROM capture
                  WHERE capture.page_id = page.id AND capture.state = 'unread')
GROUP BY 1, 2
""")


class Ledger:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def coverage(
        self, *, source: str | None = None, since: str | None = None, until: str | None = None
    ) -> list[DayCoverage]:
        """Per source and day (``YYYY-MM-DD``, ``until`` excluded), newest day first."""
        with read(self._engine) as connection:
            rows = connection.execute(
                _COUNTS, {"source": source, "since": since, "until": until}
            ).all()
        days: dict[tuple[str, str], list[Any]] = {}
        for row in rows:
            days.setdefault((row.source, row.day), []).append(row)
        return [_day(source_, day, found) for (source_, day), found in days.items()]

    def losses(
        self, *, source: str | None = None, since: str | None = None, until: str | None = None
    ) -> Iterator[Loss]:
        """Every listed page that ended a stage otherwise than by going on, newest first."""
        with read(self._engine) as connection:
            for row in connection.execute(
                _LOSSES, {"source": source, "since": since, "until": until}
            ):
                yield Loss(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name

    def page_ends(self, source: str, url: str) -> dict[str, PageEnd]:
        """By stage, in order, how the source's page at this canonical URL ended it."""
        with read(self._engine) as connection:
            rows = connection.execute(_PAGE_ENDS, {"source": source, "url": url}).all()
        found = {row.stage: PageEnd(outcome=row.outcome, reason=row.reason) for row in rows}
        return {stage: found[stage] for stage in STAGES if stage in found}

    def discrepancies(self) -> list[Discrepancy]:
        """Lines that do not add up, over the whole record; empty unless there is a bug."""
        found = [
            Discrepancy(
                source=day.source,
                day=day.day,
                what=f"{stage.stage}: entered is not the sum of its outcomes",
                count=stage.entered - stage.waiting - sum(stage.outcomes.values()),
            )
            for day in self.coverage()
            for stage in day.stages
            if stage.waiting < 0
        ]
        with read(self._engine) as connection:
            rows = connection.execute(_DISCREPANCIES).all()
        return found + [
            Discrepancy(source=row.source, day=row.day, what=row.what, count=row.pages)
            for row in rows
        ]


def _day(source: str, day: str, rows: list[Any]) -> DayCoverage:
    entered = listed = sum(row.pages for row in rows if row.stage == "fetch")
    stages = []
    for stage in STAGES:
        outcomes: dict[str, int] = {}
        reasons: dict[str, int] = {}
        for row in rows:
            if row.stage != stage or row.outcome is None:
                continue
            outcomes[row.outcome] = outcomes.get(row.outcome, 0) + row.pages
            if row.outcome != GOES_ON[stage]:
                reasons[f"{row.outcome}: {row.reason}"] = row.pages
        stages.append(
            StageCount(
                stage=stage,
                entered=entered,
                waiting=entered - sum(outcomes.values()),
                outcomes=outcomes,
                reasons=reasons,
            )
        )
        entered = outcomes.get(GOES_ON[stage], 0)
    return DayCoverage(source=source, day=day, listed=listed, stages=tuple(stages))

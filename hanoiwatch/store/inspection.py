"""What a check of the whole archive asks of the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, text

from hanoiwatch.model import ArticleId
from hanoiwatch.store.engine import read

_MOST_FAULTS = 100
"""SQLite stops there: a file with so many is lost anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedVersion:
    """An article in scope, and the change that its row names as its newest."""

    rowid: int
    id: ArticleId
    sequence: int
    last_change: int
    """The newest in the change log; 0 where the log has none."""
    refused: bool
    """The index could not take it; the ledger says why."""


class Inspection:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def storage_faults(self) -> list[str]:
        """What SQLite finds wrong with the file itself; it reads all of it."""
        with read(self._engine) as connection:
            rows = connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_FAULTS})")
            said = [str(row[0]) for row in rows]
            return [] if said == ["ok"] else said

    def broken_references(self) -> list[str]:
        """Rows that refer to a row which is not there."""
        with read(self._engine) as connection:
            rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
            return [
                f"row {row[1]} of table {row[0]} refers to a missing row of {row[2]}"
                for row in rows.fetchmany(_MOST_FAULTS)
            ]

    def versions(self) -> Iterator[RecordedVersion]:
        """Of every article in scope, ascending by rowid; few are in memory at a time."""
        with read(self._engine) as connection:
            rows = connection.execution_options(yield_per=1000).execute(_VERSIONS)
            for row in rows:
                yield RecordedVersion(
                    rowid=row.rowid_,
                    id=ArticleId(row.id),
                    sequence=row.sequence,
                    last_change=row.last_change,
                    refused=bool(row.refused),
                )

    def ids_of(self, rowids: list[int]) -> dict[int, ArticleId]:
        """The ids of these articles, in scope or not."""
        with read(self._engine) as connection:
            listed = ",".join(str(int(rowid)) for rowid in rowids)
            rows = connection.exec_driver_sql(
                f"SELECT rowid_, id FROM article WHERE rowid_ IN ({listed})"  # noqa: S608 - integers
            )
            return {row.rowid_: ArticleId(row.id) for row in rows}

    def articles_of_capture(self, record_id: str) -> list[ArticleId]:
        """Those that were read from this capture, now or in a former revision."""
        with read(self._engine) as connection:
            rows = connection.execute(_OF_CAPTURE, {"record_id": record_id})
            return [ArticleId(row.id) for row in rows]


_VERSIONS = text("""
    SELECT article.rowid_, article.id, article.sequence,
           ifnull(newest.sequence, 0) AS last_change,
           outcome.outcome IS NOT NULL AS refused
    FROM article
    LEFT JOIN (SELECT article, max(sequence) AS sequence FROM change GROUP BY article) AS newest
        ON newest.article = article.rowid_
    LEFT JOIN outcome ON outcome.page_id = article.page_id AND stage = 'index'
        AND outcome.outcome = 'quarantined'
    WHERE out_of_scope = '' ORDER BY article.rowid_
""")
# A record is a response, or the page that a browser made of one.
_OF_CAPTURE = text("""
    WITH asked AS (
        SELECT id FROM capture WHERE record_id = :record_id
        UNION SELECT capture_id FROM rendering WHERE record_id = :record_id)
    SELECT article.id FROM capture JOIN revision ON revision.capture_id = capture.id
    JOIN article ON article.rowid_ = revision.article WHERE capture.id IN (SELECT id FROM asked)
    UNION
    SELECT article.id FROM capture JOIN reading ON reading.capture_id = capture.id
    JOIN article ON article.reading_id = reading.id WHERE capture.id IN (SELECT id FROM asked)
""")

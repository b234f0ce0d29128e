"""Captures read again by a newer extractor: which need it, and what then stands on the result.

A better reading takes the place of an older one under the same revision: no revision is made,
and none changes its number, capture or time. Decision 0012 says how.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, text, update

from hanoiwatch.model import (
    CaptureId,
    Content,
    PageId,
    ReadArticle,
    Reading,
    ReadNothing,
)
from hanoiwatch.store import schema
from hanoiwatch.store.changes import reread
from hanoiwatch.store.engine import read
from hanoiwatch.store.readings import add_reading, decode_content


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What must be read by one extractor before a fresh reading by it can be judged."""

    current: CaptureId
    """Of the article's present reading, which is another extractor's."""
    captures: tuple[CaptureId, ...]
    """That one and those of its revisions, where others read them; oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An article's text as it stands on a capture, now by an older reading."""

    article: int
    content: Content
    revision: int
    current: bool
    """It is what the article says today; else what a revision said."""


class Rereadings:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def base(self, *, page_id: PageId, url: str, extractor: str) -> Base | None:
        """What ``extractor`` must read before its reading of this page can be judged.

        None: there is no such article yet, or its present reading is by this extractor.
        """
        with read(self._engine) as connection:
            found = connection.execute(
                _OTHERWISE_READ, {"page": page_id, "url": url, "extractor": extractor}
            ).first()
            if found is None:
                return None
            rows = connection.execute(
                _BEHIND, {"article": found.article, "extractor": extractor}
            ).all()
        return Base(
            current=CaptureId(found.capture_id),
            captures=tuple(CaptureId(row.capture_id) for row in rows),
        )

    def wanting(self, extractors: Mapping[str, str], otherwise: str) -> array[int]:
        """Ids of captures whose reading is not by the extractor of their source, oldest first:
        those behind articles and revisions, and the newest of each page without an article.

        ``extractors`` by source; ``otherwise`` is that of all other sources.
        """
        wanting = array("q")
        with read(self._engine) as connection:
            for row in connection.execution_options(yield_per=1000).execute(_STANDING_READINGS):
                named = extractors.get(row.source, otherwise)
                if any(extractor != named for extractor in row.extractors.split(",")):
                    wanting.append(row.id)
        return wanting

    def kept(self, capture_ids: Sequence[int], extractor: str) -> dict[int, Reading]:
        """What ``extractor`` read these captures as, where it has done so already."""
        with read(self._engine) as connection:
            rows = connection.execute(_KEPT, {"ids": list(capture_ids), "extractor": extractor})
            return {row.capture_id: _reading(row) for row in rows}

    def sources(self) -> list[str]:
        """Every source that something was fetched from, also those without a file today."""
        with read(self._engine) as connection:
            return list(connection.execute(text("SELECT DISTINCT source FROM run")).scalars())


def standing_on(connection: Connection, capture_id: CaptureId) -> list[Standing]:
    """The texts that stand on a capture; what articles say today comes first."""
    return [
        Standing(
            article=row.article,
            content=decode_content(row.content),
            revision=row.number,
            current=bool(row.current),
        )
        for row in connection.execute(_STANDING, {"capture": capture_id})
    ]


def adopt(
    connection: Connection,
    capture_id: CaptureId,
    reading: ReadArticle,
    standing: list[Standing],
    at: datetime,
) -> bool:
    """Puts ``reading`` under everything in ``standing``. Returns whether any text differs.

    Articles whose present text differs get a change of kind ``reread``; their identity, number
    of revisions and time of indexing stay.
    """
    kept = replace(reading, content=replace(reading.content, url=standing[0].content.url))
    reading_id, _ = add_reading(connection, capture_id, kept, at)
    connection.execute(_MOVE_REVISIONS, {"capture": capture_id, "reading": reading_id})
    for one in standing:
        if one.current:
            _move_article(connection, one, reading_id, kept.content, at)
    return any(one.content != kept.content for one in standing)


def _move_article(
    connection: Connection, standing: Standing, reading_id: int, content: Content, at: datetime
) -> None:
    if content != standing.content:
        reread(connection, standing.article, reading_id, content, at)
        return
    table = schema.article
    connection.execute(
        update(table).where(table.c.rowid_ == standing.article).values(reading_id=reading_id)
    )


def _reading(row: Any) -> Reading:
    if row.content is None:
        return ReadNothing(reason=row.reason, extractor=row.extractor)
    return ReadArticle(
        content=decode_content(row.content), layout=row.layout, extractor=row.extractor
    )


_OTHERWISE_READ = text("""
SELECT article.rowid_ AS article, reading.capture_id
FROM article JOIN reading ON reading.id = article.reading_id
WHERE article.rowid_ IN (
    SELECT rowid_ FROM article WHERE page_id = :page
    UNION SELECT rowid_ FROM article WHERE url = :url
    UNION SELECT article FROM address WHERE url = :url)
  AND reading.extractor <> :extractor
  AND article.rowid_ NOT IN (SELECT article FROM takedown)
ORDER BY article.page_id = :page DESC
""")

_BEHIND = text("""
SELECT revision.capture_id FROM revision JOIN reading ON reading.id = revision.reading_id
WHERE revision.article = :article AND reading.extractor <> :extractor
UNION
SELECT reading.capture_id FROM article JOIN reading ON reading.id = article.reading_id
WHERE article.rowid_ = :article AND reading.extractor <> :extractor
ORDER BY 1
""")

# Of a page without an article any reading counts; of the others those that something stands on.
_STANDING_READINGS = text("""
SELECT capture.id, capture.source, group_concat(DISTINCT extractor) AS extractors
FROM (
    SELECT revision.capture_id, extractor
    FROM revision JOIN reading ON reading.id = revision.reading_id
    UNION ALL
    SELECT reading.capture_id, extractor
    FROM article JOIN reading ON reading.id = article.reading_id
    UNION ALL
    SELECT newest.capture_id, coalesce((
        SELECT extractor FROM reading WHERE reading.capture_id = newest.capture_id
        ORDER BY reading.at DESC LIMIT 1), '')
    FROM (
        SELECT (SELECT max(capture.id) FROM capture WHERE capture.page_id = page.id
                AND capture.state IN ('read', 'quarantined')) AS capture_id
        FROM page JOIN outcome ON outcome.page_id = page.id
        WHERE (outcome.stage = 'extract' AND outcome.outcome <> 'extracted'
               OR outcome.stage = 'record' AND outcome.outcome IN ('out-of-scope', 'quarantined'))
          AND NOT EXISTS (SELECT 1 FROM article WHERE article.page_id = page.id)
    ) AS newest
) AS stands JOIN capture ON capture.id = stands.capture_id
WHERE capture.page_id NOT IN (SELECT page_id FROM takedown_page)
GROUP BY capture.id
ORDER BY capture.id
""")

_KEPT = (
    select(schema.reading)
    .where(schema.reading.c.capture_id.in_(bindparam("ids", expanding=True)))
    .where(schema.reading.c.extractor == bindparam("extractor"))
)

_STANDING = text("""
SELECT article.rowid_ AS article, article.revision AS number, reading.content, 1 AS current
FROM reading JOIN article ON article.reading_id = reading.id
WHERE reading.capture_id = :capture AND reading.content IS NOT NULL
UNION ALL
SELECT revision.article, revision.number, reading.content, 0
FROM revision JOIN reading ON reading.id = revision.reading_id
WHERE revision.capture_id = :capture AND reading.content IS NOT NULL
ORDER BY current DESC, article, number
""")

_MOVE_REVISIONS = (
    update(schema.revision)
    .where(schema.revision.c.capture_id == bindparam("capture"))
    .values(reading_id=bindparam("reading"))
)

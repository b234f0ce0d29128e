"""Judging what vanished: withdrawn, moved, or so much at once that nobody believes it.

The numbers and their reasons: docs/decisions/0011-what-counts-as-an-edit-and-as-gone.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection, text

from hanoiwatch.clock import to_stored
from hanoiwatch.log import logger
from hanoiwatch.model import PageId, RunId
from hanoiwatch.revisits import GONE_AGAIN_AFTER
from hanoiwatch.store import Record
from hanoiwatch.store.changes import change_page, move, withdraw
from hanoiwatch.store.engine import read, write
from hanoiwatch.store.vanished import (
    GoneLine,
    close_line,
    close_moved,
    open_lines,
    set_state,
    wave_of,
)
from indexer.recording import Evaluate, RecordCounts, evaluate_nothing

WAVE_SHARE = 0.05
"""Of the known pages that were looked at again: more than that at once is an address reform
(design: revisits)."""
WAVE_LEAST = 3
"""Pages: one or two of ten are no reform, and a source crawled each half hour looks at ten."""
WAVE_WINDOW = timedelta(hours=24)
"""Before the run, counted with it: a reform meets the pages of a source crawled each half hour
one by one, as their revisits fall due; within a day all the young ones have come round."""


def is_wave(revisited: int, vanished: int) -> bool:
    """Whether so many of a source's known pages vanished that its addresses have changed."""
    return vanished >= WAVE_LEAST and vanished > WAVE_SHARE * revisited


def is_confirmed(first_at: datetime, last_at: datetime) -> bool:
    """Whether a page was still gone when it was asked for again late enough."""
    return last_at - first_at >= GONE_AGAIN_AFTER


def last_wave(record: Record, source: str) -> int:
    """How many known pages are in the wave that the source's last run met, those included whose
    articles were found elsewhere at once; 0 where it met none."""
    with read(record.engine) as connection:
        run_id = connection.execute(_LAST_RUN, {"source": source}).scalar()
        if run_id is None:
            return 0
        wave = wave_of(connection, run_id, WAVE_WINDOW)
        return wave.vanished if is_wave(wave.revisited, wave.vanished) else 0


# The last run of the source, where a page was first met gone in it.
_LAST_RUN = text("""
SELECT last.id FROM (SELECT max(id) AS id FROM run WHERE source = :source) AS last
WHERE EXISTS (SELECT 1 FROM vanished WHERE vanished.run_id = last.id AND vanished.state <> 'left')
""")


def judge_vanished(
    record: Record,
    now: datetime,
    counts: RecordCounts,
    evaluate: Evaluate = evaluate_nothing,
) -> None:
    """Judges every open line whose run has ended, in one transaction.

    A page whose article lives at another address has moved. A wave is held by the alarm. What is
    left waits for its confirmation, and is withdrawn with it. Killed anywhere, nothing is lost:
    a line that was not judged stays fresh.
    """
    if not record.vanished.any_open():
        return
    found: list[tuple[str, str]] = []
    with write(record.engine) as connection:
        lines = sorted(open_lines(connection), key=lambda line: line.source)
        for source, ours in groupby(lines, key=lambda line: line.source):
            found += [(source, what) for what in _judge_source(connection, tuple(ours), now)]
        evaluate(connection, now)
    for source, what in found:
        counts.add(source, what)


def _judge_source(connection: Connection, lines: Sequence[GoneLine], now: datetime) -> list[str]:
    left = [line for line in lines if not _follow(connection, line, now)]
    came_to = ["moved"] * (len(lines) - len(left))
    wave, calm = _tell_waves(connection, left)
    set_state(connection, wave, "reform")
    set_state(connection, [line for line in calm if line.state == "fresh"], "waiting")
    if wave:
        logger(__name__).warning("address reform", source=wave[0].source, pages=len(wave))
        return came_to  # alarm: nothing of this source is withdrawn now
    for line in calm:
        if line.state != "reform" and is_confirmed(line.first_at, line.last_at):
            withdraw(connection, line.article, line.last_at, now)
            close_line(connection, line.page_id, "withdrawn")
            came_to.append("withdrawn")
    return came_to


def _tell_waves(
    connection: Connection, lines: Sequence[GoneLine]
) -> tuple[list[GoneLine], list[GoneLine]]:
    """The lines of waves that runs not judged before show, and the others."""
    in_wave: set[int] = set()
    for run_id in sorted({line.run_id for line in lines if line.state == "fresh"}):
        wave = wave_of(connection, run_id, WAVE_WINDOW)
        if is_wave(wave.revisited, wave.vanished):
            in_wave |= _between(lines, wave.since, run_id)
    new = [line for line in lines if line.id in in_wave and line.state != "reform"]
    return new, [line for line in lines if line.id not in in_wave]


def _between(lines: Sequence[GoneLine], since: datetime, run_id: RunId) -> set[int]:
    return {line.id for line in lines if line.first_at >= since and line.run_id <= run_id}


# --- articles that are found elsewhere -------------------------------------------------------


def _follow(connection: Connection, line: GoneLine, now: datetime) -> bool:
    """Where another page of the record carries the article, it lives there from now on."""
    values = {"article": line.article, "page": line.page_id}
    other = connection.execute(_LIVING_ADDRESS, values).first()
    if other is None:
        return False
    move(connection, line.article, other.url, now)
    change_page(connection, line.article, PageId(other.page_id), now)
    close_moved(connection, line.page_id, PageId(other.page_id))
    if other.differs:  # its edits were no one's while it was a duplicate
        connection.execute(_READ_AGAIN, {"page": other.page_id, "now": to_stored(now)})
    return True


# The newest answer is the page and not "gone", and its newest reading is an article.
_LIVING_ADDRESS = text("""
SELECT page.id AS page_id, page.url, newest.digest <> present.digest AS differs
FROM address
JOIN article ON article.rowid_ = address.article
JOIN reading AS present ON present.id = article.reading_id
JOIN page ON page.id = address.page_id
JOIN reading AS newest ON newest.id = (
    SELECT reading.id FROM capture JOIN reading ON reading.capture_id = capture.id
    WHERE capture.page_id = page.id ORDER BY capture.id DESC, reading.id DESC LIMIT 1)
WHERE address.article = :article AND address.page_id <> :page
  AND newest.content IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM article AS other WHERE other.page_id = page.id)
  AND NOT EXISTS (SELECT 1 FROM article AS other
                  WHERE other.url = page.url AND other.rowid_ <> address.article)
  AND (SELECT capture.status FROM capture WHERE capture.page_id = page.id
       ORDER BY capture.id DESC LIMIT 1) NOT IN (301, 302, 303, 307, 308, 404, 410)
ORDER BY address.at DESC, page.id DESC
LIMIT 1
""")
_READ_AGAIN = text("""
UPDATE page SET etag = NULL, last_modified = NULL, sha256 = NULL, next_visit_at = :now
WHERE id = :page
""")

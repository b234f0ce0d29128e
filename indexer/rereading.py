"""Recording readings of captures that an older extractor had read: never an edit.

Decision 0012 says what becomes of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.log import logger
from hanoiwatch.model import Content, ReadArticle, ReadNothing
from hanoiwatch.store import Record
from hanoiwatch.store.captures import keep_outcome
from hanoiwatch.store.engine import write
from hanoiwatch.store.linking import keep_linking
from hanoiwatch.store.readings import UnreadCapture, add_reading, mark_read
from hanoiwatch.store.rereadings import adopt, standing_on
from indexer.recording import Quarantined, ReadCapture, linking_of

Reread = Literal["same", "differs", "worse", "no-article", "quarantined", "not-standing"]
"""What came of reading a capture anew. ``worse``, ``no-article``, ``quarantined``: the older
reading stays. ``not-standing``: no article or revision stands on this capture."""

WORSE_SHARE = 0.5
"""A new reading with less than this share of the old one's text has lost an article, not
noise: related boxes and captions that an extractor learns to leave out are far less."""


def keep_rereadings(record: Record, batch: Sequence[ReadCapture], now: datetime) -> list[Reread]:
    """Records a batch in one transaction: all of it, or nothing. Says what came of each."""
    with write(record.engine) as connection:
        return [_guarded(connection, item, now) for item in batch]


def _guarded(connection: Connection, item: ReadCapture, now: datetime) -> Reread:
    connection.exec_driver_sql("SAVEPOINT page")
    try:
        what = _keep(connection, item, now)
    except (DBAPIError, HanoiwatchError):
        raise  # the record itself: nothing can be kept
    except Exception as error:  # noqa: BLE001 - the stage's border: what breaks here is quarantined
        connection.exec_driver_sql("ROLLBACK TO page")
        reason = f"recording broke: {type(error).__name__}"
        item = ReadCapture(capture=item.capture, result=Quarantined(reason=reason))
        what = _keep(connection, item, now)
    connection.exec_driver_sql("RELEASE page")
    return what


def _keep(connection: Connection, item: ReadCapture, now: datetime) -> Reread:
    capture, result = item.capture, item.result
    standing = standing_on(connection, capture.capture_id)
    if not standing:
        return "not-standing"
    if isinstance(result, Quarantined):
        _report(item, result.reason)
        return "quarantined"
    if not isinstance(result, ReadArticle):
        # kept, so that this extractor need not try again
        add_reading(connection, capture.capture_id, result, now)
        _report(item, result.reason)
        return "no-article"
    if worse(result.content, standing[0].content):
        add_reading(connection, capture.capture_id, result, now)
        _report(item, "most of its text is gone")
        return "worse"
    differs = adopt(connection, capture.capture_id, result, standing, now)
    if linking := linking_of(result):
        said = replace(result.content, url=standing[0].content.url)
        for one in standing:
            if one.current:
                told = one.content != said  # then it has a line in the change log
                keep_linking(connection, one.article, linking, now, told=told)
    return "differs" if differs else "same"


def worse(new: Content, old: Content) -> bool:
    """Whether a reading would lose what an older one of the same capture had."""
    return len(new.text) < WORSE_SHARE * len(old.text) or bool(old.title and not new.title)


def _report(item: ReadCapture, reason: str) -> None:
    logger(__name__).warning(
        "kept the older reading", url=item.capture.page_url, reason=reason,
        captured=item.capture.fetched_at,
    )  # fmt: skip


def keep_no_articles(record: Record, batch: Sequence[ReadCapture], now: datetime) -> int:
    """Records why pages without an article hold none, as read anew. Says how many could not be
    read at all: of those everything stays as it was."""
    unread = 0
    with write(record.engine) as connection:
        for item in batch:
            if isinstance(item.result, ReadNothing):
                _keep_no_article(connection, item.capture, item.result, now)
            else:
                unread += 1
    return unread


def _keep_no_article(
    connection: Connection, capture: UnreadCapture, reading: ReadNothing, now: datetime
) -> None:
    add_reading(connection, capture.capture_id, reading, now)
    mark_read(connection, [capture.capture_id], "read")
    reason = f"{reading.reason}: {reading.detail}" if reading.detail else reading.reason
    keep_outcome(connection, capture.page_id, "extract", "not-article", reason, now)

"""One page of a result, in the order asked for."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from indexer.search.bits import numbers_of, to_bytes
from indexer.search.indexfile import MONTH
from indexer.search.view import View

FEW = 300
"""So many documents are fetched and sorted in less time than a month is gone through."""

_DAY = 86_400_000_000
_HANOI_SHIFT = 7 * 3_600_000_000
"""Microseconds."""
_EPOCH_DAY = date(1970, 1, 1).toordinal()

_IN_MONTH = {
    "newest": "SELECT doc, article FROM document WHERE month = ? ORDER BY published DESC, id",
    "oldest": "SELECT doc, article FROM document WHERE month = ? ORDER BY published, id",
}


class Dated(NamedTuple):
    """A document with what orders it. A tuple, because hundreds are made for one page."""

    doc: int
    article: int
    id: str
    published: int | None

    @property
    def newest(self) -> tuple[bool, int, str]:
        return self.published is None, -(self.published or 0), self.id

    @property
    def oldest(self) -> tuple[bool, int, str]:
        return self.published is None, self.published or 0, self.id


def by_date(
    view: View, connection: sqlite3.Connection, found: int, *, newest: bool, limit: int, offset: int
) -> array[int]:
    """Article rowids: by publication, then id; undated ones last."""
    if found.bit_count() <= FEW:
        dated = sorted(
            dated_documents(connection, numbers_of(found)),
            key=lambda document: document.newest if newest else document.oldest,
        )
        return array("q", [document.article for document in dated[offset : offset + limit]])
    page = array("q")  # of a whole archive at times: as a list it would take five times as much
    for article in _in_order(view, connection, found, newest=newest, skip=offset):
        if len(page) == limit:
            break
        page.append(article)
    return page


def dated_documents(connection: sqlite3.Connection, docs: Iterable[int]) -> list[Dated]:
    rows = connection.execute(
        "SELECT doc, article, document.id, published FROM json_each(?) AS wanted"
        " CROSS JOIN document ON doc = wanted.value",
        (json.dumps(list(docs)),),
    )
    return list(map(Dated._make, rows))


def by_day(connection: sqlite3.Connection, found: int) -> dict[date | None, int]:
    """How many of the documents were published on each day of Hanoi; None: undated."""
    raw = to_bytes(found)
    counts: Counter[int | None] = Counter(
        None if published is None else (published + _HANOI_SHIFT) // _DAY
        for doc, published in connection.execute("SELECT doc, published FROM document")
        if doc >> 3 < len(raw) and raw[doc >> 3] >> (doc & 7) & 1
    )
    return {
        None if day is None else date.fromordinal(_EPOCH_DAY + day): count
        for day, count in counts.items()
    }


def _in_order(
    view: View, connection: sqlite3.Connection, found: int, *, newest: bool, skip: int
) -> Iterator[int]:
    """Month by month; one that holds only what is skipped is not gone through."""
    months = view.facet(MONTH)
    for month in (*sorted(filter(None, months), reverse=newest), ""):
        here = found & months.get(month, 0)
        if here.bit_count() <= skip:
            skip -= here.bit_count()
            continue
        raw = to_bytes(here)
        for doc, article in connection.execute(
            _IN_MONTH["newest" if newest else "oldest"], (month,)
        ):
            if doc >> 3 < len(raw) and raw[doc >> 3] >> (doc & 7) & 1:
                if skip:
                    skip -= 1
                else:
                    yield article

"""When articles of each source were first seen: what tells whether one has gone silent."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Engine, text

from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.store.engine import read


class Attention:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def first_seen(self, since: datetime) -> dict[str, list[datetime]]:
        """By source, when its articles were first seen, in order, from ``since`` on."""
        seen: dict[str, list[datetime]] = defaultdict(list)
        with read(self._engine) as connection:
            for row in connection.execute(_FIRST_SEEN, {"since": to_stored(since)}):
                seen[row.source].append(from_stored(row.first_seen_at))
        return dict(seen)

    def newest(self) -> dict[str, datetime]:
        """By source, when its newest article was first seen."""
        with read(self._engine) as connection:
            rows = connection.execute(_NEWEST)
            return {row.source: from_stored(row.newest) for row in rows}


_FIRST_SEEN = text(
    "SELECT source, first_seen_at FROM article WHERE first_seen_at >= :since ORDER BY first_seen_at"
)
_NEWEST = text("SELECT source, max(first_seen_at) AS newest FROM article GROUP BY source")

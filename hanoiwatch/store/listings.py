"""The lists that a run polled, with their answers as archived."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text

from hanoiwatch.model import WarcPlace
from hanoiwatch.store.engine import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A list that answered with a body."""

    kind: str
    url: str
    """As it was asked for."""
    final_url: str
    """After redirects."""
    content_type: str
    place: WarcPlace


class Listings:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def answered(self, run_id: int) -> list[Answered]:
        """Every list that the run had a whole answer of, in order."""
        with read(self._engine) as connection:
            rows = connection.execute(_ANSWERED, {"run": run_id}).all()
        return [
            Answered(
                kind=row.kind,
                url=row.asked,
                final_url=row.url,
                content_type=row.content_type,
                place=WarcPlace(
                    file=row.file, offset=row.offset, length=row.length, record_id=row.record_id
                ),
            )
            for row in rows
        ]


_ANSWERED = text("""
SELECT origin.kind, origin.url AS asked, body.url, body.content_type, body.file, body.offset,
       body.length, body.record_id
FROM capture JOIN origin ON origin.id = capture.origin_id
JOIN capture AS body ON body.id = coalesce(capture.body_capture_id, capture.id)
WHERE capture.run_id = :run AND capture.status IN (200, 304) ORDER BY capture.id
""")

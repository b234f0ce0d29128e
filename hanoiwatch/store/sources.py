"""What readers need of each source: its title, home and rights, as last crawled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.model import Rights
from hanoiwatch.store import schema
from hanoiwatch.store.engine import read, write


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSource:
    name: str
    title: str
    home: str
    rights: Rights


class KnownSources:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, sources: Iterable[KnownSource]) -> None:
        """Notes what the sources' files say now."""
        statement = upsert(schema.source)
        new = statement.excluded
        rows = [
            {"name": known.name, "title": known.title, "home": known.home, "rights": known.rights}
            for known in sources
        ]
        with write(self._engine) as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["name"],
                    set_={"title": new.title, "home": new.home, "rights": new.rights},
                ),
                rows,
            )

    def titles(self) -> dict[str, str]:
        """Titles by name."""
        with read(self._engine) as connection:
            rows = connection.execute(select(schema.source.c.name, schema.source.c.title))
            return {row.name: row.title for row in rows}

"""What readers need of each source: its title, home and rights, as last crawled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine, select, text
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
    scope: str = ""
    """JSON of its scope (`hanoiwatch.store.scopes`)."""


class KnownSources:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, sources: Iterable[KnownSource]) -> None:
        """Notes what the sources' files say now.

        The scope is noted only where nothing was listed yet: else articles may have been
        decided by an earlier one.
        """
        statement = upsert(schema.source)
        new = statement.excluded
        rows = [
            {"name": known.name, "title": known.title, "home": known.home, "rights": known.rights,
             "scope": known.scope}
            for known in sources
        ]  # fmt: skip
        with write(self._engine) as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["name"],
                    set_={
                        "title": new.title,
                        "home": new.home,
                        "rights": new.rights,
                        "scope": _FIRST_SCOPE,
                    },
                ),
                rows,
            )

    def known(self) -> dict[str, KnownSource]:
        """By name, as last noted: also those whose files are gone."""
        table = schema.source.c
        query = select(table.name, table.title, table.home, table.rights, table.scope)
        with read(self._engine) as connection:
            rows = connection.execute(query).mappings()
            return {row["name"]: KnownSource(**row) for row in rows}

    def titles(self) -> dict[str, str]:
        """Titles by name."""
        with read(self._engine) as connection:
            rows = connection.execute(select(schema.source.c.name, schema.source.c.title))
            return {row.name: row.title for row in rows}


_FIRST_SCOPE = text(
    "CASE WHEN EXISTS (SELECT 1 FROM page WHERE page.source = excluded.name) "
    "THEN source.scope ELSE excluded.scope END"
)

"""How everything that articles link to is called: for readers, who need no registry for it."""

from __future__ import annotations

from typing import Any, get_args

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from hanoiwatch.model import Links, NamedKind
from hanoiwatch.store import schema


def link_names(connection: Connection) -> dict[NamedKind, dict[str, str]]:
    """Names by kind and id."""
    found: dict[NamedKind, dict[str, str]] = {kind: {} for kind in get_args(NamedKind)}
    for row in connection.execute(select(schema.link_name)):
        found[row.kind][row.id] = row.name
    return found


def keep_names(connection: Connection, links: Links) -> None:
    """Notes how everything that ``links`` name is called."""
    rows = [
        {"kind": kind, "id": name, "name": called} for (kind, name), called in links.names().items()
    ]
    if rows:
        connection.execute(_KEEP, rows)


def _keep_statement() -> Any:
    statement = upsert(schema.link_name)
    return statement.on_conflict_do_update(
        index_elements=["kind", "id"],
        set_={"name": statement.excluded.name},
        where=schema.link_name.c.name != statement.excluded.name,
    )


_KEEP = _keep_statement()

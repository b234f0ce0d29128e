"""Stories: which articles tell the same text, who was first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select

from hanoiwatch.model import ArticleId, Story
from hanoiwatch.store import schema


def stories_of(connection: Connection, story_ids: Iterable[str]) -> dict[str, Story]:
    """The stories as they are now, by id; one that a single article tells has no copies."""
    told: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(_TOLD, {"ids": list(set(story_ids))}):
        told[row.story_id].append(row)
    return {
        story_id: Story(
            id=ArticleId(story_id), first_source=min(rows, key=_moment).source, copies=len(rows) - 1
        )
        for story_id, rows in told.items()
    }


def _moment(row: Any) -> tuple[str, str, int]:
    """By publication; where two claim the same minute, by who was seen first."""
    return row.published_at or row.first_seen_at, row.first_seen_at, row.rowid_


_TOLD = select(
    schema.article.c.rowid_,
    schema.article.c.story_id,
    schema.article.c.source,
    schema.article.c.published_at,
    schema.article.c.first_seen_at,
).where(
    schema.article.c.story_id.in_(bindparam("ids", expanding=True)),
    schema.article.c.out_of_scope == "",
)

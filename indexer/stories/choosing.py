"""Which story an article and its copies belong to. Pure: it decides, the linker acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hanoiwatch.model import ArticleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """An article that tells a text."""

    rowid: int
    id: ArticleId
    at: str
    """Published, else first seen; as stored."""
    first_seen_at: str
    story_id: ArticleId | None = None


def joins(own: Teller, copies: Sequence[Teller]) -> dict[int, ArticleId]:
    """Who joins which story, by rowid, now that ``copies`` (the most alike first) were found.

    Nobody leaves a story, and two stories stay two. An article that is in none joins the one of
    the copy most like it; where there is none yet, whoever was published first founds it, in
    whichever order they were taken up.
    """
    if not copies:
        return {}
    story = own.story_id or next((each.story_id for each in copies if each.story_id), None)
    if story is None:
        story = min((own, *copies), key=_moment).id
    return {each.rowid: story for each in (own, *copies) if each.story_id is None}


def _moment(teller: Teller) -> tuple[str, str, int]:
    return teller.at, teller.first_seen_at, teller.rowid

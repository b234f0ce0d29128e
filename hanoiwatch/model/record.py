"""Articles and their changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hanoiwatch.model.links import NO_LINKS, Links
from hanoiwatch.model.names import ArticleId, Rights
from hanoiwatch.model.reading import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What near-copies of one text share. ``id`` never changes; the rest is as of now."""

    id: ArticleId
    """Of the article that founded it."""
    first_source: str
    """Of the copy that was published first."""
    copies: int
    """How many articles besides this one tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article of the record at its current revision."""

    id: ArticleId
    rowid: int
    """The record's own integer, stable for the life of this record."""
    source: str
    content: Content
    first_seen_at: datetime
    fetched_at: datetime
    indexed_at: datetime | None
    revision: int
    sequence: int
    """Position of its newest change in the change log; grows with every change."""
    rights: Rights
    layout: str
    extractor: str
    capture_record_id: str
    capture_sha256: str
    rendered_record_id: str | None = None
    """Of the page that a browser made of the capture, where that was read."""
    withdrawn_at: datetime | None = None
    out_of_scope: str = ""
    """Why it left its source's scope; it is in no index then."""
    story: Story | None = None
    links: Links = NO_LINKS


ChangeKind = Literal["new", "edited", "withdrawn", "restored", "reread", "relinked", "removed"]
"""``new`` and ``edited`` come with a revision. ``withdrawn``: its page is gone for good;
``restored``: it is back, or in scope again. ``reread``: read better, or its byline, tags or date
changed; no revision. ``relinked``: the same text links to others of the registry; no revision, and
no alert. ``removed``: out of scope, or taken down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the change log: article ``rowid`` changed, at place ``sequence``."""

    sequence: int
    article_rowid: int
    article_id: ArticleId
    kind: ChangeKind

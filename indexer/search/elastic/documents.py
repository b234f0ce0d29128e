"""From an article of the record to its documents. See `indexer.search.elastic.mapping`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hanoiwatch.articlejson import article_json
from hanoiwatch.clock import hanoi_day, to_shown
from hanoiwatch.model import Article, Links
from indexer.search.elastic.mapping import VERSION
from indexer.search.writing import microseconds

STATE = "state"
"""The id of the document that says how far an index has come."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerRevision:
    """What an article used to say, and the capture that said so."""

    number: int
    fetched_at: datetime
    url: str
    title: str
    lead: str
    text: str
    capture_record_id: str
    capture_sha256: str


def article_document(article: Article, now: datetime) -> Document:
    """``now``: what `indexed_at` says of an article that was in no index yet."""
    said = article_json(article)
    del said["story"]  # computed on reading: it changes with other articles
    said["indexed_at"] = said["indexed_at"] or to_shown(now)
    return {**said, **_flat(article.links.counted()), **_order(article)}


def _flat(links: Links) -> Document:
    """Each value once: a post may be held by several of an article's officials."""
    posts = dict(
        pair for one in links.officials for pair in zip(one.post_ids, one.posts, strict=True)
    )
    named = {
        "official": {one.id: one.name for one in links.officials},
        "post": posts,
        "body": {one.id: one.name for one in links.bodies},
        "topic": {one.id: one.name for one in links.topics},
    }
    flat: Document = {}
    for kind, names in named.items():
        flat[f"{kind}_ids"] = list(names)
        flat[f"{kind}_names"] = list(dict.fromkeys(names.values()))
    return flat


def _order(article: Article) -> Document:
    published = article.content.published_at
    order: Document = {"rowid": article.rowid, "sequence": article.sequence}
    if published is None:
        return order
    day = hanoi_day(published).isoformat()
    return order | {"published_us": microseconds(published), "day": day, "month": day[:7]}


def tombstone(rowid: int, sequence: int) -> Document:
    return {"removed": True, "rowid": rowid, "sequence": sequence}


def state_document(position: int, filled: int = 0) -> Document:
    return {"state": {"position": position, "filled": filled, "version": VERSION}}


def revision_documents(
    article: Article, former: Sequence[FormerRevision], now: datetime
) -> Iterator[tuple[str, Document]]:
    """Id and document of each revision: those before the present one, and that one."""
    present = FormerRevision(
        number=article.revision,
        fetched_at=article.fetched_at,
        url=article.content.url,
        title=article.content.title,
        lead=article.content.lead,
        text=article.content.text,
        capture_record_id=article.capture_record_id,
        capture_sha256=article.capture_sha256,
    )
    for one in (*(old for old in former if old.number < article.revision), present):
        yield revision_id(article.id, one.number), _revision(article, one, now)


def revision_id(article_id: str, number: int) -> str:
    return f"{article_id}-{number}"


def _revision(article: Article, revision: FormerRevision, now: datetime) -> Document:
    published = article.content.published_at
    return {
        "article_id": article.id,
        "rowid": article.rowid,
        "url": revision.url,
        "source": article.source,
        "section": article.content.section,
        "revision": revision.number,
        "edited": revision.number > 1,
        "fetched_at": to_shown(revision.fetched_at),
        "indexed_at": to_shown(article.indexed_at or now),
        "published_at": to_shown(published) if published else None,
        "title": revision.title,
        "lead": revision.lead,
        "text": revision.text,
        "capture": {"record_id": revision.capture_record_id, "sha256": revision.capture_sha256},
    }


def removed_revisions(article_id: str, numbers: Iterable[int]) -> Iterator[tuple[str, Document]]:
    for number in numbers:
        yield revision_id(article_id, number), {"removed": True, "article_id": article_id}

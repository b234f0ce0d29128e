"""The article as JSON: the same names in `search`, `show`, `extract` and `export`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hanoiwatch.clock import to_shown
from hanoiwatch.model import (
    Article,
    BodyLink,
    Content,
    Links,
    Mention,
    OfficialLink,
    ReadArticle,
    Reading,
    Story,
    TopicLink,
)


def article_json(article: Article) -> dict[str, Any]:
    """An article of the record, every field of the contract that this version knows."""
    content = article.content
    return {
        "id": article.id,
        "url": content.url,
        "source": article.source,
        **_head(content),
        "published_at": _shown(content.published_at),
        "modified_at": _shown(content.modified_at),
        "first_seen_at": to_shown(article.first_seen_at),
        "fetched_at": to_shown(article.fetched_at),
        "indexed_at": _shown(article.indexed_at),
        **_body(content),
        **links_json(article.links),
        "revision": article.revision,
        "withdrawn_at": _shown(article.withdrawn_at),
        "story": _story(article.story),
        "rights": article.rights,
        "capture": {
            "record_id": article.capture_record_id,
            "sha256": article.capture_sha256,
            "rendered_record_id": article.rendered_record_id,
        },
        "reading": {"layout": article.layout, "extractor": article.extractor},
    }


def reading_json(reading: Reading) -> dict[str, Any]:
    """What `extract` prints: an article's content, or why there is none."""
    if not isinstance(reading, ReadArticle):
        return {"kind": "not-article", "reason": reading.reason, "detail": reading.detail}
    content = reading.content
    return {
        "url": content.url,
        **_head(content),
        "published_at": _shown(content.published_at),
        "modified_at": _shown(content.modified_at),
        **_body(content),
        "reading": {"layout": reading.layout, "extractor": reading.extractor},
    }


def _head(content: Content) -> dict[str, Any]:
    return {
        "section": content.section,
        "kind": "article",
        "title": content.title,
        "lead": content.lead,
        "lead_prefix": content.lead_prefix,
        "byline": list(content.byline),
        "photographers": list(content.photographers),
        "original_source": content.original_source,
    }


def _body(content: Content) -> dict[str, Any]:
    return {
        "blocks": [
            {"kind": block.kind, "text": block.text, "image": block.image}
            for block in content.blocks
        ],
        "text": content.text,
        "images": [
            {"url": image.url, "caption": image.caption, "credit": image.credit}
            for image in content.images
        ],
        "tags": list(content.tags),
        "language": content.language,
    }


def links_json(links: Links) -> dict[str, Any]:
    """Officials, bodies and topics, each with the words that made the link."""
    return {
        "officials": [_official(link) for link in links.officials],
        "bodies": [_link(link) for link in links.bodies],
        "topics": [_link(link) for link in links.topics],
    }


def _official(link: OfficialLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "name": link.name,
        "post": link.post,
        "posts": list(link.posts),
        "post_ids": list(link.post_ids),
        "mentions": [_mention(one) for one in link.mentions],
    }


def _link(link: BodyLink | TopicLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "name": link.name,
        "mentions": [_mention(one) for one in link.mentions],
    }


def _mention(mention: Mention) -> dict[str, Any]:
    return {
        "field": mention.field,
        "item": mention.item,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "rule": mention.rule,
        "confidence": mention.confidence,
    }


def _story(story: Story | None) -> dict[str, Any] | None:
    if story is None:
        return None
    return {"id": story.id, "first_source": story.first_source, "copies": story.copies}


def _shown(moment: datetime | None) -> str | None:
    return to_shown(moment) if moment else None

"""What an article and a revision look like in Elasticsearch: strict mappings, and their template.

An article is its JSON (`hanoiwatch.articlejson`) without `story`, which is computed on reading and
changes with other articles. Beside that: flat ids and names of what it links to, as facets count
them; `rowid`, `sequence`, `published_us`, `day`, `month`, which our own searches order and count
by. A removed article leaves a tombstone (`removed`), and one document
(`state`) says how far the index has come; both stand outside the alias that everybody searches.

Field names are a contract with Kibana's objects, ElastAlert's rules and whatever people built.
"""

from __future__ import annotations

from typing import Any

from hanoiwatch.query.parse import MAX_SLOP
from hanoiwatch.text import NORMALISER_VERSION
from indexer.search.elastic.analysis import (
    FOLDED,
    FOLDED_TYPED,
    LINES,
    TONED,
    TONED_TYPED,
    analysis_settings,
)

SCHEMA = 2
"""Grows when the same article would give another document, or the mapping changes."""
VERSION = SCHEMA * 1000 + NORMALISER_VERSION
"""Of the template and of every index made by it: one of another version is made anew."""

VALUE_GAP = 2 * MAX_SLOP
"""Places between two values of one field (captions, names, tags): no phrase is so wide."""

SEARCHED = {
    "title": "title", "lead": "lead", "text": "text",
    "caption": "images.caption", "byline": "byline", "tag": "tags",
}  # fmt: skip
"""Where the fields of the query language stand in a document."""
FACET_FIELDS = {
    "officials": "official_ids", "posts": "post_ids", "bodies": "body_ids", "topics": "topic_ids",
    "sources": "source", "sections": "section",
}  # fmt: skip
"""Where the facets that are filters of the same name stand."""
LINK_FIELDS = (
    "official_ids", "official_names", "post_ids", "post_names",
    "body_ids", "body_names", "topic_ids", "topic_names",
)  # fmt: skip

_KEYWORD = {"type": "keyword"}
_LONG = {"type": "long"}
_DATE = {"type": "date", "format": "strict_date_optional_time"}
_UNSEARCHED = {"type": "object", "enabled": False}
"""Kept as it is, found by nothing."""
_NAME = {"type": "keyword", "ignore_above": 512}
"""For counting; what is longer is not counted, and found by its words all the same."""


def article_mapping() -> dict[str, Any]:
    return {
        "dynamic": "strict",
        "_meta": {"version": VERSION},
        "properties": {
            **_article_json(),
            **dict.fromkeys(LINK_FIELDS, _KEYWORD),
            "rowid": _LONG,
            "sequence": _LONG,
            "published_us": _LONG,
            "day": _KEYWORD,
            "month": _KEYWORD,
            "removed": {"type": "boolean"},
            "state": {"properties": {"position": _LONG, "filled": _LONG, "version": _LONG}},
        },
    }


def revision_mapping() -> dict[str, Any]:
    """One document for each revision of each article: what was said when."""
    return {
        "dynamic": "strict",
        "_meta": {"version": VERSION},
        "properties": {
            "article_id": _KEYWORD,
            "url": _KEYWORD,
            "source": _KEYWORD,
            "section": _KEYWORD,
            "revision": {"type": "integer"},
            "edited": {"type": "boolean"},
            "fetched_at": _DATE,
            "indexed_at": _DATE,
            "published_at": _DATE,
            "title": _text(lines=False),
            "lead": _text(lines=False),
            "text": _text(lines=False),
            "capture": {"properties": {"record_id": _KEYWORD, "sha256": _KEYWORD}},
            "rowid": _LONG,
            "removed": {"type": "boolean"},
        },
    }


def index_settings() -> dict[str, Any]:
    return {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",  # a copy as soon as there is a second node
        "analysis": analysis_settings(),
        "query.default_field": list(SEARCHED.values()),
    }


def article_template(pattern: str) -> dict[str, Any]:
    """The index template, for indices of these names."""
    return _template(pattern, article_mapping(), index_settings())


def revision_template(pattern: str) -> dict[str, Any]:
    settings = index_settings() | {"query.default_field": ["title", "lead", "text"]}
    return _template(pattern, revision_mapping(), settings)


def _template(pattern: str, mapping: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "index_patterns": [pattern],
        "version": VERSION,
        "priority": 300,  # above what comes with the product for other names
        "_meta": {"managed_by": "hanoiwatch", "version": VERSION},
        "template": {"settings": {"index": settings}, "mappings": mapping},
    }


def everybodys_filter() -> dict[str, Any]:
    """What the alias lets through: no tombstones, no state."""
    return {
        "bool": {"must_not": [{"term": {"removed": True}}, {"exists": {"field": "state.position"}}]}
    }


def _article_json() -> dict[str, Any]:
    return {
        "id": _KEYWORD,
        "url": _KEYWORD,
        "source": _KEYWORD,
        "section": _KEYWORD,
        "kind": _KEYWORD,
        "title": _text(),
        "lead": _text(),
        "lead_prefix": _NAME,
        "byline": _text(counted=True),
        "photographers": _NAME,
        "original_source": _NAME,
        "published_at": _DATE,
        "modified_at": _DATE,
        "first_seen_at": _DATE,
        "fetched_at": _DATE,
        "indexed_at": _DATE,
        "blocks": _UNSEARCHED,
        "text": _text(),
        "images": {
            "properties": {
                "url": {"type": "keyword", "index": False, "doc_values": False},
                "caption": _text(),
                "credit": _NAME,
            }
        },
        "tags": _text(counted=True),
        "language": _KEYWORD,
        "officials": _UNSEARCHED,
        "bodies": _UNSEARCHED,
        "topics": _UNSEARCHED,
        "revision": {"type": "integer"},
        "withdrawn_at": _DATE,
        "rights": _KEYWORD,
        "capture": {
            "properties": {
                "record_id": _KEYWORD, "sha256": _KEYWORD, "rendered_record_id": _KEYWORD,
            }
        },
        "reading": {"properties": {"layout": _KEYWORD, "extractor": _KEYWORD}},
    }  # fmt: skip


def _text(*, counted: bool = False, lines: bool = True) -> dict[str, Any]:
    """Words without marks; beneath, those with marks, and the ends of lines, which our own
    searches need for near phrases."""

    def words(analyzer: str) -> dict[str, Any]:
        return {"type": "text", "analyzer": analyzer, "position_increment_gap": VALUE_GAP}

    fields = {"toned": words(TONED) | {"search_analyzer": TONED_TYPED}}
    if lines:
        fields["lines"] = words(LINES) | {"norms": False}
    if counted:
        fields["name"] = _NAME
    return {**words(FOLDED), "search_analyzer": FOLDED_TYPED, "fields": fields}

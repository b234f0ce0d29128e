"""Articles as lines of a file: JSON Lines, or CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any, Protocol

from hanoiwatch.articlejson import article_json
from hanoiwatch.cli.output import csv_text, guarded
from hanoiwatch.model import Article

CSV_COLUMNS = (
    "id", "url", "source", "section", "kind", "title", "lead", "lead_prefix", "byline",
    "photographers", "original_source", "published_at", "modified_at", "first_seen_at",
    "fetched_at", "indexed_at", "text", "captions", "credits", "image_urls", "tags", "language",
    "revision", "withdrawn_at", "story_id", "story_first_source", "story_copies", "rights",
    "capture_record_id", "capture_sha256", "layout", "extractor",
    "officials", "official_ids", "posts", "bodies", "body_ids", "topics", "topic_ids",
)  # fmt: skip
"""Each is told in docs/howto/export-and-count.md. New ones are added at the end."""

BYTE_ORDER_MARK = "\ufeff"
_LINE_ENDS = {char: f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}
"""JSON allows them in a text, but some readers of lines take them for the end of one."""


class ArticleLines(Protocol):
    def head(self) -> bytes:
        """What stands before the first article."""

    def lines(self, articles: Iterable[Article]) -> bytes:
        """These articles, in order, each ended."""


class JsonLines:
    """The JSON of `search` and `show`, one article a line."""

    def head(self) -> bytes:
        return b""

    def lines(self, articles: Iterable[Article]) -> bytes:
        return "".join(map(_json_line, articles)).encode()


def _json_line(article: Article) -> str:
    line = json.dumps(article_json(article), ensure_ascii=False)
    for char, escape in _LINE_ENDS.items():
        line = line.replace(char, escape)
    return line + "\n"


class CsvLines:
    """`CSV_COLUMNS` by RFC 4180, in UTF-8. ``exact``: formula-like texts stay as they are."""

    def __init__(self, *, bom: bool = False, exact: bool = False) -> None:
        self._bom = bom
        self._exact = exact
        self.guarded = 0
        """How many cells got an apostrophe."""

    def head(self) -> bytes:
        mark = BYTE_ORDER_MARK if self._bom else ""
        return (mark + _csv_lines([CSV_COLUMNS])).encode()

    def lines(self, articles: Iterable[Article]) -> bytes:
        rows = (flat_row(article_json(article)) for article in articles)
        return _csv_lines([self._cell(row[name]) for name in CSV_COLUMNS] for row in rows).encode()

    def _cell(self, value: object) -> str:
        text = csv_text(value)
        if self._exact or guarded(text) == text:
            return text
        self.guarded += 1
        return guarded(text)


def _csv_lines(rows: Iterable[Iterable[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)  # lines end in CR LF
    return stream.getvalue()


def flat_row(article: dict[str, Any]) -> dict[str, Any]:
    """The JSON of an article with what is nested laid beside it, by `CSV_COLUMNS`."""
    story = article["story"] or {}
    images = article["images"]
    return article | {
        "captions": [image["caption"] for image in images if image["caption"]],
        "credits": [image["credit"] for image in images if image["credit"]],
        "image_urls": [image["url"] for image in images],
        "story_id": story.get("id"),
        "story_first_source": story.get("first_source"),
        "story_copies": story.get("copies"),
        "capture_record_id": article["capture"]["record_id"],
        "capture_sha256": article["capture"]["sha256"],
        "layout": article["reading"]["layout"],
        "extractor": article["reading"]["extractor"],
        "officials": [one["name"] for one in article["officials"]],
        "official_ids": [one["id"] for one in article["officials"]],
        "posts": [one["post"] or "" for one in article["officials"]],
        "bodies": [one["name"] for one in article["bodies"]],
        "body_ids": [one["id"] for one in article["bodies"]],
        "topics": [one["name"] for one in article["topics"]],
        "topic_ids": [one["id"] for one in article["topics"]],
    }

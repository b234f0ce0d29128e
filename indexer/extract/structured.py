"""What a page says of itself for machines: its JSON-LD, read with patience."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hanoiwatch.page.document import Document
from hanoiwatch.page.tree import tidy

MOST_CHARACTERS = 400_000
MOST_NODES = 200
_ARTICLE_TYPES = ("Article", "BlogPosting")
"""Also the end of NewsArticle, ReportageNewsArticle, TechArticle …"""
_CONTROL = re.compile(r"[\x00-\x1f]+")
_DECODER = json.JSONDecoder(strict=False)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The article's node; empty strings where it does not say."""

    headline: str = ""
    description: str = ""
    published: str = ""
    modified: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    trail: tuple[str, ...] = ()
    """The names of a BreadcrumbList, in order."""


def read_structured(document: Document) -> Said:
    """The first article node of the page's JSON-LD that has a date, and its breadcrumbs."""
    nodes = list(_nodes(document))
    articles = [node for node in nodes if _is_article(node)]
    # beside a live report's own node, which has only its beginning and end, stands the article's
    dated = (node for node in articles if _text(node.get("datePublished")))
    article = next(dated, articles[0] if articles else {})
    trail = next((node for node in nodes if _types(node) == ["BreadcrumbList"]), {})
    return Said(
        headline=_text(article.get("headline")),
        description=_text(article.get("description")),
        published=_text(article.get("datePublished")),
        modified=_text(article.get("dateModified")),
        section=_text(article.get("articleSection")),
        authors=tuple(_names(article.get("author"), but="Organization")),
        publisher=next(_names(article.get("publisher")), ""),
        trail=tuple(_trail(trail)),
    )


def _nodes(document: Document) -> Iterator[dict[str, Any]]:
    if "ld+json" not in document.html:
        return
    found = 0
    for script in document.root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        for node in _walk(_loads(script.text or ""), 0):
            found += 1
            if found > MOST_NODES:
                return
            yield node


def _loads(text: str) -> Any:
    """Editors put line breaks and trailing commas into JSON; what stays wrong is no JSON."""
    text = text.strip().removeprefix("<![CDATA[").removesuffix("]]>").rstrip("; \n")
    if len(text) > MOST_CHARACTERS:
        return None
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", text))):
        try:
            return _DECODER.decode(attempt)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list) and depth < 4:
        for one in value:
            yield from _walk(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        yield from _walk(value.get("@graph"), depth + 1)


def _types(node: dict[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [one for one in (kind if isinstance(kind, list) else [kind]) if isinstance(one, str)]


def _is_article(node: dict[str, Any]) -> bool:
    return any(kind.endswith(_ARTICLE_TYPES) for kind in _types(node))


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return tidy(value) if isinstance(value, str) else ""


def _names(value: Any, but: str = "") -> Iterator[str]:
    """The names of things, without those whose type ends in ``but``."""
    for one in value if isinstance(value, list) else [value]:
        if but and isinstance(one, dict) and any(kind.endswith(but) for kind in _types(one)):
            continue
        name = _text(one.get("name")) if isinstance(one, dict) else _text(one)
        if name:
            yield name


def _trail(node: dict[str, Any]) -> Iterator[str]:
    items = node.get("itemListElement")
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            inner = item.get("item")
            name = _text(item.get("name")) or (
                _text(inner.get("name")) if isinstance(inner, dict) else ""
            )
            if name:
                yield name

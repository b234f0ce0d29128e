"""The sample outlet's articles: what their YAML files say, as records.

The newspaper, its articles, people and events are invented; the texts are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.model import BlockKind

ARTICLES_DIRECTORY = Path(__file__).parent / "articles"

TemplateName = Literal["onecms-new", "onecms-old", "vccorp", "epi", "mastercms"]
TEMPLATES: tuple[TemplateName, ...] = get_args(TemplateName)


class SampleArticleError(HanoiwatchError):
    """You meet it when an article file of the sample outlet cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image as the newsroom filed it: the caption never holds the credit."""

    file: str
    caption: str
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One block of an article. ``rows`` is for tables, ``items`` for lists, else ``text``."""

    kind: BlockKind
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """One article before it has an address. ``slug`` names it within an outlet."""

    slug: str
    title: str
    lead: str
    section: str
    """The section's slug, such as ``chinh-tri``."""
    template: TemplateName
    published: datetime
    pieces: tuple[Piece, ...]
    lead_prefix: str | None = None
    byline: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    original_source: str | None = None

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(piece.picture for piece in self.pieces if piece.picture is not None)


@cache
def load_articles(directory: Path = ARTICLES_DIRECTORY) -> tuple[SampleArticle, ...]:
    """Every article file of ``directory``, oldest publication first.

    Raises `SampleArticleError` that names the file for one that cannot be used.
    """
    articles = [read_article(path) for path in sorted(directory.glob("*.yaml"))]
    return tuple(sorted(articles, key=lambda article: (article.published, article.slug)))


def read_article(path: Path) -> SampleArticle:
    """The article of one YAML file; its name is the slug."""
    try:
        return article_from(path.stem, msgspec.yaml.decode(path.read_bytes()))
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
        raise SampleArticleError(f"{path}: not an article of the sample: {error!r}") from error


def article_from(slug: str, raw: dict[str, Any]) -> SampleArticle:
    """The record of what a YAML file holds; ValueError or KeyError where it is wrong."""
    if raw["template"] not in TEMPLATES:
        raise ValueError(f"template {raw['template']!r} is none of {', '.join(TEMPLATES)}")
    published = datetime.fromisoformat(raw["published"])
    if published.tzinfo is None:
        raise ValueError("published has no zone")
    return SampleArticle(
        slug=slug,
        title=raw["title"],
        lead=raw["lead"],
        lead_prefix=raw.get("lead_prefix"),
        section=raw["section"],
        template=raw["template"],
        published=published,
        byline=tuple(raw.get("byline") or ()),
        tags=tuple(raw.get("tags") or ()),
        original_source=raw.get("original_source"),
        pieces=tuple(_piece(block) for block in raw["blocks"]),
    )


def _piece(block: dict[str, Any]) -> Piece:
    """One entry of ``blocks``: a mapping with one key, the kind."""
    ((kind, value),) = block.items()
    match kind:
        case "paragraph" | "heading" | "quote" | "inset":
            return Piece(kind=kind, text=value)
        case "list":
            return Piece(kind="list", items=tuple(value))
        case "table":
            return Piece(kind="table", rows=tuple(tuple(map(str, row)) for row in value))
        case "image":
            return Piece(kind="image", picture=Picture(**value))
        case _:
            raise ValueError(f"unknown kind of block {kind!r}")

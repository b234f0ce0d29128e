"""What a page says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hanoiwatch.model.names import BlockKind, NotArticleReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an article. ``caption`` is without the ``credit``."""

    url: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of an article's body, in reading order.

    A list has one item a line, a table one row a line with cells parted by tabs.
    For an image ``text`` is empty and ``image`` is its index in ``Content.images``.
    """

    kind: BlockKind
    text: str
    image: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a page says, as extracted. All text is NFC (`hanoiwatch.text.nfc`)."""

    url: str
    """Canonical: the page's own declaration where it is on the same host, else as fetched."""
    title: str
    lead: str = ""
    lead_prefix: str | None = None
    byline: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    original_source: str | None = None
    section: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    blocks: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = "vi"

    @property
    def text(self) -> str:
        """Headings, paragraphs, quotes, lists, tables and insets, one a line; no captions."""
        return "\n".join(block.text for block in self.blocks if block.kind != "image")


BELOW = " below the text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a page looked like to its reader: by this, drift is told (`indexer.drift`)."""

    fields: tuple[str, ...] = ()
    """Of title, lead, byline, published, section: those that have a value."""
    places: dict[str, str] = field(default_factory=dict)
    """By field, the element it was taken from: ``h1.sc-longform-header-title``; with `BELOW` where
    that stands below the text."""
    frame: tuple[str, ...] = ()
    """Names of the elements around the article: ``span.block-sc-author``, ``h1[title]``."""
    figures: tuple[str, ...] = ()
    """How pictures are set: ``figure.image>figcaption``."""
    chars: int = 0
    """Of the text."""
    images: int = 0
    captions: int = 0
    """Images that have a caption or a credit."""
    loose: int = 0
    """Blocks of the text that read like the caption of a picture."""
    outside: int = 0
    """Characters of prose that stand around the text and were not taken into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """The extractor found an article."""

    content: Content
    layout: str
    """``family/layout``, the source's own ``source/layout``, or ``general``."""
    extractor: str
    traits: Traits | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNothing:
    """The extractor found no article, and says why."""

    reason: NotArticleReason
    extractor: str
    detail: str = ""
    traits: Traits | None = field(default=None, compare=False)


Reading = ReadArticle | ReadNothing

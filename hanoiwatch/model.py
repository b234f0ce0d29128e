"""The records that travel through the program. Frozen, no I/O.

``Source -> Discovered -> Capture -> Reading -> Article (+ Revision) -> Change -> index``

The JSON of an article (design: "the article as JSON") is these records encoded field by field;
`hanoiwatch.articlejson` does that and nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NewType

from hanoiwatch import urls

PageId = NewType("PageId", int)
RunId = NewType("RunId", int)
CaptureId = NewType("CaptureId", int)
OriginId = NewType("OriginId", int)
ReadingId = NewType("ReadingId", int)
ArticleId = urls.ArticleId

OriginKind = Literal["feed", "sitemap", "section", "manual"]
Stage = Literal["fetch", "extract", "record", "index"]
STAGES: tuple[Stage, ...] = ("fetch", "extract", "record", "index")
"""The stages of the ledger, in order. A page ends each it reaches in exactly one outcome."""

Outcome = Literal[
    "fetched", "not-due", "refused", "failed",  # fetch
    "extracted", "not-article", "quarantined",  # extract
    "recorded", "duplicate", "out-of-scope",  # record
    "indexed",  # index
]  # fmt: skip
OUTCOMES: dict[Stage, tuple[Outcome, ...]] = {
    "fetch": ("fetched", "not-due", "refused", "failed"),
    "extract": ("extracted", "not-article", "quarantined"),
    "record": ("recorded", "duplicate", "out-of-scope", "quarantined"),
    "index": ("indexed", "quarantined"),
}
GOES_ON: dict[Stage, Outcome] = {
    "fetch": "fetched", "extract": "extracted", "record": "recorded", "index": "indexed",
}  # fmt: skip
"""The one outcome of each stage with which a page enters the next stage."""

BlockKind = Literal["paragraph", "heading", "quote", "list", "table", "image", "inset"]
Rights = Literal["full", "excerpt", "link"]
DEFAULT_RIGHTS: Rights = "excerpt"
NotArticleReason = Literal[
    "list", "challenge", "login", "empty", "not-found", "maintenance", "not-html", "consent"
]


# --- discovery -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """One article address as a feed, sitemap or section page listed it."""

    url: str
    """Absolute, as listed (before canonicalisation)."""
    title: str | None = None
    published_at: datetime | None = None
    """What the listing claims; never believed for the article itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """A page that should be fetched now."""

    page_id: PageId
    url: str
    """Canonical."""
    first_visit: bool
    listed_url: str = ""
    """As it was first listed."""
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    """Hex digest of the last good body, to recognise an unchanged page."""
    rendered_sha256: str | None = None
    """Hex digest of what a browser made of that body, where it was read so."""
    published_at: datetime | None = None
    """Of the recorded article; else what the listing claims; else None."""
    first_seen_at: datetime | None = None
    failures: int = 0
    """Attempts in a row that brought no good body."""
    has_article: bool = False
    gone_since: datetime | None = None
    """When its article's page was first met gone; None: it is there, as far as we know."""
    alarm: bool = False
    """It vanished together with many others."""


# --- archive -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One HTTP request and its response, as it crossed the wire.

    ``body`` is as received: content coding kept, transfer coding removed.
    Header pairs keep their order and case as far as the HTTP client gives them.
    """

    url: str
    requested_at: datetime
    fetched_at: datetime
    status: int
    reason: str
    request_headers: tuple[tuple[str, str], ...]
    response_headers: tuple[tuple[str, str], ...]
    body: bytes
    method: str = "GET"
    ip: str | None = None
    protocol: str = "HTTP/1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as a browser showed it after its scripts had run: its DOM as HTML in UTF-8."""

    body: bytes
    at: datetime
    by: str
    """The browser and its version."""
    type: str = "text/html; charset=utf-8"
    """Other than HTML where the page led to a feed or a sitemap: then it is that, as received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPlace:
    """Where a record lies: ``length`` bytes (its whole gzip member) at ``offset`` of ``file``."""

    file: str
    """Name relative to the archive folder."""
    offset: int
    length: int
    record_id: str
    """``urn:uuid:…`` without angle brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refers:
    """The earlier capture that a revisit record points to."""

    record_id: str
    url: str
    fetched_at: datetime
    sha256: str = ""
    """Hex digest of its body: the payload digest of a revisit that brings no body itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRecord:
    """A record that the archive must hold: what `archive verify` looks for."""

    file: str
    offset: int
    record_id: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One response of the record, with its place in the archive."""

    id: CaptureId
    source: str
    page_id: PageId | None
    url: str
    fetched_at: datetime
    status: int
    content_type: str
    sha256: str
    """Hex digest of the body as received; for a 304 the digest of the body it stands for."""
    place: WarcPlace
    body_place: WarcPlace
    """Where the body is: ``place`` itself, or for a revisit the capture that holds it."""


# --- reading -------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a page looked like to its reader: by this, drift is told (`indexer.drift`)."""

    fields: tuple[str, ...] = ()
    """Of title, lead, byline, published, section: those that have a value."""
    places: dict[str, str] = field(default_factory=dict)
    """By field, the element it was taken from: ``h1.sc-longform-header-title``."""
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


# --- links ---------------------------------------------------------------------------------

MentionField = Literal["title", "lead", "text", "caption"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words of an article that name somebody or something of the registry.

    ``start`` and ``end`` count code points of the field's NFC text; ``item`` says which image a
    caption belongs to, and is 0 elsewhere.
    """

    field: MentionField
    item: int = 0
    start: int
    end: int
    text: str
    rule: str
    """The rule that made the link, for instance ``name-after-post``."""
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialLink:
    """A person of the registry that an article names, with the posts of the article's day."""

    id: str
    name: str
    post: str | None = None
    """The post the article names them by; else the first they held on that day; else None."""
    posts: tuple[str, ...] = ()
    """Names of all posts they held on that day, the highest first."""
    post_ids: tuple[str, ...] = ()
    """Ids of the same posts, in the same order."""
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLink:
    """A body of the registry that an article names: the body of that day."""

    id: str
    name: str
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLink:
    """A topic of the registry that an article is about."""

    id: str
    name: str
    mentions: tuple[Mention, ...] = ()


FACET_CONFIDENCE = 0.6
"""A link counts in facets and filters if one of its mentions is at least so sure."""

LinkKind = Literal["official", "body", "topic"]
NamedKind = Literal["official", "post", "body", "topic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Who, which body, what about: everything of the registry that one article names."""

    officials: tuple[OfficialLink, ...] = ()
    bodies: tuple[BodyLink, ...] = ()
    topics: tuple[TopicLink, ...] = ()

    def counted(self) -> Links:
        """Those that facets and filters count: none that only unsure mentions made."""
        return Links(
            officials=tuple(one for one in self.officials if _is_sure(one.mentions)),
            bodies=tuple(one for one in self.bodies if _is_sure(one.mentions)),
            topics=tuple(one for one in self.topics if _is_sure(one.mentions)),
        )

    def names(self) -> dict[tuple[NamedKind, str], str]:
        """What everything linked to is called, posts too, by kind and id."""
        found: dict[tuple[NamedKind, str], str] = {}
        for official in self.officials:
            found["official", official.id] = official.name
            for post, name in zip(official.post_ids, official.posts, strict=True):
                found["post", post] = name
        found |= {("body", one.id): one.name for one in self.bodies}
        found |= {("topic", one.id): one.name for one in self.topics}
        return found


NO_LINKS = Links()


def _is_sure(mentions: tuple[Mention, ...]) -> bool:
    return any(mention.confidence >= FACET_CONFIDENCE for mention in mentions)


# --- record --------------------------------------------------------------------------------


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


# --- search --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a result besides its words. Names within one field are alternatives."""

    officials: tuple[str, ...] = ()
    """Ids of the registry, here and below: of links that count (`Links.counted`)."""
    posts: tuple[str, ...] = ()
    """Held by an official of the article, on its day."""
    bodies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    since: datetime | None = None
    """Published at or after."""
    until: datetime | None = None
    """Published before."""


SortOrder = Literal["newest", "oldest", "relevance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    id: str
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One article that a search found; ``score`` is 0.0 unless sorted by relevance."""

    article_rowid: int
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What an index answers: the whole count, one page of matches, facets over all."""

    total: int
    matches: tuple[Match, ...]
    facets: dict[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    """Keys: ``officials``, ``posts``, ``bodies``, ``topics`` (by id), ``sources``, ``sections``,
    ``months`` (``YYYY-MM``, Hanoi time)."""
    hint: str | None = None

"""What the outlet shows at one moment: a frozen picture that pages are rendered from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from hanoiwatch.clock import HANOI
from hanoiwatch.sample.articles import Picture, SampleArticle
from hanoiwatch.sample.captions import CaptionLine, caption_line
from hanoiwatch.sample.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Another article as a page links to it; it keeps the words of the day it was set."""

    path: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosmetics:
    """What changes on a page while the article stays the same."""

    views: int = 0
    advertisement: int = 0
    tags_turn: int = 0
    stamped_at: datetime | None = None
    """The moment of a "Cập nhật" stamp beside the date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article at its address."""

    article: SampleArticle
    number: int
    path: str
    related: tuple[Link, ...] = ()
    """Fixed on publication, so that a new article changes no old page."""
    changed_at: datetime
    edited_at: datetime | None = None
    cosmetics: Cosmetics = Cosmetics()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags in the order that the page shows them now."""
        tags = self.article.tags
        turn = self.cosmetics.tags_turn % len(tags) if tags else 0
        return tags[turn:] + tags[:turn]

    @property
    def published(self) -> datetime:
        """In Hanoi's zone, as pages print it."""
        return self.article.published.astimezone(HANOI)

    def image_path(self, picture: Picture) -> str:
        """Pictures are generated PNG files, whatever the newsroom's file was called."""
        return f"/images/{self.published:%Y/%m/%d}/{picture.file.rpartition('.')[0]}.png"

    def caption(self, picture: Picture) -> CaptionLine:
        """How the page prints the caption; the way of the credit varies by article and image."""
        return caption_line(picture, self.number + self.article.pictures.index(picture))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What an address says that no longer holds its article."""

    status: int
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Everything that the outlet shows at one moment. ``entries`` are newest first."""

    site: Site
    base_url: str
    entries: tuple[Entry, ...]
    gone: Mapping[str, Gone]
    now: datetime
    version: int = 0
    page_size: int = 8
    feed_size: int = 20
    padding_kb: int = 0
    by_path: Mapping[str, Entry] = field(init=False)

    def __post_init__(self) -> None:
        by_path = {entry.path: entry for entry in self.entries}
        object.__setattr__(self, "by_path", by_path)

    def url(self, path: str) -> str:
        return self.base_url + path

    def in_section(self, section: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.article.section == section)

    def with_entries(self, entries: tuple[Entry, ...]) -> Edition:
        """The same edition with other entries, put newest first."""
        ordered = sorted(entries, key=lambda entry: (entry.published, entry.number), reverse=True)
        return replace(self, entries=tuple(ordered))

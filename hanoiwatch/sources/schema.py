"""What a source is, as its TOML file says it (`docs/reference/sources.md`).

These records are what the rest of the program reads; `hanoiwatch.sources.loader` makes them
from files and is the only place where a file's mistakes are reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from hanoiwatch.model import Rights

Render = Literal["never", "auto", "always"]

DEFAULT_DELAY_SECONDS = 2.0
"""Between two requests to one host, where neither the source nor its robots.txt asks for more."""

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


BODIES = "@bodies"
"""In a scope: any body of Hanoi (`hanoiwatch.registry.names`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is kept of what discovery lists; empty keeps everything."""

    sections: tuple[str, ...] = ()
    """By the article's own section."""
    any: tuple[str, ...] = ()
    """Words or phrases of which it must say one; `BODIES` among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskScope(Scope):
    """A scope as a desk decides by it: `BODIES` are those of the registry with its own over it."""

    registry: Path
    """The folder of the desk's own registry; it need not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discover:
    """Where articles are listed, and which addresses are articles."""

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    section_pages: int = 1
    page_url: str | None = None
    """Template with ``{section}`` and ``{page}`` (from 2); without it, the page's next link."""
    article_url: tuple[str, ...] = ()
    """Regular expressions searched in the whole URL: any must match. Empty: any on this site."""
    exclude_url: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """How the source is fetched. ``delay_seconds`` None: `DEFAULT_DELAY_SECONDS`, or 0 for a
    source whose home is a loopback address (it is our own server)."""

    delay_seconds: float | None = None
    render: Render = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one page template keeps its fields. Selectors are CSS; empty means "not told here".

    ``when`` chooses it: the first layout whose selector matches the page.
    ``valid_until`` (capture date) only breaks ties between two that match.
    """

    name: str
    when: str
    title: str = ""
    lead: str = ""
    text: str = ""
    byline: str = ""
    published: str = ""
    published_formats: tuple[str, ...] = ()
    modified: str = ""
    section: str = ""
    tags: str = ""
    caption: str = ""
    cover: str = ""
    """The lead image with its caption, where it stands outside ``text`` or in what is dropped."""
    inset: str = ""
    original_source: str = ""
    drop: tuple[str, ...] = ()
    bold_headings: bool = False
    """Editors of this template also set headings as short paragraphs in bold."""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A content management system whose templates several outlets share."""

    name: str
    title: str
    layouts: tuple[Layout, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One outlet."""

    name: str
    title: str
    home: str
    discover: Discover
    family: str | None = None
    rights: Rights = "excerpt"
    enabled: bool = True
    founded: int | None = None
    """The year in which the outlet came online: no article of it is older."""
    verified: str = ""
    """What is known of this file's truth, in words; empty for a user's own."""
    hanoi: bool | None = None
    """Whether it is the city's own outlet; None: as its scope says (`of_hanoi`)."""
    scope: Scope = field(default_factory=Scope)
    fetch: Fetch = field(default_factory=Fetch)
    crawl: str | None = None
    """Cron expression that replaces the nightly one."""
    layouts: tuple[Layout, ...] = ()
    """The source's own; they come before its family's."""

    @property
    def of_hanoi(self) -> bool:
        """Its articles are about Hanoi unless they say otherwise: "Thành ủy" is the city's.

        An outlet of which everything is kept is the city's own; of a national one it is not.
        """
        if self.hanoi is not None:
            return self.hanoi
        return not self.scope.sections and not self.scope.any

    @property
    def is_local(self) -> bool:
        """Its home is a loopback address: only that host and port may be fetched."""
        return (urlsplit(self.home).hostname or "") in LOOPBACK_HOSTS

    @property
    def delay_seconds(self) -> float:
        if self.fetch.delay_seconds is not None:
            return self.fetch.delay_seconds
        return 0.0 if self.is_local else DEFAULT_DELAY_SECONDS


def of_desk(source: Source, registry: Path) -> Source:
    """``source`` with its `BODIES`, where it asks for them, those of ``registry`` too."""
    scope = source.scope
    if BODIES not in scope.any:
        return source
    desk = DeskScope(sections=scope.sections, any=scope.any, registry=registry)
    return replace(source, scope=desk)

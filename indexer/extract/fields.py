"""The fields around the text that pages of every kind tell in the same ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from hanoiwatch.page.document import Document, absolute_url
from hanoiwatch.page.tree import tidy
from indexer.extract.dates import HANOI_OFFSET, Moment, believable, read_machine, refined, same_wall
from indexer.extract.structured import Said, read_structured
from indexer.extract.words import bare, bare_names, the_words

MOST_TAGS = 20
LONGEST_TAG = 80
LONGEST_SECTION = 60

_PUBLISHED = (
    "article:published_time", "datepublished", "pubdate", "og:published_time", "article:published",
    "og:article:published_time", "parsely-pub-date", "publish-date", "publishdate",
    "publication_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
    "dc.date", "dcterms.date", "sailthru.date", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "datemodified", "lastmod", "og:updated_time", "dcterms.modified",
    "dc.date.modified", "last-modified",
)  # fmt: skip
_SITE = ("og:site_name", "application-name", "apple-mobile-web-app-title")
_VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
"""Small letters."""
_TITLE_MARKS = re.compile(r"\s[|\-–—·]\s")
_LANGUAGE_LOOKED_AT = 1000
_VIETNAMESE_SHARE = 0.03
"""Of the letters; Vietnamese prose has about 0.25, French 0.01 at most (â, ê, ô)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """What is known of the outlet before its page is read."""

    names: tuple[str, ...] = ()
    founded: int | None = None


NOBODY = Outlet()
"""An outlet of which nothing is known."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a document says of itself outside its text."""

    document: Document
    outlet: Outlet = NOBODY

    @cached_property
    def said(self) -> Said:
        return read_structured(self.document)

    @cached_property
    def site_names(self) -> tuple[str, ...]:
        """Names of the outlet, which are nobody's byline and no section."""
        host = (urlsplit(self.document.page.url).hostname or "").removeprefix("www.")
        label = host.partition(".")[0]
        metas = (self.document.meta(name) for name in _SITE)
        names = (*self.outlet.names, self.said.publisher, host, label, *metas, self._signed_title())
        return tuple(name for name in names if len(bare(name)) > 1)

    def _signed_title(self) -> str:
        """What ``<title>`` says last, behind the headline that the page declares."""
        declared = self.said.headline or self.document.meta("og:title")
        title = self.document.title
        if not declared or not title.startswith(declared):
            return ""
        return _TITLE_MARKS.split(title[len(declared) :])[-1].strip()

    def title(self, found: str = "") -> str:
        """The headline: what was found on the page, else what it says of itself."""
        if found:
            return found
        declared = self.said.headline or self.document.meta("og:title", "twitter:title")
        return declared or self._document_title()

    def _document_title(self) -> str:
        """``<title>`` without the name of the site after the last dash or bar."""
        title = self.document.title
        for mark in (" | ", " - ", " – ", " — "):
            head, _, tail = title.rpartition(mark)
            if head and _is_in(bare(tail), (bare_names(self.site_names), the_words().sites)):
                return head.strip()
        return title

    def url(self) -> str:
        """The address that the page declares, where it is on the same host; else as fetched."""
        page = self.document.page.url
        for link in self.document.root.iter("link"):
            if (link.get("rel") or "").lower() == "canonical":
                declared = absolute_url(self.document.base_url, link.get("href") or "")
                if declared and _is_same_host(page, declared):
                    return declared
        declared = absolute_url(page, self.document.meta("og:url"))
        return declared if declared and _is_same_host(page, declared) else page

    def published(
        self, visible: Iterable[Moment] = (), *, shown_first: bool = True, stated: str = ""
    ) -> datetime | None:
        """When it was published, by the order of trust of decision 0016.

        ``shown_first`` False, where nobody knows which of the times shown is the article's: a
        machine time with a zone comes first. ``stated``: what the page's elements state.
        """
        machine = list(filter(self._believes, self._machine(self.said.published, _PUBLISHED)))
        if moment := read_machine(stated):
            machine += filter(self._believes, [moment])
        shown = filter(self._believes, visible)
        sure = next((one for one in machine if one.has_zone and one.has_time), None)
        if sure and not shown_first:
            return _corrected(sure, shown)
        for moment in shown:
            return refined(moment, machine)  # one in US order is sure where it agrees
        return machine[0].at if machine else None

    def modified(
        self, published: datetime | None, visible: Iterable[Moment] = ()
    ) -> datetime | None:
        """When the page says that it was changed after it was published."""
        machine = self._machine(self.said.modified, _MODIFIED)
        for moment in (*visible, *machine):
            if self._believes(moment) and moment.has_time:
                return moment.at if published is None or moment.at > published else None
        return None

    def _believes(self, moment: Moment) -> bool:
        return believable(moment, self.document.page.captured_at, self.outlet.founded)

    def _machine(self, structured: str, names: Iterable[str]) -> Iterator[Moment]:
        texts = [text for name in names for text in self.document.metas.get(name, ())]
        if moment := read_machine(structured):
            yield moment
        moments = [moment for text in texts if (moment := read_machine(text))]
        yield from sorted(moments, key=lambda moment: (moment.us_order, not moment.has_zone))

    def section(self, found: Iterable[str] = ()) -> str | None:
        """The first of the names found, then of the page's own, that is no home page or site."""
        declared = (self.said.section, self.document.meta("article:section", "articlesection"))
        no_sections = (bare_names(self.site_names), the_words().sites, the_words().home)
        for text in (*found, *declared, *self.said.trail):
            name = text.strip(" /›»>|-–—")
            if name and len(name) <= LONGEST_SECTION and not _is_in(bare(name), no_sections):
                return name
        return None

    def tags(self, found: Iterable[str], *, by_keywords: bool) -> tuple[str, ...]:
        """The tags the page shows; else those it declares."""
        tags = _tags(found)
        if not tags:
            tags = _tags(self.document.metas.get("article:tag", ()))
        if not tags:
            names = ("news_keywords", "keywords") if by_keywords else ("news_keywords",)
            tags = _tags(self.document.meta(*names).replace(";", ",").split(","))
        return tags

    def authors(self) -> tuple[str, ...]:
        """Authors that the page declares, not yet told from the site's own name."""
        declared = self.document.meta("article:author")
        metas = [name for name in (self.listed_authors, declared) if name and "://" not in name]
        return (*metas[:1], *self.said.authors)

    @property
    def listed_authors(self) -> str:
        """All authors in one meta, which a page may list where it shows only the first."""
        return self.document.meta("dable:author").replace(";", ", ")


def _corrected(sure: Moment, shown: Iterable[Moment]) -> datetime:
    """A machine time, unless a time shown gives it the lie.

    Programs write local times as UTC, and days as midnights; the same time on the wall, and a
    time of day on that day, are then what readers are told.
    """
    if not sure.is_midnight and sure.offset == HANOI_OFFSET:
        return sure.at
    for moment in shown:
        if moment.has_time and not moment.is_midnight:
            if same_wall(moment, sure):
                return refined(moment, [sure])
            if sure.is_midnight and moment.wall.date() == sure.wall.date():
                return moment.at
    return sure.at


def language_of(document: Document, text: str) -> str:
    """``vi`` where the letters are Vietnamese; else what the page declares."""
    text = text[:_LANGUAGE_LOOKED_AT]
    letters = sum(map(str.isalpha, text))
    if len(_VIETNAMESE.findall(text.lower())) >= _VIETNAMESE_SHARE * letters:
        return "vi"
    declared = (document.root.get("lang") or document.meta("og:locale", "inlanguage"))[:2].lower()
    return declared if declared.isalpha() and declared != "vi" else "en"


def _tags(found: Iterable[str]) -> tuple[str, ...]:
    tags: dict[str, str] = {}
    for text in found:
        tag = tidy(text).strip(" #,;.")
        if tag and len(tag) <= LONGEST_TAG:
            tags.setdefault(bare(tag), tag)
    return tuple(tags.values())[:MOST_TAGS]


def _is_in(name: str, sets: Iterable[frozenset[str]]) -> bool:
    return any(name in one for one in sets)


def _is_same_host(one: str, other: str) -> bool:
    return urlsplit(one).netloc.lower() == urlsplit(other).netloc.lower()

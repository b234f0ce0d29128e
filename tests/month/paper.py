"""A newspaper whose month is written: it stands as the events that it was told leave it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from hanoiwatch.model import Content
from hanoiwatch.sample.addresses import article_path
from hanoiwatch.sample.edition import Edition, Entry, Gone, Link
from hanoiwatch.sample.expected import expected_content
from hanoiwatch.sample.site import Site
from tests.month import events
from tests.month.texts import cut_text

RELATED = 6
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader would call the article: what makes a revision, and nothing else."""

    title: str
    lead: str
    blocks: tuple[tuple[str, str], ...]
    captions: tuple[str, ...]


def told_of(content: Content) -> Told:
    return Told(
        title=content.title,
        lead=content.lead,
        blocks=tuple((block.kind, block.text) for block in content.blocks),
        captions=tuple(image.caption for image in content.images),
    )


Seen = Told | Literal["gone", "worse"]
"""What a visitor meets at an article's address."""


class Paper:
    """Serves a `SampleServer` as its outlet does; `apply` makes each event happen."""

    def __init__(self, name: str, site: Site) -> None:
        self.name, self.site = name, site
        self._base_url = "http://127.0.0.1"
        self._now = BEGINNING
        self._version = 0
        self._entries: dict[str, Entry] = {}
        self._departed: dict[str, Gone] = {}
        self._ended: dict[str, Gone] = {}
        self._edition: Edition | None = None
        self.worse: dict[str, events.WorseKind] = {}
        """By slug: pages that say less than the article now."""
        self.addresses: dict[str, str] = {}
        """Every path that an article ever had, with its slug."""
        self.reformed = False

    @property
    def edition(self) -> Edition:
        """What the outlet shows now; asked from the server's thread."""
        edition = self._edition
        if edition is None:
            edition = self._edition = self._new_edition()
        return edition

    def move_to_host(self, base_url: str) -> None:
        self._base_url = base_url
        self._edition = None

    def path(self, slug: str) -> str:
        return self._entries[slug].path

    def seen(self, slug: str) -> Seen:
        """What a visitor of the article's present address meets."""
        if slug in self._departed:
            return "gone"
        if slug in self.worse:
            return "worse"
        return told_of(expected_content(self._entries[slug], self.edition))

    def apply(self, event: events.Event) -> None:
        self._now, self._version, self._edition = event.at, self._version + 1, None
        match event:
            case events.Published(article=article):
                self._publish(event.slug, article)
            case events.Edited(article=article):
                self._set(event, article=article, edited_at=event.at)
            case events.Touched(kinds=kinds):
                for kind in kinds:
                    self._touch(event, kind)
            case events.Departed(how=how):
                self._departed[event.slug] = _gone(how, self._entries[event.slug])
            case events.CameBack():
                del self._departed[event.slug]
            case events.Worsened(how=how):
                self.worse[event.slug] = how
            case events.Mended():
                del self.worse[event.slug]
            case events.Reformed():
                self._reform()

    def _publish(self, slug: str, article: events.SampleArticle) -> None:
        number = len(self._entries) + 1
        self._entries[slug] = Entry(
            article=article,
            number=number,
            path=article_path(article, number),
            related=self._neighbours(slug),
            changed_at=article.published,
        )
        self.addresses[self.path(slug)] = slug

    def _neighbours(self, slug: str) -> tuple[Link, ...]:
        """Links whose path is the neighbour's slug until the edition is made."""
        newest = [each for each in reversed(self._entries) if each != slug][:RELATED]
        return tuple(Link(path=each, title=self._entries[each].article.title) for each in newest)

    def _set(self, event: events.Event, **changes: object) -> None:
        old = self._entries[event.slug]
        self._entries[event.slug] = replace(old, changed_at=event.at, **changes)

    def _touch(self, event: events.Event, kind: events.CosmeticKind) -> None:
        old = self._entries[event.slug].cosmetics
        match kind:
            case "counter":
                self._set(event, cosmetics=replace(old, views=old.views + 17))
            case "advertisement":
                self._set(event, cosmetics=replace(old, advertisement=old.advertisement + 1))
            case "tags":
                self._set(event, cosmetics=replace(old, tags_turn=old.tags_turn + 1))
            case "stamp":
                self._set(event, cosmetics=replace(old, stamped_at=event.at))
            case "related":
                self._set(event, related=self._neighbours(event.slug))

    def _reform(self) -> None:
        self.reformed = True
        for slug, entry in self._entries.items():
            if slug in self._departed:
                continue
            how = events.DEPARTURES[entry.number % len(events.DEPARTURES)]
            self._ended[entry.path] = _gone(how, entry)
            path = f"/{entry.article.section}/{slug}-{1_700_000 + entry.number}.html"
            self._entries[slug] = replace(entry, path=path)
            self.addresses[path] = slug

    def _new_edition(self) -> Edition:
        standing = [
            self._shown(entry)
            for slug, entry in self._entries.items()
            if slug not in self._departed
        ]
        gone = {self.path(slug): answer for slug, answer in self._departed.items()}
        edition = Edition(
            site=self.site,
            base_url=self._base_url,
            entries=(),
            gone={**self._ended, **gone},
            now=self._now,
            version=self._version,
        )
        return edition.with_entries(tuple(standing))

    def _shown(self, entry: Entry) -> Entry:
        slug = self.addresses[entry.path]
        article = cut_text(entry.article) if self.worse.get(slug) == "cut" else entry.article
        related = tuple(replace(link, path=self.path(link.path)) for link in entry.related)
        return replace(entry, article=article, related=related)


def _gone(how: events.Departure, entry: Entry) -> Gone:
    match how:
        case "404":
            return Gone(status=404)
        case "410":
            return Gone(status=410)
        case "to its section":
            return Gone(status=302, location=f"/{entry.article.section}")


def slug_of(paper: Paper, url: str) -> str | None:
    """The article that ever was at this address."""
    return paper.addresses.get(re.sub(r"^https?://[^/]+", "", url).partition("?")[0])

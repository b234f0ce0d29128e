"""The sample outlet: a newspaper whose newsroom is a test."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.model import Content
from hanoiwatch.sample.addresses import article_path
from hanoiwatch.sample.articles import Piece, SampleArticle, load_articles
from hanoiwatch.sample.edition import Edition, Entry, Gone, Link
from hanoiwatch.sample.expected import expected_content
from hanoiwatch.sample.site import Site, sample_site

Removal = Literal["not-found", "gone", "to-section"]
Cosmetic = Literal["counter", "advertisement", "tags", "stamp"]

RELATED_LINKS = 6
_STEP = timedelta(minutes=1)
"""How far the outlet's own clock moves with each change, so that no two share a second."""


class UnknownSlugError(HanoiwatchError):
    """You meet it when a test names an article that the outlet does not have."""


class Outlet:
    """The current state of the newspaper; every method may be called from any thread.

    Readers take the `edition`, which never changes; each change makes the next one.
    The outlet has its own clock: ten minutes after its newest article at first, then one
    minute later with each change. Articles are named by their slug.
    """

    def __init__(
        self,
        articles: Iterable[SampleArticle] | None = None,
        *,
        site: Site | None = None,
        padding_kb: int = 0,
    ) -> None:
        """``articles``: the bundled ones when None. ``padding_kb``: article pages are filled
        up with page furniture to about so many thousand bytes."""
        self._lock = threading.RLock()
        ordered = sorted(
            load_articles() if articles is None else articles, key=lambda each: each.published
        )
        self._published = 0
        entries: list[Entry] = []
        for article in ordered:
            entries.append(self._new_entry(article, entries[: -RELATED_LINKS - 1 : -1]))
        newest = ordered[-1].published if ordered else datetime(2026, 1, 1, tzinfo=UTC)
        self._edition = Edition(
            site=site or sample_site(),
            base_url="http://127.0.0.1",
            entries=(),
            gone={},
            now=newest + timedelta(minutes=10),
            padding_kb=padding_kb,
        ).with_entries(tuple(entries))

    @property
    def edition(self) -> Edition:
        """What the outlet shows now."""
        return self._edition

    # --- reading ---------------------------------------------------------------------------

    def entry(self, slug: str) -> Entry:
        """The article called ``slug`` where it stands now."""
        for entry in self._edition.entries:
            if entry.article.slug == slug:
                return entry
        raise UnknownSlugError(f"the outlet has no article {slug!r}")

    def url(self, slug: str) -> str:
        return self._edition.url(self.entry(slug).path)

    def expected(self, slug: str) -> Content:
        """What an archive should say of the article (see `expected_content`)."""
        return expected_content(self.entry(slug), self._edition)

    def all_expected(self) -> dict[str, Content]:
        """`expected` of every article that is shown now, by URL, newest first."""
        edition = self._edition
        contents = (expected_content(entry, edition) for entry in edition.entries)
        return {content.url: content for content in contents}

    # --- the newsroom ----------------------------------------------------------------------

    def move_to_host(self, base_url: str) -> None:
        """Absolute links (canonical, feeds, sitemaps) start with ``base_url`` from now on."""
        self._change(lambda edition: replace(edition, base_url=base_url.rstrip("/")))

    def publish(self, article: SampleArticle) -> Entry:
        """Put a new article out; lists order it by its own date of publication."""
        with self._lock:
            entry = self._new_entry(article, self._edition.entries[:RELATED_LINKS])
            self._change(lambda edition: edition.with_entries((*edition.entries, entry)))
        return entry

    def edit(
        self,
        slug: str,
        *,
        title: str | None = None,
        lead: str | None = None,
        pieces: Mapping[int, str] | None = None,
        captions: Mapping[int, str] | None = None,
        dropped: Iterable[int] = (),
    ) -> None:
        """Change what the article says: ``pieces`` by place among all blocks, ``captions`` by
        place among the images; ``dropped`` are the places of blocks that are taken out."""

        def edited(entry: Entry, now: datetime) -> Entry:
            changed = _with_captions(_with_texts(entry.article.pieces, pieces), captions)
            gone = frozenset(dropped)
            article = replace(
                entry.article,
                title=title or entry.article.title,
                lead=lead or entry.article.lead,
                pieces=tuple(piece for place, piece in enumerate(changed) if place not in gone),
            )
            return replace(entry, article=article, changed_at=now, edited_at=now)

        self._change_entry(slug, edited)

    def relabel(
        self,
        slug: str,
        *,
        byline: tuple[str, ...] | None = None,
        tags: tuple[str, ...] | None = None,
        published: datetime | None = None,
    ) -> None:
        """Change what stands around the article's words: who wrote it, its tags, its date."""

        def relabelled(entry: Entry, now: datetime) -> Entry:
            old = entry.article
            article = replace(
                old,
                byline=old.byline if byline is None else byline,
                tags=old.tags if tags is None else tags,
                published=published or old.published,
            )
            return replace(entry, article=article, changed_at=now)

        self._change_entry(slug, relabelled)

    def touch(self, slug: str, what: Cosmetic) -> None:
        """Change the page's bytes and nothing that the article says."""

        def touched(entry: Entry, now: datetime) -> Entry:
            old = entry.cosmetics
            match what:
                case "counter":
                    new = replace(old, views=old.views + 1)
                case "advertisement":
                    new = replace(old, advertisement=old.advertisement + 1)
                case "tags":
                    new = replace(old, tags_turn=old.tags_turn + 1)
                case "stamp":
                    new = replace(old, stamped_at=now)
            return replace(entry, cosmetics=new, changed_at=now)

        self._change_entry(slug, touched)

    def delete(self, slug: str, how: Removal = "not-found") -> None:
        """Take the article away; its address answers 404, 410 or a redirect to its section."""
        entry = self.entry(slug)
        answers = {
            "not-found": Gone(status=404),
            "gone": Gone(status=410),
            "to-section": Gone(status=302, location=f"/{entry.article.section}"),
        }
        self._change(lambda edition: _without(edition, entry, answers[how]))

    def move(self, slug: str, new_slug: str | None = None) -> Entry:
        """Give the article a new address (and name); the old one answers 301 to it."""
        with self._lock:
            old = self.entry(slug)
            article = replace(old.article, slug=new_slug or slug)
            new = replace(self._new_entry(article, ()), related=old.related)
            rest = _without(self._edition, old, Gone(status=301, location=new.path))
            self._change(lambda _: rest.with_entries((*rest.entries, new)))
        return new

    def readdress(self, slug: str, new_slug: str, *, redirect: bool = True) -> Entry:
        """Show the very same page at a new address; the old one answers 301 to it, or 404.

        Unlike `move` it keeps the article's number, on which a page's small print depends."""
        with self._lock:
            old = self.entry(slug)
            article = replace(old.article, slug=new_slug)
            new = replace(old, article=article, path=article_path(article, old.number))
            gone = Gone(status=301, location=new.path) if redirect else Gone(status=404)
            rest = _without(self._edition, old, gone)
            self._change(lambda _: rest.with_entries((*rest.entries, new)))
        return new

    def end_redirects(self, to: str) -> None:
        """Addresses that answered with a redirect to the path ``to`` answer 404 from now on."""

        def ended(edition: Edition) -> Edition:
            gone = {
                path: Gone(status=404) if answer.location == to else answer
                for path, answer in edition.gone.items()
            }
            return replace(edition, gone=gone)

        self._change(ended)

    def bring_back(self, entry: Entry) -> None:
        """Show an article again, at the address where it was before it was deleted."""

        def shown(edition: Edition) -> Edition:
            gone = {path: answer for path, answer in edition.gone.items() if path != entry.path}
            return replace(edition, gone=gone).with_entries((*edition.entries, entry))

        self._change(shown)

    # --- inside ----------------------------------------------------------------------------

    def _new_entry(self, article: SampleArticle, neighbours: Iterable[Entry]) -> Entry:
        self._published += 1
        return Entry(
            article=article,
            number=self._published,
            path=article_path(article, self._published),
            related=tuple(Link(path=each.path, title=each.article.title) for each in neighbours),
            changed_at=article.published,
        )

    def _change(self, change: Callable[[Edition], Edition]) -> None:
        with self._lock:
            old = self._edition
            self._edition = replace(change(old), now=old.now + _STEP, version=old.version + 1)

    def _change_entry(self, slug: str, change: Callable[[Entry, datetime], Entry]) -> None:
        with self._lock:
            old = self.entry(slug)
            new = change(old, self._edition.now + _STEP)
            self._change(
                lambda edition: replace(
                    edition,
                    entries=tuple(new if each is old else each for each in edition.entries),
                )
            )


def copy_of(article: SampleArticle, *, original_source: str, published: datetime) -> SampleArticle:
    """The article as another outlet reprints it: no byline, "Theo …" below. `replace` tells
    what that desk changed (title, lead, template, section)."""
    return replace(article, original_source=original_source, published=published, byline=())


def _without(edition: Edition, entry: Entry, gone: Gone) -> Edition:
    rest = tuple(each for each in edition.entries if each is not entry)
    return replace(edition, entries=rest, gone={**edition.gone, entry.path: gone})


def _with_texts(pieces: tuple[Piece, ...], texts: Mapping[int, str] | None) -> tuple[Piece, ...]:
    texts = texts or {}
    return tuple(
        replace(piece, text=texts[place]) if place in texts else piece
        for place, piece in enumerate(pieces)
    )


def _with_captions(
    pieces: tuple[Piece, ...], captions: Mapping[int, str] | None
) -> tuple[Piece, ...]:
    captions = captions or {}
    images = itertools.count()
    return tuple(
        piece if piece.picture is None else _with_caption(piece, captions.get(next(images)))
        for piece in pieces
    )


def _with_caption(piece: Piece, caption: str | None) -> Piece:
    if piece.picture is None or caption is None:
        return piece
    return replace(piece, picture=replace(piece.picture, caption=caption))

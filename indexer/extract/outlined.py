"""Reading a page by a layout: each field where the layout says it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from lxml.html import HtmlElement

from hanoiwatch.model import Content
from hanoiwatch.page.document import Document
from hanoiwatch.page.tree import lines_of, text_of, tidy
from hanoiwatch.sources.schema import Layout
from hanoiwatch.text import canon
from indexer.extract.body import BodyRules, read_body
from indexer.extract.dates import Moment, read_machine, read_visible
from indexer.extract.fields import NOBODY, Facts, Outlet, language_of
from indexer.extract.finish import Body, finish
from indexer.extract.lead import split_lead
from indexer.extract.people import Credits, read_byline, read_source
from indexer.extract.pictures import class_tokens, pictures_in
from indexer.extract.pieces import Piece
from indexer.extract.places import MOST_LOOKED_AT, Places
from indexer.extract.selectors import compiled
from indexer.extract.words import the_words

_FIELDS = ("title", "lead", "published", "modified", "section", "tags", "original_source")


_NO_LEAD = frozenset({"ul", "ol", "table", "figure"})
"""In a lead: links to earlier articles, a picture."""
_OTHERS = re.compile(r"\d+ tác giả khác")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outline:
    """The elements of a page by the field of the layout that selects them."""

    document: Document
    layout: Layout
    fields: dict[str, list[HtmlElement]]

    def texts(self, field: str) -> list[str]:
        return [text for one in self.fields[field] if (text := _text(one))]

    def first(self, field: str) -> str:
        return next(iter(self.texts(field)), "")


def read_by_layout(document: Document, layout: Layout, outlet: Outlet = NOBODY) -> Content | None:
    """The article, or None where the page lacks what the layout needs: a title and a container.

    It has no blocks where there is nothing in the container.
    """
    container = container_of(document, layout)
    if container is None:
        return None
    fields = {name: compiled(getattr(layout, name)).first_group(document) for name in _FIELDS}
    places = Places(container, next(iter(fields["title"]), None))
    fields["byline"] = _bylines(document, layout, places)
    outline = _Outline(document=document, layout=layout, fields=fields)
    facts = Facts(document=document, outlet=outlet)
    title = facts.title(outline.first("title") or _only_heading(document))
    prefix, lead = _lead(outline, facts, places)
    body = _body(outline, container, facts, title, lead)
    if not title:
        return None
    if body.lead != lead:
        prefix, lead = split_lead(body.lead, facts.site_names)
    made = _credits(outline, facts, body)
    published = facts.published(_moments(outline, "published", places))
    return Content(
        url=facts.url(),
        title=title,
        lead=lead,
        lead_prefix=prefix,
        byline=made.byline,
        photographers=made.photographers,
        original_source=_source(outline) or made.original_source,
        section=facts.section(outline.texts("section")),
        published_at=published,
        modified_at=facts.modified(published, _moments(outline, "modified", places)),
        blocks=body.blocks,
        images=body.images,
        tags=facts.tags(outline.texts("tags"), by_keywords=not layout.tags),
        language=language_of(document, " ".join((title, lead, *_texts(body)))),
    )


def _text(element: HtmlElement) -> str:
    """What an element shows; of a <meta>, what it declares."""
    return tidy(element.get("content") or "") if element.tag == "meta" else text_of(element)


def _only_heading(document: Document) -> str:
    headings = [text for one in document.root.iter("h1") if (text := text_of(one))]
    return headings[0] if len(headings) == 1 else ""


def container_of(document: Document, layout: Layout) -> HtmlElement | None:
    """Of what `text` selects, the element with the most text."""
    found = compiled(layout.text).first_group(document)
    if len(found) == 1:
        return found[0]
    return max(found, key=lambda one: len("".join(one.itertext())), default=None)


def _lead(outline: _Outline, facts: Facts, places: Places) -> tuple[str | None, str]:
    elements = [
        one
        for one in outline.fields["lead"][:MOST_LOOKED_AT]
        if _text(one) and not places.is_in_card(one) and not places.is_below(one)
    ]
    if not elements:
        return None, ""
    if elements[0].tag == "meta":
        return split_lead(_text(elements[0]), facts.site_names)
    parts = list(_side_by_side(elements))
    inside = [one for part in parts for one in part.iterdescendants()]
    before = {one for one in inside if _stands_before(one)}
    apart = {one for one in inside if one.tag in _NO_LEAD} | before
    prefix, lead = split_lead(
        " ".join(line for part in parts for line in lines_of(part, apart)), facts.site_names
    )
    place = " ".join(text_of(one) for one in before)
    return prefix or place or None, lead


def _side_by_side(elements: list[HtmlElement]) -> Iterator[HtmlElement]:
    """The first element, and those right after it: two paragraphs can be one lead. The same class
    elsewhere is another article's."""
    last = elements[0]
    yield last
    for element in elements[1:]:
        if element.getprevious() is not last:
            return
        yield element
        last = element


def _stands_before(element: HtmlElement) -> bool:
    return bool(class_tokens(element) & the_words().prefix_classes)


def _body(outline: _Outline, container: HtmlElement, facts: Facts, title: str, lead: str) -> Body:
    document, layout = outline.document, outline.layout
    rules = BodyRules(
        base_url=document.base_url,
        skip=_skipped(outline, container),
        insets=set(compiled(layout.inset).all(document, container)),
        captions=set(compiled(layout.caption).all(document)),
    )
    pieces = read_body(container, rules)
    cover = compiled(layout.cover).first_group(document)
    if cover:
        pictures = pictures_in(cover[0], rules.captions, (), rules.base_url)
        pieces = [*(Piece(kind="image", picture=one) for one in pictures), *pieces]
    return finish(
        pieces,
        title=title,
        lead=lead,
        site_names=facts.site_names,
        bold_headings=layout.bold_headings,
    )


def _skipped(outline: _Outline, container: HtmlElement) -> set[HtmlElement]:
    """Fields that stand in the container, and what the layout drops there."""
    inside: set[HtmlElement] = set()
    for name, found in outline.fields.items():
        within = {one for one in found if container in one.iterancestors()}
        # where the time stands above the text, those in it are of a live report's entries
        if name != "published" or len(within) == len(found):
            inside |= within
    dropped = compiled(", ".join(outline.layout.drop))
    inside.update(dropped.all(outline.document, container))
    return inside - {container}


def _texts(body: Body) -> Iterable[str]:
    return (block.text for block in body.blocks)


def _moments(
    outline: _Outline, field: Literal["published", "modified"], places: Places
) -> Iterator[Moment]:
    """The times that the layout's elements show, those with a time of day first."""
    found = compiled(getattr(outline.layout, field)).all(outline.document)
    elements = places.ours(found) or found
    texts = [text for one in elements if (text := text_of(one))]
    if field == "published" and len(texts) > 1:
        texts = [text for text in texts if not canon(text).startswith("cập nhật")] or texts
    formats = outline.layout.published_formats
    shown = [moment for text in texts if (moment := read_visible(text, formats))]
    yield from (moment for moment in shown if moment.has_time)
    for element in elements:
        stated = element.get("datetime") or element.get("content") or ""
        if moment := read_machine(stated) or read_visible(element.get("title") or "", formats):
            yield moment
    # some templates show the date and the time of day in two elements
    joined = read_visible(" ".join(texts), formats) if len(texts) > 1 else None
    yield from (moment for moment in (joined, *shown) if moment)


def _credits(outline: _Outline, facts: Facts, body: Body) -> Credits:
    """Who made it: as the page shows it above or below the text, else as it declares it."""
    shown = outline.texts("byline")
    if any(_OTHERS.search(canon(text)) for text in shown):
        shown = list(facts.authors()) or shown  # "Hà Vũ và 2 tác giả khác"
    made = Credits()
    for text in shown:
        made |= read_byline(text, facts.site_names)
    listed = read_byline(facts.listed_authors, facts.site_names)
    if set(made.byline) < set(listed.byline):  # the page shows the first, and "and 2 more"
        made = Credits(byline=listed.byline) | made
    made |= body.credits
    if not made.byline:
        for text in facts.authors():
            declared = read_byline(text, facts.site_names)
            made |= Credits(byline=declared.byline)
    if made.original_source in made.byline:  # "Theo Hà My" names the author there
        return replace(made, original_source=None)
    return made


def _bylines(document: Document, layout: Layout, places: Places) -> list[HtmlElement]:
    """Of the first alternative that says something of this article; above the text if any."""
    below: list[HtmlElement] = []
    for group in compiled(layout.byline).groups(document):
        if ours := places.ours(list(filter(_text, group))):
            if not places.is_below(ours[0]):
                return ours
            below = below or ours
    return below


def _source(outline: _Outline) -> str | None:
    lines = (line for one in outline.fields["original_source"] for line in lines_of(one))
    return next((source for line in lines if (source := read_source(line))), None)

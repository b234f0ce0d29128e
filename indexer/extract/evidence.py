"""Lead, section and tags on a page that nobody has described: by what marks them, and by place."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from hanoiwatch.page.tree import text_of
from indexer.extract.evidence_words import the_evidence_words
from indexer.extract.surroundings import NEAR, Surroundings
from indexer.extract.words import the_words

OVER = 5
"""Elements before the headline among which a link to its section is looked for."""


def marked_leads(around: Surroundings) -> Iterator[str]:
    """The texts of boxes near the headline that are marked as a lead."""
    for element in around.marks.having(the_words().leads):
        away = around.order[element] - around.place
        if abs(away) <= NEAR and not around.is_beside(element):
            yield text_of(element)


def trail(around: Surroundings) -> Iterator[str]:
    """The names of the breadcrumbs; else of links that say they name a category."""
    for element in around.marked(the_evidence_words().trails):
        if links := list(element.iter("a")):
            yield from map(text_of, links)
            return
    for link in around.document.with_attribute("rel"):
        if "category" in (link.get("rel") or "").split():
            yield text_of(link)
    near = around.nearest_first(around.marked(the_evidence_words().sections))
    for element in near[:1]:
        if around.distance(element) <= NEAR:
            yield text_of(next(element.iter("a"), element))
    yield from _links_over_headline(around)


def _links_over_headline(around: Surroundings) -> Iterator[str]:
    """A lone link right above the headline, where nothing says what it is."""
    for element in reversed(around.document.elements[max(0, around.place - OVER) : around.place]):
        leads_home = (element.get("href") or "").strip() in {"", "/", "./"}
        if element.tag == "a" and not leads_home and not _is_in_menu(element):
            yield text_of(element)
            return


def shown_tags(around: Surroundings) -> Iterator[str]:
    """The tags that the page shows as links."""
    relating = [
        one
        for one in around.document.with_attribute("rel")
        if {"tag"} == set((one.get("rel") or "").split()) - {"nofollow"}
    ]
    if relating:
        yield from map(text_of, relating)
        return
    for element in around.nearest_first(around.marked(the_evidence_words().tags))[:1]:
        yield from map(text_of, element.iter("a"))


def _is_in_menu(link: HtmlElement) -> bool:
    box = link.getparent()
    return box is None or sum(1 for _ in box.iter("a")) > 1 or box.tag in {"li", "nav"}

"""`read_page`: from a captured page to its article, or to the reason why it holds none."""

from __future__ import annotations

from hanoiwatch.model import Content, ReadArticle, Reading, ReadNothing
from hanoiwatch.page.document import PageInput, open_document
from hanoiwatch.page.kind import NoArticle, refused_by_answer, refused_by_words, wall_in
from indexer.extract.general import read_generally
from indexer.extract.layouts import LayoutBook
from indexer.extract.outlined import read_by_layout

SHORT_TEXT = 500
"""Characters: a shorter text may be the teaser of a text behind a login."""


def read_page(page: PageInput, layouts: LayoutBook) -> Reading:
    """The article of a captured page, or why it holds none.

    Pure, and never raises for what a page may hold. The layout is chosen by the page itself:
    the source's own first, then its family's, then any bundled one; without one the general
    path reads the page.
    """
    extractor = layouts.extractor(page.source)
    if refused := refused_by_answer(page):
        return _nothing(refused, extractor)
    document = open_document(page)
    if document is None:
        return _nothing(NoArticle(reason="empty", detail="no HTML"), extractor)
    outlet = layouts.outlet(document)
    empty: NoArticle | None = None
    for layout in layouts.candidates(document):
        content = read_by_layout(document, layout, outlet)
        if content is not None and content.blocks:
            return _checked(content, layout.name, extractor)
        if content is not None:
            empty = empty or NoArticle(reason="empty", detail=f"{layout.name}: no text")
    if refused := refused_by_words(document) or empty:
        return _nothing(refused, extractor)
    found = read_generally(document, outlet)
    if isinstance(found, NoArticle):
        return _nothing(found, extractor)
    return _checked(found, "general", extractor)


def _checked(content: Content, layout: str, extractor: str) -> Reading:
    lines = (content.title, *(block.text for block in content.blocks if block.text))
    if sum(map(len, lines)) < SHORT_TEXT and (wall := wall_in(lines)):
        return _nothing(wall, extractor)
    return ReadArticle(content=content, layout=layout, extractor=extractor)


def _nothing(why: NoArticle, extractor: str) -> ReadNothing:
    return ReadNothing(reason=why.reason, detail=why.detail, extractor=extractor)

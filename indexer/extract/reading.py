"""`read_page`: from a captured page to its article, or to the reason why it holds none."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement

from hanoiwatch.model import Content, ReadArticle, Reading, ReadNothing
from hanoiwatch.page.document import Document, PageInput, open_document
from hanoiwatch.page.kind import NoArticle, refused_by_answer, refused_by_words, wall_below, wall_in
from indexer.extract.general import read_generally
from indexer.extract.layouts import LayoutBook
from indexer.extract.outlined import container_of, read_by_layout
from indexer.extract.selectors import compiled
from indexer.extract.traits import traits_of

SHORT_TEXT = 500
"""Characters: a shorter text may be a notice, or the teaser of a text behind a login."""
TEASER = 900
"""Characters: the longest teaser that a wall below it ends."""

LEAST_IN = 20
"""Characters in a container, from which it is not an empty one."""
LEAST_PROSE = 80
"""Characters of paragraphs and quotations that are a text, whatever they say. Less may be what is
left of one: a question that was a heading, the source of a table."""
SHORTEST_SENTENCE = 6
"""Words of a paragraph that ends as a sentence does, which are a text, however short, unless there
are so many empty paragraphs around it:"""
MOST_EMPTY = 3
LEAST_TOLD = 200
"""Characters of captions, or of lists, tables and boxes, that are an article without a text: a
photo essay has several captions; one picture, or a short list, is what is left of a page that lost
its text."""
_PROSE = frozenset({"paragraph", "quote"})


def read_page(page: PageInput, layouts: LayoutBook) -> Reading:
    """The article of a captured page, or why it holds none.

    Pure, and never raises for what a page may hold. The layout is chosen by the page itself:
    the source's own first, then its family's, then any bundled one; without one the general
    path reads the page.
    """
    document = _opened(page)
    return _read(document, layouts, layouts.extractor(page.source))


def read_closely(page: PageInput, layouts: LayoutBook) -> Reading:
    """`read_page`, with the traits of a page that holds an article: for the record."""
    document = _opened(page)
    reading = _read(document, layouts, layouts.extractor(page.source))
    if isinstance(document, NoArticle) or isinstance(reading, ReadNothing):
        return reading
    layout = next((one for one in layouts.candidates(document) if one.name == reading.layout), None)
    return replace(reading, traits=traits_of(document, reading.content, layout))


def _opened(page: PageInput) -> Document | NoArticle:
    if refused := refused_by_answer(page):
        return refused
    return open_document(page) or NoArticle(reason="empty", detail="no HTML")


def _read(document: Document | NoArticle, layouts: LayoutBook, extractor: str) -> Reading:
    if isinstance(document, NoArticle):
        return _nothing(document, extractor)
    outlet = layouts.outlet(document)
    empty: NoArticle | None = None
    for layout in layouts.candidates(document):
        content = read_by_layout(document, layout, outlet)
        container = container_of(document, layout)
        if content is not None and _says_something(content, container):
            return _checked(content, layout.name, extractor, document, container)
        if content is not None:
            wall = wall_in(content.title, content.text.split("\n"))  # a line that is left
            empty = empty or wall or NoArticle(reason="empty", detail=f"{layout.name}: no text")
    if refused := refused_by_words(document) or empty or _emptied(document, layouts):
        return _nothing(refused, extractor)
    found = read_generally(document, outlet)
    if isinstance(found, NoArticle):
        return _nothing(found, extractor)
    return _checked(found, "general", extractor, document)


def _says_something(content: Content, container: HtmlElement | None) -> bool:
    """Whether there is a text, or else lists, tables and captions that tell the story in its
    place: some lines of a table are what is left of a page that lost its text."""
    if content.blocks and all(block.kind in _PROSE for block in content.blocks):
        return True  # a line of news; nothing shows that there was more
    prose = [block.text for block in content.blocks if block.kind in _PROSE]
    if sum(map(len, prose)) >= LEAST_PROSE:
        return True
    if any(map(_is_sentence, prose)) and not _is_hollow(container):
        return True
    if sum(len(image.caption) for image in content.images) >= LEAST_TOLD:
        return True
    listed = sum(len(block.text) for block in content.blocks if block.kind != "heading")
    return listed >= LEAST_TOLD


def _is_hollow(container: HtmlElement | None) -> bool:
    """Whether paragraphs stand in it that say nothing, where texts stood."""
    if container is None:
        return False
    empty = (one for one in container.iter("p") if not len(one) and not (one.text or "").strip())
    return len(list(islice(empty, MOST_EMPTY))) == MOST_EMPTY


def _is_sentence(text: str) -> bool:
    return text.endswith((".", "!", "…", ".”", '."')) and len(text.split()) >= SHORTEST_SENTENCE


def _emptied(document: Document, layouts: LayoutBook) -> NoArticle | None:
    """Whether the page has containers of texts that are known, and nothing in any of them.

    Then what prose there is belongs to something else: a notice, a comment, another article.
    """
    found = [one for layout in layouts.all() for one in compiled(layout.text).all(document)]
    if not found or any(len("".join(one.itertext()).strip()) >= LEAST_IN for one in found):
        return None
    return NoArticle(reason="empty", detail="nothing in the container of the text")


def _checked(
    content: Content,
    layout: str,
    extractor: str,
    document: Document,
    container: HtmlElement | None = None,
) -> Reading:
    text = content.text
    if len(text) < SHORT_TEXT and (wall := wall_in(content.title, text.split("\n"))):
        return _nothing(wall, extractor)
    if len(text) < TEASER and (wall := wall_below(document, text, container)):
        return _nothing(wall, extractor)
    return ReadArticle(content=content, layout=layout, extractor=extractor)


def _nothing(why: NoArticle, extractor: str) -> ReadNothing:
    return ReadNothing(reason=why.reason, detail=why.detail, extractor=extractor)

"""The general path: a page that no layout knows.

trafilatura says what the text of the page is; the blocks are then read from the page's own
elements, so that headings, lists, pictures and captions keep their places. The fields around it
are found by what pages have in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from lxml.html import HtmlElement

from hanoiwatch.model import Content
from hanoiwatch.page.document import Document
from hanoiwatch.page.kind import NoArticle
from hanoiwatch.page.tree import text_of
from hanoiwatch.text import fold, words
from indexer.extract.body import BodyRules, read_body
from indexer.extract.boilerplate import main_text
from indexer.extract.dates import Moment, read_machine, read_visible
from indexer.extract.fields import Facts, language_of
from indexer.extract.finish import finish
from indexer.extract.lead import split_lead
from indexer.extract.listing import is_list
from indexer.extract.people import Credits, looks_like_name, read_byline
from indexer.extract.pictures import class_tokens
from indexer.extract.pieces import Piece
from indexer.extract.words import bare, the_words

SHORTEST_ARTICLE = 200
"""Characters of text in all; the shortest real news items have about 300."""
LEAST_PROSE = 0.3
"""Share of the text; a page of data tables has some lines of explanation."""
SOLID = 80
"""Characters from which a line is prose: shorter ones occur anywhere on a page."""
MOST_LOST = 0.2
"""Share of trafilatura's text that may be missing in the blocks; else its own lines are taken."""
MOSTLY_LINKS = 0.5
"""Share of a text in links."""
LONGEST_TIME = 80
SAME_TITLE = 0.6
"""Share of a heading's words that the page's declared titles have too."""


def read_generally(document: Document, source_names: tuple[str, ...] = ()) -> Content | NoArticle:
    """The article of a page without a layout, or why it is none."""
    main = main_text(document)
    text = main.text
    facts = Facts(document=document, source_names=source_names)
    if is_list(document, text):
        return NoArticle(reason="list", detail="mostly links to other pages")
    if main.prose < max(SHORTEST_ARTICLE, LEAST_PROSE * len(text)):
        return NoArticle(reason="empty", detail=f"{main.prose} characters of prose")
    body_element = document.root.find("body")
    whole = document.root if body_element is None else body_element
    page = read_body(whole, BodyRules(base_url=document.base_url))
    title = facts.title(_heading(document, facts))
    page, lead = _take_lead(page, document, text)
    body = finish(
        _chosen(page, text), title=title, lead=lead, site_names=facts.site_names,
        bold_headings=False,
    )  # fmt: skip
    if not title or not body.blocks:
        return NoArticle(reason="empty", detail="no title or no text")
    prefix, lead = split_lead(body.lead, facts.site_names)
    made = _credits(document, facts) | body.credits
    published = facts.published(_shown_times(document), shown_first=False)
    return Content(
        url=facts.url(),
        title=title,
        lead=lead,
        lead_prefix=prefix,
        byline=made.byline,
        photographers=made.photographers,
        original_source=made.original_source,
        section=facts.section(_trail(document)),
        published_at=published,
        modified_at=facts.modified(published),
        blocks=body.blocks,
        images=body.images,
        tags=facts.tags((), by_keywords=True),
        language=language_of(document, text),
    )


# --- which of the page's pieces are the text --------------------------------------------------


def _chosen(page: list[Piece], text: str) -> list[Piece]:
    """The pieces that hold ``text``, and the prose and pictures between them."""
    wanted = _squeezed(text)
    kept = [_is_in(wanted, piece) for piece in page]
    solid = [at for at, piece in enumerate(page) if kept[at] and len(piece.text) >= SOLID]
    found = sum(len(_squeezed(page[at].text)) for at in range(len(page)) if kept[at])
    if not solid or found < (1 - MOST_LOST) * len(wanted):
        return [Piece(kind="paragraph", text=line) for line in text.split("\n")]
    first, last = _with_opening(page, kept, solid[0]), _with_end(page, kept, solid[-1])
    return [page[at] for at in range(first, last + 1) if kept[at] or _belongs(page[at])]


def _is_in(wanted: str, piece: Piece) -> bool:
    """Whether each line and cell of a piece occurs; trafilatura joins and marks them its way."""
    parts = [part for line in piece.text.split("\n") for part in line.split("\t")]
    return bool(piece.text) and all(_squeezed(part) in wanted for part in parts)


def _squeezed(text: str) -> str:
    """Without blanks, nor the strokes that trafilatura sets between cells."""
    return "".join(text.replace("|", " ").split())


def _with_opening(page: list[Piece], kept: list[bool], first: int) -> int:
    """The place of the first piece: short lines and pictures right before the first prose."""
    while first > 0 and (kept[first - 1] or page[first - 1].kind == "image"):
        first -= 1
    return first


def _with_end(page: list[Piece], kept: list[bool], last: int) -> int:
    while last + 1 < len(page) and kept[last + 1]:
        last += 1
    return last


def _belongs(piece: Piece) -> bool:
    """Between two paragraphs of the text: a picture, or a block that trafilatura lost."""
    if piece.kind in {"image", "list", "table", "inset"}:
        return True  # no list of links comes so far
    if piece.setting.linked >= MOSTLY_LINKS:
        return False
    return piece.kind in {"heading", "quote"} or len(piece.text) >= SOLID


# --- title, lead -------------------------------------------------------------------------------


def _heading(document: Document, facts: Facts) -> str:
    """The <h1> that says best what the page calls itself; search engines get another wording."""
    sites = {*map(bare, facts.site_names), *the_words().sites}
    headings = [text_of(one) for one in document.root.iter("h1")]
    headings = [text for text in headings if text and bare(text) not in sites]
    declared = set(words(fold(facts.title())))
    agreeing = [(_agreement(text, declared), text) for text in headings]
    best, heading = max(agreeing, default=(0.0, ""), key=lambda one: (one[0], len(one[1])))
    return heading if best >= SAME_TITLE or not declared else ""


def _agreement(heading: str, declared: set[str]) -> float:
    said = words(fold(heading))
    return sum(word in declared for word in said) / max(1, len(said))


def _take_lead(page: list[Piece], document: Document, text: str) -> tuple[list[Piece], str]:
    """The paragraph that is set as a lead, or that the page describes itself by and that is not
    set like the text."""
    described = bare(document.meta("og:description", "description"))[:SOLID]
    wanted = _squeezed(text)
    for at, piece in enumerate(page):
        if piece.kind not in {"paragraph", "heading"} or len(piece.text) < SOLID // 2:
            continue
        is_marked = bool(piece.setting.classes & the_words().leads)
        is_described = bool(described) and bare(piece.text).startswith(described)
        is_apart = piece.setting.is_bold or piece.kind == "heading"
        in_text = _squeezed(piece.text) in wanted
        if (is_described and (is_marked or is_apart or not in_text)) or (is_marked and in_text):
            return [*page[:at], *page[at + 1 :]], piece.text
    return page, ""


# --- the fields around the text ----------------------------------------------------------------


def _nearest_first(document: Document, found: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Elements by their distance from the headline: mastheads and lists are farther away."""
    order = {element: at for at, element in enumerate(document.root.iter())}
    heading = next(document.root.iter("h1"), None)
    place = order.get(heading, 0) if heading is not None else 0
    return sorted(found, key=lambda one: abs(order[one] - place))


def _shown_times(document: Document) -> Iterator[Moment]:
    marked = [
        element
        for element in document.root.iter("time", "span", "div", "p", "em", "i", "li", "small")
        if element.tag == "time" or class_tokens(element) & the_words().times
    ]
    for element in _nearest_first(document, marked):
        text = text_of(element)
        stated = read_machine(element.get("datetime") or "")
        shown = read_visible(text) if len(text) <= LONGEST_TIME else None
        for moment in (stated if stated and stated.has_time else None, shown):
            if moment is not None:
                yield moment


def _credits(document: Document, facts: Facts) -> Credits:
    made = Credits()
    marked = [
        element
        for element in document.root.iter("a", "span", "p", "div", "strong", "li")
        if (element.get("rel") or "") == "author"
        or (element.get("itemprop") or "") == "author"
        or class_tokens(element) & the_words().authors
    ]
    for text in (text_of(one) for one in _nearest_first(document, marked)):
        said = read_byline(text, facts.site_names) if len(text) <= LONGEST_TIME else Credits()
        if said.byline and all(map(looks_like_name, said.byline)):
            return said
    for text in (*facts.authors(), document.meta("author")):
        said = read_byline(text, facts.site_names)
        made |= Credits(byline=tuple(filter(looks_like_name, said.byline)))
    return made


_TRAIL = re.compile("breadcrumb|bread-crumb|trail")


def _trail(document: Document) -> Iterator[str]:
    for element in document.root.iter("ol", "ul", "div", "nav"):
        if _TRAIL.search((element.get("class") or "").lower()):
            links = [text_of(link) for link in element.iter("a")]
            yield from (name for name, _ in pairwise((*links, "")))
            return

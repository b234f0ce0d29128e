"""The general path: a page that no layout knows.

trafilatura says what the text of the page is; the blocks are then read from the page's own
elements, so that headings, lists, pictures and captions keep their places. The fields around it
are found by what pages have in common (`making.py`, `timing.py`, `evidence.py`; decision 0016 has
the order of trust).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from hanoiwatch.model import Content
from hanoiwatch.page.document import Document
from hanoiwatch.page.kind import NoArticle
from hanoiwatch.page.tree import text_of
from hanoiwatch.text import fold, words
from indexer.extract.body import BodyRules, read_body
from indexer.extract.boilerplate import MainText, main_text
from indexer.extract.chosen import About, Chosen, choose
from indexer.extract.chunks import with_further_boxes
from indexer.extract.evidence import marked_leads, shown_tags, trail
from indexer.extract.evidence_words import the_evidence_words
from indexer.extract.fields import NOBODY, Facts, Outlet, language_of
from indexer.extract.finish import finish
from indexer.extract.lead import split_lead
from indexer.extract.listing import is_list
from indexer.extract.making import Making
from indexer.extract.marks import Marks, is_in
from indexer.extract.measure import Measure, measure
from indexer.extract.people import read_source
from indexer.extract.pieces import Piece
from indexer.extract.scaffolding import without_scaffolding
from indexer.extract.surroundings import Surroundings
from indexer.extract.timing import changes, shown_times, stated_time
from indexer.extract.underneath import with_captions
from indexer.extract.words import bare, the_words

SHORTEST_ARTICLE = 200
"""Characters of text in all; the shortest real news items have about 300."""
SHORTEST_TEXT = 100
"""Letters and digits of a text, without what its header says, or characters of captions."""
LEAST_PROSE = 0.3
"""Share of the text; a page of data tables has some lines of explanation."""
GLUED = 900
"""Characters of a page's frame on one line: where trafilatura finds no text, it gives everything
there is, from the headline on."""
SAME_TITLE = 0.6
"""Share of a heading's words that the page's declared titles have too."""
SHORTEST_TITLE = 12
MOST_OFFICE_WORDS = 6
"""Of an office's name; a longer line that begins so says what the office did."""
LONGEST_TITLE = 300


def read_generally(document: Document, outlet: Outlet = NOBODY) -> Content | NoArticle:
    """The article of a page without a layout, or why it is none."""
    measured = measure(document.root)
    plain = without_scaffolding(document, measured)
    if plain is not document:
        document, measured = plain, measure(plain.root)
    main = main_text(document)
    if refused := _refused(document, main, measured):
        main = main_text(document, thoroughly=True)
        if refused := _refused(document, main, measured):
            return refused
    facts = Facts(document=document, outlet=outlet)
    text = with_further_boxes(document, main.text)
    marks = Marks(document=document)
    heading = _headline(facts, marks)
    title = facts.title(heading.text)
    around = Surroundings(document=document, marks=marks, headline=heading.element)
    making = Making(facts=facts, around=around)
    about = About(
        title=title,
        description=document.meta("og:description", "description"),
        leads=frozenset(map(bare, marked_leads(around))),
        is_of_making=making.is_told_by,
    )
    chosen = choose(_pieces(document, measured), text, about)
    content = _content(making, title, chosen, text)
    if isinstance(content, Content) and _is_header(content, about, document):
        return NoArticle(reason="empty", detail="nothing but the article's header")
    if isinstance(content, Content) and _is_nobodys(content, heading, facts):
        return NoArticle(reason="list", detail="no headline, no time, no author")
    return content


def _is_nobodys(content: Content, heading: Heading, facts: Facts) -> bool:
    """Whether nothing on the page says that it is an article: a front page in an article's place
    has prose too, and a title of its own."""
    if heading.element is not None or content.published_at or content.byline:
        return False
    document = facts.document
    if document.meta("og:type").lower().startswith("article") or facts.said.headline:
        return False
    sites = {*map(bare, facts.site_names), *the_words().sites, ""}
    return not any(
        bare(text_of(one)) not in sites and not _leads_home(one) for one in document.root.iter("h1")
    )


def _in_paragraphs(document: Document, about: About) -> int:
    """Characters of the page's paragraphs that are neither its description nor marked as a lead."""
    known = {bare(about.description), *about.leads}
    said = (bare(text_of(one)) for one in document.root.iter("p"))
    return sum(len(text) for text in said if text not in known)


def _is_header(content: Content, about: About, document: Document) -> bool:
    """Whether the text only says again who wrote what and when: the article itself is gone."""
    texts = [block.text for block in content.blocks if block.kind not in {"heading", "image"}]
    said = bare(" ".join(texts))
    is_glued = len(texts) == 1 and len(texts[0]) < GLUED and said.startswith(bare(content.title))
    if is_glued and _in_paragraphs(document, about) < SHORTEST_TEXT:
        return True
    header = [content.title, content.lead, *content.byline]
    if bare(content.title) in said:  # else a short notice may be its own description
        header.append(about.description)
    for known in filter(None, map(bare, header)):
        said = said.replace(known, "")
    told = sum(len(image.caption) for image in content.images)
    return len(said) + told < SHORTEST_TEXT


def _refused(document: Document, main: MainText, measured: Measure) -> NoArticle | None:
    if is_list(document, main.text, measured):
        return NoArticle(reason="list", detail="mostly links to other pages")
    if main.prose < max(SHORTEST_ARTICLE, LEAST_PROSE * len(main.text)):
        return NoArticle(reason="empty", detail=f"{main.prose} characters of prose")
    return None


def _pieces(document: Document, measured: Measure) -> list[Piece]:
    """Everything on the page, menus and all, in order."""
    body = document.root.find("body")
    whole = document.root if body is None else body
    return with_captions(
        read_body(whole, BodyRules(base_url=document.base_url), measured), document
    )


def _content(making: Making, title: str, chosen: Chosen, text: str) -> Content | NoArticle:
    facts, around = making.facts, making.around
    body = finish(
        chosen.pieces, title=title, lead=chosen.lead, site_names=facts.site_names,
        bold_headings=True,
    )  # fmt: skip
    if not title or not body.blocks:
        return NoArticle(reason="empty", detail="no title or no text")
    prefix, lead = split_lead(body.lead, facts.site_names)
    made = making.credits() | body.credits
    published = facts.published(shown_times(around), shown_first=False, stated=stated_time(around))
    return Content(
        url=facts.url(),
        title=title,
        lead=lead,
        lead_prefix=prefix,
        byline=made.byline,
        photographers=made.photographers,
        original_source=made.original_source or _source_after(chosen),
        section=facts.section(trail(around)),
        published_at=published,
        modified_at=facts.modified(published, changes(around)),
        blocks=body.blocks,
        images=body.images,
        tags=facts.tags(shown_tags(around), by_keywords=True),
        language=language_of(facts.document, text),
    )


def _source_after(chosen: Chosen) -> str | None:
    return next((source for line in chosen.after if (source := read_source(line))), None)


# --- the headline ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The headline as printed; ``element`` also where only its place is sure."""

    text: str = ""
    element: HtmlElement | None = None


def _headline(facts: Facts, marks: Marks) -> Heading:
    """The heading that says best what the page calls itself; search engines get another wording.

    Old pages set headlines in cells and paragraphs: where no <h1> agrees, an element that is
    marked as a title may; where the page calls itself by its site's name, the first that is
    marked so.
    """
    declared = facts.title()
    said = fold(declared)
    if said.startswith(the_evidence_words().site_titles) or _is_office(said):
        declared = ""
    words_declared = set(words(fold(declared)))
    for elements_of in (_h1, _marked_titles):
        headings = [
            Heading(text=text, element=element)
            for element in elements_of(marks)
            if _can_be_title(text := text_of(element), facts) and not _leads_home(element)
        ]
        if not headings:
            continue
        if not words_declared:
            return headings[0]
        best = max(headings, key=lambda one: _rank(one.text, words_declared))
        if _agreement(best.text, words_declared) >= SAME_TITLE:
            return best
    return Heading()


def _is_office(said: str) -> bool:
    """``ubnd phuong hoang lien``: a portal that calls every page by its own name."""
    known = the_evidence_words()
    opening = next((one for one in known.offices if said.startswith(f"{one} ")), None)
    if opening is None:
        return False
    rest = said.removeprefix(opening).strip()
    return rest.startswith(known.office_units) and len(rest.split()) <= MOST_OFFICE_WORDS


def _h1(marks: Marks) -> Iterator[HtmlElement]:
    yield from marks.document.root.iter("h1")


def _marked_titles(marks: Marks) -> Iterator[HtmlElement]:
    others = the_evidence_words().not_the_article
    marked = marks.having(the_evidence_words().titles)
    yield from (one for one in marked if not is_in(one, others))
    yield from marks.document.root.iter("h2", "h3")


def _can_be_title(text: str, facts: Facts) -> bool:
    if not SHORTEST_TITLE <= len(text) <= LONGEST_TITLE:
        return False
    return bare(text) not in {*map(bare, facts.site_names), *the_words().sites}


def _leads_home(heading: HtmlElement) -> bool:
    """A masthead is a link to the front page."""
    links = (*heading.iter("a"), *islice(heading.iterancestors("a"), 1))
    return any((link.get("href") or "").strip() in {"/", "./"} for link in links)


def _rank(heading: str, declared: set[str]) -> tuple[float, int]:
    return _agreement(heading, declared), len(heading)


def _agreement(heading: str, declared: set[str]) -> float:
    said = words(fold(heading))
    return sum(word in declared for word in said) / max(1, len(said))

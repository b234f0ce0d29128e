"""A text that a page keeps in several boxes of one kind, an advertisement between two of them.

trafilatura often takes some of the boxes and leaves the rest. What stands in the same kind of
place as the text it found, box by box up to the root of the page, is of the same text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from lxml.html import HtmlElement

from hanoiwatch.page.document import Document
from hanoiwatch.page.tree import text_of

SOLID = 80
"""Characters from which a paragraph is prose."""
FEWEST_BOXES = 2
"""Boxes of the kind in which text was found: one alone may be a card that looks like others."""
FEWEST_PARAGRAPHS = 3
"""Solid ones of the text in one box alone, from which it is no card."""
MOSTLY_LINKS = 0.5

Place = tuple[tuple[str, str], ...]
"""Tag and class of an element and of everything around it."""


def with_further_boxes(document: Document, text: str) -> str:
    """``text`` with the paragraphs of further boxes of the same kind."""
    wanted = "".join(text.split())
    found: dict[Place, Counter[HtmlElement]] = {}
    missing: list[tuple[Place, HtmlElement]] = []
    for paragraph, squeezed in _paragraphs(document):
        place = _place(paragraph)
        if squeezed in wanted:
            found.setdefault(place, Counter())[_box(paragraph)] += 1
        else:
            missing.append((place, paragraph))
    lines = [
        text_of(paragraph)
        for place, paragraph in missing
        if _is_further(_box(paragraph), found.get(place, Counter()))
    ]
    return "\n".join((text, *lines)) if lines else text


def _is_further(box: HtmlElement, known: Counter[HtmlElement]) -> bool:
    """Whether a box stands where ``known`` boxes of the text do, and is none of them."""
    if not known or box in known:
        return False
    if len(known) >= FEWEST_BOXES:
        return True
    ((only, paragraphs),) = known.items()
    return paragraphs >= FEWEST_PARAGRAPHS and _are_of_one_article(only, box)


def _are_of_one_article(one: HtmlElement, other: HtmlElement) -> bool:
    """Not where each stands in an article, or under a headline, of its own."""
    around = {one, *one.iterancestors()}
    apart = [other, *takewhile(lambda above: above not in around, other.iterancestors())]
    return not any(
        above.tag == "article" or next(above.iter("h1"), None) is not None for above in apart
    )


def _paragraphs(document: Document) -> Iterator[tuple[HtmlElement, str]]:
    for paragraph in document.root.iter("p"):
        squeezed = "".join("".join(paragraph.itertext()).split())
        linked = sum(len("".join(link.itertext())) for link in paragraph.iter("a"))
        if len(squeezed) >= SOLID and linked < MOSTLY_LINKS * len(squeezed):
            yield paragraph, squeezed


def _box(paragraph: HtmlElement) -> HtmlElement:
    box = paragraph.getparent()
    return paragraph if box is None else box


def _place(paragraph: HtmlElement) -> Place:
    around = ((str(one.tag), one.get("class") or "") for one in paragraph.iterancestors())
    return ((paragraph.tag, paragraph.get("class") or ""), *around)

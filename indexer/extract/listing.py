"""Whether a page lists articles rather than being one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml.html import HtmlElement

from hanoiwatch.page.document import Document
from hanoiwatch.page.tree import BLOCKS
from hanoiwatch.text import fold
from indexer.extract.measure import Measure

HEADLINE = 25
"""Characters from which the text of a link is a headline."""
SOLID = 80
"""Characters from which a paragraph counts: the description of a card has about 150."""
LONGEST_DESCRIPTION = 500
FEWEST_CARDS = 3
CARDS_SHARE = 0.5
"""Measured on the lists of four outlets: 0.9 or more; on their articles: 0.2 or less."""
HEADLINES_OF_A_LIST = 10
SHORT_HEADLINE = 15
"""Characters of a link that may be a headline where it stands alone right above a description."""
FEWEST_ENTRIES = 3
ENTRIES_SHARE = 0.6
"""Share of the descriptions; an article has a link to another one above every third paragraph at
most."""
ONLY_LINK = 0.9
"""Share of a line in links, from which it is nothing else."""
LONGEST_MORE = 20
_MORE = frozenset({
    "xem chi tiet", "xem tiep", "doc tiep", "chi tiet", "xem them", "doc them", "read more", "more",
})  # fmt: skip
"""What leads from a description to its article, after `fold`."""
_INLINE = frozenset({"strong", "b", "em", "i", "span", "u", "font"})
LEAST_PROSE = 200
"""Characters outside links, beside so many headlines: with less there is nothing but headlines."""


def is_list(document: Document, text: str, measured: Measure) -> bool:
    """Whether ``text``, found as the page's main text, is made of descriptions of other pages.

    Each description stands in a card of its own together with the headline that links to its
    article, or is a link itself; the paragraphs of an article stand side by side.
    """
    wanted = "".join(text.split())
    sizes = measured.size
    found = [one for one in _paragraphs(document.root, sizes) if _squeezed(one) in wanted]
    claims = _claims_to_be_article(document)
    if len(found) >= (FEWEST_CARDS if claims else 1):
        plain = {
            one for one in found
            if not measured.is_box_of_links(one, CARDS_SHARE) or (claims and _runs_on(one))
        }  # fmt: skip
        ends = plain | set(document.root.iter("h1"))  # a card has no headline of the first order
        cards = len(found) - len(plain) + sum(_is_in_card(one, ends, sizes) for one in plain)
        if cards > CARDS_SHARE * len(found):
            return True
        if not claims and _are_entries(document, found, measured):
            return True
    headlines = {_squeezed(one) for one in document.root.iter("a") if sizes[one] >= HEADLINE}
    lines = [line for line in text.split("\n") if len(line) >= SOLID]
    prose = sum(len(line) for line in lines if "".join(line.split()) not in headlines)
    return len(headlines) >= HEADLINES_OF_A_LIST and prose < LEAST_PROSE


def _are_entries(document: Document, found: list[HtmlElement], measured: Measure) -> bool:
    """Whether headlines and descriptions stand in turn, side by side and in no cards."""
    if len(found) < FEWEST_ENTRIES:
        return False
    descriptions, inside = set(found), {one for each in found for one in each.iter()}
    entries, is_led = 0, False
    for element in document.root.iter():
        if element in descriptions:
            entries += is_led or _holds_headline(element, measured) or _leads_on(element)
            is_led = False
        elif element.tag == "h1":
            is_led = False  # what stood above was the menu
        elif element.tag == "a" and element not in inside:
            is_led = is_led or _stands_alone(element, measured)
    return entries >= max(FEWEST_ENTRIES, ENTRIES_SHARE * len(found))


def _stands_alone(link: HtmlElement, measured: Measure) -> bool:
    if measured.size[link] < SHORT_HEADLINE:
        return False
    line = next((one for one in link.iterancestors() if one.tag in BLOCKS), link)
    return measured.is_box_of_links(line, ONLY_LINK) or line.tag == "td"


def _holds_headline(description: HtmlElement, measured: Measure) -> bool:
    """Whether it begins with a headline on a line of its own."""
    first = next(iter(description), None)
    if first is None or first.tag != "a" or (description.text or "").strip():
        return False
    after = first.getnext()
    is_line = after is not None and after.tag == "br" and not (first.tail or "").strip()
    return is_line and measured.size[first] >= SHORT_HEADLINE


def _leads_on(description: HtmlElement) -> bool:
    links = [one for one in description.iter("a") if not (one.tail or "").strip()]
    said = "".join(links[-1].itertext()) if links else ""
    return len(said) <= LONGEST_MORE and fold(said).strip(" .…>»[]()") in _MORE


def _claims_to_be_article(document: Document) -> bool:
    """By a date of publication. (Lists of VCCorp say og:type article; some give a date too.)"""
    names = ("article:published_time", "datepublished", "pubdate")
    return any(name in document.metas for name in names) or '"datePublished"' in document.html


def _paragraphs(root: HtmlElement, sizes: Mapping[HtmlElement, int]) -> Iterator[HtmlElement]:
    """The innermost elements that hold a solid text."""
    for element in root.iter("p", "div", "h2", "h3", "h4", "span", "li", "td", "dd", "a"):
        if sizes[element] >= SOLID and not any(sizes[child] >= SOLID for child in element):
            yield element


def _runs_on(link: HtmlElement) -> bool:
    """Whether the sentence goes on after the link: a digest links what it retells."""
    after, element = len((link.tail or "").strip()), link
    while (above := element.getparent()) is not None and above.tag in _INLINE:
        element = above
        after += len((element.tail or "").strip())
    return link.tag == "a" and after >= HEADLINE


def _squeezed(element: HtmlElement) -> str:
    return "".join("".join(element.itertext()).split())


def _is_in_card(
    paragraph: HtmlElement, others: set[HtmlElement], sizes: Mapping[HtmlElement, int]
) -> bool:
    """Whether the largest element that holds this paragraph and none of the others holds a
    headline too."""
    if sizes[paragraph] > LONGEST_DESCRIPTION:
        return False
    card = paragraph
    for above in paragraph.iterancestors():
        if any(one is not paragraph and one in others for one in above.iter()):
            break
        card = above
    inside = set(paragraph.iter())
    return any(link not in inside and sizes[link] >= HEADLINE for link in card.iter("a"))

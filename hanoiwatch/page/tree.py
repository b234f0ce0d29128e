"""The tree of a page and the text of its elements."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from hanoiwatch.text import nfc

_PARSER = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
"""Comments go at once: some pages keep earlier versions of the text in them. ``huge_tree``:
else everything after the 255th nested element would be lost, and unclosed tags nest that deep."""
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
# lxml.html asks a Python function for the class of each element, again and again: a tenth of the
# time of reading a page, for forms and labels that nobody here looks at

MOST_DEPTH = 200
"""Levels of the tree that readers get. Pages of the press have 40; unclosed tags and attacks make
thousands, on which libraries spend time that grows with the cube, and recursion ends."""

_HEADING = re.compile(r"<h([1-6])\b[^<>]*>\s*<p\b.{0,4000}?</h\1\s*>", re.IGNORECASE | re.DOTALL)
_PARAGRAPH = re.compile(r"(</?)p\b", re.IGNORECASE)

_AT_LIMIT = etree.XPath("/*" * MOST_DEPTH)
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that HTML may hold and that a tree can hold, but not be given."""

SILENT = frozenset({"script", "style", "noscript", "template", "svg", "head"})

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "menu", "nav", "ol",
    "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
})  # fmt: skip
"""Elements that begin a new line."""


def parse_html(text: str) -> HtmlElement | None:
    """The root element of a page, or None where there is nothing to parse.

    No element is nested deeper than `MOST_DEPTH`: what was stands beside it, in the same order.
    """
    root = _parsed(text.replace("\x00", ""))
    if root is None:
        return None
    if _has_emptied_heading(root):
        root = _parsed(_HEADING.sub(_with_boxes, text.replace("\x00", "")))
        assert root is not None
    for element in _deepest(root):
        _lift_children(element)
    return root


def _parsed(text: str) -> HtmlElement | None:
    try:
        return document_fromstring(text.encode("utf-8", "replace"), _PARSER)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _has_emptied_heading(root: HtmlElement) -> bool:
    """``<h2><p>…</p></h2>``, as some editors write leads: browsers leave the paragraph in its
    heading, libxml2 ends the heading before it."""
    for heading in root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        after = heading.getnext()
        is_empty = not len(heading) and not (heading.text or "").strip()
        if is_empty and after is not None and after.tag == "p":
            return True
    return False


def _with_boxes(heading: re.Match[str]) -> str:
    """A heading, the paragraphs in it made boxes, which may stand there."""
    return _PARAGRAPH.sub(r"\1div", heading[0])


def _deepest(root: HtmlElement) -> list[HtmlElement]:
    found = _AT_LIMIT(root)
    assert isinstance(found, list)
    return found


def _lift_children(element: HtmlElement) -> None:
    """Puts the children after their parent, theirs after them, and so on."""
    place: HtmlElement | None = element
    end = element.getnext()
    while place is not None and place is not end:
        if len(place):
            last, after = place[-1], place.tail
            place.tail = None  # it would stay in front of what is added
            for child in reversed(place):
                place.addnext(child)
            last.tail = _NO_XML.sub("", f"{last.tail or ''}{after or ''}")
        place = place.getnext()


def tidy(text: str) -> str:
    """``text`` in NFC, with single spaces."""
    return " ".join(nfc(text).split())


def text_of(element: HtmlElement) -> str:
    """The whole text of an element on one line, tidy; words of two blocks do not touch."""
    return " ".join(lines_of(element))


def lines_of(element: HtmlElement, skip: Collection[HtmlElement] = ()) -> list[str]:
    """The text of an element, tidy, parted where a browser would begin a new line."""
    parts: list[str] = []
    _gather(element, skip, parts)
    lines = (" ".join(line.split()) for line in nfc("".join(parts)).split("\x00"))
    return [line for line in lines if line]


def lines_after(element: HtmlElement) -> Iterator[str]:
    """The text of what follows an element up to the end of the page, line by line, tidy."""
    for one in (element, *element.iterancestors()):
        if one.tag == "body":
            return
        if line := tidy(one.tail or ""):
            yield line
        for sibling in one.itersiblings():
            if isinstance(sibling.tag, str) and sibling.tag not in SILENT:
                yield from lines_of(sibling)
            if line := tidy(sibling.tail or ""):
                yield line


def _gather(element: HtmlElement, skip: Collection[HtmlElement], parts: list[str]) -> None:
    if text := element.text:
        parts.append(text)
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag not in SILENT and not (skip and child in skip):
            if tag in BLOCKS:
                parts.append("\x00")
                _gather(child, skip, parts)
                parts.append("\x00")
            else:
                _gather(child, skip, parts)
        if tail := child.tail:
            parts.append(tail)


def classes_of(element: HtmlElement) -> str:
    """The class and id of an element, lower case, as one text to search in."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()

"""The tree of a page and the text of its elements."""

from __future__ import annotations

from collections.abc import Collection

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from hanoiwatch.text import nfc

_PARSER = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
"""Comments go at once: some pages keep earlier versions of the text in them. ``huge_tree``:
else everything after the 255th nested element would be lost, and unclosed tags nest that deep."""

MOST_DEPTH = 300
"""Readers that call themselves for each level stop here and take the rest as plain text."""

_SILENT = ("script", "style", "noscript", "template", "svg", "head")

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "menu", "nav", "ol",
    "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
})  # fmt: skip
"""Elements that begin a new line."""


def parse_html(text: str) -> HtmlElement | None:
    """The root element of a page, or None where there is nothing to parse."""
    try:
        return document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), _PARSER)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def tidy(text: str) -> str:
    """``text`` in NFC, with single spaces."""
    return " ".join(nfc(text).split())


def text_of(element: HtmlElement) -> str:
    """The whole text of an element on one line, tidy; words of two blocks do not touch."""
    return " ".join(lines_of(element))


def lines_of(element: HtmlElement, skip: Collection[HtmlElement] = ()) -> list[str]:
    """The text of an element, tidy, parted where a browser would begin a new line."""
    parts: list[str] = []
    _gather(element, skip, parts, 0)
    lines = (tidy(line) for line in "".join(parts).split("\x00"))
    return [line for line in lines if line]


def _gather(
    element: HtmlElement, skip: Collection[HtmlElement], parts: list[str], depth: int
) -> None:
    if depth > MOST_DEPTH:
        parts.append("".join(element.itertext()))
        return
    if element.text:
        parts.append(element.text)
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag not in _SILENT and child not in skip:
            if tag in BLOCKS:
                parts.append("\x00")
            _gather(child, skip, parts, depth + 1)
            if tag in BLOCKS:
                parts.append("\x00")
        if child.tail:
            parts.append(child.tail)


def classes_of(element: HtmlElement) -> str:
    """The class and id of an element, lower case, as one text to search in."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()

"""trafilatura, and what is ours to know of it: which text of a page is the article."""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from hanoiwatch.page.document import Document
from hanoiwatch.page.tree import tidy
from indexer.extract.runs import is_hidden

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CHARACTERS = 3_000_000
"""Of HTML: trafilatura takes about a second for each million; no news page has as many."""

_SILENT = (
    "script", "style", "noscript", "template", "svg", "head", "link", "meta", "iframe", "object",
    "embed", "applet", "canvas", "map", "area", "audio", "video", "source", "track", "nav",
    "footer", "aside", "menu", "dialog", "button", "select", "option", "input", "textarea", "label",
    "legend", "fieldset", "datalist", "output", "progress",
)  # fmt: skip
_STOPS = (".", "!", "?", "…", ":", ";", "”", '"', ")")
LONG_LINE = 60
"""Characters from which a line is prose although it ends without a stop."""
LONG_CELL = 80
"""Characters from which a cell holds prose."""

_STATING_BOXES = etree.XPath(".//*[@hidden or @style][.//*[@itemprop]]")

_OF_BROKEN_TREES = (RecursionError, ValueError, TypeError, AttributeError, LookupError,
                    etree.LxmlError)  # fmt: skip
"""What trafilatura was seen to raise, or may, for trees that no browser would build."""


@dataclass(frozen=True, slots=True)
class MainText:
    """The text of the article as trafilatura finds it, tidy, one line a block."""

    text: str = ""
    prose: int = 0
    """Characters that stand in no cell of a table of data."""


def main_text(document: Document, *, thoroughly: bool = False) -> MainText:
    """The main text of a page; empty where trafilatura finds none.

    ``thoroughly`` also asks the other extractors that trafilatura keeps for pages on which its
    own finds little. It takes half as long again, and where its own finds the text only adds
    what is none.
    """
    if len(document.html) > MOST_CHARACTERS:
        return MainText()
    root = document.root if thoroughly else _without_silent(document.root)
    try:
        found = _extractor()(root, thoroughly)
    except _OF_BROKEN_TREES:
        return MainText()
    prose = sum(map(_prose, found.split("\n")))
    lines = (tidy(line.replace("|", " ")) for line in found.split("\n"))
    return MainText("\n".join(line for line in lines if line), prose)


def _without_silent(root: HtmlElement) -> HtmlElement:
    """A copy of the body without what is never text: trafilatura drops most of it too, but only
    after it has copied it three times and searched it with a hundred expressions."""
    body = root.find("body")
    copy = deepcopy(root if body is None else body)
    etree.strip_elements(copy, *_SILENT, with_tail=False)
    _strip_statements(copy)
    return copy


def _strip_statements(root: HtmlElement) -> None:
    """Hidden boxes of microdata say again, for machines, what readers see. Any other hidden box
    may be the rest of a text that is unfolded."""
    found = _STATING_BOXES(root)
    assert isinstance(found, list)
    for box in found:
        if isinstance(box, HtmlElement) and is_hidden(box):
            box.drop_tree()


def _prose(line: str) -> int:
    """trafilatura writes a row as ``| cell | cell |``; old pages set their text in tables too."""
    if not line.startswith("|"):
        # where it finds no text it gives everything there is: menus, names, dates
        return len(line) if len(line) >= LONG_LINE or line.endswith(_STOPS) else 0
    return sum(len(cell) for cell in line.split("|") if len(cell) >= LONG_CELL)


@cache
def _extractor() -> Callable[[object, bool], str]:
    """Imported here: it takes a second, and pages with a layout do not need it."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)

    def text(tree: object, thoroughly: bool) -> str:  # noqa: FBT001 - see `main_text`
        document = bare_extraction(
            tree, include_comments=False, include_tables=True, deduplicate=False,
            with_metadata=False, fast=not thoroughly,
        )  # fmt: skip
        said = getattr(document, "text", None)
        return said if isinstance(said, str) else ""

    return text

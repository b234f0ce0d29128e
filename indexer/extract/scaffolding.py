"""Tables and forms that only hold a page together, as portals of wards and papers of old have them.

Everything else in this package takes a table for data and a form for something to fill in. So on
the general path such a page is read from a copy in which they are plain boxes.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from lxml.html import HtmlElement

from hanoiwatch.page.document import Document
from indexer.extract.measure import Measure, measure

LONG_CELL = 600
"""Characters from which a cell holds a text, not a datum."""
WHOLE_PAGE = 0.5
"""Share of the page's text from which a form is around the page (ASP.NET has one on each)."""
_PARTS = ("tbody", "thead", "tfoot", "tr", "td", "th", "colgroup")


def without_scaffolding(document: Document, measured: Measure) -> Document:
    """The same page, its scaffolding made boxes; itself where it has none."""
    if next(_scaffolding(document.root, measured), None) is None:
        return document
    root = deepcopy(document.root)
    for element in list(_scaffolding(root, measure(root))):
        _make_box(element)
    for table in list(root.iter("table")):  # on such pages the other ones often are, too
        if _is_one_column(table):
            _make_box(table)
    return replace(document, root=root, _with_attribute={}, _by_value={})


def _scaffolding(root: HtmlElement, measured: Measure) -> Iterator[HtmlElement]:
    for form in root.iter("form"):
        if measured.size[form] >= WHOLE_PAGE * measured.size[root]:
            yield form
    for table in root.iter("table"):
        holds_table = any(inner is not table for inner in table.iter("table"))
        if holds_table or any(measured.size[cell] >= LONG_CELL for cell in table.iter("td")):
            yield table


def _is_one_column(table: HtmlElement) -> bool:
    """No data; nor a picture with its caption, which the reader of the body knows."""
    if next(table.iter("img"), None) is not None:
        return False
    return all(len(row.findall("td")) <= 1 for row in table.iter("tr"))


def _make_box(element: HtmlElement) -> None:
    for part in list(element.iter(*_PARTS)):
        if next(part.iterancestors("table"), None) is element:
            part.tag = "div"
    element.tag = "div"

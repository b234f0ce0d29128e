"""Pages of an outlet as they would be on the day that its templates change, or that it hides."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import html as lxml_html
from lxml.html import HtmlElement

from hanoiwatch.sources.schema import Layout

Mutation = Callable[[str], str]


def _tree(page: str) -> HtmlElement:
    return lxml_html.document_fromstring(page)


def _text(root: HtmlElement) -> str:
    return "<!DOCTYPE html>" + lxml_html.tostring(root, encoding="unicode")


def renamed(page: str, name: str) -> str:
    """Every class of the page's element that is called ``name`` gets a new name."""
    return re.sub(rf"(?<=[\s\"']){re.escape(name)}(?=[\s\"'])", f"v2-{name[::-1]}", page)


def field_renamed(page: str, layout: Layout, field: str) -> str | None:
    """What the layout selects for ``field`` loses its classes and marks for others; None: the
    page has no such element."""
    root = _tree(page)
    found = _selected(root, getattr(layout, field))
    if not found:
        return None
    for element in found:
        for mark in ("class", "data-role", "itemprop", "id", "type"):
            if element.get(mark):
                element.set(mark, "moi-2027")
    return _text(root)


def _selected(root: HtmlElement, css: str) -> list[HtmlElement]:
    from lxml.cssselect import CSSSelector

    for one in css.split(","):
        if one.strip() and (found := CSSSelector(one.strip(), translator="html")(root)):
            return found
    return []


def caption_moved(page: str, layout: Layout, into: str = "p") -> str | None:
    """The captions of pictures stand after the picture's element, as ``into``."""
    root = _tree(page)
    captions = _selected(root, layout.caption)
    moved = 0
    for caption in captions:
        figure = next(
            (one for one in caption.iterancestors("figure", "table") if list(one.iter("img"))), None
        )
        if figure is None or not caption.text_content().strip():
            continue
        fresh = lxml_html.fromstring(
            f"<{into}>{'<tr><td>' if into == 'table' else ''}x</{into}>"
            if into != "table"
            else "<table><tr><td>x</td></tr></table>"
        )
        target = next(fresh.iter("td"), fresh)
        target.text = caption.text_content().strip()
        fresh.tail, figure.tail = figure.tail, None
        figure.addnext(fresh)
        caption.drop_tree()
        moved += 1
    return _text(root) if moved else None


def text_emptied(page: str, layout: Layout, keep: int = 0) -> str | None:
    """The paragraphs of the text say nothing any more, but for the first ``keep``."""
    root = _tree(page)
    containers = _selected(root, layout.text)
    if not containers:
        return None
    container = max(containers, key=lambda one: len(one.text_content()))
    header = {
        one for css in (layout.title, layout.lead) for field in _selected(root, css)
        for one in (field, *field.iterancestors())
    }  # fmt: skip
    spared = 0
    for element in list(container.iter("p", "h2", "h3", "ul", "blockquote", "div")):
        if element in header or element is container or list(element.iter("img")):
            continue
        if element.getparent() is None:
            continue
        if element.tag == "p" and spared < keep:
            spared += 1
            continue
        element.drop_tree()
    return _text(root)

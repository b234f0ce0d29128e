"""Pages of an outlet as they would be on the day that its templates change, or that it hides."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile

from lxml import html as lxml_html
from lxml.html import HtmlElement

from hanoiwatch.sources.schema import Layout
from indexer.extract.places import Places

_CLASS = re.compile(r"\.([\w-]+)")
_MARKS = ("class", "data-role", "itemprop", "id", "type")

Mutation = Callable[[str], str]


def _tree(page: str) -> HtmlElement:
    return lxml_html.document_fromstring(page)


def _text(root: HtmlElement) -> str:
    return "<!DOCTYPE html>" + lxml_html.tostring(root, encoding="unicode")


def renamed(page: str, name: str) -> str:
    """Every class of the page's element that is called ``name`` gets a new name."""
    return re.sub(rf"(?<=[\s\"']){re.escape(name)}(?=[\s\"'])", f"v2-{name[::-1]}", page)


def field_renamed(page: str, layout: Layout, field: str) -> str | None:
    """What the layout selects for ``field`` gets others for its classes and marks, or the box
    around it where it has none; None: the page says nothing there, or names nothing."""
    root = _tree(page)
    css = getattr(layout, field)
    found = (_named(one, css) for one in _ours(root, layout, css) if _says(one))
    named = [one for one in found if one is not None]
    for element in named:
        for mark in _MARKS:
            if element.get(mark):
                element.set(mark, "moi-2027")
    return _text(root) if named else None


def _ours(root: HtmlElement, layout: Layout, css: str) -> list[HtmlElement]:
    """Without what stands in the cards of other articles."""
    texts = _selected(root, layout.text)
    if not texts or css in (layout.text, layout.title):
        return _selected(root, css)
    places = Places(max(texts, key=lambda one: len(one.text_content())))
    groups = (_selected(root, one) for one in css.split(","))
    return next((ours for group in groups if (ours := places.ours(group))), [])


def _says(element: HtmlElement) -> bool:
    return bool(element.text_content().strip() or element.get("content"))


def _named(element: HtmlElement, css: str) -> HtmlElement | None:
    """The element if anything names it, else the box around it that ``css`` names, else the
    nearest that has a name; metas of the head have none."""
    around = takewhile(lambda one: one.tag not in {"body", "head", "html"}, element.iterancestors())
    named = [one for one in (element, *around) if any(map(one.get, _MARKS))]
    if element in named:
        return element
    asked = [one for one in named if set(one.classes) & set(_CLASS.findall(css))]
    return next(iter((*asked, *named)), None)


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


def text_removed(page: str, layout: Layout) -> str | None:
    """The container of the text is gone, but for the headline where that stands in it."""
    root = _tree(page)
    container = _container(root, layout)
    if container is None:
        return None
    kept = _header(root, layout)
    if container not in kept:
        container.drop_tree()
    else:
        for child in [one for one in container if one not in kept]:
            child.drop_tree()
    return _text(root)


def paragraphs_blanked(page: str, layout: Layout) -> str | None:
    """The paragraphs of the text are there, with nothing in them; boxes and pictures stay."""
    root = _tree(page)
    container = _container(root, layout)
    paragraphs = () if container is None else container.iter("p")
    found = [one for one in paragraphs if one not in _header(root, layout)]
    for paragraph in found:
        for child in [one for one in paragraph if not list(one.iter("img"))]:
            child.drop_tree()
        paragraph.text = ""  # now that what stood after the children is in it
    return _text(root) if found else None


def _container(root: HtmlElement, layout: Layout) -> HtmlElement | None:
    return max(_selected(root, layout.text), key=lambda one: len(one.text_content()), default=None)


def _header(root: HtmlElement, layout: Layout) -> set[HtmlElement]:
    return {
        one for css in (layout.title, layout.lead) for field in _selected(root, css)
        for one in (field, *field.iterancestors())
    }  # fmt: skip


def text_emptied(page: str, layout: Layout, keep: int = 0) -> str | None:
    """The paragraphs of the text say nothing any more, but for the first ``keep``."""
    root = _tree(page)
    container = _container(root, layout)
    if container is None:
        return None
    header = _header(root, layout)
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

"""What a page looked like to its reader: where each field stood, and what stood around it.

A class that an outlet renames often costs nothing at first, because another element or the page's
metadata says the same; these traits show it all the same, page by page (`indexer.drift`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from hanoiwatch.model import BELOW, Block, Content, Image, Traits
from hanoiwatch.page.document import Document
from hanoiwatch.page.tree import lines_of, text_of, tidy
from hanoiwatch.sources.schema import Layout
from hanoiwatch.text import canon
from indexer.extract.captions import split_caption
from indexer.extract.places import Places
from indexer.extract.selectors import compiled

SOLID = 80
"""Characters from which a line is prose."""
LONGEST_CAPTION = 500
"""Characters: a block of text with more is no caption that lost its place."""
SHORTEST_ALT = 25
"""Characters of an ``alt`` that says what the caption says; shorter ones are names of files."""
MOST_NAMES = 400
"""Of a frame; a page that names more elements is no template that could be watched."""

_FIELDS = {
    "title": "title", "lead": "lead", "byline": "byline", "published": "published_at",
    "section": "section",
}  # fmt: skip
_PLACED = ("title", "lead", "byline", "published", "section", "original_source")
_OF_ITS_PLACE = ("lead", "byline", "published")
_MARKS = ("id", "data-role", "itemprop")
_NUMBERS = re.compile(r"\d+")
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "br", "img", "i", "b"})


def traits_of(document: Document, content: Content, layout: Layout | None) -> Traits:
    """The traits of a page that was read as ``content``; ``layout`` None: by the general path."""
    placed = _placed(document, content, layout)
    scope = _scope(document, placed)
    dropped = _dropped(document, layout, placed)
    return Traits(
        fields=tuple(name for name, said in _FIELDS.items() if getattr(content, said)),
        places=dict(_places(placed)),
        frame=tuple(sorted(set(_names(scope, dropped | _inner(placed)))))[:MOST_NAMES],
        figures=tuple(sorted(set(_figures(placed.get("text", scope), dropped)))),
        chars=len(content.text),
        images=len(content.images),
        captions=sum(bool(image.caption or image.credit) for image in content.images),
        loose=_loose(content, placed.get("text", scope)),
        outside=_outside(scope, dropped, content),
    )


# --- where the fields stand --------------------------------------------------------------------


def _placed(document: Document, content: Content, layout: Layout | None) -> dict[str, HtmlElement]:
    if layout is None:
        return dict(_traced(document, content))
    fields = {name: compiled(getattr(layout, name)).first_group(document) for name in _PLACED}
    containers = compiled(layout.text).first_group(document)
    text = max(containers, key=lambda one: len("".join(one.itertext())), default=None)
    if text is not None:  # the same class stands in the cards of other articles
        places = Places(text, next(iter(fields["title"]), None))
        fields |= {name: _ours(document, layout, name, places) for name in _OF_ITS_PLACE}
    shown = ((name, next(filter(_says, elements), None)) for name, elements in fields.items())
    found = {name: element for name, element in shown if element is not None}
    return found if text is None else found | {"text": text}


def _ours(document: Document, layout: Layout, name: str, places: Places) -> list[HtmlElement]:
    groups = compiled(getattr(layout, name)).groups(document)
    return next((ours for group in groups if (ours := places.ours(group))), [])


def _places(placed: dict[str, HtmlElement]) -> Iterator[tuple[str, str]]:
    """The forms of the elements. One below the text is another than its like above it: there stand
    the names of a box about authors, and of other articles."""
    text = placed.get("text")
    places = Places(text, placed.get("title")) if text is not None else None
    for name, element in placed.items():
        form = _form(element)
        is_below = places is not None and name in _OF_ITS_PLACE and places.is_below(element)
        yield name, f"{form}{BELOW}" if is_below else form


def _says(element: HtmlElement) -> bool:
    return bool(text_of(element) or element.get("content"))


def _traced(document: Document, content: Content) -> Iterator[tuple[str, HtmlElement]]:
    """The elements that say what was found, where no layout knows them."""
    title = next((one for one in document.root.iter("h1") if text_of(one) == content.title), None)
    if title is not None:
        yield "title", title
    wanted = {tidy(content.lead)[:SOLID]: "lead"} if content.lead else {}
    longest = max((block.text for block in content.blocks), key=len, default="")
    wanted |= {tidy(longest)[:SOLID]: "text"} if longest else {}
    for element in document.root.iter("p", "h2", "div"):
        start = tidy(element.text or "")[:SOLID]
        if start and (name := wanted.pop(start, None)):
            parent = element.getparent()
            yield name, parent if name == "text" and parent is not None else element


def _scope(document: Document, placed: dict[str, HtmlElement]) -> HtmlElement:
    """The smallest element that holds both the title and the text."""
    body = document.root.find("body")
    whole = document.root if body is None else body
    text, title = placed.get("text"), placed.get("title")
    if text is None:
        return whole
    if title is None:
        parent = text.getparent()
        return text if parent is None else parent
    above = {title, *title.iterancestors()}
    return next((one for one in (text, *text.iterancestors()) if one in above), whole)


def _dropped(
    document: Document, layout: Layout | None, placed: dict[str, HtmlElement]
) -> set[HtmlElement]:
    """What the layout drops, but for what holds a field: a header in the text, say."""
    selectors = layout.drop if layout else ()
    holding = {one for element in placed.values() for one in element.iterancestors()}
    return {one for css in selectors for one in compiled(css).all(document)} - holding


def _inner(placed: dict[str, HtmlElement]) -> set[HtmlElement]:
    """What the text consists of: it varies from article to article, the frame does not."""
    holding = {
        one for name, element in placed.items() if name != "text"
        for one in (element, *element.iterancestors())
    }  # fmt: skip
    return set(placed["text"]) - holding if "text" in placed else set()


def _walk(element: HtmlElement, without: set[HtmlElement]) -> Iterator[HtmlElement]:
    yield element
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT and child not in without:
            yield from _walk(child, without)


# --- what it is called -------------------------------------------------------------------------


def _form(element: HtmlElement) -> str:
    marks = (f"[{said}]" for name in _MARKS[1:] if (said := element.get(name)))
    return "".join((str(element.tag), *(f".{name}" for name in _classes(element)), *marks))


def _classes(element: HtmlElement) -> list[str]:
    """Without numbers, which belong to one page."""
    return sorted({_NUMBERS.sub("0", name) for name in (element.get("class") or "").split()})


def _names(scope: HtmlElement, dropped: set[HtmlElement]) -> Iterator[str]:
    for element in _walk(scope, dropped):
        for name in _classes(element):
            yield f"{element.tag}.{name}"
        for attribute in _MARKS:
            if said := element.get(attribute):
                yield f"{element.tag}[{_NUMBERS.sub('0', said)}]"


def _figures(container: HtmlElement, dropped: set[HtmlElement]) -> Iterator[str]:
    for element in _walk(container, dropped):
        if element.tag in {"figure", "table"} and next(element.iter("img"), None) is not None:
            caption = next((one for one in element.iter("figcaption", "td") if text_of(one)), None)
            yield _form(element) + (f">{_form(caption)}" if caption is not None else "")


# --- what was left over ------------------------------------------------------------------------


def _loose(content: Content, container: HtmlElement) -> int:
    """Blocks beside a picture without a caption that credit a picture or say what it shows."""
    if all(image.caption for image in content.images):
        return 0
    shown = [canon(alt) for one in container.iter("img") if (alt := tidy(one.get("alt") or ""))]
    shown = [alt for alt in shown if len(alt) >= SHORTEST_ALT]
    blocks = [block for block in content.blocks if _may_be_caption(block)]
    return sum(_is_loose(block, shown, content.images) for block in blocks)


def _may_be_caption(block: Block) -> bool:
    return block.kind not in {"image", "heading"} and 0 < len(block.text) <= LONGEST_CAPTION


def _is_loose(block: Block, shown: Iterable[str], images: Iterable[Image]) -> bool:
    said = tidy(block.text)
    if any(canon(said).startswith(alt) or alt.startswith(canon(said)) for alt in shown):
        return True
    split = split_caption(said)
    credited = any(image.credit for image in images)
    return bool(split.text and split.credit) and not credited


def _outside(scope: HtmlElement, dropped: set[HtmlElement], content: Content) -> int:
    """Characters of solid lines in the scope that are nowhere in the content."""
    captions = " ".join(f"{image.caption} {image.credit}" for image in content.images)
    kept = _squeezed(f"{content.title} {content.lead} {content.text} {captions}")
    lines = (line for line in lines_of(scope, dropped) if len(line) >= SOLID)
    return sum(len(line) for line in lines if _squeezed(line)[-SOLID // 2 :] not in kept)


def _squeezed(text: str) -> str:
    return "".join(text.split())

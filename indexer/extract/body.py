"""Reading the blocks of a body straight from its elements, in order, and nothing altered.

`docs/decisions/0003-layouts-and-trafilatura.md` says why this, and not trafilatura, reads a
container that a layout has named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml.html import HtmlElement

from hanoiwatch.page.tree import BLOCKS, lines_of, text_of, tidy
from indexer.extract.films import box_still, film_address, film_still
from indexer.extract.images import image_url
from indexer.extract.measure import Measure, measure
from indexer.extract.neighbours import with_neighbouring_captions
from indexer.extract.pictures import class_tokens, pictures_in, zoom_caption
from indexer.extract.pieces import Picture, Piece, Setting
from indexer.extract.runs import (
    Run,
    Style,
    block_style,
    inline_style,
    is_hidden,
    lines_of_runs,
    setting_of_runs,
)
from indexer.extract.words import the_words

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NEVER = frozenset({
    "script", "style", "noscript", "template", "iframe", "form", "button", "input", "select",
    "textarea", "label", "nav", "ins", "object", "embed", "audio", "video", "svg", "canvas",
    "map", "head", "meta", "link", "dialog",
})  # fmt: skip
"""Elements that hold no prose of an article."""
_CELLS = frozenset({"td", "th"})
_CARD = 0.9
"""A picture with this share of what is printed under it in a link belongs to another article."""
_NO_PAGE = re.compile(r"^(?:#|javascript:|$)|\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)", re.IGNORECASE)
"""Where a link leads that enlarges a picture."""
_FILM_TYPES = frozenset({"videostream", "video"})
_QUOTE_TYPES = frozenset({"simplequote", "quote", "starquote"})
"""The attribute `type` of VCCorp's boxes."""
_BOX_OF_LINKS = 0.7
"""A box with this share of its text in links is a list of other articles."""
_MOST_LINKS = 0.9
"""A box with more than this share of the text is the text: somebody forgot to end a link."""
_MOST_FURNITURE = 0.4
"""A box with more than this share of the text is no furniture, whatever its class says."""
_PICTURE_BOX_TEXT = 600
"""Characters: a box with a picture and more text than a long caption is part of the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRules:
    """What a layout says of the container's inside."""

    base_url: str
    skip: Collection[HtmlElement] = ()
    insets: Collection[HtmlElement] = ()
    captions: Collection[HtmlElement] = ()


def read_body(
    container: HtmlElement, rules: BodyRules, measured: Measure | None = None
) -> list[Piece]:
    """The pieces of ``container`` in reading order; ``measured``: of what it stands in."""
    measured = measured or measure(container)
    reader = _Reader(
        rules=rules,
        measure=measured,
        length=measured.size[container] - _dropped(measured, rules.skip),
        with_image=_ancestors_of_images(container),
    )
    reader.element(container, Style())
    reader.flush(Style())
    return reader.pieces


def _dropped(measured: Measure, skip: Collection[HtmlElement]) -> int:
    """Characters in elements that are skipped, those within others counted once."""
    return sum(
        measured.size.get(one, 0)
        for one in skip
        if not any(above in skip for above in one.iterancestors())
    )


def _ancestors_of_images(container: HtmlElement) -> set[HtmlElement]:
    found: set[HtmlElement] = set()
    for image in container.iter("img"):
        for above in image.iterancestors():
            if above in found:
                break
            found.add(above)
            if above is container:
                break
    return found


@dataclass(slots=True, kw_only=True)
class _Reader:
    """One walk through a container. ``runs`` is the paragraph being gathered."""

    rules: BodyRules
    measure: Measure
    length: int
    """Characters of the container that are not skipped."""
    with_image: set[HtmlElement]
    pieces: list[Piece] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def element(self, element: HtmlElement, style: Style) -> None:
        """The inside of an element: its text, its children and the texts after them."""
        self.say(element.text, style)
        for child in element:
            if isinstance(child.tag, str):
                self.child(child, style)
            self.say(child.tail, style)

    def say(self, text: str | None, style: Style) -> None:
        if text:
            self.runs.append(Run(text, style.bold, style.italic, style.linked))

    def child(self, child: HtmlElement, style: Style) -> None:
        tag = child.tag
        if child in self.rules.skip or is_hidden(child):
            return
        if tag in _NEVER:
            self.film(child, style)
            return
        if tag == "br":
            self.runs.append(Run(None, style.bold, style.italic, style.linked))
        elif tag == "img":
            self.image(child, style)
        elif tag in BLOCKS or child in self.rules.insets:
            self.flush(style)
            inner = block_style(child, style)
            if tag == "figcaption" or (child in self.rules.captions and tag not in _CELLS):
                inner = inner._replace(is_caption=True)
            self.block(child, inner)
            self.flush(inner)
        else:
            self.inline(child, style)

    def inline(self, child: HtmlElement, style: Style) -> None:
        self.element(child, inline_style(child, style))

    def block(self, block: HtmlElement, style: Style) -> None:
        """A block element, by what it is; its text becomes pieces of its own."""
        tag = block.tag
        tokens = style.classes
        if block in self.rules.insets or (tag != "p" and tokens & the_words().insets):
            self.nested("inset", block, style)
        elif tag in HEADINGS:
            self.heading(block, style)
        elif tag == "blockquote" or tokens & the_words().quotes or _type(block) in _QUOTE_TYPES:
            self.nested("quote", block, style)
        elif self.is_film_box(block, tokens):
            self.film_box(block, style)
        elif tag == "figure" or self.is_picture_box(block, tokens):
            if not self.is_card(block):
                self.figure(block, style)
        elif tag == "table":
            self.table(block, style)
        elif tag != "p" and self.is_furniture(block, tokens):
            return
        elif tag in {"ul", "ol"} and block not in self.with_image:
            self.listing(block)
        else:
            self.element(block, style)

    def heading(self, block: HtmlElement, style: Style) -> None:
        first = len(self.pieces)
        self.element(block, style)
        self.flush(style)
        for place in range(first, len(self.pieces)):
            piece = self.pieces[place]
            if piece.kind == "paragraph":
                self.pieces[place] = Piece(kind="heading", text=piece.text, setting=piece.setting)

    def nested(self, kind: Literal["inset", "quote"], block: HtmlElement, style: Style) -> None:
        """A box of its own: its texts are one piece, a line each; its pictures follow."""
        inner = replace(self, pieces=[], runs=[])
        if block.tag in {"ul", "ol"} or block.tag == "table":
            inner.block_in_box(block, style)
        else:
            inner.element(block, style)
        inner.flush(style)
        pieces = with_neighbouring_captions(inner.pieces)
        lines = [piece.text for piece in pieces if piece.text and not piece.setting.is_link]
        if lines:
            self.pieces.append(
                Piece(kind=kind, text="\n".join(lines), setting=_setting_of(pieces, style))
            )
        self.pieces.extend(piece for piece in pieces if piece.kind == "image")

    def block_in_box(self, block: HtmlElement, style: Style) -> None:
        if block.tag == "table":
            self.table(block, style, boxed=True)
        else:
            self.listing(block)

    def figure(self, block: HtmlElement, style: Style) -> None:
        rules = self.rules
        pictures = pictures_in(block, rules.captions, rules.skip, rules.base_url)
        self.pieces.extend(_image_piece(picture, style) for picture in pictures)
        if not pictures and self.film_in(block) is not None:
            self.film_box(block, style)
        elif not pictures:  # a quotation, a table: what is prose in it stays
            is_table = next(block.iter("table"), None) is not None
            for child in block:
                if isinstance(child.tag, str) and (is_table or child.tag != "figcaption"):
                    self.child(child, style)

    def film(self, player: HtmlElement, style: Style) -> None:
        if (still := film_still(player, self.rules.base_url)) is not None:
            self.flush(style)
            film = film_address(player, self.rules.base_url)
            self.pieces.append(_image_piece(Picture(url=still, film=film), style))

    def film_in(self, box: HtmlElement) -> str | None:
        stills = (film_still(one, self.rules.base_url) for one in box.iter("video", "iframe"))
        return next((still for still in stills if still is not None), None)

    def film_box(self, box: HtmlElement, style: Style) -> None:
        """A film counts as a picture: its still, and what is printed under it."""
        captions = [one for one in box.iterdescendants() if self.is_caption(one)]
        inner = {one for one in captions if any(above in captions for above in one.iterancestors())}
        said = " ".join(text_of(one) for one in captions if one not in inner)
        base = self.rules.base_url
        still = box_still(box, base) or self.film_in(box) or self.image_in(box)
        film = Picture(url=still, caption=said, film=film_address(box, base))
        self.pieces.append(_image_piece(film, style))

    def image_in(self, box: HtmlElement) -> str:
        """A still that is a picture of its own, the player laid over it."""
        found = (image_url(one, self.rules.base_url) for one in box.iter("img"))
        return next(filter(None, found), "")

    def image(self, image: HtmlElement, style: Style) -> None:
        if url := image_url(image, self.rules.base_url):
            self.flush(style)
            picture = Picture(url=url, caption=zoom_caption(image))
            self.pieces.append(_image_piece(picture, style))

    def listing(self, block: HtmlElement) -> None:
        items = [self.item(item) for item in block.iter("li") if item not in self.rules.skip]
        items = [item for item in items if item] or [text_of(block)]
        if any(items) and not self.is_box_of_links(block):
            self.pieces.append(Piece(kind="list", text="\n".join(items)))

    def item(self, item: HtmlElement) -> str:
        """One point of a list; the points of a list inside it are lines of their own."""
        inner = {one for one in item.iter("ul", "ol") if next(one.iter("li"), None) is not None}
        return " ".join(lines_of(item, inner))

    def table(self, block: HtmlElement, style: Style, *, boxed: bool = False) -> None:
        rows = list(_rows(block))
        if max((len(row) for row in rows), default=0) > 1:
            lines = ("\t".join(text_of(cell) for cell in row) for row in rows)
            text = "\n".join(line for line in lines if line.strip())
            if text and not self.is_box_of_links(block):
                self.pieces.append(Piece(kind="table", text=text))
        elif boxed or block in self.with_image:
            for row in rows:
                for cell in row:
                    self.element(cell, style)
                    self.flush(style)
        elif not self.is_box_of_links(block):
            self.nested("inset", block, style)  # a frame drawn around a text

    def is_picture_box(self, block: HtmlElement, tokens: frozenset[str]) -> bool:
        """A box that holds only pictures and what is printed under them."""
        if block not in self.with_image or block.tag in {"p", "li", "article", "section"}:
            return False
        length = self.measure.size[block]
        if length > _PICTURE_BOX_TEXT or next(block.iter("h1"), None) is not None:
            return False  # a long text, or the article's header with its picture
        words = the_words()
        if tokens & words.pictures or block.tag == "table":
            return True
        captions = [one for one in block.iter() if self.is_caption(one)]
        return length > 0 and length <= sum(self.measure.size[one] for one in captions)

    def is_card(self, block: HtmlElement) -> bool:
        """A picture with nothing under it but a link to another article."""
        if not self.measure.is_box_of_links(block, _CARD):
            return False
        links = [one.get("href") or "" for one in block.iter("a") if self.measure.size[one]]
        return not any(_NO_PAGE.search(address) for address in links)

    def is_film_box(self, block: HtmlElement, tokens: frozenset[str]) -> bool:
        if _type(block) not in _FILM_TYPES and not tokens & the_words().videos:
            return False
        return self.measure.size[block] <= _PICTURE_BOX_TEXT

    def is_caption(self, element: HtmlElement) -> bool:
        if element.tag == "figcaption" or element in self.rules.captions:
            return True
        return bool(class_tokens(element) & the_words().captions)

    def is_furniture(self, block: HtmlElement, tokens: frozenset[str]) -> bool:
        """Related links, advertisements, share buttons and the like."""
        if tokens & the_words().furniture_classes or block.tag in {"aside", "footer"}:
            return self.measure.size[block] <= self.length * _MOST_FURNITURE
        return block.tag not in {"ul", "ol"} and self.is_box_of_links(block)

    def is_box_of_links(self, block: HtmlElement) -> bool:
        if self.measure.size[block] > self.length * _MOST_LINKS:
            return False
        return self.measure.is_box_of_links(block, _BOX_OF_LINKS)

    def flush(self, style: Style) -> None:
        """Ends the paragraph being gathered."""
        runs, self.runs = self.runs, []
        if not runs:
            return
        for line in lines_of_runs(runs, in_paragraph=style.in_paragraph):
            if text := tidy("".join(run.text or " " for run in line)):
                setting = setting_of_runs(line, style)
                self.pieces.append(Piece(kind="paragraph", text=text, setting=setting))


def _type(block: HtmlElement) -> str:
    return (block.get("type") or "").lower()


def _image_piece(picture: Picture, style: Style) -> Piece:
    setting = Setting(align=style.align, classes=style.classes)
    return Piece(kind="image", picture=picture, setting=setting)


def _setting_of(pieces: Iterable[Piece], style: Style) -> Setting:
    linked = [piece.setting.linked for piece in pieces if piece.text]
    return Setting(linked=min(linked, default=0.0), classes=style.classes)


def _rows(table: HtmlElement) -> Iterator[list[HtmlElement]]:
    """The rows of a table, not those of tables in its cells."""
    for part in table:
        rows = part if part.tag in {"tbody", "thead", "tfoot"} else [part]
        for row in rows:
            if row.tag == "tr":
                yield [cell for cell in row if cell.tag in {"td", "th"}]

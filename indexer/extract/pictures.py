"""The pictures of a figure, a picture table or box, each with what is printed under it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import lru_cache
from html import unescape

from lxml.html import HtmlElement

from hanoiwatch.page.tree import lines_of, tidy
from indexer.extract.captions import split_caption
from indexer.extract.images import image_url
from indexer.extract.pieces import Picture
from indexer.extract.words import the_words

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ZOOM_CAPTIONS = ("data-caption", "data-desc", "data-sub-html")
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[a-z0-9]+")
MOST_KEPT = 4096
"""Classes and ids whose words are kept: a page asks for the same few hundred again and again."""


def class_tokens(element: HtmlElement) -> frozenset[str]:
    """The classes and id of an element, lower case: whole, and their words."""
    said, name = element.get("class"), element.get("id")
    if not name:  # as nearly all: pages say the same classes again and again
        return tokens_of(said) if said else frozenset()
    return tokens_of(f"{said} {name}") if said else tokens_of(name)


@lru_cache(maxsize=MOST_KEPT)
def tokens_of(said: str) -> frozenset[str]:
    """Of the value of a ``class``, an ``id``, or both."""
    parts = said if said.islower() else _CAMEL.sub("-", said).lower()
    return frozenset((*said.lower().split(), *_WORD.findall(parts)))


def pictures_in(
    figure: HtmlElement,
    captions: Collection[HtmlElement],
    skip: Collection[HtmlElement],
    base_url: str,
) -> list[Picture]:
    """Images in order; a caption belongs to the first image before it that has none."""
    pictures: list[Picture] = []
    zoomed: list[str] = []
    waiting: list[tuple[str, str]] = []
    for element, is_caption in _parts(figure, captions, skip):
        if not is_caption:
            if url := image_url(element, base_url):
                pictures.append(Picture(url=url))
                zoomed.append(zoom_caption(element))
        elif any(said := _said(element, skip)):
            waiting.append(said)
        _give(pictures, waiting)
    if pictures and not any(picture.caption or picture.credit for picture in pictures):
        _give(pictures, [(" ".join(lines_of(figure, skip)), "")])
    return [
        picture if picture.caption or picture.credit or not said else replace(picture, caption=said)
        for picture, said in zip(pictures, zoomed, strict=True)
    ]


def zoom_caption(image: HtmlElement) -> str:
    """What a slide show prints under an enlarged image: in an attribute of it or of its link.

    ``alt`` and ``title`` are no caption: systems fill them with the headline.
    """
    parent = image.getparent()
    holders = (image,) if parent is None else (image, parent)
    for holder in holders:
        for name in _ZOOM_CAPTIONS:
            if said := tidy(_TAG.sub(" ", unescape(holder.get(name) or ""))):
                return said
    return ""


def _parts(
    figure: HtmlElement, captions: Collection[HtmlElement], skip: Collection[HtmlElement]
) -> Iterator[tuple[HtmlElement, bool]]:
    """Images and captions (outermost) in document order."""
    inside: set[HtmlElement] = set()
    for element in figure.iter():
        if element in skip or not isinstance(element.tag, str) or element in inside:
            continue
        if element.tag == "img":
            yield element, False
        elif element is not figure and _is_caption(element, captions):
            inside.update(element.iter())
            yield element, True


def _is_caption(element: HtmlElement, captions: Collection[HtmlElement]) -> bool:
    if next(element.iter("img"), None) is not None:
        return False
    if element.tag in {"figcaption", "td", "th"} or element in captions:
        return True
    return bool(class_tokens(element) & the_words().captions)


def _said(caption: HtmlElement, skip: Collection[HtmlElement]) -> tuple[str, str]:
    """The caption's text, and the credit where an element of its own holds it."""
    if class_tokens(caption) & the_words().credit_classes and caption.tag != "figcaption":
        credit = " ".join(lines_of(caption, skip))
        return "", split_caption(credit).credit or credit
    for element in caption.iterdescendants():
        if isinstance(element.tag, str) and class_tokens(element) & the_words().credit_classes:
            credit = " ".join(lines_of(element))
            text = " ".join(lines_of(caption, {*skip, element}))
            return text, split_caption(credit).credit or credit
    return " ".join(lines_of(caption, skip)), ""


def _give(pictures: list[Picture], waiting: list[tuple[str, str]]) -> None:
    while waiting:
        place = next((at for at, one in enumerate(pictures) if not one.caption), None)
        if place is None:
            if not pictures:
                return
            place = len(pictures) - 1  # a second line under the same picture
        text, credit = waiting.pop(0)
        old = pictures[place]
        caption = f"{old.caption} {text}".strip()
        pictures[place] = Picture(url=old.url, caption=caption, credit=credit or old.credit)

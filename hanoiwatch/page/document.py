"""A captured page as extraction gets it, and the same page opened."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from hanoiwatch.page.charset import decode_html
from hanoiwatch.page.tree import lines_of, parse_html, tidy

_PLAIN = re.compile(r"https?://[a-zA-Z0-9.-]+(?::\d+)?/[\w./%~+=&,@!:-]*(?:\?[\w./%~+=&,@!:-]+)?")
"""An absolute address with nothing to make good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageInput:
    """One captured response, its body decoded from content coding but not from its charset."""

    url: str
    body: bytes
    captured_at: datetime
    content_type: str = "text/html"
    status: int = 200
    source: str | None = None
    """The outlet's name, where it is known: its own layouts come first."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A page opened: its text as served, and its tree. Nobody changes the tree."""

    page: PageInput
    html: str
    root: HtmlElement
    metas: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """``<meta>`` values as they stand, by lower-case ``property``, ``name`` or ``itemprop``; none
    of ``http-equiv``."""
    _with_attribute: dict[str, list[HtmlElement]] = field(default_factory=dict)
    _by_value: dict[str, dict[str, list[HtmlElement]]] = field(default_factory=dict)

    def meta(self, *names: str) -> str:
        """The first value that one of the names has, in the order of the names; tidy."""
        return next((tidy(self.metas[name][0]) for name in names if name in self.metas), "")

    @cached_property
    def elements(self) -> list[HtmlElement]:
        """Every element in document order. Once asked for, walks through the page are faster:
        lxml makes an object for an element anew whenever nobody holds the last one."""
        return list(self.root.iter())

    @cached_property
    def base_url(self) -> str:
        """What relative addresses of the page are relative to."""
        base = next(self.root.iter("base"), None)
        address = "" if base is None else base.get("href") or ""
        return absolute_url(self.page.url, address) or self.page.url

    @cached_property
    def by_classes(self) -> dict[str, list[tuple[int, HtmlElement]]]:
        """The elements by the whole value of their ``class``, with their places in the page: of
        thousands of elements a page has some hundred such values."""
        found: dict[str, list[tuple[int, HtmlElement]]] = {}
        for placed in enumerate(self.with_attribute("class")):
            value = placed[1].get("class") or ""
            if value in found:
                found[value].append(placed)
            else:
                found[value] = [placed]
        return found

    @cached_property
    def _values_of_class(self) -> dict[str, list[str]]:
        """The values of ``class`` that have a name in them."""
        found: dict[str, list[str]] = {}
        for said in self.by_classes:
            names = said.split()
            for name in names if len(names) == 1 else dict.fromkeys(names):
                found.setdefault(name, []).append(said)
        return found

    @cached_property
    def classes(self) -> frozenset[str]:
        """Every class of the page."""
        return frozenset(self._values_of_class)

    def of_class(self, name: str) -> list[HtmlElement]:
        """The elements that have a class, in document order."""
        values = self._values_of_class.get(name)
        if values is None:
            return []
        placed = [one for said in values for one in self.by_classes[said]]
        if len(values) > 1:
            placed.sort(key=_place)
        return [element for _, element in placed]

    @cached_property
    def lowered(self) -> bytes:
        """The page as served, its ASCII in small letters: what is not in it need not be looked
        for in the tree. (As text, marks and all, it would take ten times as long.)"""
        return self.html.encode("utf-8", "replace").lower()

    def with_attribute(self, name: str) -> list[HtmlElement]:
        """The elements that have this attribute (an XML name in small letters), in document
        order."""
        if name not in self._with_attribute:
            # an attribute that is written nowhere costs no walk through the tree
            found = _having(name)(self.root) if name.encode() in self.lowered else []
            elements = found if isinstance(found, list) else []
            self._with_attribute[name] = cast("list[HtmlElement]", elements)
        return self._with_attribute[name]

    def with_value(self, name: str, value: str) -> list[HtmlElement]:
        """The elements whose attribute is exactly this, in document order."""
        by_value = self._by_value.get(name)
        if by_value is None:
            by_value = self._by_value[name] = {}
            for element in self.with_attribute(name):
                by_value.setdefault(element.get(name) or "", []).append(element)
        return by_value.get(value, [])

    @cached_property
    def title(self) -> str:
        """``<title>``, tidy."""
        return tidy(str(self.root.findtext(".//title") or ""))

    def says_more_than(self, characters: int) -> bool:
        """Whether its paragraphs alone say more; far cheaper than `visible_lines`."""
        unseen = {one for box in self.root.iter("noscript", "template") for one in box.iter("p")}
        said = 0
        for paragraph in self.root.iter("p"):
            if paragraph not in unseen:
                said += len(tidy("".join(paragraph.itertext())))
            if said > characters:
                return True
        return False

    @cached_property
    def visible_lines(self) -> tuple[str, ...]:
        """Everything a reader without style sheets and scripts would see, a line a block."""
        body = self.root.find("body")
        return tuple(lines_of(self.root if body is None else body))


def _place(placed: tuple[int, HtmlElement]) -> int:
    return placed[0]


@cache
def _having(attribute: str) -> etree.XPath:
    return etree.XPath(f"descendant-or-self::*[@{attribute}]")


def open_document(page: PageInput) -> Document | None:
    """The page opened, or None where its body holds no HTML at all."""
    html = decode_html(page.body, page.content_type)
    root = parse_html(html)
    if root is None:
        return None
    return Document(page=page, html=html, root=root, metas=_metas(root))


def _metas(root: HtmlElement) -> dict[str, tuple[str, ...]]:
    metas: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        value = element.get("content")
        if not value or value.isspace() or element.get("http-equiv"):
            continue
        for key in ("property", "name", "itemprop"):
            if name := element.get(key):
                metas.setdefault(name.strip().lower(), []).append(value)
    return {name: tuple(values) for name, values in metas.items()}


def absolute_url(base: str, address: str) -> str | None:
    """``address`` as an absolute http(s) URL, or None where it is none."""
    if _PLAIN.fullmatch(address) and "/." not in address:
        return address  # as nearly all: joining would only take it apart and put it together
    try:
        url = urljoin(base, address.strip())
        return url if urlsplit(url).scheme in {"http", "https"} else None
    except ValueError:
        return None

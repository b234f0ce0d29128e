"""CSS selectors as layouts write them, compiled once, asked quickly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import cssselect
from cssselect.parser import Attrib, Class, CombinedSelector, Hash, PseudoElement, Tree
from lxml import etree
from lxml.html import HtmlElement

from hanoiwatch.page.document import Document

_LITERAL = frozenset({"=", "~=", "^=", "$=", "*=", "|="})
_PLAIN = re.compile(r"[\w-]+")
"""A value that stands in the raw page as it stands in the tree."""
_TRANSLATOR = cssselect.HTMLTranslator()


@dataclass(frozen=True, slots=True)
class _Alternative:
    """One selector of a comma-separated group."""

    needs: tuple[str, ...]
    """Texts without which no element of a page can match: looked for in the raw page first,
    which takes a hundredth of the time."""
    xpath: etree.XPath


@dataclass(frozen=True, slots=True)
class Selector:
    """A group of selectors. Earlier ones of the group are preferred to later ones."""

    alternatives: tuple[_Alternative, ...]

    def first_group(self, document: Document) -> list[HtmlElement]:
        """What the first alternative selects that selects anything, in document order."""
        for one in self.alternatives:
            if found := _select(one, document, document.root):
                return found
        return []

    def all(self, document: Document, scope: HtmlElement | None = None) -> list[HtmlElement]:
        """What any alternative selects in ``scope`` (default: the page), by alternative."""
        root = document.root if scope is None else scope
        found = (element for one in self.alternatives for element in _select(one, document, root))
        return list(dict.fromkeys(found))

    def matches(self, document: Document) -> bool:
        return any(_select(one, document, document.root) for one in self.alternatives)


def _select(one: _Alternative, document: Document, scope: HtmlElement) -> list[HtmlElement]:
    if any(need not in document.html for need in one.needs):
        return []
    found = one.xpath(scope)
    if not isinstance(found, list):  # CSS always selects elements
        return []
    return [each for each in found if isinstance(each, HtmlElement)]


@cache
def compiled(css: str) -> Selector:
    """The compiled form of a selector group; the empty string selects nothing."""
    if not css.strip():
        return Selector(())
    return Selector(tuple(_compile(one) for one in cssselect.parse(css)))


def _compile(selector: cssselect.Selector) -> _Alternative:
    xpath = _TRANSLATOR.selector_to_xpath(selector)
    return _Alternative(needs=tuple(_needs(selector.parsed_tree)), xpath=etree.XPath(xpath))


def _needs(tree: Tree | PseudoElement) -> list[str]:
    if isinstance(tree, CombinedSelector):
        return _needs(tree.selector) + _needs(tree.subselector)
    here: list[str] = []
    if isinstance(tree, Class):
        here = [tree.class_name]
    elif isinstance(tree, Hash):
        here = [tree.id]
    elif isinstance(tree, Attrib) and tree.operator in _LITERAL and tree.value:
        value = str(tree.value)
        here = [value] if _PLAIN.fullmatch(value) else []
    inner = getattr(tree, "selector", None)
    return here + (_needs(inner) if inner is not None else [])

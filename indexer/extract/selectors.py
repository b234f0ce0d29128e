"""CSS selectors as layouts write them, asked by the hundred.

An XPath for a class looks at every element of the page: 0.1 to 0.4 ms each, and a page is asked
about fifty times. Here one index of the page's classes answers the plain selectors (tags,
classes, ids, attributes, descendants and children) in some microseconds; for all others
the XPath of cssselect is run. A property test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import cssselect
from cssselect.parser import Attrib, Class, CombinedSelector, Element, Hash
from lxml import etree
from lxml.html import HtmlElement

from hanoiwatch.page.document import Document

Test = Callable[[HtmlElement], bool]

_TRANSLATOR = cssselect.HTMLTranslator()


@dataclass(frozen=True, slots=True)
class _Compound:
    """What one element must be: ``p.caption[align='center']``."""

    tag: str | None
    classes: tuple[str, ...]
    id: str | None
    attributes: tuple[str, ...]
    """The names of those that ``tests`` look at."""
    tests: tuple[Test, ...]

    def matches(self, element: HtmlElement) -> bool:
        if self.tag is not None and element.tag != self.tag:
            return False
        if self.classes:
            mine = (element.get("class") or "").split()
            if not all(name in mine for name in self.classes):
                return False
        if self.id is not None and element.get("id") != self.id:
            return False
        return isinstance(element.tag, str) and all(test(element) for test in self.tests)

    def anywhere(self, document: Document) -> Iterable[HtmlElement]:
        """The elements of the page that match."""
        candidates: Iterable[HtmlElement]
        if self.classes:
            lists = [document.by_class.get(name, []) for name in self.classes]
            rarest: list[HtmlElement] = min(lists, key=len)
            candidates = rarest
        elif self.id is not None:
            candidates = document.with_attribute("id")
        elif self.attributes:
            candidates = document.with_attribute(self.attributes[0])
        else:
            candidates = document.root.iter(self.tag or "*")
        return filter(self.matches, candidates)

    def below(self, element: HtmlElement, *, children: bool) -> Iterable[HtmlElement]:
        tag = self.tag or "*"
        found = element.iterchildren(tag) if children else element.iterdescendants(tag)
        return filter(self.matches, found)


@dataclass(frozen=True, slots=True)
class _Chain:
    """Compounds from the outermost to the one that is selected; ``children[i]``: the step to the
    i-th is ``>``, not a space."""

    compounds: tuple[_Compound, ...]
    children: tuple[bool, ...]

    def select(self, document: Document) -> list[HtmlElement]:
        found: Iterable[HtmlElement] = self.compounds[0].anywhere(document)
        for compound, children in zip(self.compounds[1:], self.children[1:], strict=True):
            below = (one for outer in found for one in compound.below(outer, children=children))
            found = dict.fromkeys(below)
        return list(found)


@dataclass(frozen=True, slots=True)
class _Foreign:
    """Any other selector."""

    xpath: etree.XPath

    def select(self, document: Document) -> list[HtmlElement]:
        found = self.xpath(document.root)
        found = found if isinstance(found, list) else []
        return [each for each in found if isinstance(each, HtmlElement)]


@dataclass(frozen=True, slots=True)
class Selector:
    """A group of selectors, parted by commas. Earlier ones are preferred to later ones."""

    alternatives: tuple[_Chain | _Foreign, ...]

    def first_group(self, document: Document) -> list[HtmlElement]:
        """What the first alternative selects that selects anything."""
        for one in self.alternatives:
            if found := one.select(document):
                return found
        return []

    def groups(self, document: Document) -> Iterator[list[HtmlElement]]:
        """What each alternative selects that selects anything, one after the other."""
        return filter(None, (one.select(document) for one in self.alternatives))

    def all(self, document: Document, inside: HtmlElement | None = None) -> list[HtmlElement]:
        """What the alternatives select, one after the other; only within ``inside``."""
        found = dict.fromkeys(each for one in self.alternatives for each in one.select(document))
        if inside is None:
            return list(found)
        return [each for each in found if inside in each.iterancestors()]

    def matches(self, document: Document) -> bool:
        return bool(self.first_group(document))


@cache
def compiled(css: str) -> Selector:
    """The compiled form of a selector group; the empty string selects nothing."""
    if not css.strip():
        return Selector(())
    return Selector(tuple(_compile(one) for one in cssselect.parse(css)))


def _compile(selector: cssselect.Selector) -> _Chain | _Foreign:
    try:
        if selector.pseudo_element is None:
            steps = list(_steps(selector.parsed_tree))
            return _Chain(
                compounds=tuple(compound for compound, _ in steps),
                children=tuple(is_child for _, is_child in steps),
            )
    except _NotPlainError:
        pass
    return _Foreign(etree.XPath(_TRANSLATOR.selector_to_xpath(selector)))


class _NotPlainError(Exception):
    """A selector that only XPath can answer."""


def _steps(tree: object) -> Iterator[tuple[_Compound, bool]]:
    if not isinstance(tree, CombinedSelector):
        yield _compound(tree), False
        return
    if tree.combinator not in {" ", ">"}:
        raise _NotPlainError
    yield from _steps(tree.selector)
    yield _compound(tree.subselector), tree.combinator == ">"


def _compound(tree: object) -> _Compound:
    classes: list[str] = []
    attributes: list[str] = []
    tests: list[Test] = []
    name: str | None = None
    while not isinstance(tree, Element):
        if isinstance(tree, Class):
            classes.append(tree.class_name)
        elif isinstance(tree, Hash) and name is None:
            name = tree.id
        elif isinstance(tree, Attrib) and tree.namespace is None:
            attributes.append(tree.attrib.lower())
            tests.append(_attribute_test(tree))
        else:
            raise _NotPlainError
        tree = tree.selector
    if tree.namespace is not None:
        raise _NotPlainError
    tag = tree.element.lower() if tree.element else None
    return _Compound(
        tag=tag, classes=tuple(classes), id=name, attributes=tuple(attributes), tests=tuple(tests)
    )


def _attribute_test(tree: Attrib) -> Test:
    name, said = tree.attrib.lower(), tree.value.value if tree.value else None
    if tree.operator == "exists":
        return lambda element: element.get(name) is not None
    if not said or tree.operator not in {"=", "^=", "$=", "*=", "~="}:
        raise _NotPlainError
    value: str = said
    if tree.operator == "=":
        return lambda element: element.get(name) == value
    if tree.operator == "^=":
        return lambda element: (element.get(name) or "").startswith(value)
    if tree.operator == "$=":
        return lambda element: (element.get(name) or "").endswith(value)
    if tree.operator == "*=":
        return lambda element: value in (element.get(name) or "")
    return lambda element: value in (element.get(name) or "").split()

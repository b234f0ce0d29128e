"""CSS selectors as layouts write them, asked by the hundred.

An XPath for a class looks at every element of the page: 0.1 to 0.4 ms each, and a page is asked
about fifty times. Here one index of the page's classes answers the plain selectors (tags,
classes, ids, attributes, descendants and children) in some microseconds; for all others
the XPath of cssselect is run. A property test holds both against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

import cssselect
from cssselect.parser import Attrib, Class, CombinedSelector, Element, Hash
from lxml import etree
from lxml.html import HtmlElement

from hanoiwatch.page.document import Document

Test = Callable[[HtmlElement], bool]

_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
_NEGATED = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
_HAS = re.compile(r":has\([^()]*\)")

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
    value: tuple[str, str] | None = None
    """An attribute, and what exactly it must be."""
    literals: tuple[bytes, ...] = ()
    """What must be written somewhere in a page, in small letters, that has such an element."""
    is_a_class: bool = False
    """Whether it asks for one class and nothing else, as most do."""
    is_a_value: bool = False
    """Whether it asks for one attribute's value and nothing else."""

    def matches(self, element: HtmlElement) -> bool:
        tag = element.tag
        if tag != self.tag if self.tag is not None else not isinstance(tag, str):
            return False
        if self.classes:
            mine = (element.get("class") or "").split()
            for name in self.classes:
                if name not in mine:
                    return False
        if self.id is not None and element.get("id") != self.id:
            return False
        for test in self.tests:  # noqa: SIM110 - asked a hundred times a page
            if not test(element):
                return False
        return True

    def anywhere(self, document: Document) -> Iterable[HtmlElement]:
        """The elements of the page that match."""
        candidates: Iterable[HtmlElement]
        if len(self.classes) == 1:
            candidates = document.of_class(self.classes[0])
            if not candidates or self.is_a_class:
                return candidates
        elif self.classes:
            lists = map(document.of_class, self.classes)
            rarest: list[HtmlElement] = min(lists, key=len)
            candidates = rarest
        elif self.value is not None:
            candidates = document.with_value(*self.value)
            if not candidates or self.is_a_value:
                return candidates
        elif self.literals and any(said not in document.lowered for said in self.literals):
            return ()
        elif self.attributes:
            candidates = document.with_attribute(self.attributes[0])
        else:
            candidates = document.root.iter(self.tag or "*")
        return filter(self.matches, candidates)

    def below(
        self, document: Document, outer: Iterable[HtmlElement], *, children: bool
    ) -> Iterable[HtmlElement]:
        """Those of the page's elements that match and stand in one of ``outer``, each once."""
        if self.classes:  # from the few that have the class upwards
            around = set(outer)
            for one in self.anywhere(document):
                above = (one.getparent(),) if children else one.iterancestors()
                if not around.isdisjoint(above):
                    yield one
            return
        tag = self.tag or "*"
        seen: set[HtmlElement] = set()
        for element in outer:
            inside = element.iterchildren(tag) if children else element.iterdescendants(tag)
            for one in filter(self.matches, inside):
                if one not in seen:
                    seen.add(one)
                    yield one


@dataclass(frozen=True, slots=True)
class _Chain:
    """Compounds from the outermost to the one that is selected; ``children[i]``: the step to the
    i-th is ``>``, not a space."""

    compounds: tuple[_Compound, ...]
    children: tuple[bool, ...]
    needs: frozenset[str]
    """The classes that the page must have."""

    def select(self, document: Document) -> list[HtmlElement]:
        first = self.compounds[0].anywhere(document)
        found = first if isinstance(first, list) else list(first)
        for compound, children in zip(self.compounds[1:], self.children[1:], strict=True):
            found = list(compound.below(document, found, children=children))
            if not found:
                return []
        return found


@dataclass(frozen=True, slots=True)
class _Foreign:
    """Any other selector."""

    xpath: etree.XPath
    needs: frozenset[str]

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
        return next(self.groups(document), [])

    def groups(self, document: Document) -> Iterator[list[HtmlElement]]:
        """What each alternative selects that selects anything, one after the other."""
        for one in self.alternatives:
            if one.needs <= document.classes and (found := one.select(document)):
                yield found

    def all(self, document: Document, inside: HtmlElement | None = None) -> list[HtmlElement]:
        """What the alternatives select, one after the other; only within ``inside``."""
        groups = list(self.groups(document))
        found = dict.fromkeys(chain(*groups)) if len(groups) > 1 else chain(*groups)
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
                needs=frozenset(name for compound, _ in steps for name in compound.classes),
            )
    except _NotPlainError:
        pass
    xpath = etree.XPath(_TRANSLATOR.selector_to_xpath(selector))
    return _Foreign(xpath, _classes_needed(selector.canonical()))


def _classes_needed(css: str) -> frozenset[str]:
    """The classes that any match has in it or around it: not those that it must not have."""
    asked = _NEGATED.sub("", css)
    known = "," not in asked and "(" not in _HAS.sub("", asked)
    return frozenset(_CLASS.findall(asked) if known else ())


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
    literals: list[bytes] = []
    values: list[tuple[str, str]] = []
    name: str | None = None
    while not isinstance(tree, Element):
        if isinstance(tree, Class):
            classes.append(tree.class_name)
        elif isinstance(tree, Hash) and name is None:
            name = tree.id
        elif isinstance(tree, Attrib) and tree.namespace is None:
            attributes.append(tree.attrib.lower())
            tests.append(_attribute_test(tree))
            literals += (said := _literals(tree))
            if tree.operator == "=" and tree.value and tree.value.value and not said:
                values.append((tree.attrib.lower(), tree.value.value))
        else:
            raise _NotPlainError
        tree = tree.selector
    if tree.namespace is not None:
        raise _NotPlainError
    tag = tree.element.lower() if tree.element else None
    if name is not None:
        values.insert(0, ("id", name))
    return _Compound(
        tag=tag, classes=tuple(classes), id=name, attributes=tuple(attributes),
        tests=tuple(tests), literals=tuple(literals), value=values[0] if values else None,
        is_a_class=len(classes) == 1 and not (tag or name or tests),
        is_a_value=bool(values) and not (tag or classes or tests[name is None :]),
    )  # fmt: skip


def _literals(tree: Attrib) -> list[bytes]:
    """The value that an address must hold, where a page can write it in one way only. (Of other
    attributes a page has few: to list them once is cheaper than to look for each value.)"""
    if tree.attrib.lower() not in {"src", "href"}:
        return []
    said = (tree.value.value if tree.value else "") or ""
    plain = said and said.isascii() and said.isprintable() and not set(said) & set("&<>\"' ")
    return [said.lower().encode()] if plain else []


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

"""A page around its headline: what stands near it, and what is marked with which words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml.html import HtmlElement

from hanoiwatch.page.document import Document
from indexer.extract.evidence_words import the_evidence_words
from indexer.extract.marks import Marks
from indexer.extract.pictures import class_tokens

LONGEST_LINE = 120
"""Characters of a line with time or author; a longer one is prose."""
NEAR = 80
"""Elements after the headline among which an unmarked line is looked for: with icons, buttons and
counters between, the lines under a headline have at most about fifty."""
BEFORE = 3
"""So many times farther counts what stands before the headline: mastheads show today's date."""

_LINES = frozenset({
    "p", "div", "span", "td", "li", "em", "i", "small", "font", "b", "strong", "time", "h4", "h5",
    "h6", "label", "dd", "a",
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Elements by where they stand. ``headline`` None: it was found nowhere on the page."""

    document: Document
    marks: Marks
    headline: HtmlElement | None = None

    @cached_property
    def order(self) -> dict[HtmlElement, int]:
        return {element: at for at, element in enumerate(self.document.elements)}

    @cached_property
    def place(self) -> int:
        return self.order.get(self.headline, 0) if self.headline is not None else 0

    def distance(self, element: HtmlElement) -> int:
        away = self.order[element] - self.place
        return away if away >= 0 else -away * BEFORE

    def nearest_first(self, found: Iterable[HtmlElement]) -> list[HtmlElement]:
        return sorted(dict.fromkeys(found), key=self.distance)

    @cached_property
    def under_headline(self) -> list[HtmlElement]:
        """The lines right after the headline, innermost elements only."""
        if self.headline is None:
            return []
        after = islice(self.document.elements, self.place + 1, self.place + NEAR)
        return [one for one in after if one.tag in _LINES and _is_line(one)]

    @cached_property
    def _around_headline(self) -> frozenset[HtmlElement]:
        """What holds the headline holds the article, whatever it is called."""
        return frozenset(() if self.headline is None else self.headline.iterancestors())

    def is_beside(self, element: HtmlElement) -> bool:
        """Whether it is in a comment, a list of other articles or the like."""
        words = the_evidence_words().not_the_article
        for one in (element, *element.iterancestors()):
            if one in self._around_headline:
                return False
            if one.tag not in {"body", "html"} and not class_tokens(one).isdisjoint(words):
                return True
        return False

    def is_in_masthead(self, element: HtmlElement) -> bool:
        """Whether it stands in a header of the page above the article, where clocks are."""
        if self.headline is None or self.order[element] > self.place:
            return False
        words = the_evidence_words().mastheads
        return any(
            one.tag == "header" or not class_tokens(one).isdisjoint(words)
            for one in (element, *element.iterancestors())
            if one not in self._around_headline
        )

    def marked(self, words: Collection[str]) -> list[HtmlElement]:
        """Elements of the article whose class or id has one of ``words``."""
        return [one for one in self.marks.having(words) if not self.is_beside(one)]

    def stating(self, names: frozenset[str]) -> list[HtmlElement]:
        """Elements with an ``itemprop`` or ``property`` of one of ``names``, of the article."""
        return [
            element
            for attribute in ("itemprop", "property")
            for element in self.document.with_attribute(attribute)
            if not names.isdisjoint((element.get(attribute) or "").lower().split())
            and not self.is_beside(element)
        ]


def _is_line(element: HtmlElement) -> bool:
    """Whether an element is one short line, not a box of several."""
    if any(child.tag in {"p", "div", "td", "li", "ul", "table"} for child in element):
        return False
    return 0 < len("".join(element.itertext()).strip()) <= LONGEST_LINE

"""What the elements of a page are marked with: by the words of their classes and ids."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from lxml.html import HtmlElement

from hanoiwatch.page.document import Document
from indexer.extract.pictures import class_tokens, tokens_of

_NUMBERED = re.compile(r"\d{3}")
"""Ids of comments and list entries; each page has its own, and none marks a field."""
_WHOLE = frozenset({"body", "html"})
"""Their classes say what the page is, not what is in it."""


@dataclass(frozen=True, kw_only=True)
class Marks:
    """The page's elements, grouped by what they are marked with: a page has thousands of elements
    and some hundred marks, so questions are put to the marks."""

    document: Document

    @cached_property
    def _groups(self) -> list[tuple[frozenset[str], list[HtmlElement]]]:
        groups = {
            said: [element for _, element in placed]
            for said, placed in self.document.by_classes.items()
        }
        for element in self.document.with_attribute("id"):
            if not _NUMBERED.search(name := element.get("id") or ""):
                groups.setdefault(name, []).append(element)
        return [(tokens_of(said), elements) for said, elements in groups.items()]

    def having(self, words: Collection[str]) -> Iterator[HtmlElement]:
        """Elements whose class or id has one of ``words``, each once; the whole page is none."""
        found = (elements for tokens, elements in self._groups if not tokens.isdisjoint(words))
        yield from (one for one in dict.fromkeys(chain(*found)) if one.tag not in _WHOLE)


def is_in(element: HtmlElement, words: Collection[str]) -> bool:
    """Whether an element, or one around it, is marked with one of ``words``."""
    if not class_tokens(element).isdisjoint(words):
        return True
    return any(
        not class_tokens(above).isdisjoint(words)
        for above in element.iterancestors()
        if above.tag not in _WHOLE
    )

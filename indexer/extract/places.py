"""Whose an element is: the article's whose container is known, or another's on the same page.

`docs/decisions/0015-what-stands-beside-the-text-is-told-by-its-place.md` has the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

MOST_LOOKED_AT = 200
"""Elements of one field: lists have some dozens, pages made to be slow have thousands."""
_CARDS = frozenset({"article", "aside"})


@dataclass(frozen=True, slots=True)
class Places:
    """Where the article stands: its container, and its headline if there is one."""

    container: HtmlElement
    headline: HtmlElement | None = None
    _around: set[HtmlElement] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        for mine in (self.container, self.headline):
            if mine is not None:
                self._around.update((mine, *mine.iterancestors()))

    def ours(self, found: list[HtmlElement]) -> list[HtmlElement]:
        """Without what stands in the cards of other articles, and without what stands below the
        text, where something stands above or in it."""
        own = [one for one in found[:MOST_LOOKED_AT] if not self.is_in_card(one)]
        above = [one for one in own if not self.is_below(one)]
        return above or [one for one in own if not self._is_in_list(one)]

    def is_below(self, element: HtmlElement) -> bool:
        """Whether it begins after the end of the container."""
        above = [*self.container.iterancestors()]
        path = [element, *element.iterancestors()]
        if self.container in path or element in above:
            return False
        shared = next(at for at, one in enumerate(path) if one in above)
        mine = next(one for one in (self.container, *above) if one.getparent() is path[shared])
        return any(one is path[shared - 1] for one in mine.itersiblings())

    def is_in_card(self, element: HtmlElement) -> bool:
        """Whether it stands in the box of another article."""
        return any(one.tag in _CARDS for one in self._apart(element))

    def _is_in_list(self, element: HtmlElement) -> bool:
        return any(one.tag == "li" for one in self._apart(element))

    def _apart(self, element: HtmlElement) -> Iterator[HtmlElement]:
        """What is around the element, and not around the article too."""
        return (one for one in element.iterancestors() if one not in self._around)

"""How much text and how much link text each element of a tree holds, told in one pass."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement

_SILENT = frozenset({"script", "style", "noscript", "template", "svg"})


@dataclass(frozen=True, slots=True)
class Measure:
    """Characters without the spaces at the ends of each stretch of text.

    Asking an element for its text again and again would take a deeply nested page hours.
    """

    size: dict[HtmlElement, int] = field(default_factory=dict)
    linked: dict[HtmlElement, int] = field(default_factory=dict)

    def is_box_of_links(self, box: HtmlElement, share: float) -> bool:
        linked = self.linked.get(box, 0)
        return linked > 0 and linked >= share * self.size[box]


def measure(root: HtmlElement) -> Measure:
    """The measure of ``root`` and everything in it."""
    size: dict[HtmlElement, int] = {}
    linked: dict[HtmlElement, int] = {}
    for element in reversed(list(root.iter())):  # children before their parents
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            size[element] = linked[element] = 0
            continue
        text = len(element.text.strip()) if element.text else 0
        links = 0
        for child in element:
            text += size[child]
            links += linked[child]
            if child.tail:
                text += len(child.tail.strip())
        size[element] = text
        linked[element] = text if element.tag == "a" else links
    return Measure(size, linked)

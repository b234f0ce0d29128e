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
    elements = list(root.iter())
    size = dict.fromkeys(elements, 0)
    linked = dict.fromkeys(elements, 0)
    for element in reversed(elements):  # children before their parents, each adding to its parent
        tag = element.tag
        if not isinstance(tag, str) or tag in _SILENT:
            size[element] = linked[element] = 0
        elif text := element.text:
            size[element] += len(text.strip())
        if tag == "a":
            linked[element] = size[element]
        if element is root:
            break
        parent = element.getparent()
        tail = element.tail
        size[parent] += size[element] + (len(tail.strip()) if tail else 0)
        if links := linked[element]:
            linked[parent] += links
    return Measure(size, linked)

"""Inline text as it is set, and the paragraphs it makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml.html import HtmlElement

from indexer.extract.pictures import class_tokens
from indexer.extract.pieces import Alignment, Setting

_BOLD = frozenset({"b", "strong"})
_ITALIC = frozenset({"i", "em", "cite"})
_SETTING = _BOLD | _ITALIC | {"a"}

_SENTENCE_END = re.compile(r"[.!?:…\"”][\s)]*$")
_SHORTEST_LINE = 40
"""Characters: a shorter line that ends like a sentence may be a verse or an address."""


class Run(NamedTuple):
    """A stretch of inline text, all set alike; ``text`` None is a line break."""

    text: str | None
    bold: bool
    italic: bool
    linked: bool


class Style(NamedTuple):
    """How the text at a place is set, and the block it stands in."""

    bold: bool = False
    italic: bool = False
    linked: bool = False
    align: Alignment = ""
    classes: frozenset[str] = frozenset()
    in_paragraph: bool = False
    is_caption: bool = False


def lines_of_runs(runs: list[Run], *, in_paragraph: bool) -> Iterator[list[Run]]:
    """Runs parted at the line breaks that part paragraphs.

    Two breaks do; one does after a stretch in bold (a heading or a lead set into the paragraph),
    and in text that stands in no paragraph at all, after the end of a sentence.
    """
    line: list[Run] = []
    size, is_bold, last, breaks = 0, True, "", 0
    for run in runs:
        if run.text is None:
            breaks += 1
            continue
        if not run.text.strip():
            line.append(run)
            continue
        loose = not in_paragraph and size > _SHORTEST_LINE and _SENTENCE_END.search(last[-4:])
        turned = is_bold and not run.bold
        if size and (breaks > 1 or (breaks and (turned or loose))):
            yield line
            line, size, is_bold = [], 0, True
        elif breaks:
            line.append(run._replace(text=" "))
        line.append(run)
        size, is_bold = size + len(run.text), is_bold and run.bold
        last, breaks = run.text, 0
    yield line


def setting_of_runs(runs: list[Run], style: Style) -> Setting:
    """How a paragraph made of ``runs`` is set."""
    total = bold = italic = linked = 0
    for run in runs:
        size = len("".join((run.text or "").split()))
        total += size
        bold += size * run.bold
        italic += size * run.italic
        linked += size * run.linked
    total = max(total, 1)
    return Setting(
        bold=bold / total,
        italic=italic / total,
        linked=linked / total,
        align=style.align,
        classes=style.classes,
        is_caption=style.is_caption,
    )


def inline_style(element: HtmlElement, style: Style) -> Style:
    css, tag = element.get("style") or "", element.tag
    if not css and tag not in _SETTING:
        return style  # a bare <span>, as most
    return style._replace(
        bold=style.bold or tag in _BOLD or _is_bold(css),
        italic=style.italic or tag in _ITALIC or "italic" in css,
        linked=style.linked or tag == "a",
    )


def block_style(block: HtmlElement, style: Style) -> Style:
    css = block.get("style") or ""
    tokens = class_tokens(block)
    return Style(  # every field, for `_replace` takes thrice as long
        style.bold or _is_bold(css),
        style.italic or "italic" in css,
        style.linked,
        _alignment(block, css, tokens) or style.align,
        tokens,
        block.tag in _PARAGRAPHS,
        style.is_caption,
    )


_PARAGRAPHS = frozenset({"p", "li", "td"})
_RIGHT = frozenset({"right", "alignright"})
_CENTER = frozenset({"center", "aligncenter"})
_CSS_ALIGN = re.compile(r"text-align\s*:\s*(\w+)")


def _alignment(block: HtmlElement, css: str, tokens: frozenset[str]) -> Alignment:
    found = _CSS_ALIGN.search(css) if css else None
    said = (found[1] if found else block.get("align") or "").lower()
    if said in {"right", "end"} or (not said and tokens & _RIGHT):
        return "right"
    if said == "center" or block.tag == "center" or (not said and tokens & _CENTER):
        return "center"
    return ""


_BOLD_CSS = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_HIDDEN_CSS = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


def _is_bold(css: str) -> bool:
    return bool(css) and _BOLD_CSS.search(css) is not None


def is_hidden(element: HtmlElement) -> bool:
    """Whether its own attributes hide an element; style sheets are not looked at."""
    css = element.get("style")
    return element.get("hidden") is not None or bool(css and _HIDDEN_CSS.search(css))

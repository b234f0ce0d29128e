"""Which address a picture is really at, and which pictures are none of the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from hanoiwatch.page.document import absolute_url

_ADDRESSES = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-original-src", "data-image",
    "data-photo-original-src", "data-srcset", "src", "srcset",
)  # fmt: skip
"""Where pages keep the address until the reader scrolls there; ``src`` may be a placeholder."""
_PLACEHOLDER = re.compile(
    r"^\s*(?:data|about|blob|javascript):|/icons?/|/(?:logo|icon|blank|spacer|pixel|transparent"
    r"|placeholder|no-?image|loading|lazy(?:load)?|1x1|default(?:[-_]image)?|gr[ae]y)"
    r"(?:[-_]?\d+x\d+)?\.(?:gif|png|jpe?g|svg|webp)(?:$|\?)",
    re.IGNORECASE,
)
_WIDTH = re.compile(r"(?:^|[;\s])width\s*:\s*(\d+)px", re.IGNORECASE)
SMALLEST = 60
"""Pixels of width; what is narrower is an icon."""


def image_url(image: HtmlElement, base: str) -> str | None:
    """The absolute address of an ``<img>``, or None for icons, pixels and placeholders."""
    if _is_icon(image):
        return None
    for address in _addresses(image):
        if address and not _PLACEHOLDER.search(address) and (url := absolute_url(base, address)):
            return url
    return None


def _is_icon(image: HtmlElement) -> bool:
    width = (image.get("width") or "").strip().removesuffix("px")
    styled = _WIDTH.search(image.get("style") or "")
    sizes = [int(size) for size in (width, styled[1] if styled else "") if size.isdecimal()]
    return any(size < SMALLEST for size in sizes)


def _addresses(image: HtmlElement) -> Iterator[str]:
    for name in _ADDRESSES:
        value = image.get(name)
        if value:
            yield _largest(value) if name.endswith("srcset") else value.strip()
    parent = image.getparent()
    while parent is not None and parent.tag in {"picture", "source"}:
        for source in parent.iter("source"):
            for name in ("data-srcset", "srcset"):
                if value := source.get(name):
                    yield _largest(value)
        parent = parent.getparent()


def _largest(srcset: str) -> str:
    """The address with the greatest width or density of a ``srcset``."""
    best, best_size = "", -1.0
    for candidate in re.split(r",\s+|,(?=https?:|//)", srcset.strip()):
        address, _, size = candidate.strip().partition(" ")
        number = re.match(r"\d+(?:\.\d+)?", size.strip())
        if (value := float(number[0]) if number else 0.0) > best_size:
            best, best_size = address, value
    return best

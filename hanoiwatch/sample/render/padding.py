"""Page furniture that makes an article page as heavy as a live one, for measurements.

Live pages of Vietnamese papers hold 4 to 8 elements per KB, and one to four tenths of them are
script (counted on stored pages of three papers); a filled page keeps to that.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from hanoiwatch.sample.site import Site, sample_site

_SCRIPT_SHARE = 0.3
_STEP = 256
"""Sizes are rounded to this, so that few different fillings are ever made."""


def padded(html: str, size: int) -> str:
    """``html`` filled up to about ``size`` bytes; unchanged where it is that heavy."""
    missing = (size - len(html.encode())) // _STEP * _STEP
    if missing <= 0:
        return html
    script, markup = _furniture(missing)
    head, end_head, rest = html.partition("</head>")
    body, end_body, tail = rest.rpartition("</body>")
    return f"{head}{script}{end_head}{body}{markup}{end_body}{tail}"


@lru_cache(maxsize=512)
def _furniture(size: int) -> tuple[str, str]:
    """A script for the head and a mega menu for the end of the body, together ``size`` bytes."""
    script = _script(int(size * _SCRIPT_SHARE))
    return script, _mega_menu(sample_site(), size - len(script.encode()))


def _script(size: int) -> str:
    slots: dict[str, dict[str, object]] = {}
    used = 0
    for place in range(size // 60):
        slot = {"id": f"slot-{place}", "w": 300 + place % 7, "lazy": place % 2 == 0}
        used += len(json.dumps(slot)) + 16
        if used > size:
            break
        slots[f"zone{place:04d}"] = slot
    return f"<script>window.adSlots = {json.dumps(slots)};</script>"


def _token(place: int) -> str:
    """Something that does not compress, as live pages are full of."""
    return hashlib.sha256(str(place).encode()).hexdigest()[:24]


def _mega_menu(site: Site, size: int) -> str:
    names = [(slug, name) for slug, below in site.subsections.items() for name in below]
    items: list[str] = []
    used = 0
    for place in range(size):
        slug, name = names[place % len(names)]
        item = (
            f'<li class="c-mega__item c-mega__item--{place % 4} js-hover js-track lazy-children" '
            f'data-zone="{slug}" data-place="{place}" data-key="{_token(place)}">'
            f'<a class="c-mega__link" href="/{slug}/muc-{place}" title="{name}" '
            f'data-track="{_token(-place)}">{"" if place % 3 else _ICON}{name}</a></li>'
        )
        used += len(item.encode())
        if used > size:
            break
        items.append(item)
    return f'<div class="c-mega"><ul>{"".join(items)}</ul></div>'


_ICON = (
    '<svg class="icon" viewBox="0 0 24 24"><path d="M12 2L2 7l10 5 10-5-10-5zM2 17l10 5 10-5M2 '
    '12l10 5 10-5"/></svg>'
)

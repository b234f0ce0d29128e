"""Titles as lists give them: marked up, escaped twice, broken over lines."""

from __future__ import annotations

import html
import re

from hanoiwatch.text import nfc

_LONGEST = 1000
"""A title past this is a whole article in the wrong element."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def plain_title(text: str | None) -> str | None:
    """One line of text in NFC; None for nothing, or for far too much."""
    if not text or len(text) > 10 * _LONGEST:
        return None
    # VietNamNet's feed, for one, escapes `&apos;` once more: `&amp;apos;`
    plain = html.unescape(_TAG.sub(" ", html.unescape(text)))
    title = " ".join(nfc(plain).split())
    return title if title and len(title) <= _LONGEST else None

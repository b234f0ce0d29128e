"""An article's words, in the form in which copies are compared."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from hanoiwatch.model import Content
from hanoiwatch.text import canon, words

WORDING_VERSION = 1
"""Grows when the same article would give other words: all signatures are made anew."""

_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
"""``8.500`` and ``8500`` are the same number, in whichever paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Title, lead and body as canon words, in order; captions and bylines are each paper's own."""

    words: tuple[str, ...]
    title: str
    """Canon."""
    lead: str
    """Canon; of an article without a lead its first block."""


def wording_of(content: Content) -> Wording:
    """The words of ``content``; numbers without separators of thousands and leading zeros."""
    title, lead, text = (
        _THOUSANDS.sub("", canon(part)) for part in (content.title, content.lead, content.text)
    )
    found = words(f"{title}\n{lead}\n{text}")
    return Wording(
        # interned: the words of 3,000 texts are the same few thousand
        words=tuple([sys.intern(word if word[0] != "0" else _plain(word)) for word in found]),
        title=title,
        lead=lead or text.partition("\n")[0],
    )


def is_number(word: str) -> bool:
    """Whether a word is written with figures: ``26``, ``8h30``."""
    return word[0].isdigit()


def _plain(word: str) -> str:
    return word.lstrip("0") or "0"

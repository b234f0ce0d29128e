"""What a paper prints each day by the same pattern: the weather and the day's agenda.

Two days' pages share their frame and tell different things: they are no copies.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from hanoiwatch.clock import HANOI
from hanoiwatch.sample.articles import SampleArticle, article_from

PATTERNS = ("weather", "agenda")
_NAME = re.compile(r"\{(\w+)\}")
_SAID_OFTEN = frozenset({"sky", "high", "low"})
"""Names that mean the same wherever they stand on a page."""


@cache
def _patterns() -> dict[str, Any]:
    patterns: dict[str, Any] = msgspec.yaml.decode(Path(__file__).with_suffix(".yaml").read_bytes())
    return patterns


def daily_page(dealer: Random, pattern: str, slug: str, published: datetime) -> SampleArticle:
    """The page of that day; no meeting, host, show or place is named twice on it."""
    day = published.astimezone(HANOI)
    said: dict[str, list[str]] = {"day": [str(day.day)], "month": [str(day.month)]}

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        before = said.setdefault(name, [])
        if before and name in {*_SAID_OFTEN, "day", "month"}:
            return before[0]
        before.append(_word(dealer, name, before))
        return before[-1]

    raw = msgspec.json.encode({**_patterns()[pattern], "published": published.isoformat()})
    return article_from(slug, msgspec.json.decode(_NAME.sub(fill, raw.decode())))


def _word(dealer: Random, name: str, before: list[str]) -> str:
    patterns = _patterns()
    if name in patterns["numbers"]:
        return str(dealer.randint(*patterns["numbers"][name]))
    return dealer.choice([word for word in patterns["words"][name] if word not in before])

"""Whether a reading is worse than the good copy, and whether two speak of one article. Pure.

The numbers and their reasons: docs/decisions/0011-what-counts-as-an-edit-and-as-gone.md.
"""

from __future__ import annotations

from datetime import datetime

from hanoiwatch.model import Content
from hanoiwatch.text import canon
from hanoiwatch.text import words as words_of

GENERAL = "general"
"""The layout's name of what no layout read."""

LEAST_KEPT = 0.5
"""Share of the good copy's words that a newer text must have: papers shorten by sentences and
paragraphs; teasers, cut bodies and failed layouts leave less than half."""

SHINGLE = 3
SAME_SHINGLES = 0.5
"""Two texts that share half of the three-word runs of the shorter one are one text, edited. On
unrelated articles of the press the share is below a twentieth."""

FEWEST_WORDS = 50
"""Of an undated text that may be known by its words alone: shorter ones are notices, which
papers print again and again."""


def why_worse(new: Content, layout: str, good: Content, good_layout: str) -> str:
    """Why ``new`` must not replace the good copy; empty where it may."""
    if good.title.strip() and not new.title.strip():
        return "the title is gone"
    said, before = _words(new, good), _words(good, good)
    if before and not said:
        return "the text is gone"
    if layout == GENERAL and good_layout != GENERAL:
        return f"{good_layout} reads it no longer"
    if said < LEAST_KEPT * before and not _lacks_one_block(new, good):
        return f"the text has {said} words instead of {before}"
    return ""


def shows_otherwise(new: Content, old: Content) -> bool:
    """Whether two readings with the same words differ in anything else that readers are shown.

    The order of tags and the paper's own time of change do not count.
    """
    return _shown(new) != _shown(old)


def is_same_article(one: Content, other: Content) -> bool:
    """Whether two readings of different addresses or days can be of one article."""
    if one.published_at and _minute(one.published_at) == _minute(other.published_at):
        return True
    if canon(one.title) == canon(other.title) != "":
        return True
    mine, theirs = _shingles(one), _shingles(other)
    return len(mine & theirs) >= SAME_SHINGLES * min(len(mine), len(theirs)) > 0


def is_known_by_words(content: Content) -> bool:
    """Whether the very same words at another address can only be the same article there."""
    if content.published_at is not None:
        return True
    return bool(content.title.strip()) and _words(content, content) >= FEWEST_WORDS


def _words(content: Content, good: Content) -> int:
    """Words of the text; where the good copy is a story in pictures, of the captions."""
    if any(block.text for block in good.blocks):
        return len(words_of(content.text))
    return sum(len(words_of(image.caption)) for image in content.images)


def _lacks_one_block(new: Content, good: Content) -> bool:
    """Whether one block of the text was taken out and all else left as it was."""
    if (new.title, new.lead) != (good.title, good.lead):
        return False
    kept, before = _blocks(new), _blocks(good)
    if len(kept) != len(before) - 1:
        return False
    at = next((at for at, block in enumerate(kept) if block != before[at]), len(kept))
    return kept[at:] == before[at + 1 :]


def _blocks(content: Content) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in content.blocks if block.kind != "image"]


def _shown(content: Content) -> tuple[object, ...]:
    return (
        content.lead_prefix,
        content.byline,
        content.photographers,
        content.original_source,
        content.section,
        content.published_at,
        content.language,
        frozenset(content.tags),
        tuple(image.url for image in content.images),
    )


def _minute(moment: datetime | None) -> datetime | None:
    return moment.replace(second=0, microsecond=0) if moment else None


def _shingles(content: Content) -> set[tuple[str, ...]]:
    words = words_of(canon(content.text))
    return set(zip(*(words[start:] for start in range(SHINGLE)), strict=False))

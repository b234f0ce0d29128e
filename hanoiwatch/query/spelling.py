"""Spellings that readers take for the same word, at query time only.

A final i or y alone after a single consonant or ``qu`` is one sound: ``Sĩ`` and ``Sỹ``, ``quí``
and ``quý``. In ``tai`` and ``tay`` it is not alone. The index keeps what was written.
"""

from __future__ import annotations

import re

_ONE_SOUND = re.compile(r"(?:qu|[bcdđghklmnpqrstvx])[iìíỉĩịyỳýỷỹỵ]")
_OTHER = str.maketrans("iìíỉĩịyỳýỷỹỵ", "yỳýỷỹỵiìíỉĩị")


def spellings(word: str) -> tuple[str, ...]:
    """``word`` (canon or folded) and, where it has one, its other spelling."""
    if not _ONE_SOUND.fullmatch(word):
        return (word,)
    return (word, word[:-1] + word[-1].translate(_OTHER))

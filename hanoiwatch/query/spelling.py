"""Spellings that readers take for the same word, at query time only.

A final i or y alone after a single consonant or ``qu`` is one sound: ``Sĩ`` and ``Sỹ``, ``quí``
and ``quý``. In ``tai`` and ``tay`` it is not alone. The index keeps what was written.
"""

from __future__ import annotations

import re

_ONSETS = "bcdđghklmnpqrstvx"
_I, _Y = "iìíỉĩị", "yỳýỷỹỵ"
_ONE_SOUND = re.compile(f"(?:qu|[{_ONSETS}])[{_I}{_Y}]")
_OTHER = str.maketrans(_I + _Y, _Y + _I)


def spellings(word: str) -> tuple[str, ...]:
    """``word`` (canon or folded) and, where it has one, its other spelling."""
    if not _ONE_SOUND.fullmatch(word):
        return (word,)
    return (word, word[:-1] + word[-1].translate(_OTHER))


def pairs() -> list[tuple[str, str]]:
    """Every word that has another spelling, with it."""
    with_i = [onset + vowel for onset in (*_ONSETS, "qu") for vowel in _I]
    return [(word, spellings(word)[1]) for word in with_i]

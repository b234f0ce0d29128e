"""Lines of a page that are no text of its article: stamps, counters, what stands around them.

They change with every request: an archive that took them for text would find an edit a day.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from hanoiwatch.text import fold, words
from indexer.extract.pieces import SHORT_LINE
from indexer.extract.words import the_words

_STARS = "*•·-–—()[] "
"""What stands before a notice of its own kind."""
_AMOUNT = re.compile(r"\d+[a-z]?\d*")
"""``10``, ``10h15``, ``2k``."""


def is_furniture_line(text: str) -> bool:
    """Whether a line of its own says nothing but what pages print around every article."""
    if len(text) > SHORT_LINE:
        return False
    said, openings = fold(text), the_words().furniture_openings
    line = words(said)
    if "".join(line) in the_words().furniture_lines:
        return True
    if said.startswith(openings) or (
        said[:1] in _STARS and said.lstrip(_STARS).startswith(openings)
    ):
        return True
    return _changes(line)


def changes_by_itself(text: str) -> bool:
    """Whether a line is only a counter (``1.204 lượt xem``) or a stamp (``Cập nhật lúc 10:15``)."""
    return len(text) <= SHORT_LINE and _changes(words(fold(text)))


def _changes(said: list[str]) -> bool:
    if not any(word[0].isdigit() and _AMOUNT.fullmatch(word) for word in said):
        return False
    line = f" {' '.join(said)} "
    is_stamp = line.startswith(the_words().stamps) and _are_of(said, the_words().stamp_words)
    if is_stamp:
        return True
    is_counter = any(label in line for label in the_words().counters)
    return is_counter and _are_of(said, the_words().counter_words)


def _are_of(said: Collection[str], allowed: Collection[str]) -> bool:
    return all(word in allowed or _AMOUNT.fullmatch(word) for word in said)

"""What changed between two texts of an article, or between an article and its copy. Pure.

    compare(old, new) -> Difference

Words are compared within paragraphs; paragraphs that moved, were split or were joined are
recognised. docs/decisions/0014 says how.
"""

from __future__ import annotations

from hanoiwatch.diff.compare import compare
from hanoiwatch.diff.records import (
    BlockChange,
    ChangedSentence,
    Difference,
    FieldChange,
    ImageChange,
    Piece,
)
from hanoiwatch.diff.sentences import changed_sentences
from hanoiwatch.diff.shape import difference_json
from hanoiwatch.diff.summary import summary

__all__ = [
    "BlockChange",
    "ChangedSentence",
    "Difference",
    "FieldChange",
    "ImageChange",
    "Piece",
    "changed_sentences",
    "compare",
    "difference_json",
    "summary",
]

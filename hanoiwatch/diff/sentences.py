"""The sentences that changed: what an alert shows of an edit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hanoiwatch.diff.records import (
    ChangedSentence,
    Difference,
    Mark,
    Piece,
    Pieces,
    SentenceField,
    is_changed,
)
from hanoiwatch.text import fold

# Tried only where a run of stops begins: from inside of one, a page of points would take long.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s|$)|\n")
_AT_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+\Z")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_VOWELS = frozenset("aeiouy")

_LONGEST_ABBREVIATION = 6
"""A longer run of consonants is no title but a typing error."""

_TAIL = 16
"""Characters: enough for the last word of a sentence and the marks behind it."""


def changed_sentences(difference: Difference) -> tuple[ChangedSentence, ...]:
    """Every sentence that changed, came or went: title, lead, text, captions, in this order.

    Cut where a sentence ends in both texts; a passage that was rewritten across sentences stays
    in one piece. A paragraph that only moved has none.
    """
    return tuple(
        ChangedSentence(field=field, pieces=part)
        for field, pieces in _texts(difference)
        for part in sentences(pieces)
        if _says_other(part)
    )


def _texts(difference: Difference) -> Iterator[tuple[SentenceField, Pieces]]:
    for change in difference.fields:
        if change.name == "title" or change.name == "lead":  # noqa: PLR1714 - mypy narrows this
            yield change.name, change.pieces
    for block in difference.changed_blocks:
        yield "text", block.pieces
    for image in difference.images:
        yield "caption", image.caption


def _says_other(pieces: Pieces) -> bool:
    """Whether more than spacing changed: a paragraph that was split says what it said."""
    return is_changed(piece for piece in pieces if not piece.text.isspace())


def sentences(pieces: Pieces) -> Iterator[Pieces]:
    """``pieces`` cut where a sentence ends in both texts; joined again they are the same."""
    part: list[Piece] = []
    for place, piece in enumerate(pieces):
        start = 0
        if piece.mark == "same" and piece.text[0].isspace() and part and _is_whole(part):
            yield tuple(part)
            part = []
        for end in _ends(pieces, place) if piece.mark == "same" else ():
            yield (*part, Piece(mark="same", text=piece.text[start:end]))
            part, start = [], end
        if rest := piece.text[start:]:
            part.append(Piece(mark=piece.mark, text=rest))
    if part:
        yield tuple(part)


def _is_whole(part: list[Piece]) -> bool:
    """Whether a sentence ends with ``part`` in both texts, or was never there."""
    return _is_ended(part, "added") and _is_ended(part, "removed")


def _is_ended(part: list[Piece], other: Mark) -> bool:
    """The same of one text: that of the pieces which are not ``other``."""
    last = ""
    for piece in reversed(part):
        if len(last) >= _TAIL:
            break
        if piece.mark != other:
            last = (piece.text[-2 * _TAIL :] + last).rstrip()
    found = _AT_END.search(last)
    return not last or (found is not None and not _is_abbreviation(last, found.start()))


def _ends(pieces: Pieces, place: int) -> Iterator[int]:
    text = pieces[place].text
    for found in _END.finditer(text):
        at_edge = found.end() == len(text)
        if _is_abbreviation(text, found.start()) or (at_edge and not _open_edge(pieces, place)):
            continue
        yield found.end()


def _open_edge(pieces: Pieces, place: int) -> bool:
    """Whether what follows in either text begins with a space: else it may be ``12.`` of
    ``12.000``."""
    for piece in pieces[place + 1 :]:
        if not piece.text[0].isspace():
            return False
        if piece.mark == "same":
            break
    return True


def _is_abbreviation(text: str, stop: int) -> bool:
    """``TP.``, ``GS.``, ``KTS.``: every Vietnamese syllable has a vowel, these have none."""
    word = _LAST_WORD.search(text[max(stop - _LONGEST_ABBREVIATION - 1, 0) : stop])
    if word is None or len(word[0]) > _LONGEST_ABBREVIATION:
        return False
    return not _VOWELS & set(fold(word[0]))

"""The last lines of a text: who wrote it, where it was taken from."""

from __future__ import annotations

import re
from collections.abc import Collection

from indexer.extract.people import (
    Credits,
    balanced,
    is_agencies,
    is_collective,
    looks_like_name,
    read_byline,
    read_source,
)
from indexer.extract.pieces import TEXT, Piece
from indexer.extract.words import the_words

LONGEST_SIGNATURE = 80
LONGEST_INITIALS = 5
MOST_SIGNATURES = 4

_INITIALS = re.compile(r"(?:[^\W\d_]\.\s?){1,3}[^\W\d_]{0,10}")
"""``"Đ.H"``, ``"N.H."``, ``"T.Nhung"``."""
_DAY = re.compile(r"\d{1,2}\s?[/.-]\s?\d{1,4}(?!\d)|(?:ngày|tháng|năm)\s+\d", re.IGNORECASE)
"""``"Hà Nội, ngày 5/3"`` ends a letter: the place is nobody's name."""


def take_signatures(
    pieces: list[Piece], site_names: Collection[str]
) -> tuple[list[Piece], Credits]:
    """The pieces without the signatures at their end, and what those say."""
    made = Credits()
    for _ in range(MOST_SIGNATURES):
        at = _last_line(pieces)
        said = _signature(pieces[at], site_names) if at is not None and at > 0 else None
        if at is None or said is None:
            break
        made = said | made
        pieces = [*pieces[:at], *pieces[at + 1 :]]
    return pieces, made


def _last_line(pieces: list[Piece]) -> int | None:
    """Where the text ends; a box that stands below the signature is passed over."""
    texts = [at for at, piece in enumerate(pieces) if piece.text]
    lines = [at for at in texts if pieces[at].kind != "inset"]
    return lines[-1] if lines else None


def _signature(piece: Piece, site_names: Collection[str]) -> Credits | None:
    """What a last line says, if it is a signature and not the end of the text."""
    text = balanced(piece.text.strip("() "))
    if piece.kind not in TEXT or len(text) > LONGEST_SIGNATURE or _DAY.search(text):
        return None
    if source := read_source(piece.text):
        return Credits(original_source=source)
    if _is_sentence(piece, text) and not is_agencies(text, site_names):
        return None
    said = read_byline(text, site_names)
    if piece.setting.classes & the_words().signatures:
        return said
    names = said.names
    if is_agencies(text, site_names):  # "(TTXVN/Vietnam+)": whose report it is, and nobody's name
        return Credits()
    if not names:
        return None
    is_set_apart = piece.setting.align == "right" or piece.setting.is_bold
    if is_set_apart or piece.setting.is_italic:
        return said if all(looks_like_name(name) for name in names) else None
    has_role = text != " ".join(names) and ":" in text
    is_plain_name = all(_is_plain_name(name) for name in names)
    return said if is_plain_name or (has_role and all(map(looks_like_name, names))) else None


def _is_sentence(piece: Piece, text: str) -> bool:
    """Whether it ends as one, and nothing sets it apart from the text."""
    setting = piece.setting
    is_apart = setting.align == "right" or setting.is_bold or setting.is_italic
    if is_apart or setting.classes & the_words().signatures or _INITIALS.fullmatch(text):
        return False
    return text.endswith((".", "!", "?", "”", '"'))


def _is_plain_name(name: str) -> bool:
    """Two to four capitalised words; initials, which stand under official news; a newsroom."""
    is_initials = name.isalpha() and name.isupper() and len(name) <= LONGEST_INITIALS
    if is_initials or _INITIALS.fullmatch(name) or is_collective(name):
        return True
    return 1 < len(name.split()) <= 4 and looks_like_name(name)

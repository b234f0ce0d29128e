"""Vietnamese text as it is compared: the one normaliser of recording, index and queries.

``nfc`` is what we store. ``canon`` and ``fold`` are for matching only; both are as long as
``nfc`` of the same text, character for character, so a place found in one is that place in all.

    "Uỷ ban"  --nfc-->  "Uỷ ban"  --canon-->  "ủy ban"  --fold-->  "uy ban"

Tokens are syllables: maximal runs of letters and digits. Everything else separates, so
``TP.Hà Nội`` and ``15-NQ/TW`` are three tokens each.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NORMALISER_VERSION = 2
"""Grows when the same text would give other tokens: an index of another version is rebuilt."""

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphen, zero-width space and joiners, word joiner, byte-order mark."""
_ON_ENTRY = str.maketrans(
    {**dict.fromkeys(_INVISIBLE, ""), "\u00a0": " ", "Ð": "Đ", "ð": "đ", "Ɖ": "Đ"}
)
ODD = tuple(chr(code) for code in _ON_ENTRY)
"""The characters that `nfc` changes beyond what NFC does."""

_TOKEN = re.compile(r"[^\W_]+")

# The two lower-case mappings of Unicode that change the length or look at their neighbours.
_LOWER_ALONE = str.maketrans({"İ": "i", "Σ": "σ"})

# Old placement of the tone in an open syllable. `quý` is no such syllable: its u is part of qu.
# A mark that stands by itself after it would join the bare letter: `oà` and another grave stays.
# The q is looked for behind the pair: where both ways begin with a letter, it is twice as fast.
_OLD_TONE = re.compile(r"(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ](?<!qu.))(?![^\W\d_]|[\u0300-\u036f])")
_NEW_TONE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip

_MARKED = "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
_HAS_MARK = re.compile(f"[{_MARKED}{_MARKED.upper()}]")

_FOLDED_RANGES = (range(0xC0, 0x250), range(0x1E00, 0x1F00))
"""Where Unicode keeps its Latin letters with marks."""
_TABLE_END = 0x2100
"""Past the punctuation of the press; a table lookup there is five times as fast as a miss."""


def nfc(text: str) -> str:
    """Text as stored: NFC, without zero-width characters, NBSP as a space, Ð ð Ɖ as Đ đ."""
    if text.isascii():  # told in no time, and so is much of what a page is made of
        return text
    for char in ODD:
        if char in text:
            text = text.translate(_ON_ENTRY)
            break
    return unicodedata.normalize("NFC", text)


def canon(text: str) -> str:
    """``nfc``, lower case, old tone placement made new (``hoà`` to ``hòa``); marks stay."""
    if text.isascii():
        return text.lower()
    text = nfc(text)
    if "İ" in text or "Σ" in text:
        text = text.translate(_LOWER_ALONE)
    return _OLD_TONE.sub(_new_tone, text.lower())


def fold(text: str) -> str:
    """``canon`` without marks, and with d for đ."""
    if text.isascii():
        return text.lower()
    return canon(text).translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Token:
    """A syllable, and its place in the text it was found in: ``text[start:end]``."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of ``text`` as it stands (``canon`` or ``fold`` it first to compare)."""
    return [Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(text)]


def words(text: str) -> list[str]:
    """The same tokens without their places: twice as fast."""
    return _TOKEN.findall(text)


def word_places(text: str) -> list[tuple[int, int]]:
    """The same tokens by their places alone."""
    return [found.span() for found in _TOKEN.finditer(text)]


def fold_canon(canon_text: str) -> str:
    """``fold(x)`` for who already has ``canon(x)``."""
    return canon_text.translate(_FOLD)


def has_marks(text: str) -> bool:
    """Whether any letter carries a Vietnamese mark, or is a đ."""
    return _HAS_MARK.search(nfc(text)) is not None


def _new_tone(found: re.Match[str]) -> str:
    return _NEW_TONE[found[0]]


def _fold_letter(char: str) -> str:
    if char in "đĐ":
        return "d" if char == "đ" else "D"
    base, *marks = list(unicodedata.normalize("NFD", char))
    plain = base.isascii() and base.isalpha() and all(map(unicodedata.combining, marks))
    return base if plain else char


def _fold_table() -> str:
    letters = [chr(code) for code in range(_TABLE_END)]
    for code in (code for codes in _FOLDED_RANGES for code in codes):
        letters[code] = _fold_letter(chr(code))
    return "".join(letters)


_FOLD = _fold_table()

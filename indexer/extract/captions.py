"""A caption as printed, parted into what it says and whose picture it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from hanoiwatch.text import canon
from indexer.extract.words import the_words

LONGEST_CREDIT = 90
MOST_CREDIT_WORDS = 14
"""More words after "Ảnh:" are a caption that only calls itself a picture."""

_END = re.compile(r"[\s\-–—|/;,]+$")
_INITIAL = re.compile(r"(?:^|[\s.])[^\W\d_]\.$|\.[^\W\d_]{2}\.$")


@dataclass(frozen=True, slots=True)
class Caption:
    text: str = ""
    credit: str = ""
    is_drawn: bool = field(default=False, compare=False)
    """Whether the credit is for a graphic, a map, a drawing: who made it took no picture."""


def split_caption(text: str) -> Caption:
    """``"Cầu mới. Ảnh: Hà Vũ"`` is the caption "Cầu mới." and the credit "Hà Vũ".

    "Ảnh minh họa" is no credit; "Ảnh minh họa: Hà Vũ" keeps its first half in the caption.
    """
    for pattern in _patterns():
        for found in pattern.finditer(canon(text)):
            start, end = found.span("credit")  # canon is as long as the text: same places
            credit = _clean_credit(text[start:end])
            if _is_credit(credit, found["marker"]) and not _is_prose(text, found, credit):
                kept = found.end("kind") if found["kind"] else found.start()
                is_drawn = canon(found["marker"]).strip(" (:：") in the_words().drawn_markers
                return Caption(_clean_caption(text[:kept]), credit, is_drawn)
    return Caption(text.strip())


def _is_credit(credit: str, marker: str) -> bool:
    if not credit or len(credit) > LONGEST_CREDIT or len(credit.split()) > MOST_CREDIT_WORDS:
        return False
    if canon(credit) in the_words().nobody:
        return False
    has_colon = marker.rstrip().endswith((":", "："))
    return has_colon or _is_named(credit)


def _is_prose(text: str, found: re.Match[str], credit: str) -> bool:
    """``"Hai nhóm ảnh: trước và sau"``: a small letter, in the middle of a sentence."""
    place = found.start("marker")
    before = text[:place].rstrip()[-1:]
    in_sentence = before.isalnum() and text[place : place + 1].islower()
    return in_sentence and not credit[:1].isupper()


def _is_named(credit: str) -> bool:
    """Without a colon, only capitalised words are a credit: "Ảnh TTXVN", not "Ảnh chụp hôm qua"."""
    words = re.findall(r"\w+", credit)
    return 0 < len(words) <= 6 and all(word[0].isupper() or word == "và" for word in words)


def _clean_credit(credit: str) -> str:
    credit = credit.strip().strip('()[]*"').strip(" -–—|/;,")
    if credit.count("(") > credit.count(")"):  # "Lan Chi (TTXVN)": the bracket is the credit's own
        credit += ")"
    return credit if _INITIAL.search(credit) else credit.rstrip(" .")


def _clean_caption(text: str) -> str:
    text = _END.sub("", text.strip())
    if text.endswith(("(", "[")):
        return _END.sub("", text[:-1])
    return f"{text})" if text.count("(") > text.count(")") else text


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = the_words()
    kinds = canon(words.credit_kinds)
    marker = rf"(?P<kind>ảnh\s+(?:{kinds}))|(?:{canon(words.credit_markers)})"
    tail = r"\s*(?:[)\]]\s*\.?)?\s*$"  # the full stop of "V.T." stays with the credit
    return (
        # with a colon, in brackets or not, whatever stands before: "(Ảnh: X)", "– Ảnh: X"
        re.compile(
            rf"(?:^|(?<=[\s(\[\-–—|/.,;]))(?P<marker>(?:{marker})\s*[:：])"
            rf"(?P<credit>[^:：]{{1,{LONGEST_CREDIT + 10}}}?){tail}"
        ),
        # "… hội nghị. Ảnh X", "… hội nghị (Ảnh - X)", "… hội nghị - Ảnh X": only after the end
        # of a sentence, a dash or a bracket
        re.compile(
            rf"(?:(?<=[.!?…)”\"|/–—\]])|(?<=\s-)|(?<=[(\[]))(?P<kind>)\s*"
            rf"(?P<marker>[(\[]?(?:ảnh|nguồn)(?:\s+|\s*[/–—-]\s*))"
            rf"(?P<credit>[^:：.]{{2,50}}?)\s*\.?{tail}"
        ),
    )

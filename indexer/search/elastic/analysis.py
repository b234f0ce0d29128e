"""Analyzers that give exactly the tokens of `hanoiwatch.text`, made of parts the product has.

    entry    invisible characters out, letters that have another normal form into it
    sort     a run of combining marks into the order in which they compose
    compose  a letter and its marks into one letter
    tone     marks an old tone placement, `place` makes it new (canon only)
    bare     letters with marks into letters without (fold only)
    words    tokens: runs of the characters that Python takes for letters and digits
    lines    an end of a line leaves a hole in the positions, so that no phrase runs over it
    sound    of what is typed only: a word that may be spelt with i or y is asked for in both

All tables are made from the normaliser itself, so that they cannot say otherwise. Conjoining
Hangul is the one thing left out: its 11,000 rules would serve nobody here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, pairwise, product
from typing import Any

from hanoiwatch.query.spelling import pairs
from hanoiwatch.text import ODD, canon, fold, nfc

BREAK = "\ue000"
"""The token that stands for the end of a line. Of the private use area: no text means it."""
_TONE = "\ue001"
"""Stands behind a syllable whose tone must be placed anew."""
FOLDED, TONED, LINES = "vi_folded", "vi_toned", "vi_lines"
"""The analyzers: without marks; with them; the ends of lines alone."""
FOLDED_TYPED, TONED_TYPED = "vi_folded_typed", "vi_toned_typed"
"""Of words that people type elsewhere (Kibana): what we ask for is spelt out already."""

_HORN, _DOT = "\u031b", "\u0323"
_ABOVE = "\u0300\u0301\u0302\u0303\u0306\u0308\u0309"
_MARKS = _HORN + _DOT + _ABOVE
"""Those of Vietnamese, and the diaeresis of foreign names. They compose from below up: horn, dot,
then what stands above."""
_SURROGATES = range(0xD800, 0xE000)
_NARROW = 16
"""Characters: by this 733 ranges of letters become 157, at the price of 2,300 rules."""
_HANGUL = range(0xAC00, 0xD7A4)
_PRIVATE = (BREAK, _TONE)

_OLD_PAIRS = [f"o{letter}" for letter in "àáảãạèéẻẽẹ"] + [f"u{letter}" for letter in "ỳýỷỹỵ"]


@cache
def analysis_settings() -> dict[str, Any]:
    """`settings.analysis` of an index. A second to make; change nothing in it."""
    canonical = ["vi_entry", "vi_sort", "vi_compose"]
    toned = [*canonical, "vi_tone", "vi_place"]
    return {
        "char_filter": _char_filters(),
        "tokenizer": {"vi_words": {"type": "simple_pattern", "pattern": _words_pattern()}},
        "filter": {
            "vi_no_lines": {"type": "stop", "stopwords": [BREAK]},
            "vi_only_lines": {"type": "keep", "keep_words": [BREAK]},
            "vi_sound": {"type": "synonym_graph", "synonyms": list(map(", ".join, pairs()))},
        },
        "analyzer": {
            FOLDED: _analyzer([*canonical, "vi_bare"], "vi_no_lines"),
            TONED: _analyzer(toned, "vi_no_lines"),
            LINES: _analyzer(canonical, "vi_only_lines"),
            FOLDED_TYPED: _analyzer([*canonical, "vi_bare"], "vi_sound", "vi_no_lines"),
            TONED_TYPED: _analyzer(toned, "vi_sound", "vi_no_lines"),
        },
    }


def _analyzer(char_filters: list[str], *last: str) -> dict[str, Any]:
    return {
        "type": "custom",
        "char_filter": char_filters,
        "tokenizer": "vi_words",
        "filter": ["lowercase", *last],
    }


def _char_filters() -> dict[str, Any]:
    return {
        "vi_entry": _mapping(_entry()),
        "vi_sort": {"type": "pattern_replace", **_sort()},
        "vi_compose": _mapping(_compose()),
        "vi_tone": {
            "type": "pattern_replace",
            "pattern": _old_tone_pattern(),
            "replacement": "$0" + _TONE,
        },
        "vi_place": _mapping(_place()),
        "vi_bare": _mapping(_bare()),
    }


def _mapping(rules: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return {"type": "mapping", "mappings": [f"{_typed(a)} => {_typed(b)}" for a, b in rules]}


def _typed(text: str) -> str:
    """As a rule is written: what could be trimmed or misread is escaped."""
    return "".join(
        char if char.isalnum() else f"\\u{ord(char):04x}" if char <= "\uffff" else char
        for char in text
    )


def _characters() -> Iterator[str]:
    return map(chr, chain(range(_SURROGATES.start), range(_SURROGATES.stop, 0x110000)))


# --- entry -----------------------------------------------------------------------------------


def _entry() -> Iterator[tuple[str, str]]:
    """Each character that `nfc` changes by itself; ends of lines as words of their own."""
    yield "\n", f" {BREAK} "
    for char in _PRIVATE:
        yield char, " "
    for char in _characters():
        if not unicodedata.is_normalized("NFC", char) or char in ODD:
            yield char, nfc(char)


# --- combining marks -------------------------------------------------------------------------


def _sort() -> dict[str, str]:
    """Puts what composes first: a horn, a dot, then two marks above, in the order they have.

    What is left of a run stays behind it as one more of each: it only separates then.
    """
    above, marks = f"[{_ABOVE}]", f"[{_MARKS}]"
    behind = (
        _captured(_HORN), _captured(_DOT),
        f"(?=[{_HORN}{_DOT}]*({above})?)",
        f"(?=[{_HORN}{_DOT}]*{above}[{_HORN}{_DOT}]*({above})|)",
        f"(?={marks}*?{_HORN}{marks}*?({_HORN})|)",
        f"(?={marks}*?{_DOT}{marks}*?({_DOT})|)",
        f"(?=(?:[{_HORN}{_DOT}]*{above}){{2}}[{_HORN}{_DOT}]*({above})|)",
    )  # fmt: skip
    pattern = f"(?<!{marks})(?={marks}{{2}}){''.join(behind)}{marks}+"
    return {"pattern": pattern, "replacement": "$1$2$3$4$5$6$7"}


def _captured(mark: str) -> str:
    """The first such mark of the run, where it has one."""
    return f"(?=[{_MARKS}]*?({mark})|)"


def _compose() -> Iterator[tuple[str, str]]:
    rules: dict[str, str] = dict.fromkeys(_gaps(), " ")
    for char in _composed():
        base, mark = _decomposed(char)
        rules[base + mark] = char
        rules.setdefault(unicodedata.normalize("NFD", char), char)
    marked = {rule[0] for rule in rules if len(rule) > 1 and rule[1] in _MARKS}
    bases = sorted(marked | set(_with_marks()))
    for count in (2, 3, 4):
        for base in bases:
            for marks in _runs(count):
                _teach(rules, base, marks)
    return iter(sorted(rules.items()))


def _composed() -> list[str]:
    """Every letter that is made of another and one mark."""
    return [
        char
        for char in _characters()
        if len(unicodedata.decomposition(char).split()) == 2
        and "<" not in unicodedata.decomposition(char)
        and unicodedata.normalize("NFC", char) == char
        and ord(char) not in _HANGUL
    ]


def _decomposed(char: str) -> tuple[str, str]:
    first, second = (chr(int(code, 16)) for code in unicodedata.decomposition(char).split())
    return first, second


def _with_marks() -> Iterator[str]:
    """Letters that hold marks of Vietnamese: a further one may change them."""
    for char in _composed():
        base, *marks = list(unicodedata.normalize("NFD", char))
        if base.isascii() and all(mark in _MARKS for mark in marks):
            yield char


def _runs(count: int) -> Iterator[str]:
    """Every run of marks as `vi_sort` leaves it."""
    for horn, dot, first, second in product(("", _HORN), ("", _DOT), *[("", *_ABOVE)] * 2):
        run = horn + dot + first + second
        if len(run) == count - 1 and (first or not second):
            yield run


def _teach(rules: dict[str, str], base: str, marks: str) -> None:
    """Adds a rule where those there are would make another letter of it."""
    letter, *rest = list(unicodedata.normalize("NFC", base + marks))
    known, used = _applied(rules, base + marks)
    if known != letter or (used == len(base + marks)) == bool(rest):
        rules[base + marks] = letter + "".join(rest)


def _applied(rules: dict[str, str], text: str) -> tuple[str, int]:
    """What the longest rule makes of the letter, and how much of the text it takes."""
    for end in range(len(text), 1, -1):
        if made := rules.get(text[:end]):
            return made[0], end if len(made) == 1 else end - 1
    return text[0], 1


# --- tones and bare letters ------------------------------------------------------------------


def _old_tone_pattern() -> str:
    def marked(first: str) -> str:
        letters = [pair[1] for pair in _OLD_PAIRS if pair[0] == first]
        return "".join(letters) + "".join(letters).upper()

    bound = _class(char for char in _letters_and_digits() if not char.isdecimal())
    return f"(?:[oO][{marked('o')}]|(?<![qQ])[uU][{marked('u')}])(?![{bound}\u0300-\u036f])"


def _place() -> Iterator[tuple[str, str]]:
    """Both letters in either case; the analyzer makes them small."""
    yield _TONE, ""
    for old in _OLD_PAIRS:
        for typed in {a + b for a in (old[0], old[0].upper()) for b in (old[1], old[1].upper())}:
            yield typed + _TONE, canon(typed)


def _bare() -> Iterator[tuple[str, str]]:
    for char in _letters_and_digits():
        if nfc(char) == char and fold(char) != canon(char):
            yield char, fold(char)


# --- tokens ----------------------------------------------------------------------------------


@cache
def _words_pattern() -> str:
    """One letter or digit or more; or the end of a line."""
    return f"[{_class(sorted((*_letters_and_digits(), *_gaps())))}]+|{BREAK}"


@cache
def _gaps() -> tuple[str, ...]:
    """The other characters in narrow gaps between letters. They become spaces before tokens are
    made, so that tokens are of few ranges: Lucene before 10.2 takes seconds for hundreds."""
    codes = [ord(char) for char in _letters_and_digits()]
    return tuple(
        chr(code)
        for before, after in pairwise(codes)
        if 1 < after - before <= _NARROW
        for code in range(before + 1, after)
    )


@cache
def _letters_and_digits() -> tuple[str, ...]:
    """As Python has them, which is what `hanoiwatch.text` takes for words."""
    return tuple(re.findall(r"[^\W_]", "".join(_characters())))


def _class(chars: Iterable[str]) -> str:
    """The inside of a character class, by ranges: what the server takes for a letter is not asked,
    it may know another version of Unicode."""
    ranges: list[tuple[int, int]] = []
    for code in map(ord, chars):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)

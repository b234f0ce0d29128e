"""Reads a query: a cursor that goes through it once, one method for each rule of the grammar.

    either  = every { "OR" every }
    every   = part { part }
    part    = [ "-" ] [ FIELD ":" ] atom
    atom    = "(" either ")" | [ "~" ] quoted | [ "~" ] WORD
    quoted  = '"' … '"' [ "~" NUMBER ]

Words beside each other bind closer than OR. A word without any letter or digit (a dash in a
pasted headline) separates, like a space. lark reads this grammar too, at 55 to 85 ms of import
for each `hanoiwatch search`, and without the places and reasons that people need here.
"""

from __future__ import annotations

import re
from typing import NoReturn

from hanoiwatch.errors import QueryError
from hanoiwatch.query.spelling import spellings
from hanoiwatch.query.tree import FIELDS, AllOf, AnyOf, Field, Node, Not, Phrase
from hanoiwatch.text import canon, fold, has_marks, words

MAX_DEPTH = 50
"""Of brackets. People stop at three; deeper ones would only cost stack."""
MAX_SLOP = 1000
"""Longer than any paragraph of the press."""

_SPACE = re.compile(r"\s*")
_WORD = re.compile(r'[^\s()"]+')
_OR = re.compile(r'OR(?![^\s()"])')
_DASHES = re.compile(r"-+")
_FIELD = re.compile(rf"({'|'.join(FIELDS)}):", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]*)"|“([^“”"]*)”')
_SLOP = re.compile(r"~(\d+)(?!\w)")


def parse(query: str) -> Node:
    """The meaning of ``query``. Raises QueryError, which points at the place."""
    return _Reader(query).whole()


class _Reader:
    def __init__(self, query: str) -> None:
        self._query = query
        self._at = 0
        self._depth = 0
        self._exact = has_marks(query)

    def whole(self) -> Node:
        node = self._either(FIELDS)
        if self._at < len(self._query):
            self._refuse(self._at, "this bracket closes nothing")
        if node is None:
            self._refuse(0, "it has no word to look for")
        return node

    def _either(self, fields: tuple[Field, ...]) -> Node | None:
        branches = [self._every(fields)]
        ors: list[int] = []
        while _OR.match(self._query, self._at):
            ors.append(self._at)
            self._at += len("OR")
            branches.append(self._every(fields))
        for number, branch in enumerate(branches if ors else ()):
            if branch is None:
                self._refuse(ors[max(number - 1, 0)], "OR needs something on both its sides")
        return _join(AnyOf, [branch for branch in branches if branch is not None])

    def _every(self, fields: tuple[Field, ...]) -> Node | None:
        parts: list[Node] = []
        while not self._at_end_of_every():
            part = self._part(fields)
            if part is not None:
                parts.append(part)
        return _join(AllOf, parts)

    def _at_end_of_every(self) -> bool:
        self._skip(_SPACE)
        at_end = self._at == len(self._query)
        return at_end or self._looking_at(")") or bool(_OR.match(self._query, self._at))

    def _part(self, fields: tuple[Field, ...]) -> Node | None:
        start = self._at
        dashes = self._skip(_DASHES)
        if dashes and self._at_gap():
            return None
        if dashes > 1:
            self._refuse(start, "write one minus, right before what must not occur")
        node = self._in_field(fields)
        return Not(node) if dashes and node else node

    def _in_field(self, fields: tuple[Field, ...]) -> Node | None:
        start = self._at
        named = _FIELD.match(self._query, start)
        if not named:
            return self._atom(fields)
        self._at = named.end()
        field = next(field for field in FIELDS if field == named[1].lower())
        node = None if self._at_gap() or self._looking_at("-") else self._atom((field,))
        if node is None:
            self._refuse(start, f"right after {field}: comes a word, a phrase or a group")
        return node

    def _atom(self, fields: tuple[Field, ...]) -> Node | None:
        if self._looking_at("("):
            return self._group(fields)
        start = self._at
        tilde = self._looking_at("~")
        self._at += tilde
        phrase = self._quoted(fields, folded=tilde) or self._word(fields, folded=tilde)
        if tilde and phrase is None:
            self._refuse(start, "right after ~ comes a word or a phrase")
        return phrase

    def _group(self, fields: tuple[Field, ...]) -> Node:
        start = self._at
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._refuse(start, f"brackets are nested deeper than {MAX_DEPTH}")
        self._at += 1
        node = self._either(fields)
        if not self._looking_at(")"):
            self._refuse(start, "this bracket is never closed")
        if node is None:
            self._refuse(start, "there is no word in this group")
        self._at += 1
        self._depth -= 1
        return node

    def _quoted(self, fields: tuple[Field, ...], *, folded: bool) -> Phrase | None:
        start = self._at
        quoted = _QUOTED.match(self._query, start)
        if not quoted:
            if self._looking_at('"'):
                self._refuse(start, "this quotation mark is never closed")
            return None
        self._at = quoted.end()
        phrase = self._phrase(
            quoted[1] or quoted[2] or "", fields, folded=folded, slop=self._slop()
        )
        if phrase is None:
            self._refuse(start, "there is no word in this phrase")
        return phrase

    def _slop(self) -> int:
        start = self._at
        if not self._looking_at("~"):
            return 0
        number = _SLOP.match(self._query, start)
        # Compared by length first: Python refuses to read numbers of thousands of digits.
        if not number or len(number[1]) > len(str(MAX_SLOP)) or int(number[1]) > MAX_SLOP:
            self._refuse(start, f"right after ~ comes a number of words, at most {MAX_SLOP}")
        self._at = number.end()
        return int(number[1])

    def _word(self, fields: tuple[Field, ...], *, folded: bool) -> Phrase | None:
        if folded and (named := _FIELD.match(self._query, self._at)):
            self._refuse(self._at - 1, f"write the field first: {named[0]}~…")
        start = self._at
        self._skip(_WORD)
        return self._phrase(self._query[start : self._at], fields, folded=folded)

    def _phrase(
        self, text: str, fields: tuple[Field, ...], *, folded: bool, slop: int = 0
    ) -> Phrase | None:
        folded = folded or not self._exact
        found = words(fold(text) if folded else canon(text))
        if not found:
            return None
        return Phrase(
            words=tuple(map(spellings, found)),
            folded=folded,
            fields=fields,
            slop=slop if len(found) > 1 else 0,
        )

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self._query, self._at)
        length = len(found[0]) if found else 0
        self._at += length
        return length

    def _looking_at(self, char: str) -> bool:
        return self._query.startswith(char, self._at)

    def _at_gap(self) -> bool:
        return self._query[self._at : self._at + 1] in ("", ")") or self._query[self._at].isspace()

    def _refuse(self, position: int, reason: str) -> NoReturn:
        raise QueryError(self._query, position, reason)


def _join(kind: type[AllOf | AnyOf], parts: list[Node]) -> Node | None:
    if len(parts) > 1:
        return kind(tuple(parts))
    return parts[0] if parts else None

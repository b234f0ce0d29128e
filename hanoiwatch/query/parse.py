"""Reads a query: one parser for each rule of the grammar, put together with parsy.

    either = every { "OR" every }
    every  = { part }
    part   = [ "-" ] [ FIELD ":" ] atom
    atom   = group | phrase | word
    group  = "(" either ")"
    phrase = [ "~" ] '"' … '"' [ "~" NUMBER ]
    word   = [ "~" ] WORD

Words beside each other bind closer than OR. A word without any letter or digit (a dash in a
pasted headline) separates, like a space. See docs/decisions/0009.

The rules that hold no other are put together with parsy's operators, the four that contain each
other are its generators: a level of brackets then takes four frames of the stack, not sixteen.
Each is told how deep in brackets it stands; past `MAX_DEPTH` a bracket is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Generator
from functools import partial
from typing import Any, NoReturn

from parsy import generate, index, regex, seq, string, success

from hanoiwatch.errors import QueryError
from hanoiwatch.query.spelling import spellings
from hanoiwatch.query.tree import FIELDS, AllOf, AnyOf, Node, Not, Phrase, folded, within
from hanoiwatch.text import canon, has_marks, nfc, words

MAX_DEPTH = 50
"""Of brackets. People stop at three; deeper ones would only cost stack."""
MAX_SLOP = 1000
"""Longer than any paragraph of the press."""

Parser = Any
"""Of parsy, which has no types of its own."""
Rule = Generator[Parser, Any, Node | None]
"""Yields the parsers of its parts, is sent what they read; None is a rule without any word."""


def parse(query: str) -> Node:
    """The meaning of ``query``. Raises QueryError, which points at the place."""
    typed = nfc(query)
    try:
        tree: Node = _whole.parse(typed)
    except _RefusalError as refusal:
        raise QueryError(query, _place(query, refusal.position), refusal.reason) from None
    return tree if has_marks(typed) else folded(tree)


class _RefusalError(Exception):
    """Ends the reading at once: parsy's own failures only mean "try the next alternative"."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position, self.reason = position, reason


def _place(query: str, position: int) -> int:
    """Where in ``query`` as it was typed the character stands that NFC has at ``position``."""
    starts = range(len(query))
    return max(bisect_right(starts, position, key=lambda start: len(nfc(query[:start]))) - 1, 0)


def _refusing(reason: str) -> Callable[..., NoReturn]:
    def refuse(at: int, *_: object) -> NoReturn:
        raise _RefusalError(at, reason)

    return refuse


# --- what holds no other rule: each parser returns what was read, None where nothing was ---------

_nothing = success(None)
_at_gap = r"(?=[\s)]|$)"
_gap = regex(rf"(?:\s+|-+{_at_gap})*")
_sign_or = regex(r'OR(?![^\s()"])')
_or = seq(index, _sign_or).combine(lambda at, _: at) | _nothing
_end_of_every = regex(r'(?=\)|$|OR(?![^\s()"]))').result(True) | success(False)  # noqa: FBT003 - a value that is read, not a switch
_open = index << string("(") | _nothing
_close = string(")") | _nothing

_several_minuses = seq(index, string("--")).combine(
    _refusing("write one minus, right before what must not occur")
)
_minus = _several_minuses | string("-") | _nothing

_field_name = rf"({'|'.join(FIELDS)}):"
_named = regex(_field_name, re.IGNORECASE, group=1).map(str.lower)


def _refuse_field(at: int, field: str) -> NoReturn:
    raise _RefusalError(at, f"right after {field}: comes a word, a phrase or a group")


_field_without = seq(index, _named << regex(rf"(?=-)|{_at_gap}")).combine(_refuse_field)
_field = _field_without | _named | _nothing


def _read_slop(at: int, number: str | None) -> int:
    if number is None or int(number) > MAX_SLOP:
        raise _RefusalError(at, f"right after ~ comes a number of words, at most {MAX_SLOP}")
    return int(number)


_slop = seq(index, regex(r"~(\d{1,4}(?!\w))?", group=1)).combine(_read_slop) | success(0)
_unclosed = seq(index, string('"')).combine(_refusing("this quotation mark is never closed"))
_quoted = regex(r'"([^"]*)"', group=1) | regex(r"“([^“”\"]*)”", group=1) | _unclosed


def _phrase_of(text: str, slop: int = 0) -> Phrase | None:
    found = words(canon(text))
    if not found:
        return None
    slop = slop if len(found) > 1 else 0
    return Phrase(words=tuple(map(spellings, found)), folded=False, slop=slop)


def _read_phrase(at: int, text: str, slop: int) -> Phrase:
    phrase = _phrase_of(text, slop)
    if phrase is None:
        raise _RefusalError(at, "there is no word in this phrase")
    return phrase


_phrase = seq(index, _quoted, _slop).combine(_read_phrase)
_word = regex(r'[^\s()"]+').map(_phrase_of)


def _refuse_tilde_field(at: int, field: str) -> NoReturn:
    raise _RefusalError(at, f"write the field first: {field}:~…")


def _read_folded(at: int, phrase: Phrase | None) -> Node:
    if phrase is None:
        raise _RefusalError(at, "right after ~ comes a word or a phrase")
    return folded(phrase)


_tilde = index << string("~")
_field_after_tilde = seq(_tilde, _named).combine(_refuse_tilde_field)
_folded = _field_after_tilde | seq(_tilde, _phrase | _word | _nothing).combine(_read_folded)
_leaf = _phrase | _folded | _word


# --- the rules that contain each other -----------------------------------------------------------


def _either(depth: int) -> Rule:
    branches = [(yield from _every(depth))]
    ors: list[int] = []
    while (at := (yield _or)) is not None:
        ors.append(at)
        branches.append((yield from _every(depth)))
    if ors and None in branches:
        raise _RefusalError(
            ors[max(branches.index(None) - 1, 0)], "OR needs something on both its sides"
        )
    return _joined(AnyOf, branches)


def _every(depth: int) -> Rule:
    parts: list[Node | None] = []
    yield _gap
    while not (yield _end_of_every):
        parts.append((yield from _part(depth)))
        yield _gap
    return _joined(AllOf, [part for part in parts if part])


def _part(depth: int) -> Rule:
    minus = yield _minus
    at = yield index
    field = yield _field
    node = yield from _atom(depth)
    if field and node is None:
        _refuse_field(at, field)
    if field and node:
        node = within(node, field)
    return Not(node) if minus and node else node


def _atom(depth: int) -> Rule:
    opened = yield _open
    if opened is not None:
        return (yield from _group(opened, depth))
    node: Node | None = yield _leaf
    return node


def _group(opened: int, depth: int) -> Rule:
    if depth == MAX_DEPTH:
        raise _RefusalError(opened, f"brackets are nested deeper than {MAX_DEPTH}")
    # a parser of its own: only here does the grammar call itself
    node: Node | None = yield generate(partial(_either, depth + 1))
    if not (yield _close):
        raise _RefusalError(opened, "this bracket is never closed")
    if node is None:
        raise _RefusalError(opened, "there is no word in this group")
    return node


def _whole_query() -> Rule:
    node = yield from _either(0)
    at = yield index
    if (yield _close):
        raise _RefusalError(at, "this bracket closes nothing")
    if node is None:
        raise _RefusalError(0, "it has no word to look for")
    return node


_whole = generate(_whole_query)


def _joined(kind: type[AllOf | AnyOf], parts: list[Any]) -> Node | None:
    if len(parts) > 1:
        return kind(tuple(parts))
    return parts[0] if parts else None

"""A query as it was understood. Frozen, hashable, no trace of how it was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, assert_never, get_args

from hanoiwatch.query.spelling import spellings
from hanoiwatch.text import fold_canon

Field = Literal["title", "lead", "text", "caption", "byline", "tag"]
FIELDS: tuple[Field, ...] = get_args(Field)
"""Where words are looked for, in the order in which an article is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words in this order within one passage; a single word is a phrase of one."""

    words: tuple[tuple[str, ...], ...]
    """For each word its spellings, in the form that ``folded`` names; the typed one first."""
    folded: bool
    """Whether the words are compared without marks (``fold``) or with them (``canon``)."""
    fields: tuple[Field, ...] = FIELDS
    """The passage is of any one of these."""
    slop: int = 0
    """How many other words may stand between the first and the last, in all."""


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = Phrase | AllOf | AnyOf | Not


def without_marks(tree: Node) -> Node | None:
    """The same query with every word folded; None where every word is folded already."""
    if all(phrase.folded for phrase in all_phrases(tree)):
        return None
    return folded(tree)


def folded(tree: Node) -> Node:
    """The same query with every word compared without marks."""
    return _with_phrases(tree, _fold_phrase)


def within(tree: Node, field: Field) -> Node:
    """The same query in this field alone; a phrase that already names one keeps it."""
    return _with_phrases(
        tree, lambda phrase: replace(phrase, fields=(field,)) if phrase.fields == FIELDS else phrase
    )


def all_phrases(tree: Node) -> list[Phrase]:
    """Every phrase of the query, also those that must not occur."""
    match tree:
        case Phrase():
            return [tree]
        case Not(part):
            return all_phrases(part)
        case AllOf(parts) | AnyOf(parts):
            return [phrase for part in parts for phrase in all_phrases(part)]
    assert_never(tree)


def wanted_phrases(tree: Node) -> list[Phrase]:
    """The phrases whose occurrence speaks for an article: those behind no minus."""
    match tree:
        case Phrase():
            return [tree]
        case Not():
            return []
        case AllOf(parts) | AnyOf(parts):
            return [phrase for part in parts for phrase in wanted_phrases(part)]
    assert_never(tree)


def _fold_phrase(phrase: Phrase) -> Phrase:
    if phrase.folded:
        return phrase
    typed = (fold_canon(written) for written, *_ in phrase.words)
    return replace(phrase, words=tuple(map(spellings, typed)), folded=True)


def _with_phrases(tree: Node, change: Callable[[Phrase], Phrase]) -> Node:
    match tree:
        case Phrase():
            return change(tree)
        case Not(part):
            return Not(_with_phrases(part, change))
        case AllOf(parts):
            return AllOf(tuple(_with_phrases(part, change) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_with_phrases(part, change) for part in parts))
    assert_never(tree)

"""Whether an article is in its source's scope: by its section, its words, or a body it names.

Words mean here what they mean in a query (docs/reference/query.md): each is a phrase.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import msgspec

from hanoiwatch.model import Content
from hanoiwatch.query import AnyOf, Field, Phrase, SearchedContent, matches, parse
from hanoiwatch.query.tree import all_phrases
from hanoiwatch.sources.bodies import bodies_version, body_names
from hanoiwatch.sources.schema import BODIES, Scope
from hanoiwatch.text import canon, fold_canon, words

OUTSIDE = "none of the scope's sections or words"
SAID_IN: tuple[Field, ...] = ("title", "lead", "text", "caption")
"""Where a scope looks: not at tags, which editors set wide, nor at bylines."""


def out_of_scope(content: Content, scope: Scope) -> str:
    """Why an article is out of its source's scope; empty when it is in."""
    if not scope.sections and not scope.any:
        return ""
    wanted = _wanted(scope)
    if content.section and canon(content.section).strip() in wanted.sections:
        return ""
    return "" if wanted.occurs(content) else OUTSIDE


def scope_json(scope: Scope) -> str:
    """The scope as the record keeps it, with the version of the list behind ``@bodies``; two
    that decide alike are equal. Empty where everything is in scope."""
    if not scope.sections and not scope.any:
        return ""
    said = {"sections": scope.sections, "any": scope.any}
    bodies = {"bodies": bodies_version()} if BODIES in scope.any else {}
    return msgspec.json.encode(said | bodies).decode()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A scope made ready for many articles."""

    sections: frozenset[str]
    exact: dict[str, list[tuple[frozenset[str], Phrase]]]
    """Phrases by one of their words, with all the words that an article must have."""
    folded: dict[str, list[tuple[frozenset[str], Phrase]]]

    def occurs(self, content: Content) -> bool:
        """Whether the article says any of the phrases.

        Most articles lack a word of each, which is seen without looking for the phrase.
        """
        said = canon(_said(content))
        likely = _likely(self.exact, said)
        if self.folded:
            likely += _likely(self.folded, fold_canon(said))
        return bool(likely) and matches(AnyOf(tuple(likely)), SearchedContent(content))


def _said(content: Content) -> str:
    captions = (image.caption for image in content.images)
    return "\n".join((content.title, content.lead, content.text, *captions))


def _likely(phrases: dict[str, list[tuple[frozenset[str], Phrase]]], said: str) -> list[Phrase]:
    have = set(words(said))
    return [
        phrase for key in have & phrases.keys() for needed, phrase in phrases[key] if needed <= have
    ]


@lru_cache(maxsize=256)  # a scope a source
def _wanted(scope: Scope) -> _Wanted:
    names = [name for word in scope.any for name in (body_names() if word == BODIES else (word,))]
    phrases = [phrase for name in names for phrase in _phrases(name)]
    return _Wanted(
        sections=frozenset(canon(name).strip() for name in scope.sections),
        exact=_by_word([phrase for phrase in phrases if not phrase.folded]),
        folded=_by_word([phrase for phrase in phrases if phrase.folded]),
    )


def _phrases(name: str) -> list[Phrase]:
    quoted = '"' + " ".join(words(canon(name))) + '"'
    return [replace(phrase, fields=SAID_IN) for phrase in all_phrases(parse(quoted))]


def _by_word(phrases: Iterable[Phrase]) -> dict[str, list[tuple[frozenset[str], Phrase]]]:
    """Each phrase once, under that of its words which the fewest phrases have."""
    unique = list(dict.fromkeys(phrases))
    count: dict[str, int] = {}
    for phrase in unique:
        for word in set(_certain(phrase)):
            count[word] = count.get(word, 0) + 1
    found: dict[str, list[tuple[frozenset[str], Phrase]]] = {}
    for phrase in unique:
        needed = frozenset(_certain(phrase))
        keys = [min(needed, key=lambda word: (count[word], word))] if needed else _spellings(phrase)
        for key in keys:
            found.setdefault(key, []).append((needed, phrase))
    return found


def _certain(phrase: Phrase) -> list[str]:
    """The words that are spelled in one way only."""
    return [spellings[0] for spellings in phrase.words if len(spellings) == 1]


def _spellings(phrase: Phrase) -> list[str]:
    return list(phrase.words[0])

"""Whether an article is in its source's scope: by its section, its words, or a body it names.

Words mean here what they mean in a query (docs/reference/query.md): each is a phrase. They are
looked for in title, lead, text and captions; not in tags, which editors set wide, nor in bylines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

import msgspec

from hanoiwatch.model import Content
from hanoiwatch.query import Phrase, parse
from hanoiwatch.query.tree import all_phrases
from hanoiwatch.sources.schema import BODIES, DeskScope, Scope
from hanoiwatch.text import canon, fold_canon, words

OUTSIDE = "none of the scope's sections or words"


def out_of_scope(content: Content, scope: Scope) -> str:
    """Why an article is out of its source's scope; empty when it is in."""
    if not scope.sections and not scope.any:
        return ""
    wanted = _wanted(scope, _body_names(scope))
    if content.section and canon(content.section).strip() in wanted.sections:
        return ""
    return "" if wanted.occurs(content) else OUTSIDE


def scope_json(scope: Scope) -> str:
    """The scope as the record keeps it, with the version of the list behind ``@bodies``; two
    that decide alike are equal. Empty where everything is in scope."""
    if not scope.sections and not scope.any:
        return ""
    said: dict[str, object] = {"sections": scope.sections, "any": scope.any}
    if BODIES in scope.any:
        from hanoiwatch.registry.names import bodies_version  # the registry is read only for it

        said["bodies"] = bodies_version(_own_registry(scope))
    return msgspec.json.encode(said).decode()


def scope_from_json(text: str) -> Scope:
    """The inverse of `scope_json`, but for ``@bodies``: they are the bundled registry's."""
    return msgspec.json.decode(text, type=Scope) if text else Scope()


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A phrase in one of its spellings, as its words with a blank around each."""

    text: str
    needed: frozenset[str]

    def occurs(self, line: str) -> bool:
        return self.text in f" {' '.join(words(line))} "


_ByWord = dict[str, list[_Spelled]]
"""Phrases by that of their words which the fewest phrases have."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A scope made ready for many articles."""

    sections: frozenset[str]
    exact: _ByWord
    folded: _ByWord

    def occurs(self, content: Content) -> bool:
        """Whether the article says any of the phrases, within one line.

        Most articles lack a word of each, which is seen without looking for the phrase. A test
        holds this to what `hanoiwatch.query.matches` says, which takes three times as long.
        """
        said = canon(_said(content))
        have = set(words(said))
        if (likely := _likely(self.exact, have)) and _occurs(likely, said):
            return True
        if not self.folded:
            return False
        likely = _likely(self.folded, set(fold_canon(" ".join(have)).split(" ")))
        return bool(likely) and _occurs(likely, fold_canon(said))


def _said(content: Content) -> str:
    captions = (image.caption for image in content.images)
    return "\n".join((content.title, content.lead, content.text, *captions))


def _likely(phrases: _ByWord, have: set[str]) -> list[tuple[str, _Spelled]]:
    return [
        (key, phrase)
        for key in phrases.keys() & have
        for phrase in phrases[key]
        if phrase.needed <= have
    ]


def _occurs(likely: list[tuple[str, _Spelled]], said: str) -> bool:
    lines = said.split("\n")
    return any(phrase.occurs(line) for key, phrase in likely for line in lines if key in line)


@lru_cache(maxsize=256)  # a scope a source
def _wanted(scope: Scope, bodies: tuple[str, ...]) -> _Wanted:
    names = [name for word in scope.any for name in (bodies if word == BODIES else (word,))]
    phrases = [phrase for name in names for phrase in all_phrases(parse(_quoted(name)))]
    return _Wanted(
        sections=frozenset(canon(name).strip() for name in scope.sections),
        exact=_by_word(phrase for phrase in phrases if not phrase.folded),
        folded=_by_word(phrase for phrase in phrases if phrase.folded),
    )


def _body_names(scope: Scope) -> tuple[str, ...]:
    """What ``@bodies`` stands for now: a desk may edit its registry while this runs."""
    if BODIES not in scope.any:
        return ()
    from hanoiwatch.registry.names import body_names  # the registry is read only for it

    return body_names(_own_registry(scope))


def _own_registry(scope: Scope) -> Path | None:
    return scope.registry if isinstance(scope, DeskScope) else None


def _quoted(name: str) -> str:
    return f'"{" ".join(words(canon(name)))}"'


def _by_word(phrases: Iterable[Phrase]) -> _ByWord:
    spelled = [_spelled(chosen) for phrase in phrases for chosen in product(*phrase.words)]
    count = Counter(word for phrase in spelled for word in phrase.needed)
    found: _ByWord = {}
    for phrase in dict.fromkeys(spelled):
        key = min(phrase.needed, key=lambda word: (count[word], word))
        found.setdefault(key, []).append(phrase)
    return found


def _spelled(chosen: tuple[str, ...]) -> _Spelled:
    return _Spelled(f" {' '.join(chosen)} ", frozenset(chosen))

"""Rules and articles for the alerts benchmark: made up, the same at every run, kept nowhere.

Words of one or two syllables are drawn by Zipf's law with Mandelbrot's offset, in phrases as in
articles: so phrases share syllables with every article, and some stand in several.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from bench.search_corpus import VOCABULARY
from hanoiwatch.alerts.rule import Rule
from hanoiwatch.model import Block, Content, Image
from hanoiwatch.query import parse
from hanoiwatch.text import fold

WORDS = 1_100
"""Of an article, in all its fields."""
LEXICON = 15_000
"""Distinct words; three of four have two syllables, as in Vietnamese prose."""
SYLLABLES = 6_000
OFFSET = 20
SPECIAL = 150
"""The words of a phrase are beyond the commonest so many: nobody asks for "của các"."""
_WEIGHTS = 1 / (np.arange(LEXICON) + OFFSET)
_CUMULATED = np.cumsum(_WEIGHTS / _WEIGHTS.sum())


def _lexicon() -> list[tuple[str, ...]]:
    chance = np.random.default_rng(2026)
    lengths = chance.choice([1, 2], LEXICON, p=[0.25, 0.75]).tolist()
    drawn = iter(chance.integers(SYLLABLES, size=sum(lengths)).tolist())
    return [tuple(VOCABULARY[next(drawn)] for _ in range(length)) for length in lengths]


_WORDS = _lexicon()
_PARAGRAPH = 50
_SENTENCE = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """``phrases``: the texts of all phrases of the rules, for the bare scan."""

    rules: tuple[Rule, ...]
    phrases: tuple[str, ...]


def article(number: int) -> Content:
    """Article ``number``: 1,100 words."""
    words = _drawn(np.random.default_rng(number), WORDS)
    title, lead, caption, body = words[:14], words[14:60], words[60:80], words[80:]
    paragraphs = [body[at : at + _PARAGRAPH] for at in range(0, len(body), _PARAGRAPH)]
    return Content(
        url=f"https://bao.example/{number}.html",
        title=_prose(title),
        lead=_prose(lead),
        section="Chính trị",
        blocks=tuple(Block(kind="paragraph", text=_prose(each)) for each in paragraphs),
        images=(Image(url="https://bao.example/1.jpg", caption=_prose(caption)),),
    )


def _ranks(chance: np.random.Generator, count: int) -> list[int]:
    ranks: list[int] = np.searchsorted(_CUMULATED, chance.random(count)).tolist()
    return [min(rank, LEXICON - 1) for rank in ranks]


def _drawn(chance: np.random.Generator, count: int) -> list[str]:
    """So many syllables."""
    words = (_WORDS[rank] for rank in _ranks(chance, count))
    return list(chain.from_iterable(words))[:count]


def _prose(words: list[str]) -> str:
    sentences = [words[at : at + _SENTENCE] for at in range(0, len(words), _SENTENCE)]
    return ". ".join(" ".join(sentence).capitalize() for sentence in sentences) + "."


def corpus(count: int, seed: int = 1) -> Corpus:
    """``count`` rules, as many of each kind."""
    draw = _Draw(seed)
    kinds = list(_KINDS.values())
    rules = [draw.rule(f"r{number}", kinds[number % len(kinds)]) for number in range(count)]
    return Corpus(rules=tuple(rules), phrases=tuple(draw.phrases))


class _Draw:
    """Rules by chance."""

    def __init__(self, seed: int) -> None:
        self._chance = np.random.default_rng(seed)
        self.phrases: list[str] = []

    def rule(self, name: str, kind: Callable[[_Draw], Rule]) -> Rule:
        return replace(kind(self), id=name, title=name)

    def phrase(self, least: int = 2, most: int = 4) -> str:
        while True:
            ranks = _ranks(self._chance, int(self._chance.choice([1, 2], p=[0.02, 0.98])))
            syllables = list(chain.from_iterable(_WORDS[rank] for rank in ranks))
            if min(ranks) >= SPECIAL and least <= len(syllables) <= most:
                break
        self.phrases.append(" ".join(syllables))
        return self.phrases[-1]


def _rule(query: str, **more: tuple[str, ...]) -> Rule:
    return Rule(id="", title="", query=query, tree=parse(query), **more)  # type: ignore[arg-type]  # facets are of this type


_KINDS: dict[str, Callable[[_Draw], Rule]] = {
    "phrase": lambda draw: _rule(f'"{draw.phrase()}"'),
    "unmarked phrase": lambda draw: _rule(fold(f'"{draw.phrase(3, 4)}"')),
    "or": lambda draw: _rule(f'"{draw.phrase()}" OR "{draw.phrase()}"'),
    "three": lambda draw: _rule(f'"{draw.phrase()}" OR "{draw.phrase()}" OR "{draw.phrase()}"'),
    "near": lambda draw: _rule(f'"{draw.phrase(3, 4)}"~6'),
    "and": lambda draw: _rule(f'"{draw.phrase()}" "{draw.phrase()}"'),
    "minus": lambda draw: _rule(f'"{draw.phrase()}" -"{draw.phrase()}"'),
    "group": lambda draw: _rule(f'("{draw.phrase()}" OR "{draw.phrase()}") "{draw.phrase()}"'),
    "field": lambda draw: _rule(f'title:"{draw.phrase()}"'),
    "facet": lambda draw: _rule(f'"{draw.phrase()}"', sections=("Chính trị",)),
}

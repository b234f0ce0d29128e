"""Articles and queries for the search benchmark: made up, the same at every run, kept nowhere.

Syllables are put together from Vietnamese onsets, endings and tones and drawn by Zipf's law, so
that about thirty of them stand in nine articles of ten, as the commonest syllables of the press do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from bench.linked_corpus import links_of
from hanoiwatch.model import Article, ArticleId, Block, Content, Image
from hanoiwatch.text import fold

WORDS = 600
"""Of an article, in all its fields."""
SOURCES, SECTIONS, YEARS = 30, 20, 5
SYLLABLES = 6_000
EVERYWHERE = 28
"""So many syllables, the commonest, are each in about 90% of the articles or more."""
_TITLE, _LEAD, _CAPTION, _PARAGRAPH = 10, 30, 20, 36
_SENTENCE = 12
_FIRST_DAY = datetime(2021, 1, 1, tzinfo=UTC)

_ONSETS = "b c ch d đ g gh h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()  # noqa: SIM905 - as a line it can be read
_ENDINGS = (  # noqa: SIM905 - likewise
    "a ai am an ang anh ao au ay e em en eng eo ê êm ên ênh i im in "
    "inh o oi om on ong ô ôi ôm ôn ông ơ ơi ơm ơn u um un ung ư ưng "  # codespell:ignore inh
    "âm ân âng âu ây ăm ăn ăng iêm iên iêng uôi uôn uông ươi ương ươn oai oan oang"
).split()
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_NUCLEI = "ơâăêôưaeiouy"
"""Which vowel carries the tone: the first of these that an ending has."""


def _syllable(onset: str, ending: str, tone: str) -> str:
    at = ending.index(next(vowel for vowel in _NUCLEI if vowel in ending)) + 1
    return unicodedata.normalize("NFC", f"{onset}{ending[:at]}{tone}{ending[at:]}")


def _vocabulary() -> list[str]:
    everything = [_syllable(o, e, t) for o in _ONSETS for e in _ENDINGS for t in _TONES]
    order = np.random.default_rng(2026).permutation(len(everything))
    return [everything[number] for number in order[:SYLLABLES]]


VOCABULARY = _vocabulary()
"""The commonest first."""
_WEIGHTS = 1 / np.arange(1, SYLLABLES + 1)
_CUMULATED = np.cumsum(_WEIGHTS / _WEIGHTS.sum())


def articles(first: int, last: int) -> Iterator[Article]:
    """Articles number ``first`` to ``last - 1``; each depends on its number only."""
    return (_article(number) for number in range(first, last))


def _article(number: int) -> Article:
    chance = np.random.default_rng(number)
    drawn = np.searchsorted(_CUMULATED, chance.random(WORDS))
    words = [VOCABULARY[min(at, SYLLABLES - 1)] for at in drawn.tolist()]
    body = words[_TITLE + _LEAD + _CAPTION :]
    published = _FIRST_DAY + timedelta(minutes=int(chance.integers(YEARS * 365 * 1440)))
    content = Content(
        url=f"https://bao.example/{number}.html",
        title=_prose(words[:_TITLE]),
        lead=_prose(words[_TITLE : _TITLE + _LEAD]),
        section=f"Mục {chance.integers(SECTIONS)}",
        published_at=published,
        blocks=tuple(
            Block(kind="paragraph", text=_prose(body[at : at + _PARAGRAPH]))
            for at in range(0, len(body), _PARAGRAPH)
        ),
        images=(
            Image(
                url=f"https://bao.example/{number}.jpg",
                caption=_prose(words[_TITLE + _LEAD : _TITLE + _LEAD + _CAPTION]),
            ),
        ),
    )
    return Article(
        id=ArticleId(f"{number * 2_654_435_761 % 2**32:016x}"),
        rowid=number,
        source=f"bao-{chance.integers(SOURCES)}",
        content=content,
        first_seen_at=published,
        fetched_at=published,
        indexed_at=None,
        revision=1,
        sequence=number,
        rights="full",
        layout="general",
        extractor="1",
        capture_record_id=f"urn:uuid:{number}",
        capture_sha256="0",
        links=links_of(number),
    )


def _prose(words: list[str]) -> str:
    sentences = [words[at : at + _SENTENCE] for at in range(0, len(words), _SENTENCE)]
    return ". ".join(" ".join(sentence).capitalize() for sentence in sentences) + "."


RANK = {word: rank for rank, word in enumerate(VOCABULARY)}


@dataclass(frozen=True, slots=True)
class Question:
    """A query in our language, which tantivy's query parser reads alike."""

    kind: str
    query: str

    @property
    def same_total(self) -> bool:
        """Whether both engines mean the same by it: tantivy's slop knows no order."""
        return not self.kind.startswith("near")


class _Draw:
    """Words and phrases by chance. Phrases are taken from articles, so that they occur."""

    def __init__(self, samples: int) -> None:
        self._chance = np.random.default_rng(7)
        self._samples = [_first_paragraph(number) for number in range(1, samples)]

    def _word(self, low: int, high: int) -> str:
        return VOCABULARY[int(self._chance.integers(low, high))]

    def common(self) -> str:
        return self._word(0, EVERYWHERE)

    def middling(self) -> str:
        return self._word(EVERYWHERE, 600)

    def rare(self) -> str:
        return self._word(2_000, SYLLABLES)

    def field(self) -> str:
        return str(self._chance.choice(["title", "lead", "text", "caption"]))

    def phrase(self, length: int, rarest: int = SYLLABLES) -> str:
        while True:
            words = self._samples[int(self._chance.integers(len(self._samples)))]
            at = int(self._chance.integers(len(words) - length))
            found = words[at : at + length]
            if all(RANK[word] < rarest for word in found):
                return f'"{" ".join(found)}"'


_ASKED: dict[str, Callable[[_Draw], str]] = {
    "rare word": lambda draw: draw.rare(),
    "middling word": lambda draw: draw.middling(),
    "word of 90%": lambda draw: draw.common(),
    "two words": lambda draw: f"{draw.common()} {draw.middling()}",
    "two words of 90%": lambda draw: f"{draw.common()} {draw.common()}",
    "phrase": lambda draw: draw.phrase(2),
    "phrase of three": lambda draw: draw.phrase(3),
    "phrase of 90%": lambda draw: draw.phrase(2, EVERYWHERE),
    "OR": lambda draw: f"{draw.common()} OR {draw.rare()} OR {draw.middling()}",
    "minus": lambda draw: f"{draw.common()} -{draw.middling()}",
    "field": lambda draw: f"{draw.field()}:{draw.common()}",
    "near": lambda draw: f'"{draw.common()} {draw.middling()}"~6',
    "near of 90%": lambda draw: f'"{draw.common()} {draw.common()}"~6',
    "unmarked words": lambda draw: fold(f"{draw.common()} {draw.middling()}"),
    "unmarked phrase": lambda draw: fold(draw.phrase(2)),
}
KINDS = tuple(_ASKED)


def questions(each: int) -> list[Question]:
    """``each`` questions of every kind."""
    draw = _Draw(samples=40 * each)
    return [Question(kind, ask(draw)) for kind, ask in _ASKED.items() for _ in range(each)]


def _first_paragraph(number: int) -> list[str]:
    return _article(number).content.blocks[0].text.lower().replace(".", "").split()

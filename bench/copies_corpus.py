"""10,000 articles of a week for the benchmark of stories, and which of them are copies.

Four kinds, the same on every machine: synthetic articles of several papers that share paragraphs
(`hanoiwatch.sample.synthetic`), short notices, near-copies with 5 to 20% of the words changed,
and bulletins of daily series. Texts, papers and figures are invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from bench.recorded import Recorded
from hanoiwatch.clock import HANOI
from hanoiwatch.model import Block, Content
from hanoiwatch.sample.articles import SampleArticle, load_articles
from hanoiwatch.sample.synthetic import synthetic_articles

FIRST = datetime(2026, 11, 9, 0, 30, tzinfo=HANOI)
DAYS = 7
PAPERS = tuple(f"bao-{name}" for name in ("bac", "dong", "ho", "kinh", "ngo", "que", "song", "tay"))
COPIED_SHARE = 20
"""One article in so many is a near-copy: 500 of 10,000."""
SERIES = 8
"""Daily series of each paper."""
LEAST_CHANGED, MOST_CHANGED = 0.05, 0.20
_SEED = "copies"
_SHORT = 3
"""One article in so many is a short notice: its lead and two paragraphs."""

Pair = frozenset[str]
"""Two addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """The articles in the order in which they were seen, and the pairs that are copies."""

    articles: tuple[Recorded, ...]
    copies: frozenset[Pair]


def corpus(size: int) -> Corpus:
    """``size`` articles."""
    chance = random.Random(f"{_SEED}-{size}")
    copied = size // COPIED_SHARE
    bulletins = list(_bulletins(chance))[: size // 10]
    plain = [
        _as_recorded(article, chance, number)
        for number, article in enumerate(synthetic_articles(size - copied - len(bulletins)))
    ]
    vocabulary = [word for article in plain[:300] for word in article.content.text.split()]
    made = [
        _near_copy(original, number, chance, vocabulary)
        for number, original in enumerate(chance.sample(plain, copied))
    ]
    pairs = frozenset(frozenset((one.content.url, other.content.url)) for one, other in made)
    articles = [*plain, *bulletins, *(other for _, other in made)]
    return Corpus(articles=tuple(sorted(articles, key=lambda each: each.seen_at)), copies=pairs)


def _as_recorded(article: SampleArticle, chance: random.Random, number: int) -> Recorded:
    texts = [piece.text for piece in article.pieces if piece.text]
    kept = texts[:2] if number % _SHORT == 0 else texts
    return _recorded(
        article.slug,
        Content(url="", title=article.title, lead=article.lead, blocks=_blocks(kept)),
        paper=chance.choice(PAPERS),
        at=FIRST + timedelta(seconds=chance.randrange(DAYS * 86_400)),
    )


def _near_copy(
    original: Recorded, number: int, chance: random.Random, vocabulary: list[str]
) -> tuple[Recorded, Recorded]:
    """Another desk's version, out within two days: words replaced, left out and put in anywhere,
    in one of four a new title and lead besides, in one of four the last paragraph cut."""
    share = chance.uniform(LEAST_CHANGED, MOST_CHANGED)
    content = original.content
    title, lead, *texts = (
        changed(text, share, chance, vocabulary)
        for text in (content.title, content.lead, *(block.text for block in content.blocks))
    )
    if number % 4 == 1:
        title = " ".join(chance.choices(vocabulary, k=10))
    if number % 4 == 2 and len(texts) > 4:
        texts.pop()
    copy = _recorded(
        f"ban-sao-{number}",
        Content(url="", title=title, lead=lead, blocks=_blocks(texts)),
        paper=chance.choice(PAPERS),
        at=original.seen_at + timedelta(seconds=chance.randrange(60, 2 * 86_400)),
    )
    return original, copy


def changed(text: str, share: float, chance: random.Random, vocabulary: list[str]) -> str:
    """``text`` with this share of its words replaced, left out, or followed by another one;
    numbers become other numbers."""
    words = []
    for word in text.split():
        if chance.random() >= share:
            words.append(word)
            continue
        match chance.choice(("replace", "replace", "leave out", "put in")):
            case "replace":
                number = str(chance.randrange(1, 100)) if word.isdigit() else ""
                words.append(number or chance.choice(vocabulary))
            case "put in":
                words += [word, chance.choice(vocabulary)]
    return " ".join(words)


def _bulletins(chance: random.Random) -> Iterator[Recorded]:
    """Each paper's series, a bulletin a day: the same words, other figures."""
    frames = [
        " ".join(piece.text for piece in islice(_paragraphs(article), 3)).split()[:110]
        for article in load_articles()
    ]
    for number, (paper, series) in enumerate(
        (paper, series) for paper in PAPERS for series in range(SERIES)
    ):
        frame = frames[number % len(frames)]
        slots = sorted(chance.sample(range(4, len(frame)), 9))
        for day in range(DAYS):
            at = FIRST + timedelta(days=day, hours=5 + series)
            date = f"{at.day}-{at.month}"
            words = list(frame)
            for slot in slots:
                words[slot] = str(chance.randrange(1, 1000))
            yield _recorded(
                f"ban-tin-{number}-{day}",
                Content(
                    url="",
                    title=f"Bản tin thứ {series} của {paper} ngày {date}",
                    lead=f"Số liệu cập nhật đến hết ngày {date}.",
                    blocks=_blocks([" ".join(words)]),
                ),
                paper=paper,
                at=at,
            )


def _paragraphs(article: SampleArticle) -> Iterable:
    return (piece for piece in article.pieces if piece.kind == "paragraph")


def _blocks(texts: Iterable[str]) -> tuple[Block, ...]:
    return tuple(Block(kind="paragraph", text=text) for text in texts)


def _recorded(slug: str, content: Content, *, paper: str, at: datetime) -> Recorded:
    address = f"https://{paper}.vn/{slug}.html"
    return Recorded(
        source=paper, content=replace(content, url=address, published_at=at), seen_at=at
    )

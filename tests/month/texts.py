"""The newspaper's paragraphs dealt anew, edited by a word, and rewritten as other desks do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from random import Random

from hanoiwatch.sample.articles import (
    TEMPLATES,
    Picture,
    Piece,
    SampleArticle,
    load_articles,
)

SECTIONS = ("chinh-tri", "do-thi", "xa-hoi", "kinh-te", "van-hoa")
PARAGRAPHS = (8, 12)
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"(?<=[.!?”])\s+(?=[“A-ZĐÀ-Ỹ])")


@dataclass(frozen=True, slots=True)
class Stock:
    """What articles are dealt from."""

    paragraphs: tuple[str, ...]
    headings: tuple[str, ...]
    pictures: tuple[Picture, ...]
    bylines: tuple[tuple[str, ...], ...]
    tags: tuple[str, ...]
    words: tuple[str, ...]
    """Syllables in lower case, as often as the newspaper uses them."""


@cache
def stock() -> Stock:
    models = load_articles()
    pieces = [piece for model in models for piece in model.pieces]
    paragraphs = tuple(piece.text for piece in pieces if piece.kind == "paragraph")
    return Stock(
        paragraphs=paragraphs,
        headings=tuple(dict.fromkeys(p.text for p in pieces if p.kind == "heading")),
        pictures=tuple(p.picture for p in pieces if p.picture and p.picture.caption),
        bylines=tuple(sorted({model.byline for model in models if model.byline})),
        tags=tuple(sorted({tag for model in models for tag in model.tags})),
        words=tuple(w for text in paragraphs for w in _WORD.findall(text) if w.islower()),
    )


def deal_article(dealer: Random, slug: str, published: datetime, section: str) -> SampleArticle:
    """An article that no other is like: its title, lead and paragraphs meet only here."""
    pool = stock()
    *paragraphs, opening = dealer.sample(pool.paragraphs, dealer.randint(*PARAGRAPHS) + 1)
    first, second, inner = dealer.sample(pool.headings, 3)
    pieces = [Piece(kind="paragraph", text=text) for text in paragraphs]
    pieces.insert(len(pieces) // 2, Piece(kind="heading", text=inner))
    for place, picture in enumerate(dealer.sample(pool.pictures, dealer.randint(1, 2))):
        pieces.insert(1 + 3 * place, Piece(kind="image", picture=picture))
    return SampleArticle(
        slug=slug,
        title=f"{first}: {second[:1].lower()}{second[1:]}",
        lead=" ".join(sentences(opening)[:2]),
        section=section,
        template=dealer.choice(TEMPLATES),
        published=published,
        byline=dealer.choice(pool.bylines),
        tags=tuple(dealer.sample(pool.tags, dealer.randint(3, 5))),
        pieces=tuple(pieces),
    )


def sentences(text: str) -> list[str]:
    return _SENTENCE.split(text)


# --- edits: each changes one thing that a reader would notice --------------------------------

Edit = Callable[[Random, SampleArticle], SampleArticle]


def changed_word(dealer: Random, article: SampleArticle) -> SampleArticle:
    place = dealer.choice(_paragraph_places(article))
    return _with_text(article, place, swap_word(dealer, article.pieces[place].text))


def new_headline(dealer: Random, article: SampleArticle) -> SampleArticle:
    if dealer.random() < 0.5:
        return replace(article, title=swap_word(dealer, article.title))
    return replace(article, title=": ".join(dealer.sample(stock().headings, 2)))


def new_lead(dealer: Random, article: SampleArticle) -> SampleArticle:
    return replace(article, lead=swap_word(dealer, article.lead))


def new_caption(dealer: Random, article: SampleArticle) -> SampleArticle:
    places = [place for place, piece in enumerate(article.pieces) if piece.picture]
    place = dealer.choice(places)
    picture = article.pieces[place].picture
    assert picture is not None
    caption = swap_word(dealer, picture.caption)
    return _with_piece(
        article, place, Piece(kind="image", picture=replace(picture, caption=caption))
    )


def removed_paragraph(dealer: Random, article: SampleArticle) -> SampleArticle:
    place = dealer.choice(_inner_places(article))
    return replace(article, pieces=article.pieces[:place] + article.pieces[place + 1 :])


def added_paragraph(dealer: Random, article: SampleArticle) -> SampleArticle:
    said = {piece.text for piece in article.pieces}
    text = dealer.choice([each for each in stock().paragraphs if each not in said])
    place = dealer.choice(_inner_places(article))
    new = Piece(kind="paragraph", text=text)
    return replace(article, pieces=(*article.pieces[:place], new, *article.pieces[place:]))


def moved_paragraph(dealer: Random, article: SampleArticle) -> SampleArticle:
    """One inner paragraph changes places with another that is not its neighbour."""
    places = _inner_places(article)
    first, second = places[0], dealer.choice(places[2:])
    pieces = list(article.pieces)
    pieces.insert(second, pieces.pop(first))
    return replace(article, pieces=tuple(pieces))


EDITS: dict[str, Edit] = {
    "changed word": changed_word,
    "headline": new_headline,
    "lead": new_lead,
    "caption": new_caption,
    "removed paragraph": removed_paragraph,
    "added paragraph": added_paragraph,
    "moved paragraph": moved_paragraph,
}
SMALL_EDITS = ("changed word", "headline", "lead", "caption")
"""Those that leave a copy of an article a copy of it."""


def swap_word(dealer: Random, text: str) -> str:
    """``text`` with one syllable in lower case replaced by another, or one number by another."""
    words = [m for m in re.finditer(r"[^\W_]+", text) if m[0].islower() or m[0].isdigit()]
    old = dealer.choice(words)
    new = old[0]
    while new == old[0]:
        new = str(dealer.randint(2, 99)) if old[0].isdigit() else dealer.choice(stock().words)
    return text[: old.start()] + new + text[old.end() :]


def cut_text(article: SampleArticle) -> SampleArticle:
    """What is left where a server breaks off: one, two or three pieces of ten or more."""
    return replace(article, pieces=article.pieces[: 1 + len(article.title) % 3])


# --- copies: what another desk changes -------------------------------------------------------


def rewrite(dealer: Random, article: SampleArticle, share: float) -> SampleArticle:
    """The article with about ``share`` of its words changed: scattered words, whole runs of
    words, or sentences, as the desk that copies likes."""
    change = dealer.choice((_scattered, _in_runs, _in_sentences))
    pieces = list(article.pieces)
    places = _paragraph_places(article)
    goal = share * sum(len(_tokens(pieces[place].text)) for place in places)
    changed = 0
    while changed < goal:
        place = dealer.choice(places)
        text, count = change(dealer, pieces[place].text, int(goal - changed) + 1)
        pieces[place], changed = Piece(kind="paragraph", text=text), changed + count
    title = article.title if dealer.random() < 0.4 else swap_word(dealer, article.title)
    return replace(article, title=title, pieces=tuple(pieces))


def _scattered(dealer: Random, text: str, most: int) -> tuple[str, int]:
    for _ in range(min(3, most)):
        text = swap_word(dealer, text)
    return text, min(3, most)


def _in_runs(dealer: Random, text: str, most: int) -> tuple[str, int]:
    tokens = text.split(" ")
    length = min(dealer.randint(4, 9), most, len(tokens) - 2)
    start = dealer.randint(1, max(1, len(tokens) - length - 1))
    tokens[start : start + length] = dealer.choices(stock().words, k=length)
    return " ".join(tokens), length


def _in_sentences(dealer: Random, text: str, most: int) -> tuple[str, int]:
    told = sentences(text)
    place = dealer.randrange(len(told))
    count = len(_tokens(told[place]))
    if count > 2 * most:
        return _in_runs(dealer, text, most)
    told[place] = dealer.choice(sentences(dealer.choice(stock().paragraphs)))
    return " ".join(told), count


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


# --- places ----------------------------------------------------------------------------------


def _paragraph_places(article: SampleArticle) -> list[int]:
    return [place for place, piece in enumerate(article.pieces) if piece.kind == "paragraph"]


def _inner_places(article: SampleArticle) -> list[int]:
    """Places of paragraphs but the first and the last two."""
    return _paragraph_places(article)[1:-2]


def _with_text(article: SampleArticle, place: int, text: str) -> SampleArticle:
    return _with_piece(article, place, Piece(kind="paragraph", text=text))


def _with_piece(article: SampleArticle, place: int, piece: Piece) -> SampleArticle:
    return replace(article, pieces=(*article.pieces[:place], piece, *article.pieces[place + 1 :]))

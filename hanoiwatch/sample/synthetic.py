"""Any number of articles for measurements: the newspaper's paragraphs, dealt anew.

The same number gives the same articles on every machine; no two are alike, because each says
its own number in its title, its lead and each paragraph's last sentence.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle

from hanoiwatch.clock import HANOI
from hanoiwatch.sample.articles import (
    TEMPLATES,
    Picture,
    Piece,
    SampleArticle,
    TemplateName,
    load_articles,
)
from hanoiwatch.sample.outlet import Outlet

NEWEST = datetime(2026, 11, 20, 22, 0, tzinfo=HANOI)
"""When the last synthetic article was published."""

_APART = timedelta(minutes=9)
"""160 articles a day: a large paper."""

_PARAGRAPHS = (9, 13)
_SEED = "bao-thu-do-mau"


def synthetic_outlet(
    count: int, padding_kb: int = 0, template: TemplateName | None = "onecms-new"
) -> Outlet:
    """An outlet of ``count`` synthetic articles; ``template`` None mixes all templates."""
    return Outlet(synthetic_articles(count, template), padding_kb=padding_kb)


def synthetic_articles(
    count: int, template: TemplateName | None = "onecms-new"
) -> Iterator[SampleArticle]:
    """``count`` articles, newest first, nine minutes apart, in all sections."""
    models = load_articles()
    paragraphs = [
        piece.text for model in models for piece in model.pieces if piece.kind == "paragraph"
    ]
    templates = cycle([template] if template else TEMPLATES)
    for place in range(count):
        dealer = random.Random(f"{_SEED}-{place}")  # noqa: S311  # dealing, not secrecy
        model = dealer.choice(models)
        yield SampleArticle(
            slug=f"{model.slug}-{place}",
            title=f"{model.title} (hồ sơ {place})",
            lead=f"{model.lead} Hồ sơ số {place}.",
            lead_prefix=model.lead_prefix,
            section=model.section,
            template=next(templates),
            published=NEWEST - place * _APART,
            byline=model.byline,
            tags=model.tags,
            pieces=tuple(_pieces(place, dealer, paragraphs, model.pictures)),
        )


def _pieces(
    place: int, dealer: random.Random, paragraphs: list[str], pictures: tuple[Picture, ...]
) -> Iterator[Piece]:
    """Paragraphs that no other article has, a heading, and the model's pictures."""
    chosen = dealer.sample(paragraphs, min(dealer.randint(*_PARAGRAPHS), len(paragraphs)))
    for line, paragraph in enumerate(chosen):
        if line == len(chosen) // 2:
            yield Piece(kind="heading", text=f"Phần hai của hồ sơ {place}")
        yield Piece(kind="paragraph", text=f"{paragraph} (Hồ sơ {place}, đoạn {line + 1})")
        if 0 < line <= len(pictures):
            yield Piece(kind="image", picture=pictures[line - 1])

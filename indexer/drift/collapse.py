"""Whether a field that a source's pages had is gone from the new ones. Pure.

The numbers and their reasons: docs/decisions/0018-drift-by-what-pages-used-to-look-like.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import comb

from hanoiwatch.model import Traits
from hanoiwatch.store.drift import Collapse, Shape
from indexer.drift.usual import YOUNG

BY_CHANCE = 3e-4
"""How unlikely so few must be if nothing has changed. Nine fields are asked about a run: with a
run each half hour, chance alone raises an alarm for a source once in a few months at most."""
LEAST_DROP = 0.3
"""Of the share: what falls by less may be another mix of sections, and is no collapse."""
EXAMPLES = 3
SHORT = 0.5
"""Of the usual (median) length: an article with less counts as short."""


def collapses(fresh: Sequence[Shape], history: Sequence[Shape]) -> tuple[Collapse, ...]:
    """The fields that ``fresh`` first readings have much more seldom than those of before."""
    usual = sorted(shape.traits.chars for shape in history if shape.layout)
    typical = usual[len(usual) // 2] if usual else 0
    found = []
    for name, asked, has in _fields(typical):
        then = [has(one) for one in history if asked(one)]
        now = [(has(one), one.url) for one in fresh if asked(one)]
        kept = sum(had for had, _ in now)
        if len(then) < YOUNG or not now:
            continue
        before, share = sum(then) / len(then), kept / len(now)
        unlikely = chance(kept, len(now), sum(then), len(then)) < BY_CHANCE
        if unlikely and before - share >= LEAST_DROP:
            lacking = tuple(url for had, url in now if not had)[:EXAMPLES]
            found.append(
                Collapse(field=name, before=before, now=share, pages=len(now), examples=lacking)
            )
    return tuple(found)


def chance(kept: int, pages: int, had: int, of: int) -> float:
    """The probability that at most ``kept`` of ``pages`` have what ``had`` of ``of`` had before.

    The share is not known but by those before (beta-binomial, uniform prior), so a short history
    makes nothing sure.
    """
    total = comb(of + pages + 1, pages)
    ways = (
        comb(had + one, one) * comb(of - had + pages - one, pages - one) for one in range(kept + 1)
    )
    return sum(ways) / total


Asked = Callable[[Shape], bool]


def _fields(typical: int) -> Iterator[tuple[str, Asked, Asked]]:
    """Each field with the shapes it is asked of, and whether a shape has it."""
    for name in ("title", "lead", "byline", "published", "section"):
        yield name, _is_article, _has(name)
    yield "captions", _has_images, lambda one: one.traits.captions > 0
    yield "text length", _is_article, lambda one: one.traits.chars >= SHORT * typical
    yield "layout", _is_article, lambda one: one.layout != "general"
    yield "article", lambda _: True, _is_article


def _is_article(shape: Shape) -> bool:
    return bool(shape.layout)


def _has_images(shape: Shape) -> bool:
    return bool(shape.layout) and shape.traits.images > 0


def _has(name: str) -> Asked:
    def has(shape: Shape) -> bool:
        traits: Traits = shape.traits
        return name in traits.fields

    return has

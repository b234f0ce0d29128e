"""What the pages of a source look like, counted over its history. Pure.

The numbers and their reasons: docs/decisions/0018-drift-by-what-pages-used-to-look-like.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hanoiwatch.model import BELOW
from hanoiwatch.store.drift import Shape

YOUNG = 10
"""Pages: with fewer of a kind, nothing can be said of the next one."""

FEW = 8
"""Pictures, or elements of a field: with fewer, no form of them is strange."""

LIKELY_NEW = 0.05
"""Where a new form is at least so likely, none is strange. The estimate is Good and Turing's: the
share of the forms that were met once."""

NEARLY_ALL = 0.98
"""Share of the pages that have what "all of them" have."""

_MARK = re.compile(r"[.\[][^.\[>]+")


@dataclass(slots=True)
class Forms:
    """The forms that one thing was met in, and how often: ``h1.article__title.cms-title``."""

    counts: Counter[str] = field(default_factory=Counter)
    rare: float = 0.0
    """Up to which share a form counts as never met: above 0 where pages are compared with others
    of the same day, among which may be more of the same fault."""

    def add(self, forms: Iterable[str]) -> None:
        self.counts.update(forms)

    @property
    def usual(self) -> str:
        return self.counts.most_common(1)[0][0]

    def is_strange(self, form: str) -> bool:
        """Whether this form was never met, and new ones are not to be expected."""
        total = self.counts.total()
        limit = self.rare * total
        if total < FEW or self.counts[form] > limit:
            return False
        seldom = sum(count for count in self.counts.values() if count <= max(limit, 1))
        return seldom <= LIKELY_NEW * total

    def is_foreign(self, form: str) -> bool:
        """Whether it is strange and has no class in common with any that was met: a class more
        or less is the way of editors."""
        limit = self.rare * self.counts.total()
        known = {
            mark for one, count in self.counts.items() if count > limit for mark in _marks(one)
        }
        return self.is_strange(form) and not known & _marks(form)


def _marks(form: str) -> set[str]:
    """Its classes and marks. None above the text is one that was met below it."""
    plain = form.removesuffix(BELOW)
    where = BELOW if plain != form else ""
    return {f"{mark}{where}" for mark in _MARK.findall(plain)} or {form}


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What pages that one layout of one source read had."""

    pages: int
    fields: Counter[str]
    places: dict[str, Forms]
    names: Counter[str]
    known_names: frozenset[str]
    """Those that count as met."""
    figures: Forms
    pictured: int
    """Pages with images."""
    captioned: int
    """Of those, pages on which every image has a caption."""
    fewest_chars: int
    most_outside: int
    loose: int
    """Pages with a block that reads like a caption."""

    @property
    def is_young(self) -> bool:
        return self.pages < YOUNG

    def had_by_all(self, count: int) -> bool:
        return count >= NEARLY_ALL * self.pages > 0


def usual_of(shapes: Sequence[Shape], rare: float = 0.0) -> Usual:
    """Counts what ``shapes``, all read by one layout, have in common; ``rare``: see `Forms`."""
    places: dict[str, Forms] = {}
    figures = Forms(rare=rare)
    for shape in shapes:
        figures.add(shape.traits.figures)
        for name, form in shape.traits.places.items():
            places.setdefault(name, Forms(rare=rare)).add((form,))
    traits = [shape.traits for shape in shapes]
    pictured = [one for one in traits if one.images]
    names = Counter(name for one in traits for name in one.frame)
    return Usual(
        pages=len(traits),
        fields=Counter(name for one in traits for name in one.fields),
        places=places,
        names=names,
        known_names=frozenset(name for name, count in names.items() if count > rare * len(traits)),
        figures=figures,
        pictured=len(pictured),
        captioned=sum(one.captions >= one.images for one in pictured),
        fewest_chars=min((one.chars for one in traits), default=0),
        most_outside=max((one.outside for one in traits), default=0),
        loose=sum(one.loose > 0 for one in traits),
    )

"""Whether one page looks otherwise than the pages of its source did. Pure.

One page is weak evidence, so each rule asks for something that does not vary from article to
article: the template. The numbers and their reasons:
docs/decisions/0018-drift-by-what-pages-used-to-look-like.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hanoiwatch.model import Traits
from hanoiwatch.store.drift import Shape
from indexer.drift.usual import YOUNG, Forms, Usual, usual_of

GENERAL = "general"

NEEDED = ("title", "published", "lead")
"""Fields of an article that every page of a template has, where ten had them in a row."""
VARYING = ("byline", "section")
"""Fields that editors leave out: only a hundred pages in a row that have them say something."""
MANY = 100

USUAL_NAME = 0.9
"""Share of the pages that have an element of this name, where its absence says something."""

SHORT = 0.15
"""Of the shortest text before: that little is left where the text was cut out or stands
elsewhere; brief news have a fifth of what long reports have."""
HALF = 0.5
"""Of the same page's text before: as where a good copy is kept (decision 0011)."""
OUTSIDE_LEAST = 300
OUTSIDE_MORE = 2.0
"""Characters of prose around the text, and how much more than ever before."""
CAPTIONED = 0.97
"""Share of the pages with pictures on which every picture has a caption."""

WAS_ONE = "and it was one before"
"""The end of what is said of a page that is no article any more."""

SAYS_ITSELF = ("challenge", "login", "consent", "maintenance", "empty")
"""Reasons of no article that are never the paper's usual way."""
COMMON = 0.05
"""Share of a source's listed pages that are no articles, where one more is no news."""


class History:
    """First readings of a source, of before, and what they have in common."""

    def __init__(self, shapes: Sequence[Shape], rare: float = 0.0) -> None:
        """``rare``: see `Forms`."""
        self.shapes, self._rare = shapes, rare
        self.layouts = Forms(rare=rare)
        self.layouts.add(one.layout for one in shapes if one.layout)
        self._usual: dict[tuple[str, str], Usual] = {}

    def usual(self, layout: str, extractor: str = "") -> Usual:
        """Of the pages that ``layout`` read, of all articles where it is empty; of one extractor
        where it is named."""
        key = (layout, extractor)
        if key not in self._usual:
            alike = (one for one in self.shapes if one.layout and layout in ("", one.layout))
            chosen = [one for one in alike if extractor in ("", one.extractor)]
            self._usual[key] = usual_of(chosen, self._rare)
        return self._usual[key]


def suspicion(page: Shape, history: History, own: Shape | None = None) -> str:
    """Why ``page`` does not look as the pages of its source did, in words; empty: it does.

    ``own``: the page itself as it was read before.
    """
    if not page.layout:
        return _no_article(page, history.shapes, own)
    return "; ".join(dict.fromkeys(_reasons(page, history, own)))


def _no_article(page: Shape, history: Sequence[Shape], own: Shape | None) -> str:
    kind = page.reason.partition(":")[0]
    said = f"no article ({page.reason})"
    if own is not None:
        return f"{said}, {WAS_ONE}"
    if kind in SAYS_ITSELF or len(history) < YOUNG:
        return said
    same = sum(one.reason.partition(":")[0] == kind for one in history)
    return said if same <= COMMON * len(history) else ""


def _reasons(page: Shape, history: History, own: Shape | None) -> Iterator[str]:
    yield from _other_layout(page, history.layouts, own)
    usual = history.usual(page.layout)
    if usual.is_young:  # what readers see is alike in all templates of a paper
        usual = history.usual("")
    if own is not None and own.layout == page.layout:
        yield from _against_itself(page.traits, own.traits, usual)
    if not usual.is_young:
        for rule in _BY_WORDS:
            yield from rule(page.traits, usual)
    same = history.usual(page.layout, page.extractor)
    if not same.is_young:
        for rule in _BY_MARKUP:
            yield from rule(page.traits, same)


def _other_layout(page: Shape, layouts: Forms, own: Shape | None) -> Iterator[str]:
    """Read by another layout than ever; the source's own layouts are how the user mends that."""
    if page.layout.startswith(f"{page.source}/"):
        return
    if own is not None and own.layout not in (page.layout, GENERAL):
        yield f"read by {page.layout}, and by {own.layout} before"
    elif layouts.is_strange(page.layout):
        yield f"read by {page.layout}, as none of {layouts.counts.total()} pages before"


def _against_itself(now: Traits, before: Traits, usual: Usual) -> Iterator[str]:
    """The same page, read before by the same layout."""
    for name in before.fields:
        if name not in now.fields:
            yield f"its {name} is gone"
    if now.chars < HALF * before.chars:
        yield f"{now.chars} characters of text, {before.chars} before"
    if now.captions < before.captions and now.images >= before.images:
        yield f"{now.captions} of {now.images} pictures with a caption, {before.captions} before"
    for name in before.places:
        if name not in now.places:
            yield f"nothing stands where the {name} stood before"
        elif now.places[name] != before.places[name]:
            yield f"the {name} stands in {now.places[name]}, and in {before.places[name]} before"
    known = {*usual.known_names, *before.frame}
    yield from _renamed(sorted({*before.frame} - {*now.frame}), now, known)
    fresh = {*now.figures} - {*before.figures, *usual.figures.counts}
    if fresh and len(now.figures) <= len(before.figures):
        yield f"a picture stands in {min(fresh)}, and in {before.figures[0]} before"


# --- by what was read --------------------------------------------------------------------------


def _lost_fields(now: Traits, usual: Usual) -> Iterator[str]:
    watched = NEEDED + (VARYING if usual.pages >= MANY else ())
    for name in watched:
        count = usual.fields[name]
        if name not in now.fields and usual.had_by_all(count):
            yield f"no {name}, which {count} of {usual.pages} pages had"


def _short_text(now: Traits, usual: Usual) -> Iterator[str]:
    if now.chars < SHORT * usual.fewest_chars:
        yield (
            f"{now.chars} characters of text; the shortest of {usual.pages} pages had "
            f"{usual.fewest_chars}"
        )


def _captions(now: Traits, usual: Usual) -> Iterator[str]:
    if now.loose and usual.loose <= (1 - CAPTIONED) * usual.pages:
        yield "the caption of a picture stands in the text"
    elif (
        now.captions < now.images
        and usual.pictured >= YOUNG
        and usual.captioned >= CAPTIONED * usual.pictured
    ):
        without = now.images - now.captions
        yield f"{without} of {now.images} pictures without the caption that pictures here have"


def _left_outside(now: Traits, usual: Usual) -> Iterator[str]:
    if now.outside > OUTSIDE_LEAST + OUTSIDE_MORE * usual.most_outside:
        yield f"{now.outside} characters of prose around the text were not taken into it"


# --- by the markup -----------------------------------------------------------------------------


def _moved(now: Traits, usual: Usual) -> Iterator[str]:
    for name in ("title", "lead", "byline", "published", "text"):
        forms, form = usual.places.get(name, Forms()), now.places.get(name)
        if form is not None and forms.is_foreign(form):
            yield f"the {name} stands in {form}, usually in {forms.usual}"
        elif form is None and _stood_always(name, forms, usual):
            yield f"nothing stands where the {name} stood on {usual.pages} pages"


def _stood_always(name: str, forms: Forms, usual: Usual) -> bool:
    enough = name not in VARYING or usual.pages >= MANY
    return enough and usual.had_by_all(forms.counts.total())


def _usual_names(now: Traits, usual: Usual) -> Iterator[str]:
    common = (name for name, count in usual.names.items() if count >= USUAL_NAME * usual.pages)
    missing = sorted(name for name in common if name not in now.frame)
    yield from _renamed(missing, now, set(usual.known_names))


def _renamed(missing: Sequence[str], now: Traits, known: set[str]) -> Iterator[str]:
    """An element that is usually there is not, and one of its kind has a name never met."""
    for name in missing:
        kind = _tag_of(name)
        if fresh := [one for one in now.frame if one not in known and _tag_of(one) == kind]:
            yield f"{name} is now {fresh[0]}"


def _tag_of(name: str) -> str:
    return name.replace("[", ".").partition(".")[0]


def _figures(now: Traits, usual: Usual) -> Iterator[str]:
    for form in now.figures:
        if usual.figures.is_strange(form):
            yield f"a picture stands in {form}, usually in {usual.figures.usual}"


Rule = Callable[[Traits, Usual], Iterator[str]]
_BY_WORDS: tuple[Rule, ...] = (_lost_fields, _short_text, _captions, _left_outside)
_BY_MARKUP: tuple[Rule, ...] = (_moved, _usual_names, _figures)
"""These hang on what the layouts select: compared within one extractor only."""

"""When an article was published, on a page that nobody has described: what elements tell.

Decision 0016 says which of these times is believed before which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from hanoiwatch.page.tree import text_of
from hanoiwatch.text import fold
from indexer.extract.dates import Moment, read_machine, read_visible
from indexer.extract.evidence_words import the_evidence_words
from indexer.extract.pictures import class_tokens
from indexer.extract.surroundings import LONGEST_LINE, Surroundings
from indexer.extract.words import the_words

DAY_ONLY = 30
"""Elements by which a date without a time of day counts as farther away."""
LONGEST_REST = 40
"""Characters beside date and time in a line that shows them."""

_STATED_TIME = frozenset({"datepublished", "dc:date", "dc:issued", "dcterms:issued",
                          "article:published_time", "schema:datepublished", "pubdate"})  # fmt: skip
_STATED_CHANGE = frozenset({"datemodified", "schema:datemodified", "dcterms:modified"})
_NOT_IN_A_TIME_LINE = re.compile(r"[\d:/.,|()\-–—•]+")


def shown_times(around: Surroundings) -> Iterator[Moment]:
    """The times that the page shows, the most likely first."""
    marked = [one for one in around.marked(the_words().times) if not _is_other(one)]
    marked += [
        one
        for one in around.document.root.iter("time")
        if not _tells_of_change(one) and not around.is_beside(one)
    ]
    clocks = set(filter(around.is_in_masthead, marked))
    yield from _nearest(around, (one for one in marked if one not in clocks))
    yield from _unmarked_times(around)
    yield from _nearest(around, clocks)


def _nearest(around: Surroundings, marked: Iterable[HtmlElement]) -> Iterator[Moment]:
    found = [
        (around.distance(one) + (0 if moment.has_time else DAY_ONLY), moment)
        for one in around.nearest_first(marked)
        for moment in _moments_of(one)
    ]
    yield from (moment for _, moment in sorted(found, key=lambda each: each[0]))


def _unmarked_times(around: Surroundings) -> Iterator[Moment]:
    changed: list[Moment] = []
    for element in around.under_headline:
        text = text_of(element)
        moment = read_visible(text)
        if moment is None or not is_time_line(text):
            continue
        if fold(text).strip("( ").startswith(the_evidence_words().change_labels):
            changed.append(moment)
        else:
            yield moment
    yield from changed


def stated_time(around: Surroundings) -> str:
    """What an element states for machines: microdata, RDFa, microformats."""
    for element in around.nearest_first(around.stating(_STATED_TIME)):
        for attribute in ("content", "datetime", "title"):
            value: str = element.get(attribute) or ""
            if read_machine(value):
                return value
    return ""


def changes(around: Surroundings) -> Iterator[Moment]:
    """When elements state that it was changed."""
    for element in around.nearest_first(around.stating(_STATED_CHANGE)):
        stated = element.get("content") or element.get("datetime") or ""
        if moment := read_machine(stated):
            yield moment


def is_time_line(text: str) -> bool:
    """Whether a line is there for its date: little else in it, and a time of day or a label."""
    moment = read_visible(text) if len(text) <= LONGEST_LINE else None
    if moment is None:
        return False
    rest = " ".join(_NOT_IN_A_TIME_LINE.sub(" ", text).split())
    if len(rest) > LONGEST_REST:
        return False
    return moment.has_time or fold(text).strip("( ").startswith(the_evidence_words().time_labels)


def _is_other(element: HtmlElement) -> bool:
    """Whether it shows another time than the publication's."""
    return not class_tokens(element).isdisjoint(the_evidence_words().other_times)


def _tells_of_change(element: HtmlElement) -> bool:
    stated = (element.get("itemprop") or element.get("property") or "").lower()
    tokens = class_tokens(element)
    changed = "modified" in stated or not tokens.isdisjoint(the_evidence_words().other_times)
    return changed and "published" not in tokens


def _moments_of(element: HtmlElement) -> Iterator[Moment]:
    """What a marked element shows, to the second where it also states it."""
    text = text_of(element)
    stated = read_machine(element.get("datetime") or element.get("content") or "")
    if stated and stated.has_time:
        yield stated
    if len(text) <= LONGEST_LINE and (shown := read_visible(text)):
        yield shown if shown.has_time else _with_neighbour(element, shown)
    elif moment := read_machine(title := element.get("title") or "") or read_visible(title):
        yield moment


def _with_neighbour(element: HtmlElement, day: Moment) -> Moment:
    """The day with the time of day that stands beside it, in an element of its own."""
    around = element.getparent()
    if around is None or len("".join(around.itertext())) > LONGEST_LINE * 2:
        return day
    both = read_visible(text_of(around))
    same_day = both is not None and both.wall.date() == day.wall.date()
    return both if both is not None and both.has_time and same_day else day

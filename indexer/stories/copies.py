"""Which of the candidates are copies of an article. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indexer.stories.alignment import Alignment, align
from indexer.stories.template import Circumstances, one_template
from indexer.stories.wording import Wording

ALIKE = 0.65
"""Similarity from which two texts are copies where the differences are spread over the text, or
one of them was cut. A copy with one word in five replaced measures 0.76 or more (short texts:
mostly above 0.72), with three tenths cut off besides 0.62 to 0.71. See docs/decisions/0013."""
ALIKE_APART = 0.73
"""The same where each text goes its own way for more than `APART` of its words: notices that
share title, frame and a paragraph, a report that quotes the day before."""
APART = 0.15
SERIES_DAYS = 3
"""A source that prints a text on so many days within the span keeps a series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article as it is compared."""

    rowid: int
    source: str
    day: date
    """Of publication, else first sight, in Hanoi."""
    wording: Wording


def copies_among(own: Text, others: Sequence[Text]) -> list[int]:
    """The rowids of those that tell the same text as ``own``, the most alike first."""
    alike = [
        (other, alignment)
        for other in others
        if _alike(alignment := align(own.wording.words, other.wording.words))
    ]
    series = _series(own, [other for other, _ in alike])
    copies = [
        (alignment.similarity, other.rowid)
        for other, alignment in alike
        if not _bulletins(own, other, alignment, series)
    ]
    return [rowid for _, rowid in sorted(copies, key=lambda each: (-each[0], each[1]))]


def _alike(alignment: Alignment) -> bool:
    least = ALIKE if alignment.apart <= APART else ALIKE_APART
    return alignment.similarity >= least


def _bulletins(own: Text, other: Text, alignment: Alignment, series: frozenset[str]) -> bool:
    known = Circumstances(
        same_source=own.source == other.source,
        same_day=own.day == other.day,
        in_series=own.source in series or other.source in series,
    )
    return one_template(own.wording, other.wording, alignment, known)


def _series(own: Text, alike: Sequence[Text]) -> frozenset[str]:
    """The sources that print such a text day after day."""
    days: dict[str, set[date]] = defaultdict(set)
    for each in (own, *alike):
        days[each.source].add(each.day)
    return frozenset(source for source, printed in days.items() if len(printed) >= SERIES_DAYS)

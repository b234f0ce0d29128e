"""Daily templates: two bulletins of one series are not one story, however alike their words.

A weather report of today and one of yesterday share nine words in ten; so do a story and its
reprint. What tells them apart is *where* they differ. A series differs in its slots: the date it
names, its numbers. A desk that edits a reprint changes words of all kinds, and keeps the date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import comb

from hanoiwatch.text import words
from indexer.stories.alignment import Alignment, Gap
from indexer.stories.wording import Wording, is_number

SLOT = 6
"""Words: a hole that is no longer was filled in; a longer one was rewritten or moved."""
FEW_NUMBERS = 5
"""Less evidence than so many numbers is left to dates and titles."""
SURE = 0.001
"""How likely a reprint may be to change that many of its numbers, and still be held a bulletin."""
LIKELY = 0.1
"""The same where the title, the date or the days of publication speak for a series already."""
LEAST_RATE = 0.05
"""Words that a desk changes at least; it keeps one such number from deciding anything."""

_STAMP = re.compile(
    r"\d[\d/.:-]*|\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|sáng|trưa|chiều|tối|đêm|"
    r"hôm nay|hôm qua|ngày mai|nay|mai)\b"
)
"""What a series changes in its titles."""
_WEEKDAY = re.compile(r"\b(?:thứ (?:[2-7]|hai|ba|tư|năm|sáu|bảy)|chủ nhật)\b")
_DATE = re.compile(
    r"(?<![\d/.,-])(?P<day>\d{1,2})(?:\s?[-/.]\s?|\s+tháng\s+)(?P<month>\d{1,2})"
    r"(?!,?\d|[-/.]\d{1,3}(?!\d)|\s?(?:độ|%|mm|cm|m|km|kg|giờ|phút|người|triệu|tỷ|nghìn|đồng|"
    r"điểm|tuổi|tháng|ngày|lần|bàn)(?!\w))"
)
_NO_DATE_AFTER = re.compile(r"(?:cấp|khoảng|tỷ số|tỉ số|số|giá)\s+$")
_DAYS, _MONTHS = range(1, 32), range(1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of a pair besides its words."""

    same_source: bool
    same_day: bool
    """Published on one day, Hanoi time."""
    in_series: bool
    """One of their sources printed as much on a third day."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Numbers that agree and differ at the same place, and how often other words differ."""

    numbers: int
    differing: int
    word_rate: float

    @property
    def number_rate(self) -> float:
        return self.differing / self.numbers if self.numbers else 0.0

    @property
    def chance(self) -> float:
        """How likely so many numbers differ if numbers were changed as often as words."""
        rate = max(self.word_rate, LEAST_RATE)
        return sum(
            comb(self.numbers, count) * rate**count * (1 - rate) ** (self.numbers - count)
            for count in range(self.differing, self.numbers + 1)
        )


def one_template(a: Wording, b: Wording, alignment: Alignment, known: Circumstances) -> bool:
    """Whether two texts that are alike are two bulletins of a series, not copies."""
    slots = slots_of(alignment)
    if slots.numbers >= FEW_NUMBERS and slots.number_rate >= 0.5 and slots.chance < SURE:
        return True
    stamped = _skeleton(a.title) == _skeleton(b.title)
    dates = _dates_differ(a, b)
    next_issue = stamped and known.same_source and not known.same_day
    if dates and (next_issue or (stamped and _stamps(a.title) != _stamps(b.title))):
        return True
    # one number alone may be the date's own
    likely = slots.differing > 1 and slots.number_rate >= 0.25 and slots.chance < LIKELY
    if likely and (dates or next_issue):
        return True
    return known.in_series and not known.same_day and stamped and (likely or slots.numbers == 0)


def slots_of(alignment: Alignment) -> Slots:
    """Counts the numbers of short holes: moved, cut and rewritten paragraphs say nothing."""
    kept = sum(map(is_number, alignment.kept))
    short = [gap for gap in alignment.gaps if max(len(gap.before), len(gap.after)) <= SLOT]
    differing = sum(min(_numbers(gap)) for gap in short)
    other = sum(max(len(gap.before), len(gap.after)) - max(_numbers(gap)) for gap in short)
    rest = len(alignment.kept) - kept + other
    return Slots(kept + differing, differing, other / rest if rest else 0.0)


def first_date(text: str) -> tuple[int, int] | None:
    """The first ``(day, month)`` that a canon text names: ``12-10``, ``12/10/2026``, ``ngày 12
    tháng 10``; ranges such as ``10-12 độ`` and wind forces are none."""
    for found in _DATE.finditer(text):
        day, month = int(found["day"]), int(found["month"])
        sound = day in _DAYS and month in _MONTHS
        if sound and not _NO_DATE_AFTER.search(text[: found.start()]):
            return day, month
    return None


def _dates_differ(a: Wording, b: Wording) -> bool:
    """Whether they name two days: in their titles, else in title or lead, else by weekday."""
    for one, other in (
        (first_date(a.title), first_date(b.title)),
        (first_date(f"{a.title}\n{a.lead}"), first_date(f"{b.title}\n{b.lead}")),
        (_WEEKDAY.findall(a.title), _WEEKDAY.findall(b.title)),
    ):
        if one and other:
            return one != other
    return False


def _skeleton(title: str) -> tuple[str, ...]:
    """The words of a title that a series keeps."""
    return tuple(words(_STAMP.sub(" ", title)))


def _stamps(title: str) -> list[str]:
    """What of it a series changes."""
    return _STAMP.findall(title)


def _numbers(gap: Gap) -> tuple[int, int]:
    return sum(map(is_number, gap.before)), sum(map(is_number, gap.after))

"""Whether a cron expression can be followed. It is read where it is obeyed: in the timetable."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    lowest: int
    highest: int
    words: tuple[str, ...] = ()
    """Names for the values from ``lowest`` up."""

    def value(self, text: str) -> int | None:
        if text.lower() in self.words:
            return self.words.index(text.lower()) + self.lowest
        return int(text) if re.fullmatch("[0-9]{1,4}", text) else None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FIELDS = (
    _Field(name="minute", lowest=0, highest=59),
    _Field(name="hour", lowest=0, highest=23),
    _Field(name="day of month", lowest=1, highest=31),
    _Field(name="month", lowest=1, highest=12, words=_MONTHS),
    _Field(name="day of week", lowest=0, highest=7, words=_DAYS),
)


def cron_fault(expression: str) -> str | None:
    """What is wrong with a five-field cron expression, or None.

    Fields: ``*``, a number or (months, weekdays) a name, ``a-b``, lists by commas, each but a
    single value with an optional ``/step``. Weekdays: 0 and 7 are Sunday.
    """
    parts = expression.split()
    if len(parts) != len(_FIELDS):
        return (
            f"a cron expression has five fields, this one {len(parts)} "
            "(minute, hour, day of month, month, day of week)"
        )
    for shape, part in zip(_FIELDS, parts, strict=True):
        for item in part.split(","):
            if (fault := _item_fault(shape, item)) is not None:
                return f"`{item}` cannot be the {shape.name}: {fault}"
    return "such a day never comes" if _never_comes(*parts[2:]) else None


def _item_fault(shape: _Field, item: str) -> str | None:
    span, slash, step = item.partition("/")
    if slash and not re.fullmatch("[1-9][0-9]{0,3}", step):
        return "the step after / must be a number from 1"
    if span == "*":
        return None
    ends = span.split("-")
    if slash and len(ends) == 1:
        return "a step needs * or a range before it"
    values = [shape.value(end) for end in ends]
    if len(ends) > 2 or None in values:
        return "this is not *, a number, a-b or */step"
    numbers = [value for value in values if value is not None]
    if min(numbers) < shape.lowest or max(numbers) > shape.highest:
        return f"it runs from {shape.lowest} to {shape.highest}"
    return "its range runs backwards" if numbers != sorted(numbers) else None


def _never_comes(day: str, month: str, weekday: str) -> bool:
    """30 February and its like; a weekday beside it would be enough by itself."""
    days, months = _values(_FIELDS[2], day), _values(_FIELDS[3], month)
    return weekday == "*" and min(days) > max(_LONGEST[one - 1] for one in months)


@dataclass(frozen=True, slots=True, kw_only=True)
class CronValues:
    """What each field of an expression stands for. Weekdays: 0 is Sunday, and so is 7."""

    minute: frozenset[int]
    hour: frozenset[int]
    day: frozenset[int]
    month: frozenset[int]
    weekday: frozenset[int]


def cron_values(expression: str) -> CronValues:
    """The values of an expression that `cron_fault` finds nothing wrong with."""
    minute, hour, day, month, weekday = (
        frozenset(_values(shape, part))
        for shape, part in zip(_FIELDS, expression.split(), strict=True)
    )
    return CronValues(minute=minute, hour=hour, day=day, month=month, weekday=weekday)


def is_restricted(part: str) -> bool:
    """Whether a field of day or weekday narrows anything: where both do, either is enough."""
    return not part.startswith("*")


def _values(shape: _Field, part: str) -> set[int]:
    """What a faultless field stands for."""
    values: set[int] = set()
    for item in part.split(","):
        span, _, step = item.partition("/")
        ends = [shape.value(end) or 0 for end in span.split("-")]
        first, last = (shape.lowest, shape.highest) if span == "*" else (ends[0], ends[-1])
        values.update(range(first, last + 1, int(step or 1)))
    return values

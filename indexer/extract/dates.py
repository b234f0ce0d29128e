"""When an article was published: times as pages print them, and which of them to believe.

Visible times are day first, in Hanoi's zone. Machine times are ISO; those in US order
(``9/5/2026 10:17:01 PM`` is 5 September: metas of ONECMS, feeds of VCCorp) are read as such,
and only where nothing better is there. Decision 0016 has the order of trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import TypeGuard

from hanoiwatch.clock import HANOI
from hanoiwatch.text import canon

EARLIEST = datetime(1998, 1, 1, tzinfo=UTC)
"""Viet Nam's press was not online before."""
FUTURE = timedelta(hours=1)
"""How far the clocks of an outlet and ours may be apart; what is later is no time of
publication, but a date in the text, an event, or a local time that calls itself UTC."""

MIDNIGHT = time()

HANOI_OFFSET = timedelta(hours=7)
_LOOKED_AT = 200
_DATE = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?!\d)")
_DATE_IN_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s*,)?(?:\s+năm)?\s+(\d{4})(?!\d)"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?!\d)")
_TIME = re.compile(
    r"(?<![\d/.+-])(\d{1,2})\s?(?:[:h]|giờ)\s?(\d{2})(?::(\d{2}))?(?!\d)\s*(am|pm|sa|ch)?(?![^\W_])"
)
_ZONE = re.compile(r"(?:gmt|utc)\s*[+-]?\s*\d{1,2}(?::?\d{2})?")
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ]+(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?\s*",
    re.IGNORECASE,
)
_US = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, and how exactly it was told."""

    at: datetime
    has_time: bool = True
    has_zone: bool = False
    us_order: bool = False
    """Month before day: read right, but never trusted beside anything else."""
    offset: timedelta = HANOI_OFFSET
    """Of the zone in which it was told."""

    @property
    def wall(self) -> datetime:
        """What a clock on the wall showed where it was told, to the second."""
        return (self.at + self.offset).replace(tzinfo=None, microsecond=0)

    @property
    def is_midnight(self) -> bool:
        """Exactly: a day that a program wrote as a time, far more often than an article's."""
        return self.wall.time() == MIDNIGHT


def read_visible(text: str, formats: Iterable[str] = ()) -> Moment | None:
    """The time in a visible line such as ``Thứ Bảy, 07/03/2026 - 08:52 (GMT+7)``.

    ``formats`` (strptime's directives) are tried first, anywhere in the text; then any order of
    time and date, the day before the month.
    """
    text = text[:_LOOKED_AT]
    for form in formats:
        found = _pattern(form).search(text)
        if found and (moment := _from_groups(found.groupdict())):
            return moment
    return _read_freely(_ZONE.sub(" ", canon(text)))


def read_machine(text: str) -> Moment | None:
    """An ISO time, with or without a zone (then Hanoi's), or one in US order with AM or PM."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return _from_iso(found)
    if found := _US.fullmatch(text):
        month, day, year, hour, minute = (int(part) for part in found.groups()[:5])
        if month > 12:
            month, day = day, month
        hour = hour % 12 + (12 if found[7].upper() == "PM" else 0)
        moment = _moment((year, month, day), (hour, minute, int(found[6] or 0)))
        return replace(moment, us_order=True) if moment else None
    return None


def believable(
    moment: Moment | None, captured_at: datetime, founded: int | None = None
) -> TypeGuard[Moment]:
    """Not of the future, not older than the outlet (the year ``founded``) or the press online."""
    if moment is None or moment.at > captured_at + FUTURE:
        return False
    return moment.at >= (datetime(founded, 1, 1, tzinfo=HANOI) if founded else EARLIEST)


def refined(visible: Moment, machine: Iterable[Moment]) -> datetime:
    """``visible``, to the second where a machine time of the same minute tells it.

    The same minute on the wall is enough: many a page calls its local time UTC.
    """
    for other in machine:
        if not other.has_time:
            continue
        if not visible.has_time:
            if other.at.astimezone(HANOI).date() == visible.at.astimezone(HANOI).date():
                return other.at
        elif same_wall(other, visible):
            return visible.at.replace(second=other.at.second)
        elif other.at.replace(second=0) == visible.at.replace(second=0):
            return other.at
    return visible.at


def same_wall(one: Moment, other: Moment) -> bool:
    """Whether both showed the same minute where they were told."""
    return _minute(one.wall) == _minute(other.wall)


def _minute(wall: datetime) -> datetime:
    return wall.replace(second=0)


def _read_freely(text: str) -> Moment | None:
    date, place = _date_in(text)
    if date is None:
        return None
    rest = text[: place[0]] + " " * (place[1] - place[0]) + text[place[1] :]
    times = [found for found in _TIME.finditer(rest) if int(found[1]) < 24 and int(found[2]) < 60]
    if not times:
        return _moment(date, None)
    nearest = min(
        times, key=lambda one: min(abs(one.start() - place[1]), abs(one.end() - place[0]))
    )
    hour = int(nearest[1])
    # "00:01 AM" and "14:05 PM" are 24-hour times with a label
    if nearest[4] in {"pm", "ch"} and hour < 12:
        hour += 12
    elif nearest[4] in {"am", "sa"} and hour == 12:
        hour = 0
    return _moment(date, (hour, int(nearest[2]), int(nearest[3] or 0)))


def _date_in(text: str) -> tuple[tuple[int, int, int] | None, tuple[int, int]]:
    if found := _DATE.search(text) or _DATE_IN_WORDS.search(text):
        return (int(found[3]), int(found[2]), int(found[1])), found.span()
    if found := _YEAR_FIRST.search(text):
        return (int(found[1]), int(found[2]), int(found[3])), found.span()
    return None, (0, 0)


def _from_iso(found: re.Match[str]) -> Moment | None:
    date = (int(found[1]), int(found[2]), int(found[3]))
    if found[4] is None:
        return _moment(date, None)
    moment = _moment(date, (int(found[4]), int(found[5]), int(found[6] or 0)))
    if moment is None or not found[7]:
        return moment
    zone = found[7].upper().replace(":", "")
    hours, minutes = (0, 0) if zone == "Z" else (int(zone[1:3]), int(zone[3:5] or 0))
    if hours > 14 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    return Moment(at=moment.at + HANOI_OFFSET - offset, has_zone=True, offset=offset)


_DIRECTIVES = {
    "d": r"(?P<d>\d{1,2})", "m": r"(?P<m>\d{1,2})", "Y": r"(?P<Y>\d{4})", "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})", "M": r"(?P<M>\d{2})", "S": r"(?P<S>\d{2})", "p": r"(?P<p>[AaPp][Mm])",
    "y": r"(?P<y>\d{2})", "A": r"[^\W\d]+(?:\s[^\W\d]+)?", "a": r"[^\W\d]+(?:\s[^\W\d]+)?",
    "z": r"[+-]\d{2}:?\d{2}", "Z": r"[A-Z]{1,5}", "%": "%",
}  # fmt: skip


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """A strptime format as a pattern to search with; digits need not be padded."""
    parts: list[str] = []
    for piece in re.findall(r"%.|\s+|[^%\s]+", form):
        if piece[0] == "%":
            parts.append(_DIRECTIVES.get(piece[1:], r"\S+"))
        else:
            parts.append(r"\s+" if piece.isspace() else re.escape(piece))
    half = "" if "%p" in form else r"(?:\s*(?P<label>[AaPp][Mm])(?![^\W_]))?"
    return re.compile(rf"(?<!\d){''.join(parts)}(?!\d){half}")


def _from_groups(said: dict[str, str | None]) -> Moment | None:
    number = {key: int(value) for key, value in said.items() if value and value.isdigit()}
    year = number.get("Y", 2000 + number["y"] if "y" in number else 0)
    date = (year, number.get("m", 0), number.get("d", 0))
    hour = number.get("H", number.get("I"))
    if hour is None:
        return _moment(date, None)
    half = (said.get("p") or "").lower()
    if half and "I" in number:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif (said.get("label") or "").lower() == "pm" and hour < 12:
        hour += 12  # "14:05 PM" is a 24-hour time with a label, "07:35 PM" is none
    return _moment(date, (hour, number.get("M", 0), number.get("S", 0)))


def _moment(date: tuple[int, int, int], time: tuple[int, int, int] | None) -> Moment | None:
    """A time in Hanoi's zone; None where there is no such time."""
    try:
        at = datetime(*date, *(time or (0, 0, 0)), tzinfo=HANOI).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if not 1900 < at.year < 2200:
        return None
    return Moment(at=at, has_time=time is not None)

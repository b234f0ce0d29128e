"""The time that a list claims for an article.

Press feeds write it in many ways. One is a trap: Vietnamese systems built on ASP.NET print the
American order without a zone (``9/5/2026 1:30:00 PM`` is 5 September in Hanoi); it is known by
its slashes with AM or PM. Else ``05/09/2026 13:30`` is the Vietnamese order.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from hanoiwatch.clock import HANOI

_LONGEST = 64
_YEARS = range(1990, 2100)

_SLASHED = re.compile(
    r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})"
    r"(?:[\s,-]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AaPp])\.?[Mm])?)?"
)
_NAMED_OFFSET = re.compile(r"\b(?:GMT|UTC)\s*([+-])(\d{1,2})(?::?(\d{2}))?\s*$")
_SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)")


def listed_time(text: str | None) -> datetime | None:
    """``text`` as an aware time; without a zone it is Hanoi's. None: it cannot be read."""
    if not text or len(text) > _LONGEST:
        return None
    text = _NAMED_OFFSET.sub(_numeric_offset, text.strip())
    try:
        moment = _slashed(text) or _iso(text) or _rfc822(text)
    except (ValueError, OverflowError):
        return None
    if moment is None or moment.year not in _YEARS:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=HANOI)


def _numeric_offset(found: re.Match[str]) -> str:
    """``GMT+7`` as ``+0700``."""
    return f"{found[1]}{int(found[2]):02d}{found[3] or '00'}"


def _slashed(text: str) -> datetime | None:
    found = _SLASHED.fullmatch(text)
    if found is None:
        return None
    day, month, year = int(found[1]), int(found[3]), int(found[4])
    hour, minute, seconds = (int(part or 0) for part in found.group(5, 6, 7))
    half = (found[8] or "").lower()
    if half and found[2] == "/" and day <= 12:
        day, month = month, day
    if half and 1 <= hour <= 12:  # some print the label beside a 24 hour number
        hour = hour % 12 + (12 if half == "p" else 0)
    return datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001 - zone set above


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(_SPACED_OFFSET.sub("", text))
    except ValueError:
        return None


def _rfc822(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    if moment.tzinfo is None and text.endswith("-0000"):  # RFC 5322: UTC, place unknown
        return moment.replace(tzinfo=UTC)
    return moment

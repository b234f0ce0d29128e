"""Whether a source has gone silent: longer without a new article than ever of late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

LOOKED_BACK = timedelta(days=30)
FEWEST = 10
"""Articles: with fewer in `LOOKED_BACK`, nothing is known of a source's habits."""
TIMES_THE_LONGEST = 2.0
"""A pause of so many times the longest that the source has made of late is no pause."""
NEVER_SOONER = timedelta(hours=24)
"""A night, and the day on which a small paper publishes nothing before evening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Since when nothing new has come, and what the source's longest pause was before."""

    since: datetime
    longest: timedelta


def silence(seen: Sequence[datetime], looked_at: datetime) -> Silence | None:
    """Whether a source that was last crawled well at ``looked_at`` had gone silent by then.

    ``seen``: when its articles of the last `LOOKED_BACK` were first seen, in order. Measured up
    to the last good crawl and not up to now: while nobody looks, nobody is silent.
    """
    if len(seen) < FEWEST:
        return None
    longest = max(after - before for before, after in pairwise(seen))
    pause = looked_at - seen[-1]
    if pause <= max(longest * TIMES_THE_LONGEST, NEVER_SOONER):
        return None
    return Silence(since=seen[-1], longest=longest)

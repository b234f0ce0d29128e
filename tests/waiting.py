"""Waiting for what comes about, as long as a machine may need that does other things too.

A test waits for an event or a state, never for a time after which it should have come: the limits
here are only met by what never comes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 120.0
"""Seconds; far beyond what anything here takes where ten others want the same core."""
LOOK_SECONDS = 0.02


def wait_for(
    happened: Callable[[], T],
    why: Callable[[], object] = lambda: "it did not come about",
    *,
    seconds: float = PATIENCE,
    every: float = LOOK_SECONDS,
) -> T:
    """What ``happened`` returns once that is true; ``why`` is said where it never is."""
    until = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < until, why()
        time.sleep(every)
    return found

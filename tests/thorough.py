"""How much of what could be tried a run tries: all of it in CI, in the default run a share of it.

For tests that ask many alike questions of the same code. What only a few cases can show is asked
in every run.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

IS_THOROUGH = bool(os.environ.get("CI"))
LEAST_EXAMPLES = 25


def examples(most: int) -> int:
    """How many of hypothesis's examples."""
    return most if IS_THOROUGH else min(most, max(LEAST_EXAMPLES, most // 6))


def some(cases: Sequence[T], one_in: int) -> Sequence[T]:
    """Of cases that are all alike, one in so many."""
    return cases if IS_THOROUGH else cases[::one_in]

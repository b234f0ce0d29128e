"""Two hundred pages in a real browser, with hangs and crashes: nothing is left, memory is flat."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.browser import MOST_MEMORY_MB, RESTART_AFTER, run
from tests.browsers import needs_browser

pytestmark = [*needs_browser, pytest.mark.timeout(1800)]

PAGES = 200
MOST_GROWTH = 1.4
"""Of the median memory, the last third of the run beside the middle one; samples of a browser that
was just restarted are lower."""


def test_pages_that_hang_crash_or_kill_the_browser_cost_only_themselves(tmp_path: Path) -> None:
    outcome = run(PAGES, tmp_path / "desk")
    assert outcome.faults == []
    assert outcome.bad == 8
    assert outcome.kills == 4
    assert len(outcome.folders) >= PAGES // RESTART_AFTER
    assert outcome.growth <= MOST_GROWTH
    assert max(outcome.memory) < 2.5 * MOST_MEMORY_MB

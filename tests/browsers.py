"""For tests that need a Chromium: without one they are skipped, saying so."""

from __future__ import annotations

import pytest

from crawler.browser.find import Missing, find_browser
from hanoiwatch.config import BrowserConfig

_FOUND = find_browser(BrowserConfig())

needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(
        isinstance(_FOUND, Missing), reason=_FOUND.reason if isinstance(_FOUND, Missing) else ""
    ),
]

"""What some tests use that is not in the repository: folders under ``shared``, beside it.

The project is built and tested without them. A test that needs one is marked with `needs`, and
its skip is the only kind that CI lets pass (`tests/conftest.py`): elsewhere a skip hides something.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = "pages"
BENCHMARK = "article-extraction-benchmark"
KNOWN = frozenset({PAGES, BENCHMARK})

_ABSENT = "not in the repository, and not beside it: shared/"


def beside(name: str) -> Path | None:
    """The folder, where it is there: beside this checkout, or beside the folder it stands in."""
    assert name in KNOWN, name
    places = (parent / "shared" / name for parent in ROOT.parents[:2])
    return next((place for place in places if place.is_dir()), None)


def why_not(name: str) -> str:
    return f"{_ABSENT}{name}"


def needs(name: str) -> pytest.MarkDecorator:
    """Skips a test where the folder is not there."""
    return pytest.mark.skipif(beside(name) is None, reason=why_not(name))


def is_expected(reason: str) -> bool:
    """Whether a test may be skipped for ``reason`` in CI: a known folder that is truly absent."""
    reason = reason.removeprefix("Skipped: ")
    return any(reason == why_not(name) and beside(name) is None for name in KNOWN)

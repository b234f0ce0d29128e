"""The one reason for which a test may be skipped in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import beside
from tests.beside import PAGES, ROOT, is_expected, why_not

TESTS = """
import pytest
from tests.beside import why_not

def test_that_runs():
    assert True

@pytest.mark.skipif(True, reason={reason})
def test_that_is_skipped():
    assert False
"""


def exit_code(folder: Path, reason: str, *, ci: str) -> int:
    """Of a run with our conftest over one test that is skipped for ``reason``."""
    file = folder / "test_skips.py"
    file.write_text(TESTS.format(reason=reason), "utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "--rootdir", str(folder),
         "-p", "no:cacheprovider", "-c", os.devnull, str(file)],
        cwd=ROOT, env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}, capture_output=True,
        check=False,
    ).returncode  # fmt: skip


def test_any_skip_fails_a_run_in_ci_and_no_other_run(tmp_path: Path) -> None:
    assert exit_code(tmp_path, "'no time today'", ci="true") == 1
    assert exit_code(tmp_path, "'no time today'", ci="") == 0


def test_a_folder_that_is_not_in_the_repository_may_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "ROOT", tmp_path / "a" / "checkout")
    assert is_expected(f"Skipped: {why_not(PAGES)}")
    assert not is_expected("Skipped: not in the repository, and not beside it: shared/elsewhere")
    assert not is_expected("Skipped: no time today")


def test_a_folder_that_is_there_excuses_no_skip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shared" / PAGES).mkdir(parents=True)
    monkeypatch.setattr(beside, "ROOT", tmp_path / "checkout")
    assert not is_expected(f"Skipped: {why_not(PAGES)}")

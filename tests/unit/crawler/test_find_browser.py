"""Which Chromium is taken, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.browser.find import (
    Found,
    Missing,
    find_browser,
    playwrights_executable,
    version_of,
)
from hanoiwatch.config import BrowserConfig


def program(folder: Path, name: str = "chromium") -> str:
    path = folder / name
    path.write_text("#!/bin/sh\necho 'chromium: a warning'\necho 'Chromium 156.0.1'\n")
    path.chmod(0o755)
    return str(path)


def test_the_configured_one_comes_first(tmp_path: Path) -> None:
    ours = program(tmp_path)
    config = BrowserConfig(executable=ours)
    found = find_browser(config, lambda: program(tmp_path, "other"))
    assert found == Found(executable=ours, how="[browser] executable")


def test_a_configured_one_that_is_not_there_is_not_replaced_by_another(tmp_path: Path) -> None:
    config = BrowserConfig(executable=str(tmp_path / "none"))
    found = find_browser(config, lambda: program(tmp_path))
    assert isinstance(found, Missing)
    assert f"{tmp_path}/none is no program" in found.reason


def test_playwrights_own_comes_before_the_path(tmp_path: Path) -> None:
    own = program(tmp_path)
    found = find_browser(BrowserConfig(), lambda: own, lambda _: "/usr/bin/chromium")
    assert found == Found(executable=own, how="Playwright's own")


def test_else_the_first_on_the_path_is_taken(tmp_path: Path) -> None:
    there = {"google-chrome": "/opt/chrome", "chromium-browser": "/usr/bin/chromium-browser"}
    found = find_browser(BrowserConfig(), lambda: str(tmp_path / "not-installed"), there.get)
    assert found == Found(executable="/usr/bin/chromium-browser", how="on the PATH")


def test_playwright_is_asked_only_where_it_may_have_installed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    assert playwrights_executable() == ""
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert playwrights_executable().startswith(f"{tmp_path}/chromium")


def test_without_any_it_is_said_what_to_do() -> None:
    found = find_browser(BrowserConfig(), lambda: "", lambda _: None)
    assert isinstance(found, Missing)
    assert "apt-get install chromium" in found.reason


def test_the_version_is_what_it_says_last_and_empty_where_it_says_nothing(tmp_path: Path) -> None:
    assert version_of(program(tmp_path)) == "Chromium 156.0.1"
    assert version_of(str(tmp_path / "none")) == ""

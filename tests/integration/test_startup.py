"""What the commands that people type import, and that they find their way without the rest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.chain import ROOT
from tests.demo_copy import demo_copied

HEAVY = {"scrapy", "twisted", "trafilatura", "playwright", "elasticsearch", "alembic"}

LIST_MODULES = """
import sys
from hanoiwatch.cli.main import run
code = run(sys.argv[1:])
print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
sys.exit(code)
"""


def modules_of(*words: str) -> set[str]:
    """The top-level modules that a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *words],
        capture_output=True, text=True, timeout=240, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_copied(tmp_path_factory, "startup").folder / "hanoiwatch.toml"


def test_help_imports_no_framework() -> None:
    loaded = modules_of("--help")
    assert not loaded & (HEAVY | {"sqlalchemy", "lxml"})


def test_search_imports_no_framework_but_that_of_the_record(settings: Path) -> None:
    loaded = modules_of("--config", str(settings), "search", "hồ nước")
    assert "sqlalchemy" in loaded
    assert not loaded & HEAVY


def test_the_registry_is_shown_without_the_record() -> None:
    loaded = modules_of("registry", "show", "ct-ubnd", "--on", "2024-04-10")
    assert not loaded & (HEAVY | {"sqlalchemy", "lxml"})


def test_help_reads_no_registry() -> None:
    assert "yaml" not in modules_of("--help")

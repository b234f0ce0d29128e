"""Docs that fail when they lie."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from hanoiwatch.cli.main import COMMANDS, hanoiwatch
from hanoiwatch.config import Config

ROOT = Path(__file__).parents[2]
DOCS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])


def settings(shape: type[msgspec.Struct], prefix: str = "") -> list[str]:
    names = []
    for field in msgspec.structs.fields(shape):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            names += settings(field.type, f"{prefix}{field.name}.")
        elif field.name != "base":
            names.append(prefix + field.name)
    return names


@pytest.mark.parametrize("name", settings(Config))
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs/reference/configuration.md").read_text("utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_a_section(name: str) -> None:
    command = hanoiwatch.get_command(None, name)
    assert command is not None
    assert command.help
    assert f"## hanoiwatch {name}\n" in (ROOT / "docs/reference/cli.md").read_text("utf-8")


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text("utf-8")
    pages = [page.name for page in folder.glob("[0-9]*.md")]
    assert pages
    assert [page for page in pages if f"]({page})" not in index] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []

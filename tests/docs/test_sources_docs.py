"""The pages on source files name every key, and their examples load."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from hanoiwatch.sources.checks import MAX_DELAY_SECONDS, MAX_SECTION_PAGES
from hanoiwatch.sources.loader import load_families, load_sources, read_source
from hanoiwatch.sources.schema import DEFAULT_DELAY_SECONDS, Fetch, Layout, Scope
from hanoiwatch.sources.shape import DiscoverTable, ScheduleTable, SourceTable

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = (DOCS / "reference/sources.md").read_text("utf-8")
HOWTO = (DOCS / "howto/add-a-source.md").read_text("utf-8")
TABLES = {
    "discover": DiscoverTable, "fetch": Fetch, "scope": Scope, "schedule": ScheduleTable,
}  # fmt: skip


def keys() -> list[str]:
    top = [one.name for one in dataclasses.fields(SourceTable) if one.name not in TABLES]
    inner = [
        f"{table}.{one.name}"
        for table, shape in TABLES.items()
        for one in dataclasses.fields(shape)
    ]
    return [*top, *inner, *(one.name for one in dataclasses.fields(Layout))]


@pytest.mark.parametrize("key", keys())
def test_every_key_is_in_the_reference(key: str) -> None:
    assert f"| `{key}` |" in REFERENCE


@pytest.mark.parametrize("name", [*load_sources(), *load_families()])
def test_every_bundled_source_and_family_is_in_the_reference(name: str) -> None:
    assert f"| `{name}` |" in REFERENCE


def test_the_reference_gives_the_limits_in_force() -> None:
    assert f"1 to {MAX_SECTION_PAGES}; 1" in REFERENCE
    assert f"0 to {MAX_DELAY_SECONDS:.0f}; {DEFAULT_DELAY_SECONDS:.0f} (local: 0)" in REFERENCE


def test_the_families_of_the_howto_exist() -> None:
    head, *named = re.findall(r"^\| .* \| `([a-z]+)` \|$", HOWTO, re.MULTILINE)
    assert (head, len(named)) == ("family", 4)
    assert set(named) <= set(load_families())


def test_the_examples_of_the_howto_make_one_sound_file(tmp_path: Path) -> None:
    head, *tables = re.findall(r"```toml\n(.*?)```", HOWTO, re.DOTALL)
    path = tmp_path / f"{tomllib.loads(head)['name']}.toml"
    path.write_text(head, "utf-8")
    assert read_source(path, {}).discover.feeds
    path.write_text(re.sub(r"discover\..*\n", "", head) + "".join(tables), "utf-8")
    whole = read_source(path, {})
    assert whole.scope.any
    assert whole.layouts[0].text == ".article-body"
    assert re.search(whole.discover.article_url[0], "https://bao-phuong.example/hop-1203456.html")

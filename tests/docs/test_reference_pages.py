"""The pages on data and errors name every field, table and error, and their exit codes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from hanoiwatch import errors
from hanoiwatch.articlejson import article_json
from hanoiwatch.cli import main
from hanoiwatch.model import BlockKind, ChangeKind
from hanoiwatch.store import schema
from tests.query_table import table_articles

REFERENCE = Path(__file__).parents[2] / "docs/reference"
DATA = (REFERENCE / "data.md").read_text("utf-8")
ERRORS = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.HanoiwatchError)
]  # fmt: skip


def first_cells(page: str) -> Iterator[str]:
    """What the first column of the page's tables names."""
    for line in page.splitlines():
        if line.startswith("| `"):
            yield from re.findall(r"`([^`]+)`", line.split("|")[1])


def test_every_field_of_an_article_and_every_table_has_a_line() -> None:
    named = set(first_cells(DATA))
    assert named == set(article_json(table_articles()[0])) | set(schema.metadata.tables)


def test_every_kind_of_block_and_change_is_named() -> None:
    for kind in (*get_args(BlockKind), *get_args(ChangeKind)):
        assert f"`{kind}`" in DATA


def error_lines() -> dict[str, str]:
    page = (REFERENCE / "errors.md").read_text("utf-8")
    return {
        cells[1].strip(" `"): cells[3].strip()
        for cells in (line.split("|") for line in page.splitlines())
        if cells[0] == "" and len(cells) > 4 and cells[1].startswith(" `")
    }


def test_every_error_has_a_line() -> None:
    assert set(error_lines()) == {kind.__name__ for kind in ERRORS} - {"HanoiwatchError"}


@pytest.mark.parametrize("name", [name for name, code in error_lines().items() if code != "–"])
def test_an_error_ends_with_the_exit_code_of_its_line(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = getattr(errors, name)
    told = {
        errors.QueryError: ("a (", 2, "never closed"),
        errors.SourceFileError: (Path("x"), 1, "wrong"),
        errors.RegistryError: (Path("x"), 1, "wrong"),
    }.get(kind, ("as it is",))

    def fail(**_: object) -> None:
        raise kind(*told)

    monkeypatch.setattr(main.hanoiwatch, "main", fail)
    assert main.run([]) == int(error_lines()[name])

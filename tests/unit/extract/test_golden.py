"""Whole pages in the markup of each family, read against what a person read in them.

A folder of `tests/golden` is a page (gzipped), what must come out of it, and what it is about.
"""

from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from hanoiwatch.articlejson import reading_json
from hanoiwatch.page.document import PageInput
from indexer.extract import read_page
from tests.unit.extract.pages import BOOK

GOLDEN = Path(__file__).parents[2] / "golden"
PAGES = sorted(path.parent for path in GOLDEN.glob("*/*/expected.json"))


@pytest.mark.parametrize("folder", PAGES, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_golden_page_is_read_as_a_person_read_it(folder: Path) -> None:
    assert _read(folder) == json.loads((folder / "expected.json").read_text("utf-8"))


def test_every_bundled_layout_has_two_golden_pages() -> None:
    layouts = [json.loads((path / "expected.json").read_text("utf-8"))["reading"] for path in PAGES]
    names = [layout["layout"] for layout in layouts]
    for family in BOOK.families.values():
        for layout in family.layouts:
            assert names.count(layout.name) >= 2, layout.name


def _read(folder: Path) -> dict[str, Any]:
    meta = tomllib.loads((folder / "meta.toml").read_text("utf-8"))
    page = PageInput(
        url=meta["url"],
        body=gzip.decompress((folder / "page.html.gz").read_bytes()),
        captured_at=meta["captured_at"],
    )
    read = reading_json(read_page(page, BOOK))
    del read["text"]  # it is the blocks once more
    del read["reading"]["extractor"]
    return read

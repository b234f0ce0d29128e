"""Pages of our own writing with what a person read in them: `tests/golden` and ``unknown/``.

A golden page is in the markup of a family, and must be read exactly (`test_golden.py`). A page of
``unknown/`` is in the markup of a system that nobody described: the general path reads it, and is
scored. Both kinds are scored field by field, by family, for the gate and the report.
"""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hanoiwatch.page.document import PageInput
from hanoiwatch.sources.loader import load_families
from hanoiwatch.sources.schema import Discover, Source
from indexer.extract import LayoutBook
from tests.eval.fields import FIELDS

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"
UNKNOWN = HERE / "unknown"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A page, and the article that a person read in it, by the names of the article's JSON."""

    group: str
    """The family whose markup it is in, ``unknown``, or the outlet of a real page."""
    slug: str
    page: PageInput
    truth: dict[str, Any]
    founded: int | None = None
    layouts: LayoutBook | None = None
    """What reads it, where that is not for its group to say."""
    told: frozenset[str] = frozenset(FIELDS)
    """The fields that its truth has."""

    @property
    def name(self) -> str:
        return f"{self.group}/{self.slug}"

    def book(self) -> LayoutBook:
        """What reads it: nothing but the general path where nobody described the system."""
        if self.layouts is not None:
            return self.layouts
        if self.group != "unknown":
            return LayoutBook(families=load_families())
        source = Source(
            name="unknown", title="", home=self.page.url, founded=self.founded, discover=Discover()
        )
        return LayoutBook(sources={"unknown": source})


def judged_pages() -> list[Judged]:
    """Every page of our own, golden ones first."""
    folders = sorted(path.parent for path in GOLDEN.glob("*/*/expected.json"))
    return [*(_golden(folder) for folder in folders), *_unknown()]


def _golden(folder: Path) -> Judged:
    meta = tomllib.loads((folder / "meta.toml").read_text("utf-8"))
    body = gzip.decompress((folder / "page.html.gz").read_bytes())
    return Judged(
        group=folder.parent.name,
        slug=folder.name,
        page=PageInput(url=meta["url"], body=body, captured_at=meta["captured_at"]),
        truth=json.loads((folder / "expected.json").read_text("utf-8")),
    )


def _unknown() -> Iterator[Judged]:
    for file in sorted(UNKNOWN.glob("*/expected.json")):
        folder = file.parent
        meta = tomllib.loads((folder / "meta.toml").read_text("utf-8"))
        yield Judged(
            group="unknown",
            slug=folder.name,
            page=PageInput(
                url=meta["url"],
                body=(folder / "page.html").read_bytes(),
                captured_at=meta["captured_at"],
                source="unknown",
            ),
            truth=json.loads(file.read_text("utf-8")),
            founded=meta.get("founded"),
        )

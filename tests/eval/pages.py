"""Real pages, where this machine has them: beside the repository, never in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hanoiwatch.page.document import PageInput
from hanoiwatch.sources.loader import load_families
from indexer.extract import LayoutBook
from tests.beside import PAGES, beside

FOLDER = beside(PAGES)

CAPTURED = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class RealPage:
    file: str
    kind: str
    """``article``, ``list``, ``nonarticle`` or ``template``."""
    page: PageInput
    gold: dict[str, Any]


def real_pages() -> list[RealPage]:
    """None where the folder is not there."""
    if FOLDER is None:
        return []
    lines = (FOLDER / "gold.jsonl").read_text("utf-8").splitlines()
    return [_real_page(json.loads(line)) for line in lines if line.strip()]


def _real_page(said: dict[str, Any]) -> RealPage:
    url = said["url"] or f"https://template.example/{said['file']}"
    assert FOLDER is not None
    body = (FOLDER / said["file"]).read_bytes()
    return RealPage(
        file=said["file"],
        kind=said["kind"],
        page=PageInput(url=url, body=body, captured_at=CAPTURED),
        gold=said.get("gold") or {},
    )


def bundled_layouts() -> LayoutBook:
    return LayoutBook(families=load_families())

"""The table of `queries.yaml`, read once: for every test of what a query finds."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hanoiwatch.model import Block, Content, Image
from hanoiwatch.text import nfc


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    query: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Refusal:
    query: str
    position: int
    reason: str


def _content(name: str, said: dict[str, Any]) -> Content:
    title = said["title"]
    if name == "nfd":
        title = unicodedata.normalize("NFD", title)
    captions = said.get("captions", [])
    return Content(
        url=f"https://bao.example/{name}",
        title=nfc(title),
        lead=nfc(said.get("lead", "")),
        byline=tuple(said.get("byline", ())),
        photographers=tuple(said.get("photographers", ())),
        blocks=tuple(Block(kind="paragraph", text=nfc(text)) for text in said.get("text", ())),
        images=tuple(
            Image(url=f"https://bao.example/{number}.jpg", caption=caption, credit=credit)
            for number, (caption, credit) in enumerate(captions)
        ),
        tags=tuple(said.get("tags", ())),
    )


_TABLE = yaml.safe_load(Path(__file__).with_name("queries.yaml").read_text(encoding="utf-8"))
ARTICLES = {name: _content(name, said) for name, said in _TABLE["articles"].items()}
FINDINGS = [
    Finding(rule, str(query), frozenset(names.split())) for rule, query, names in _TABLE["finds"]
]
REFUSALS = [Refusal(*row) for row in _TABLE["refuses"]]

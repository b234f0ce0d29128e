"""The labelled set of copies: what the files in ``copies/`` say, as articles with their truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from bench.recorded import Recorded
from hanoiwatch.clock import HANOI
from hanoiwatch.model import Block, Content
from hanoiwatch.sample.articles import load_articles
from tests.yamlfile import read_yaml

FOLDER = Path(__file__).parent / "copies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article, the entry it stands in, and the story it belongs to (texts of one entry with
    another story are hard non-copies)."""

    recorded: Recorded
    entry: str
    story: str
    beside: str = ""
    """Another entry about the same matter, whose texts are no copies of this one."""


def labelled() -> list[Labelled]:
    """Every article of the set, in order of publication."""
    every = [*_templates(), *_reprints(), *_events()]
    return sorted(every, key=lambda each: each.recorded.seen_at)


Pair = frozenset[str]
"""Two addresses."""


def true_pairs(articles: Sequence[Labelled]) -> set[Pair]:
    return {_pair(a, b) for a, b in combinations(articles, 2) if a.story == b.story}


def hard_pairs(articles: Sequence[Labelled]) -> set[Pair]:
    """Texts that are close and no copies."""
    return {
        _pair(a, b)
        for a, b in combinations(articles, 2)
        if a.story != b.story and (b.entry in (a.entry, a.beside) or a.entry == b.beside)
    }


def _pair(a: Labelled, b: Labelled) -> Pair:
    return frozenset((a.recorded.content.url, b.recorded.content.url))


def _load(name: str) -> Any:
    return read_yaml(FOLDER / f"{name}.yaml")


def _templates() -> Iterator[Labelled]:
    for entry in _load("templates"):
        for number, day in enumerate(entry["days"]):
            filled = {
                "title": entry["title"].format_map(day),
                "lead": entry["lead"].format_map(day),
                "paragraphs": [text.format_map(day) for text in entry["paragraphs"]],
                "at": day["at"],
            }
            for paper in day["in"]:
                story = f"{entry['name']}-{number}"
                article = _article(f"{story}-{paper}", filled | {"source": paper})
                yield Labelled(recorded=article, entry=entry["name"], story=story)


def _reprints() -> Iterator[Labelled]:
    for entry in _load("reprints"):
        base = entry | (_sample(entry["sample"]) if "sample" in entry else {})
        for number, copy in enumerate([{}, *entry["copies"]]):
            article = _article(f"{entry['name']}-{number}", _copied(base, copy))
            yield Labelled(recorded=article, entry=entry["name"], story=entry["name"])


def _events() -> Iterator[Labelled]:
    beside = {"footbridge-again": "footbridge", "council-day": "budget", "pump-week": "flood-pump"}
    for entry in _load("events"):
        for number, text in enumerate(entry["texts"]):
            story = f"{entry['name']}-{number}"
            yield Labelled(
                recorded=_article(story, text),
                entry=entry["name"],
                story=story,
                beside=beside.get(entry["name"], ""),
            )


def _sample(slug: str) -> dict[str, Any]:
    (found,) = (article for article in load_articles() if article.slug == slug)
    texts = [piece.text for piece in found.pieces if piece.text]
    return {"title": found.title, "lead": found.lead, "paragraphs": texts}


def _copied(base: Mapping[str, Any], copy: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` as a desk reprints it (see the head of ``reprints.yaml``)."""
    kept = [
        text
        for place, text in enumerate(base["paragraphs"], 1)
        if place not in (*copy.get("drop", ()), copy.get("move"))
    ]
    if "move" in copy:
        kept.append(base["paragraphs"][copy["move"] - 1])
    made = {**base, **copy, "paragraphs": [*kept, *copy.get("add", ())]}
    for old, new in copy.get("change", ()):
        parts = [made["title"], made["lead"], *made["paragraphs"]]
        assert any(old in part for part in parts), f"{base['name']}: {old!r} is not there"
        made["title"], made["lead"], *made["paragraphs"] = (
            part.replace(old, new) for part in parts
        )
    return made


def _article(name: str, text: Mapping[str, Any]) -> Recorded:
    published = datetime.fromisoformat(text["at"]).replace(tzinfo=HANOI)
    content = Content(
        url=f"https://{text['source']}.vn/{name}.html",
        title=text["title"],
        lead=text["lead"],
        published_at=published,
        blocks=tuple(Block(kind="paragraph", text=each) for each in text["paragraphs"]),
    )
    return Recorded(source=text["source"], content=content, seen_at=published)

"""How near a reading is to a hand-checked gold: field by field, and the text by shingles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hanoiwatch.clock import to_shown
from hanoiwatch.model import Content
from hanoiwatch.text import nfc

SHINGLE = 4
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True)
class PageScore:
    """One page; ``fields`` says of each field whether it is right."""

    file: str
    layout: str
    fields: dict[str, bool]
    f1: float
    precision: float
    recall: float


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(nfc(text).lower())
    places = range(max(1, len(words) - SHINGLE + 1))
    return Counter(tuple(words[at : at + SHINGLE]) for at in places)


def f1_of(found: str, gold: str) -> tuple[float, float, float]:
    """F1, precision and recall of the 4-word shingles."""
    mine, theirs = shingles(found), shingles(gold)
    common = sum((mine & theirs).values())
    precision = common / max(1, sum(mine.values()))
    recall = common / max(1, sum(theirs.values()))
    return 2 * precision * recall / max(1e-9, precision + recall), precision, recall


def score(file: str, layout: str, content: Content, gold: Mapping[str, Any]) -> PageScore:
    """``content`` against one line of the gold. Insets count neither way: in or out is right."""
    insets = [_plain(box) for box in gold["inset_boxes"]]
    body = [block.text for block in content.blocks if block.kind not in {"image", "inset"}]
    f1, precision, recall = f1_of("\n".join(body), "\n".join(gold["paragraphs"]))
    everything = _plain("\n".join((content.lead, content.text)))
    said = _plain("\n".join(line for block in body for line in block.split("\n")))
    return PageScore(
        file=file, layout=layout, f1=f1, precision=precision, recall=recall,
        fields={
            "title": _plain(content.title) == _plain(gold["title"]),
            "lead": _plain(content.lead) == _plain(gold["lead"]),
            "prefix": _prefix_fits(content, gold),
            "byline": ", ".join(content.byline) == gold["author"],
            "published": _shown(content) == gold["published"],
            "paragraphs": all(_plain(one) in said or _plain(one) in insets
                              for one in gold["paragraphs"]),
            "captions": _captions(content) == [_letters(one) for one in gold["captions"]],
            "clean": not any(_plain(one) in everything for one in gold["must_not_contain"]),
        },
    )  # fmt: skip


def _shown(content: Content) -> str | None:
    return to_shown(content.published_at) if content.published_at else None


def _prefix_fits(content: Content, gold: Mapping[str, Any]) -> bool:
    raw = _letters(gold["lead_raw"])
    return _letters((content.lead_prefix or "") + content.lead) == raw


def _captions(content: Content) -> list[str]:
    """As the page prints them: caption and credit together, without the word before the credit."""
    return [
        _letters(image.caption + image.credit)
        for image in content.images
        if image.caption or image.credit
    ]


def _letters(text: str) -> str:
    return "".join(_WORD.findall(nfc(text).replace("Ảnh:", "")))


def _plain(text: str) -> str:
    return " ".join(nfc(text).split())


def mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / max(1, len(numbers))

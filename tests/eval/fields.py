"""How much of an article was read rightly, field by field: from 0 to 1 each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hanoiwatch.text import nfc
from tests.eval.scores import f1_of

FIELDS = (
    "title", "lead", "prefix", "byline", "photographers", "source", "published", "section", "tags",
    "text", "kinds", "captions", "credits", "clean",
)  # fmt: skip
EXACT = 0.995
"""F1 of the text from which a page counts as read whole."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reader made of a page. None: it has no such field to tell."""

    title: str | None = None
    lead: str | None = None
    prefix: str | None = None
    byline: tuple[str, ...] | None = None
    photographers: tuple[str, ...] | None = None
    source: str | None = None
    published: str | None = None
    section: str | None = None
    tags: tuple[str, ...] | None = None
    text: str = ""
    kinds: tuple[str, ...] | None = None
    captions: tuple[str, ...] | None = None
    credits: tuple[str, ...] | None = None
    knows: frozenset[str] = frozenset(FIELDS)
    """The fields that this reader tells at all; the others are not scored."""


NOTHING = Answer()
"""Of a page that was taken for no article."""


def of_article(read: Mapping[str, Any]) -> Answer:
    """The answer in an article's JSON, ours or a person's; real pages' gold has it so too."""
    blocks = [block for block in read["blocks"] if block["kind"] != "image"]
    return Answer(
        title=read["title"],
        lead=read["lead"],
        prefix=read["lead_prefix"],
        byline=tuple(read["byline"]),
        photographers=tuple(read["photographers"]),
        source=read["original_source"],
        published=read["published_at"],
        section=read["section"],
        tags=tuple(read["tags"]),
        text="\n".join(block["text"] for block in blocks),
        kinds=tuple(block["kind"] for block in read["blocks"]),
        captions=tuple(image["caption"] for image in read["images"]),
        credits=tuple(image["credit"] for image in read["images"]),
    )


def scored(answer: Answer, truth: Answer, unwanted: Iterable[str] = ()) -> dict[str, float]:
    """The score of each field that the reader tells."""
    marks = {
        name: float(_same(getattr(answer, name), getattr(truth, name)))
        for name in FIELDS
        if name not in {"text", "clean", "captions"} and name in answer.knows
    }
    with_lead = f"{truth.prefix or ''} {truth.lead}\n{truth.text}"
    f1 = f1_of(answer.text, truth.text)[0]
    if "lead" not in answer.knows:  # it may well stand in the text, then
        f1 = max(
            f1,
            f1_of(answer.text, with_lead)[0],
            f1_of(answer.text, f"{truth.lead}\n{truth.text}")[0],
        )
    if "captions" in answer.knows:
        marks["captions"] = float(_printed(answer.captions) == _printed(truth.captions))
    return marks | {"text": f1, "clean": float(_is_clean(answer, truth, unwanted))}


def _printed(captions: tuple[str, ...] | None) -> list[str]:
    """By their letters, in order; an image without a caption has none to be right."""
    said = (nfc(one).replace("Ảnh:", "") for one in captions or ())
    return [letters for one in said if (letters := _letters(one))]


def _same(one: object, other: object) -> bool:
    return _plain(one) == _plain(other)


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return " ".join(nfc(value).split()) if isinstance(value, str) else value or ""


def _is_clean(answer: Answer, truth: Answer, unwanted: Iterable[str]) -> bool:
    """Nothing that the page prints beside the article is in lead or text, and no caption."""
    said = _letters(f"{answer.lead or ''} {answer.text}")
    own = _letters(f"{truth.lead or ''} {truth.text}")
    captions = [one for one in truth.captions or () if one and _letters(one) not in own]
    return not any(_letters(one) in said for one in (*unwanted, *captions) if _letters(one))


def _letters(text: str) -> str:
    return " ".join(_WORD.findall(nfc(text).lower()))

"""Shapes as tests need them."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from hanoiwatch.model import Traits
from hanoiwatch.store.drift import Shape

_IDS = count(1)
USUAL = Traits(
    fields=("title", "lead", "byline", "published", "section"),
    places={
        "title": "h1.tieu-de", "lead": "p.sapo", "byline": "span.tac-gia",
        "published": "time.gio", "text": "div.noi-dung",
    },
    frame=("div.noi-dung", "h1.tieu-de", "p.sapo", "span.tac-gia", "time.gio"),
    figures=("figure.anh>figcaption",),
    chars=2400,
    images=1,
    captions=1,
)  # fmt: skip


def shape(traits: Traits = USUAL, **said: Any) -> Shape:
    number = next(_IDS)
    plain = {
        "id": number, "source": "bao", "page_id": number, "run_id": 1, "at": "", "first": True,
        "url": f"https://bao.example/tin-{number}.html", "layout": "he/bai", "reason": "",
        "extractor": "1",
    }  # fmt: skip
    return Shape(traits=traits, **{**plain, **said})


def without(*fields: str) -> Traits:
    return replace(USUAL, fields=tuple(one for one in USUAL.fields if one not in fields))


def nothing(reason: str) -> Shape:
    return shape(Traits(), layout="", reason=reason)

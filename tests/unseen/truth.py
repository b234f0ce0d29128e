"""An article as JSON beside its truth: every difference, in words."""

from __future__ import annotations

import re
from typing import Any

PLAIN = ("title", "lead", "section", "byline", "photographers", "published_at", "tags")
_SPACES = re.compile(r"[^\S\n\t]+")


def differences(got: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    """One line for each field that is not as the truth says; empty when all agree."""
    pairs = [(name, got[name], truth[name]) for name in PLAIN]
    pairs.append(("original_source", got["original_source"], truth.get("original_source")))
    pairs += [("images", _images(got["images"]), _images(truth["images"]))]
    pairs.append(("text", got["text"].split("\n"), _text(truth)))
    pairs = [
        (name, *map(_to_the_minute, both)) if name == "published_at" else (name, *both)
        for name, *both in pairs
    ]
    found = [f"{name}: {is_!r} should be {ought!r}" for name, is_, ought in pairs if is_ != ought]
    return found + _blocks(got, truth)


def _to_the_minute(time: str | None) -> str | None:
    """Pages show minutes, metas add seconds: no difference. The zone must be +07:00."""
    return time and re.sub(r"(T\d\d:\d\d):\d\d", r"\1", time)


def _images(images: list[dict[str, str]]) -> list[tuple[str, ...]]:
    return [(one["url"], one["caption"], one["credit"]) for one in images]


def _text(truth: dict[str, Any]) -> list[str]:
    blocks = [next(iter(block.items())) for block in truth["blocks"]]
    prose = [text for kind, text in blocks if kind not in {"image", "cover"}]
    return [line for text in prose for line in text.split("\n")]


def _blocks(got: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    is_ = [(one["kind"], _content(one)) for one in got["blocks"]]
    ought = [next(iter(block.items())) for block in truth["blocks"]]
    ought = [("image" if kind == "cover" else kind, value) for kind, value in ought]
    missing = [f"missing block {one!r}" for one in ought if one not in is_]
    surplus = [f"surplus block {one!r}" for one in is_ if one not in ought]
    order = [] if missing or surplus or is_ == ought else [f"order of blocks: {is_!r}"]
    return missing + surplus + order


def _content(block: dict[str, Any]) -> Any:
    if block["kind"] == "image":
        return block["image"]
    return _SPACES.sub(" ", block["text"])

"""Ids that could be confused, and words for states."""

from __future__ import annotations

from typing import Literal, NewType

from hanoiwatch import urls

PageId = NewType("PageId", int)
RunId = NewType("RunId", int)
CaptureId = NewType("CaptureId", int)
OriginId = NewType("OriginId", int)
ReadingId = NewType("ReadingId", int)
ArticleId = urls.ArticleId

OriginKind = Literal["feed", "sitemap", "section", "manual"]
Stage = Literal["fetch", "extract", "record", "index"]
STAGES: tuple[Stage, ...] = ("fetch", "extract", "record", "index")
"""The stages of the ledger, in order. A page ends each it reaches in exactly one outcome."""

Outcome = Literal[
    "fetched", "not-due", "refused", "failed",  # fetch
    "extracted", "not-article", "quarantined",  # extract
    "recorded", "duplicate", "out-of-scope",  # record
    "indexed",  # index
]  # fmt: skip
OUTCOMES: dict[Stage, tuple[Outcome, ...]] = {
    "fetch": ("fetched", "not-due", "refused", "failed"),
    "extract": ("extracted", "not-article", "quarantined"),
    "record": ("recorded", "duplicate", "out-of-scope", "quarantined"),
    "index": ("indexed", "quarantined"),
}
GOES_ON: dict[Stage, Outcome] = {
    "fetch": "fetched", "extract": "extracted", "record": "recorded", "index": "indexed",
}  # fmt: skip
"""The one outcome of each stage with which a page enters the next stage."""

BlockKind = Literal["paragraph", "heading", "quote", "list", "table", "image", "inset"]
Rights = Literal["full", "excerpt", "link"]
DEFAULT_RIGHTS: Rights = "excerpt"
NotArticleReason = Literal[
    "list", "challenge", "login", "empty", "not-found", "maintenance", "not-html", "consent"
]

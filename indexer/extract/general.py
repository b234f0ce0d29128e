"""The general path."""

from __future__ import annotations

from hanoiwatch.model import Content
from hanoiwatch.page.document import Document
from hanoiwatch.page.kind import NoArticle


def read_generally(document: Document, source_names: tuple[str, ...] = ()) -> Content | NoArticle:
    return NoArticle(reason="empty", detail="no layout")

"""One capture read in a process of the pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hanoiwatch.errors import PageError
from hanoiwatch.model import Reading, ReadNothing, WarcPlace
from hanoiwatch.page.document import PageInput
from hanoiwatch.sources.schema import Family, Source
from indexer.extract.layouts import LayoutBook
from indexer.extract.reading import EXTRACTOR, read_page

LARGEST_PAGE = 16 * 1024 * 1024
"""Bytes after content decoding. The crawler's own limit is lower; this one stops bombs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTask:
    """A capture to read: where its body is, and how it was answered."""

    place: WarcPlace
    url: str
    content_type: str
    status: int
    captured_at: datetime
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every task of a worker process needs; made once, by the pool's initialiser."""

    archive_folder: Path
    families: Mapping[str, Family] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def layouts(self) -> LayoutBook:
        return LayoutBook(families=self.families, sources=self.sources)


def read_capture(task: ReadTask, desk: Desk) -> Reading:
    """The reading of one capture. Raises ArchiveError where the archive cannot be read."""
    from hanoiwatch.archive import decode_body, read_exchange

    stored = read_exchange(desk.archive_folder, task.place)
    try:
        body = decode_body(stored.headers, stored.body, LARGEST_PAGE)
    except PageError as error:
        return ReadNothing(reason="not-html", detail=str(error), extractor=EXTRACTOR)
    page = PageInput(
        url=task.url,
        body=body,
        content_type=task.content_type,
        status=task.status,
        captured_at=task.captured_at,
        source=task.source,
    )
    return read_page(page, desk.layouts)

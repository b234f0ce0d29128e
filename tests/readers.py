"""Extractors that read otherwise than ours, for tests: the pool's processes import them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from hanoiwatch.model import Content, ReadArticle, Reading, ReadNothing
from indexer.extract.worker import Desk, Reader, ReadTask, read_capture

BLIND_TO = "BLIND_TO"
"""Environment variable: a word; `read_blindly` takes pages whose title has it for no article,
and `read_brokenly` breaks on them."""
READ_LOG = "READ_LOG"
"""Environment variable: a file in which every page that is read again leaves a line."""


def read_otherwise(task: ReadTask, desk: Desk) -> Reading:
    """Every caption says that it is one, tags are left out, and the first heading is lost."""
    reading = _logged(task, desk)
    if not isinstance(reading, ReadArticle):
        return reading
    return replace(reading, content=_otherwise(reading.content))


def read_blindly(task: ReadTask, desk: Desk) -> Reading:
    """As `read_otherwise`, but some pages are no articles to it."""
    reading = read_otherwise(task, desk)
    word = os.environ.get(BLIND_TO, "")
    if isinstance(reading, ReadArticle) and word and word in reading.content.title:
        return ReadNothing(reason="list", extractor=reading.extractor)
    return reading


def read_brokenly(task: ReadTask, desk: Desk) -> Reading:
    """As `read_otherwise`, but breaks on some pages."""
    reading = read_otherwise(task, desk)
    word = os.environ.get(BLIND_TO, "")
    if isinstance(reading, ReadArticle) and word and word in reading.content.title:
        raise ValueError("the page is odd")
    return reading


def read_little(task: ReadTask, desk: Desk) -> Reading:
    """Loses all but the first block."""
    reading = _logged(task, desk)
    if not isinstance(reading, ReadArticle):
        return reading
    return replace(reading, content=replace(reading.content, blocks=reading.content.blocks[:1]))


SECOND = Reader(function=read_otherwise, version="second")
BLIND = Reader(function=read_blindly, version="blind")
BROKEN = Reader(function=read_brokenly, version="broken")
LITTLE = Reader(function=read_little, version="little")


def _logged(task: ReadTask, desk: Desk) -> Reading:
    if READ_LOG in os.environ:
        with Path(os.environ[READ_LOG]).open("a", encoding="utf-8") as log:
            log.write(f"{task.url} {task.place.record_id}\n")
    return read_capture(task, desk)


def _otherwise(content: Content) -> Content:
    images = tuple(
        replace(image, caption=f"Trong ảnh: {image.caption}") for image in content.images
    )
    headings = [at for at, block in enumerate(content.blocks) if block.kind == "heading"]
    blocks = tuple(block for at, block in enumerate(content.blocks) if at not in headings[:1])
    return replace(content, images=images, blocks=blocks, tags=())

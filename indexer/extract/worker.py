"""One process of the reading pool: reads captures until its parent has no more, or is gone."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from hanoiwatch.errors import PageError
from hanoiwatch.model import ReadArticle, Reading, ReadNothing, WarcPlace
from hanoiwatch.page.document import PageInput
from indexer.extract.extractor import EXTRACTOR
from indexer.extract.layouts import LayoutBook
from indexer.extract.reading import read_closely
from indexer.linking.linker import LinkedArticle, Linker, LinkerMaker, link_article

LARGEST_PAGE = 16 * 1024 * 1024
"""Bytes after content decoding. The crawler's own limit is lower; this one stops bombs."""
MOST_MEMORY = 2 * 1024**3
"""Bytes of address space; a page that wants more ends in MemoryError, not in a full machine."""
LARGE_MEMORY = 250 * 1024**2
"""Bytes in memory with which a process asks to be replaced; an ordinary one has about 90 MB."""

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTask:
    """A capture to read: where its body is, and how it was answered."""

    place: WarcPlace
    url: str
    content_type: str
    status: int
    captured_at: datetime
    source: str
    first_seen_at: datetime | None = None
    """Of the page; without it, nothing is linked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every task needs, sent once to each process."""

    archive_folder: Path
    layouts: LayoutBook = field(default_factory=LayoutBook)
    linker: LinkerMaker | None = None
    """Makes what links the articles; None: they are read only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The task raised: one sentence for the quarantine."""

    reason: str
    detail: str = ""


ReadFunction = Callable[[ReadTask, Desk], Reading]
"""Reads one capture; importable, for the pool's processes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The process can take tasks; ``large``: it would rather be replaced."""

    large: bool = False


def read_capture(task: ReadTask, desk: Desk) -> Reading:
    """The reading of one capture. Raises ArchiveError where the archive cannot be read."""
    from hanoiwatch.archive import decode_body, read_exchange

    stored = read_exchange(desk.archive_folder, task.place)
    try:
        body = decode_body(stored.headers, stored.body, LARGEST_PAGE)
    except PageError as error:
        # cut short or badly coded on its way: "empty" is asked for again soon
        extractor = desk.layouts.extractor(task.source)
        return ReadNothing(reason="empty", detail=str(error), extractor=extractor)
    page = PageInput(
        url=task.url,
        body=body,
        content_type=task.content_type,
        status=task.status,
        captured_at=task.captured_at,
        source=task.source,
    )
    return read_closely(page, desk.layouts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What reads captures, and the version that its readings are signed with."""

    function: ReadFunction = read_capture
    version: str = EXTRACTOR


def serve(connection: Connection, function: ReadFunction, parent: int) -> None:
    """The life of a process: its desk comes in, then lists of tasks; each answer goes out at once.

    Ends with its parent: the system says so (Linux), or the connection does.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _die_with(parent)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        desk: Desk = connection.recv()
        linker = desk.linker() if desk.linker else None
        connection.send(Ready())
        while tasks := connection.recv():
            for task in tasks:
                connection.send(_outcome(function, task, desk, linker))
            connection.send(Ready(large=_memory() > LARGE_MEMORY))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent is gone


def _outcome(
    function: ReadFunction, task: ReadTask, desk: Desk, linker: Linker | None
) -> Reading | Failure:
    try:
        reading = function(task, desk)
        return linked(reading, task, desk, linker) if linker else reading
    except Exception as error:  # noqa: BLE001 - the stage's border: what breaks here is quarantined
        return Failure(reason=type(error).__name__, detail=str(error)[:500])


def linked(reading: Reading, task: ReadTask, desk: Desk, linker: Linker) -> Reading:
    """The reading with what it links to, where it is an article's."""
    if not isinstance(reading, ReadArticle) or task.first_seen_at is None:
        return reading
    source = desk.layouts.sources.get(task.source)
    return LinkedArticle(
        content=reading.content,
        layout=reading.layout,
        extractor=reading.extractor,
        traits=reading.traits,
        linked=link_article(
            linker,
            reading.content,
            source_is_of_hanoi=source is not None and source.of_hanoi,
            first_seen_at=task.first_seen_at,
        ),
    )


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def _memory() -> int:
    """Bytes that this process has in memory now; 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()

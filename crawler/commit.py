"""Captures go to the archive and the record in groups, in one background thread.

A group is `GROUP_SIZE` captures or what came within `GROUP_SECONDS`: its bytes are synced to the
archive file, then one transaction of the record takes its captures and the ends of fetches. So
after a crash a page is either wholly done or not begun, and bytes that the record does not vouch
for lie only at the end of a file, where the next start trims them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from crawler.plan import Revisit
from hanoiwatch.archive import ArchiveWriter, Prepared, trim_tails
from hanoiwatch.clock import now
from hanoiwatch.errors import EndedError, HanoiwatchError
from hanoiwatch.model import Exchange, OriginId, PageId, Refers, Rendered, RunId
from hanoiwatch.store import Record
from hanoiwatch.store.captures import CaptureState, FetchEnd, GoodCopy, NewCapture, NewRendering

T = TypeVar("T")

GROUP_SIZE = 64
GROUP_SECONDS = 0.25
"""Both from the design: at most this much work is done again after a crash."""
GROUP_BYTES = 16_000_000
"""Of bodies: a group of large ones does not wait for its number."""

MOST_WAITING_BYTES = 48_000_000
"""Bodies that wait for the thread; beyond it, whoever brings more waits as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One response on its way into the archive and the record."""

    exchange: Exchange
    content_type: str
    state: CaptureState = "kept"
    page_id: PageId | None = None
    origin_id: OriginId | None = None
    revisit: Revisit | None = None
    end: FetchEnd | None = None
    rendered: Rendered | None = None
    """What a browser made of the response, which is read in its place."""

    @property
    def bytes(self) -> int:
        return len(self.exchange.body) + (len(self.rendered.body) if self.rendered else 0)


@dataclass(slots=True)
class _Group:
    captures: list[Kept] = field(default_factory=list)
    ends: list[FetchEnd] = field(default_factory=list)
    bytes: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.captures) + len(self.ends) >= GROUP_SIZE or self.bytes >= GROUP_BYTES

    def __bool__(self) -> bool:
        return bool(self.captures or self.ends)


class Committer:
    """The way into archive and record for one run. Made anywhere, used from one event loop.

    The first error of the thread is raised by whatever is called next, and ``on_error`` hears
    of it at once; nothing is written after it.
    """

    def __init__(
        self,
        record: Record,
        archive_folder: Path,
        *,
        source: str,
        run_id: RunId,
        on_error: Callable[[BaseException], None],
    ) -> None:
        self._record, self._folder = record, archive_folder
        self._source, self._run_id = source, run_id
        self._on_error = on_error
        self._archive = ArchiveWriter(archive_folder, clock=now)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="record")
        self._closed = False
        self._group = _Group()
        self._timer: asyncio.TimerHandle | None = None
        self._last: asyncio.Future[None] | None = None
        self._waiting_bytes = 0
        self._room = asyncio.Event()
        self._room.set()
        self._error: BaseException | None = None
        self._broken = False  # the thread's own word of it: no group is written after it

    async def keep(self, kept: Kept) -> None:
        """Takes a response; it is durable after the group's commit. Waits while too much waits."""
        self._raise_error()
        self._group.captures.append(kept)
        self._group.bytes += kept.bytes
        self._waiting_bytes += kept.bytes
        self._added()
        if self._waiting_bytes > MOST_WAITING_BYTES:
            self._room.clear()
            await self._room.wait()

    def end(self, end: FetchEnd) -> None:
        """Takes the end of a fetch that brought no response."""
        self._raise_error()
        self._group.ends.append(end)
        self._added()

    async def flush(self) -> None:
        """Everything taken so far is durable when this returns."""
        self._raise_error()
        self._send()
        if self._last is not None:
            await self._last

    async def call(self, work: Callable[..., T], *arguments: Any) -> T:
        """Does other work on the record, in the same thread, after what was sent before it.

        An error of the record is raised here, and is also the end of the run. Raises EndedError
        where the run has been closed: it was told to end before it had begun.
        """
        if self._closed:
            raise EndedError("the run has ended already.")
        try:
            return await self._in_thread(work, *arguments)
        except HanoiwatchError as error:
            self._failed(error)
            raise

    async def close(self) -> None:
        """Flushes and closes. After an error it trims what the record does not vouch for."""
        try:
            await self.flush()
        finally:
            await self._in_thread(self._close)
            self._closed = True
            self._thread.shutdown()

    def _in_thread(self, work: Callable[..., T], *arguments: Any) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def _added(self) -> None:
        if self._group.is_full:
            self._send()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GROUP_SECONDS, self._send)

    def _send(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._group or self._error:
            return
        group, self._group = self._group, _Group()
        self._last = self._in_thread(self._commit, group)
        self._last.add_done_callback(lambda done: self._sent(group, done))

    def _sent(self, group: _Group, done: asyncio.Future[None]) -> None:
        self._waiting_bytes -= group.bytes
        self._room.set()
        error = done.exception()
        if error is not None:
            self._failed(error)

    def _failed(self, error: BaseException) -> None:
        if self._error is None:
            self._error = error
            self._on_error(error)

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    # --- in the thread ---------------------------------------------------------------------

    def _commit(self, group: _Group) -> None:
        if self._broken:
            return
        self._broken = True
        captures = [self._archived(kept) for kept in group.captures]
        lengths = self._archive.commit()
        self._record.captures.commit(captures, group.ends, lengths=lengths)
        self._broken = False

    def _archived(self, kept: Kept) -> NewCapture:
        copy = self._good_copy(kept) if kept.revisit else None
        prepared = self._archive.add(
            kept.exchange,
            revisit_of=copy.refers if copy else None,
            profile=kept.revisit if copy else None,
        )
        return NewCapture(
            source=self._source,
            run_id=self._run_id,
            url=kept.exchange.url,
            fetched_at=kept.exchange.fetched_at,
            status=kept.exchange.status,
            content_type=kept.content_type,
            sha256=prepared.sha256,
            place=prepared.place,
            state=kept.state,
            page_id=kept.page_id,
            origin_id=kept.origin_id,
            body_capture_id=copy.capture_id if copy else None,
            end=kept.end,
            rendering=self._rendering(kept, prepared),
        )

    def _rendering(self, kept: Kept, response: Prepared) -> NewRendering | None:
        if kept.rendered is None:
            return None
        of = Refers(
            record_id=response.place.record_id,
            url=kept.exchange.url,
            fetched_at=kept.exchange.fetched_at,
        )
        prepared = self._archive.add_rendered(kept.rendered, of)
        return NewRendering(place=prepared.place, sha256=prepared.sha256)

    def _good_copy(self, kept: Kept) -> GoodCopy | None:
        if kept.page_id is not None:
            return self._record.captures.good_copy(page_id=kept.page_id)
        if kept.origin_id is not None:
            return self._record.captures.good_copy_of_origin(origin_id=kept.origin_id)
        return None

    def _close(self) -> None:
        with suppress(HanoiwatchError):  # the first error is the one to tell
            self._archive.close()
        if self._error is not None:
            with suppress(HanoiwatchError):
                trim_tails(self._folder, self._record.captures.committed_lengths)

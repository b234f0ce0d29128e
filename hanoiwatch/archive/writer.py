"""Writing captures: prepared in memory, made durable in groups.

::

    with ArchiveWriter(folder, clock=now) as writer:
        prepared = writer.add(exchange)      # a place, not durable yet
        ...
        lengths = writer.commit()            # one write, one fsync: now every place holds
        record.commit(..., lengths=lengths)  # only then may the record name the places

After a crash between the last two lines the file has a tail that the record does not know;
`hanoiwatch.archive.trim_tails` cuts it off. Give a group to the record before you add to the
next one: adding may close the file, and an unlocked tail is fair game for another process.
A group must be smaller than `hanoiwatch.archive.tails.CRASH_BYTES`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from hanoiwatch import __version__
from hanoiwatch.archive.exchange import (
    Profile,
    conversion_record,
    response_records,
    revisit_records,
    warcinfo,
)
from hanoiwatch.archive.files import WarcFile
from hanoiwatch.clock import to_stored
from hanoiwatch.model import Exchange, Refers, Rendered, WarcPlace

MAX_FILE_BYTES = 1_000_000_000
"""The WARC guidelines' size: large enough to be few, small enough to be copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Where a capture will be once its group is committed."""

    place: WarcPlace
    sha256: str
    """Hex digest of the body as received; of the body it stands for if not modified."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """The file that the next group goes to, and the record that opens it."""

    name: str
    day: str
    warcinfo_id: str
    warcinfo: bytes


class ArchiveWriter:
    """The one writer of one process; one file open at a time. Not for several threads."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], datetime],
        max_bytes: int = MAX_FILE_BYTES,
        software: str = f"hanoiwatch/{__version__}",
    ) -> None:
        self._folder, self._clock = folder, clock
        self._max_bytes, self._software = max_bytes, software
        self._serial = 0
        self._opening: _Opening | None = None
        self._file: WarcFile | None = None
        self._pending: list[bytes] = []
        self._pending_bytes = 0

    def add(
        self,
        exchange: Exchange,
        *,
        revisit_of: Refers | None = None,
        profile: Profile | None = None,
    ) -> Prepared:
        """Prepares a response (or, with both keywords, a revisit) and its request.

        Touches no file. The place holds only once `commit` has returned; if that raises, the
        place is void.
        """
        if (revisit_of is None) != (profile is None):
            raise ValueError("a revisit needs both what it refers to and its profile")
        opening = self._opening_of_group()
        if revisit_of is None or profile is None:
            records = response_records(exchange, opening.warcinfo_id)
        else:
            records = revisit_records(exchange, opening.warcinfo_id, revisit_of, profile)
        place = WarcPlace(
            file=opening.name,
            offset=self._committed + self._pending_bytes,
            length=len(records.response),
            record_id=records.record_id,
        )
        self._prepare(records.response, records.request)
        return Prepared(place=place, sha256=records.sha256)

    def add_rendered(self, rendered: Rendered, of: Refers) -> Prepared:
        """Prepares what a browser made of a response that was added to the same group."""
        opening = self._opening_of_group()
        record_id, sha256, member = conversion_record(rendered, of, opening.warcinfo_id)
        place = WarcPlace(
            file=opening.name,
            offset=self._committed + self._pending_bytes,
            length=len(member),
            record_id=record_id,
        )
        self._prepare(member)
        return Prepared(place=place, sha256=sha256)

    def commit(self) -> dict[str, int]:
        """Writes and syncs all that was prepared; the new length of the file, by its name.

        Empty where nothing waited. Raises DiskFullError, ReadOnlyError or ArchiveError: then
        nothing of this group is kept, all before it is, and later groups can be committed.
        """
        if not self._pending:
            return {}
        assert self._opening is not None
        data = b"".join(self._pending)
        self._pending, self._pending_bytes = [], 0
        file = self._file = self._file or WarcFile(self._folder / self._opening.name)
        try:
            file.append(data)
        finally:
            if not file.usable:
                self._file, self._opening = None, None
        return {file.path.name: file.length}

    def close(self) -> None:
        """Lets the file go. What was prepared and not committed is dropped."""
        self._pending, self._pending_bytes = [], 0
        if self._file is not None:
            self._file.close()
        self._file, self._opening = None, None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _committed(self) -> int:
        return self._file.length if self._file is not None else 0

    def _opening_of_group(self) -> _Opening:
        """The file of this group; the first to ask for it may find that a new one is due."""
        if self._pending and self._opening is not None:
            return self._opening
        now = self._clock().astimezone(UTC)
        if self._opening is None or self._is_full(self._opening, now):
            self.close()
            self._opening = self._open(now)
        if self._committed == 0:
            self._prepare(self._opening.warcinfo)
        return self._opening

    def _is_full(self, opening: _Opening, now: datetime) -> bool:
        return self._committed >= self._max_bytes or opening.day != _day(now)

    def _open(self, now: datetime) -> _Opening:
        self._serial += 1
        moment = f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03d}"
        unique = f"{os.getpid()}{secrets.token_hex(3)}"
        name = f"hanoiwatch-{moment}-{self._serial:05d}-{unique}.warc.gz"
        warcinfo_id, member = warcinfo(name, to_stored(now), self._software)
        return _Opening(name, _day(now), warcinfo_id, member)

    def _prepare(self, *members: bytes) -> None:
        self._pending.extend(members)
        self._pending_bytes += sum(map(len, members))


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"

"""Reading one capture back: one read, one member, checked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hanoiwatch.archive.http import Headers, parse_response
from hanoiwatch.archive.member import MemberError, unpack
from hanoiwatch.archive.record import END, HEAD_END, bare_id, parse_fields
from hanoiwatch.clock import from_stored
from hanoiwatch.errors import ArchiveError
from hanoiwatch.model import WarcPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """A response as the archive has it. The body is as received; a revisit has none.

    Of a page that a browser made of a response, the body is that page, and the status is 200.
    """

    url: str
    fetched_at: datetime
    status: int
    reason: str
    headers: Headers
    """In order; those that the archive changed are named in `hanoiwatch.archive.http`."""
    body: bytes


def read_exchange(folder: Path, place: WarcPlace) -> StoredResponse:
    """The response, revisit or rendered page at ``place``.

    Raises ArchiveError naming file, offset, record.
    """
    try:
        record = unpack(_read(folder / place.file, place.offset, place.length))
        return _parse(record, place.record_id)
    except OSError as error:
        raise _unreadable(folder, place, error.strerror or str(error)) from error
    except (MemberError, ValueError, KeyError) as error:
        raise _unreadable(folder, place, str(error)) from error


def _read(path: Path, offset: int, length: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        data = os.pread(descriptor, length, offset)
    finally:
        os.close(descriptor)
    if len(data) < length:
        raise MemberError(f"the file ends {length - len(data)} bytes before the record does")
    return data


def _parse(record: bytes, record_id: str) -> StoredResponse:
    head, _, rest = record.partition(HEAD_END)
    fields = parse_fields(head)
    if bare_id(fields) != record_id:
        raise ValueError(f"another record is there: {bare_id(fields)}")
    block = rest[: -len(END)]
    if len(block) != int(fields["content-length"]):
        raise ValueError("its Content-Length is wrong")
    if fields["warc-type"] == "conversion":
        status, reason, body = 200, "", block
        headers: Headers = (("Content-Type", fields["content-type"]),)
    else:
        http_head, _, body = block.partition(HEAD_END)
        status, reason, headers = parse_response(http_head)
    return StoredResponse(
        url=fields["warc-target-uri"],
        fetched_at=from_stored(fields["warc-date"]),
        status=status,
        reason=reason,
        headers=headers,
        body=body,
    )


def _unreadable(folder: Path, place: WarcPlace, why: str) -> ArchiveError:
    return ArchiveError(
        f"{folder / place.file}: the record {place.record_id} at byte {place.offset} "
        f"cannot be read: {why}. `hanoiwatch archive verify` looks for more damage."
    )

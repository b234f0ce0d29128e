"""A file's members one after another, found again after damage, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from isal import isal_zlib

from hanoiwatch.archive.check import RecordCheck
from hanoiwatch.archive.member import (
    HEADER_LENGTH,
    MAGIC,
    SMALLEST,
    TRAILER_LENGTH,
    MemberError,
    MemberHead,
    NotDeflate,
    read_head,
    trailer,
)
from hanoiwatch.archive.record import HEAD_END

_CHUNK = 256 * 1024
_HEAD_BYTES = 4096
"""Enough of a record to find its id in, where the rest cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One member, or a stretch of bytes that is none."""

    offset: int
    problems: tuple[str, ...]
    kind: str = ""
    """WARC-Type; empty where it cannot be read, as the fields below."""
    record_id: str = ""
    sha256: str = ""
    """What ``WARC-Payload-Digest`` says, in hex."""
    filename: str = ""
    """Of a warcinfo record."""
    cut: bool = False
    """The file ends within it."""


def scan(file: BinaryIO, size: int) -> Iterator[Scanned]:
    """Every member in the first ``size`` bytes of ``file``, in order.

    Damage is one `Scanned` with problems; the search then goes on at the next header.
    """
    offset = 0
    while offset < size:
        scanned, end = _member(file, offset, size)
        yield scanned
        offset = end or _next(file, offset + 1, size)


def _member(file: BinaryIO, offset: int, size: int) -> tuple[Scanned, int]:
    """The member at ``offset``, and where it ends (0: that cannot be trusted)."""
    file.seek(offset)
    try:
        head = read_head(file.read(min(HEADER_LENGTH, size - offset)))
    except MemberError as error:
        return _damaged(file, offset, size, str(error), cut=size - offset < HEADER_LENGTH), 0
    end = offset + head.length
    if end > size:
        why = f"the file ends {end - size} bytes before the record does"
        return _damaged(file, offset, size, why, cut=True), 0
    if _crc(file, head.length - HEADER_LENGTH) != head.crc:
        why = "the compressed bytes are not those that were written"
        scanned = _damaged(file, offset, end, why)
        return scanned, end if _starts_member(file, end, size) else 0
    return _checked(file, offset, head), end


def _crc(file: BinaryIO, length: int) -> int:
    crc = 0
    while length:
        chunk = file.read(min(length, _CHUNK))
        crc = isal_zlib.crc32(chunk, crc)
        length -= len(chunk)
    return crc


def _checked(file: BinaryIO, offset: int, head: MemberHead) -> Scanned:
    """A member whose compressed bytes are as written: is what they hold right?"""
    file.seek(offset + HEADER_LENGTH)
    check = RecordCheck()
    crc = length = 0
    try:
        for chunk in _inflated(file, head.length - HEADER_LENGTH - TRAILER_LENGTH):
            check.feed(chunk)
            crc, length = isal_zlib.crc32(chunk, crc), length + len(chunk)
        problems = check.finish()
    except (EOFError, NotDeflate) as error:
        problems = (f"the compressed bytes cannot be read: {error}",)
    file.seek(offset + head.length - TRAILER_LENGTH)
    if trailer(file.read(TRAILER_LENGTH)) != (crc, length & 0xFFFFFFFF):
        problems = (*problems, "gzip's checksum is wrong")
    return Scanned(
        offset=offset,
        problems=problems,
        kind=check.field("warc-type"),
        record_id=check.record_id,
        sha256=check.payload_digest,
        filename=check.field("warc-filename"),
    )


def _inflated(file: BinaryIO, length: int) -> Iterator[bytes]:
    stream = isal_zlib.decompressobj(-15)
    while length:
        data = file.read(min(length, _CHUNK))
        length -= len(data)
        while data and not stream.eof:
            yield stream.decompress(data, _CHUNK)
            data = stream.unconsumed_tail
    while not stream.eof:
        chunk = stream.decompress(b"", _CHUNK)
        if not chunk and not stream.eof:
            raise EOFError("they end too early")
        yield chunk
    if stream.unused_data:
        raise EOFError("they go on after their end")


def _damaged(file: BinaryIO, offset: int, end: int, why: str, *, cut: bool = False) -> Scanned:
    """A member that cannot be trusted, with the id that its first bytes still show."""
    file.seek(offset + HEADER_LENGTH)
    data = file.read(max(0, min(_HEAD_BYTES, end - offset - HEADER_LENGTH)))
    check = RecordCheck()
    with suppress(NotDeflate):
        check.feed(isal_zlib.decompressobj(-15).decompress(data, _HEAD_BYTES) + HEAD_END)
    return Scanned(offset=offset, problems=(why,), record_id=check.record_id, cut=cut)


def _starts_member(file: BinaryIO, offset: int, size: int) -> bool:
    file.seek(offset)
    return offset >= size or file.read(len(MAGIC)) == MAGIC


def _next(file: BinaryIO, offset: int, size: int) -> int:
    """Where the next member's header begins; ``size`` if there is none."""
    while offset + SMALLEST <= size:
        file.seek(offset)
        data = file.read(min(_CHUNK, size - offset))
        place = data.find(MAGIC)
        if place >= 0:
            return offset + place
        if len(data) < _CHUNK:
            break
        offset += len(data) - len(MAGIC) + 1
    return size

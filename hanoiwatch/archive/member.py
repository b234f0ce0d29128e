"""One gzip member per WARC record, framed so that any changed bit of it is found.

gzip's own checksum covers only what was compressed. It says nothing about the header's time,
flags and system bytes, nor about bits that a decompressor skips or reads as the same text.
So each member has one fixed form: the header below and nothing optional but an extra field
(RFC 1952, subfield ``HW``) with the member's whole length and the CRC-32 of all bytes after
the header. Other readers skip the extra field.

::

    offset  0  1f 8b 08 04  00 00 00 00  00 ff    deflate, extra field, no time, unknown system
           10  0c 00  48 57  08 00                twelve bytes; subfield "HW" of eight
           16  length of the member               32 bits, little-endian
           20  CRC-32 of everything from byte 24  32 bits, little-endian
           24  deflate data, then gzip's CRC-32 and size
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from isal import isal_zlib

MAGIC = bytes.fromhex("1f8b0804 00000000 00ff 0c00 4857 0800")
HEADER_LENGTH = 24
TRAILER_LENGTH = 8
SMALLEST = HEADER_LENGTH + 2 + TRAILER_LENGTH
"""An empty deflate stream is two bytes."""

_LEVEL = 2
"""Of isal: on news pages of 60 KB as fast as its level 1, and 1% smaller."""

_NUMBERS = struct.Struct("<II")

_NOTHING = bytes.fromhex("00 0000 ffff")
"""A stored deflate block of no bytes, not the last one (RFC 1951, 3.2.4)."""
_MOST_FILLING = 200
"""Characters; each five more or so make every length modulo five."""

NotDeflate: type[Exception] = isal_zlib.error  # type: ignore[assignment]  # stub: an instance
"""What isal raises for compressed bytes that it cannot read."""


class MemberError(Exception):
    """Some bytes are not a member as `pack` makes them; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class MemberHead:
    """What a member's header says of it."""

    length: int
    crc: int


def pack(record: bytes) -> bytes:
    """The member that holds ``record``."""
    return _member(record, isal_zlib.compress(record, _LEVEL, wbits=-15))


def pack_exactly(make: Callable[[int], bytes], length: int) -> bytes:
    """A member of just ``length`` bytes, to be put in the place of another.

    ``make(n)``: the record with ``n`` characters of filling. Raises MemberError where no such
    record is small enough.
    """
    for filling in range(_MOST_FILLING):
        record = make(filling)
        deflated = isal_zlib.compress(record, _LEVEL, wbits=-15)
        room = length - HEADER_LENGTH - len(deflated) - TRAILER_LENGTH
        if room < 0:
            break
        if room % len(_NOTHING) == 0:
            return _member(record, _NOTHING * (room // len(_NOTHING)) + deflated)
    raise MemberError(f"no record fits into {length} bytes")


def _member(record: bytes, deflated: bytes) -> bytes:
    rest = deflated + _NUMBERS.pack(isal_zlib.crc32(record), len(record) & 0xFFFFFFFF)
    return MAGIC + _NUMBERS.pack(HEADER_LENGTH + len(rest), isal_zlib.crc32(rest)) + rest


def read_head(data: bytes) -> MemberHead:
    """The header at the start of ``data``. Raises MemberError."""
    if len(data) < HEADER_LENGTH:
        raise MemberError("the file ends within a gzip header")
    if not data.startswith(MAGIC):
        raise MemberError("the gzip header is damaged, or not of this archive")
    length, crc = _NUMBERS.unpack_from(data, len(MAGIC))
    if length < SMALLEST:
        raise MemberError("the gzip header gives an impossible length")
    return MemberHead(length, crc)


def unpack(member: bytes) -> bytes:
    """The record in one whole member, with every bit of it checked. Raises MemberError."""
    head = read_head(member)
    if head.length != len(member):
        raise MemberError(f"the member is {len(member)} bytes long, its header says {head.length}")
    rest = memoryview(member)[HEADER_LENGTH:]
    if isal_zlib.crc32(rest) != head.crc:
        raise MemberError("the compressed bytes are not those that were written")
    crc, size = trailer(bytes(rest[-TRAILER_LENGTH:]))
    try:
        record = isal_zlib.decompress(rest[:-TRAILER_LENGTH], -15, max(size, 1))
    except NotDeflate as error:
        raise MemberError(f"the compressed bytes cannot be read: {error}") from error
    if isal_zlib.crc32(record) != crc or len(record) & 0xFFFFFFFF != size:
        raise MemberError("gzip's checksum is wrong")
    return record


def trailer(data: bytes) -> tuple[int, int]:
    """gzip's own CRC-32 and size, from the last eight bytes of a member."""
    crc, size = _NUMBERS.unpack(data)
    return crc, size

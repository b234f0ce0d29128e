"""Sets of documents as Python integers: bit n is document n.

A set of 100,000 documents is 12.5 kB; and, or and count take microseconds, and nothing has to
be imported for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NOT_ZERO = re.compile(rb"[^\0]")
_IN_BYTE = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def bits_of(numbers: Iterable[int], size: int) -> int:
    """The set of these numbers, each below ``size``."""
    raw = bytearray((size + 7) // 8)
    for number in numbers:
        raw[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(raw, "little")


def numbers_of(bits: int) -> list[int]:
    """The members, ascending."""
    raw = to_bytes(bits)
    return [
        (found.start() << 3) + bit
        for found in _NOT_ZERO.finditer(raw)
        for bit in _IN_BYTE[raw[found.start()]]
    ]


def to_bytes(bits: int) -> bytes:
    """As short as can be; the inverse of `from_bytes`."""
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def from_bytes(raw: bytes) -> int:
    return int.from_bytes(raw, "little")

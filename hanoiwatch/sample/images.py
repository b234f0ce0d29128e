"""The pictures of the sample outlet: tiny generated PNG files, one colour each."""

from __future__ import annotations

import hashlib
import struct
import zlib

_SIDE = 8
"""Pixels; enough to be a picture."""


def png(name: str) -> bytes:
    """A square whose colour is chosen by ``name``: the same name, the same bytes."""
    colour = hashlib.sha256(name.encode()).digest()[:3]
    rows = (b"\x00" + colour * _SIDE) * _SIDE
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

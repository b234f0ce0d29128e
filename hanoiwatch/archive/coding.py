"""Content codings undone: gzip, deflate, br, zstd and chains of them, never past a limit."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from isal import isal_zlib

from hanoiwatch.archive.member import NotDeflate
from hanoiwatch.errors import PageError

_CHUNK = 256 * 1024

_GZIP, _ZLIB, _RAW = 31, 15, -15

Decode = Callable[[bytes, int], bytes]


def decode_body(headers: Iterable[tuple[str, str]], body: bytes, limit: int) -> bytes:
    """``body`` without the content codings that ``headers`` name.

    ``limit`` is in decoded bytes, of every step of a chain. Raises PageError: the decoded size
    is over the limit, the body is broken or cut, or a coding is unknown. An empty body stays
    empty, whatever it is said to be. Bytes after a complete stream are left out, as browsers do.
    """
    if not body:
        return body
    for coding in reversed(_codings(headers)):
        body = _decoder(coding)(body, limit)
    if len(body) > limit:
        raise _too_large(limit)
    return body


def gunzip(body: bytes, limit: int) -> bytes:
    """A gzip file of one or more members. Raises PageError."""
    return _undo(_gunzip, "gzip", body, limit)


def is_gzip(body: bytes) -> bool:
    return body.startswith(b"\x1f\x8b")


def _codings(headers: Iterable[tuple[str, str]]) -> list[str]:
    listed = (value for name, value in headers if name.lower() == "content-encoding")
    names = (part.strip().lower() for value in listed for part in value.split(","))
    return [name for name in names if name not in ("", "identity", "none")]


def _decoder(coding: str) -> Decode:
    steps: dict[str, Decode] = {
        "gzip": _gunzip,
        "x-gzip": _gunzip,
        "deflate": _inflate,
        "br": _unbrotli,
        "zstd": _unzstd,
    }
    if coding not in steps:
        raise PageError(f"the body has a content coding that is not known: {coding[:40]!r}")
    return lambda body, limit: _undo(steps[coding], coding, body, limit)


def _undo(step: Decode, coding: str, body: bytes, limit: int) -> bytes:
    try:
        return step(body, limit)
    except EOFError as error:
        raise PageError(f"the body is truncated: its {coding} coding does not end") from error
    except (ValueError, NotDeflate) as error:
        raise PageError(f"the body is broken: its {coding} coding cannot be read") from error


def _gunzip(body: bytes, limit: int) -> bytes:
    """Every member; zeros and other bytes after the last are padding."""
    parts: list[bytes] = []
    room = limit
    while not parts or is_gzip(body):
        part, body = _inflated(body, _GZIP, room, limit)
        parts.append(part)
        room -= len(part)
    return b"".join(parts)


def _inflate(body: bytes, limit: int) -> bytes:
    """zlib's form, as the standard says; else raw, as some servers send it."""
    try:
        return _inflated(body, _ZLIB, limit, limit)[0]
    except NotDeflate:
        return _inflated(body, _RAW, limit, limit)[0]


def _inflated(body: bytes, form: int, room: int, limit: int) -> tuple[bytes, bytes]:
    """One stream and what follows it. Raises EOFError, isal's error, PageError."""
    stream = isal_zlib.decompressobj(form)
    chunks: list[bytes] = []
    while not stream.eof:
        chunk = stream.decompress(body, _CHUNK)
        body = stream.unconsumed_tail
        chunks.append(chunk)
        room -= len(chunk)
        if room < 0:
            raise _too_large(limit)
        if not chunk and not body and not stream.eof:
            raise EOFError
    return b"".join(chunks), stream.unused_data


def _unbrotli(body: bytes, limit: int) -> bytes:
    import brotli

    stream = brotli.Decompressor()
    chunks: list[bytes] = []
    room = limit
    try:
        while not stream.is_finished():
            chunk = stream.process(body, output_buffer_limit=_CHUNK)
            body = b""
            chunks.append(chunk)
            room -= len(chunk)
            if room < 0:
                raise _too_large(limit)
            if not chunk and stream.can_accept_more_data():
                raise EOFError
    except brotli.error as error:
        raise ValueError(str(error)) from error
    return b"".join(chunks)


def _unzstd(body: bytes, limit: int) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    chunks: list[bytes] = []
    room = limit
    # RFC 9659: a window of at most 8 MB, so that a small body cannot ask for much memory
    window: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
    try:
        while body.startswith(b"\x28\xb5\x2f\xfd") or not chunks:
            stream = zstd.ZstdDecompressor(options=window)
            while not stream.eof:
                chunk = stream.decompress(body, _CHUNK)
                body = b""
                chunks.append(chunk)
                room -= len(chunk)
                if room < 0:
                    raise _too_large(limit)
                if not chunk and stream.needs_input and not stream.eof:
                    raise EOFError
            body = stream.unused_data
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from error
    return b"".join(chunks)


def _too_large(limit: int) -> PageError:
    return PageError(f"the decoded size is over {limit} bytes")

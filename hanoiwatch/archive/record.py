"""A WARC/1.1 record as bytes: a version line, named fields, an empty line, the block.

ISO 28500:2017. https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable

VERSION = b"WARC/1.1"
END = b"\r\n\r\n"
HEAD_END = b"\r\n\r\n"

_BREAKS = re.compile(r"[\r\n]+")

Fields = Iterable[tuple[str, str]]


def new_id() -> str:
    """A record id, without its angle brackets."""
    return f"urn:uuid:{uuid.uuid4()}"


def digest(sha256: str) -> str:
    """A digest field's value from a SHA-256 in hex, so that it can be searched for as it is.

    warcio and FastWARC verify both this and base 32.
    """
    return f"sha256:{sha256}"


def frame(fields: Fields, block: bytes) -> bytes:
    """The record, with ``Content-Length`` and the block's digest added to ``fields``."""
    lines = [f"{name}: {one_line(value)}" for name, value in fields]
    lines.append(f"WARC-Block-Digest: {digest(hashlib.sha256(block).hexdigest())}")
    lines.append(f"Content-Length: {len(block)}")
    head = "\r\n".join(lines).encode("utf-8", "surrogateescape")
    return b"".join((VERSION, b"\r\n", head, HEAD_END, block, END))


def one_line(value: str) -> str:
    """``value`` with its line breaks made spaces, so that it cannot end its line."""
    return _BREAKS.sub(" ", value)


def parse_fields(head: bytes) -> dict[str, str]:
    """The fields of a record's head, by lower-case name. Raises ValueError.

    ``head`` is all before the empty line. Of a name that occurs twice the first counts.
    """
    version, _, rest = head.partition(b"\r\n")
    if version != VERSION:
        raise ValueError(f"it begins with {version[:20]!r} instead of WARC/1.1")
    fields: dict[str, str] = {}
    for line in rest.decode("utf-8", "surrogateescape").split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"a line of its head has no colon: {line[:40]!r}")
        fields.setdefault(name.strip().lower(), value.strip())
    return fields


def bare_id(fields: dict[str, str]) -> str:
    """The record id without its angle brackets; empty where there is none."""
    return fields.get("warc-record-id", "").strip("<>")

"""Is a WARC record what it says? Fed piece by piece, in constant memory."""

from __future__ import annotations

import hashlib

from hanoiwatch.archive.record import END, HEAD_END, bare_id, parse_fields

_LONGEST_HEAD = 1024 * 1024
"""Of a record or of an HTTP message; ours are a few kilobytes."""

_SHA256 = "sha256:"


class RecordCheck:
    """Checks the head, the length, both digests and the end of one record."""

    def __init__(self) -> None:
        self._fields: dict[str, str] = {}
        self._head = bytearray()
        self._in_head = True
        self._left = 0
        self._block = hashlib.sha256()
        self._payload: _Payload | None = None
        self._end = b""
        self._problems: list[str] = []

    def field(self, name: str) -> str:
        """A field by its lower-case name; empty where the record has none."""
        return self._fields.get(name, "")

    @property
    def record_id(self) -> str:
        return bare_id(self._fields)

    @property
    def payload_digest(self) -> str:
        """What the record says, in hex; empty if it is not a SHA-256."""
        value = self.field("warc-payload-digest")
        return value.removeprefix(_SHA256) if value.startswith(_SHA256) else ""

    def feed(self, data: bytes) -> None:
        if not self._in_head:
            self._feed_block(data)
            return
        self._head += data
        head, found, rest = bytes(self._head).partition(HEAD_END)
        if found:
            self._in_head = False
            self._read_head(head)
            self._feed_block(rest)
        elif len(self._head) > _LONGEST_HEAD:
            self._in_head = False
            self._problems.append("it has no end of its head")

    def _read_head(self, head: bytes) -> None:
        try:
            self._fields = parse_fields(head)
        except ValueError as error:
            self._problems.append(str(error))
            return
        for name in ("warc-type", "warc-record-id", "warc-date", "content-length"):
            if not self.field(name):
                self._problems.append(f"it has no {name}")
        length = self.field("content-length")
        if length.isascii() and length.isdecimal():
            self._left = int(length)
        match self.field("warc-type"):
            case "response":
                self._payload = _Payload()
            case "conversion":
                self._payload = _Payload(has_head=False)

    def _feed_block(self, data: bytes) -> None:
        block, rest = data[: self._left], data[self._left :]
        self._left -= len(block)
        self._block.update(block)
        if self._payload is not None:
            self._payload.feed(block)
        self._end = (self._end + rest)[: len(END) + 1]

    def finish(self) -> tuple[str, ...]:
        """Everything that is wrong with the record; call it once, after the last piece."""
        if self._in_head:
            return ("it ends within its head",)
        if not self._problems:
            self._problems += self._faults()
        return tuple(self._problems)

    def _faults(self) -> list[str]:
        if self._left:
            return [f"its block is {self._left} bytes shorter than its Content-Length"]
        faults = []
        if self._end != END:
            faults.append("its block is not followed by two empty lines")
        if self.field("warc-block-digest") != _SHA256 + self._block.hexdigest():
            faults.append("its block digest is wrong")
        if self._payload is not None and self.payload_digest != self._payload.hexdigest():
            faults.append("its payload digest is wrong")
        return faults


class _Payload:
    """The digest of what follows the HTTP head of a block; of all of it where it has none."""

    def __init__(self, *, has_head: bool = True) -> None:
        self._digest = hashlib.sha256()
        self._head = bytearray()
        self._in_head = has_head

    def feed(self, block: bytes) -> None:
        if not self._in_head:
            self._digest.update(block)
            return
        self._head += block
        _, found, payload = bytes(self._head).partition(HEAD_END)
        if found:
            self._digest.update(payload)
        self._in_head = not found and len(self._head) <= _LONGEST_HEAD

    def hexdigest(self) -> str:
        return self._digest.hexdigest()

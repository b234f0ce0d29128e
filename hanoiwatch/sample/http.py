"""A small HTTP/1.1 server on asyncio: quick where a page is plain, and able to misbehave.

It knows no newspaper: a `Responder` turns each request into a `Reply`, whose `Delivery` says
how the bytes go out. Keep-alive and pipelining are served in order; only loopback is bound.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus

MAX_HEAD_BYTES = 64 * 1024
_SLICE = 64 * 1024
"""How much of a long body is handed to the socket at once."""
_BEFORE_RESET_SECONDS = 0.02
"""Lets the bytes leave before the reset overtakes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. Header names are lower case; ``path`` is the target without its query."""

    method: str
    target: str
    headers: dict[str, str]
    connection: int
    """Counts the connections of a server from 1."""
    http_1_0: bool = False

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def accepts_gzip(self) -> bool:
        return "gzip" in self.headers.get("accept-encoding", "")

    @property
    def keeps_alive(self) -> bool:
        connection = self.headers.get("connection", "").lower()
        return connection == "keep-alive" if self.http_1_0 else connection != "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a reply goes out. The default is: at once, whole, and the connection stays."""

    delay_seconds: float = 0.0
    bytes_per_second: int | None = None
    cut_after: int | None = None
    """The connection is reset after so many bytes of the body; -1: before any byte."""
    cut_quietly: bool = False
    """With ``cut_after``: closed in good order instead of reset."""
    never: bool = False
    """The request is read and nothing comes back until the client goes away."""
    chunked: bool = False
    repeat: int = 1
    """The body is sent so many times over (a huge page needs no huge memory)."""
    close: bool = False


PLAIN = Delivery()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response. Content-Length, Connection and Transfer-Encoding are added on the way out."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    delivery: Delivery = PLAIN

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def head(self, *, close: bool) -> bytes:
        """Status line and headers, with the empty line."""
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.delivery.chunked:
            lines.append("Transfer-Encoding: chunked")
        elif self.status != HTTPStatus.NOT_MODIFIED:
            lines.append(f"Content-Length: {len(self.body) * self.delivery.repeat}")
        lines.append(f"Connection: {'close' if close else 'keep-alive'}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


Responder = Callable[[Request], Reply]


@dataclass(slots=True)
class Connections:
    """What all connections of one server share. ``close_after``: requests per connection."""

    respond: Responder
    close_after: int | None = None
    opened: int = 0
    live: set[Connection] = field(default_factory=set)


class Connection(asyncio.Protocol):
    """One client's connection: reads requests, answers them in order."""

    def __init__(self, shared: Connections) -> None:
        self._shared = shared
        shared.opened += 1
        self._number = shared.opened
        self._served = 0
        self._buffer = b""
        self._busy: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._shared.live.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        self._shared.live.discard(self)
        self._writable.set()
        if self._busy is not None:
            self._busy.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._serve()

    def _serve(self) -> None:
        """Answer every whole request in the buffer, unless one is still being answered."""
        while self._busy is None and not self._transport.is_closing():
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                if len(head) > MAX_HEAD_BYTES:
                    self._transport.abort()
                return
            self._buffer = rest
            request = _parse(head, self._number)
            if request is None:
                self._transport.write(Reply(status=400).head(close=True))
                self._transport.close()
                return
            self._answer(request)

    def _answer(self, request: Request) -> None:
        reply = self._shared.respond(request)
        self._served += 1
        limit = self._shared.close_after
        close = (
            not request.keeps_alive
            or reply.delivery.close
            or (limit is not None and self._served >= limit)
        )
        if request.method == "HEAD":
            reply = replace(reply, delivery=replace(reply.delivery, chunked=False, repeat=1))
        body = b"" if request.method == "HEAD" else reply.body
        if reply.delivery == PLAIN:
            self._transport.write(reply.head(close=close) + body)
            if close:
                self._transport.close()
        else:
            self._busy = asyncio.create_task(self._deliver(reply, body, close=close))
            self._busy.add_done_callback(self._delivered)

    def _delivered(self, task: asyncio.Task[None]) -> None:
        self._busy = None
        if not task.cancelled():
            task.result()  # a mistake of ours must be seen, not swallowed
            self._serve()

    async def _deliver(self, reply: Reply, body: bytes, *, close: bool) -> None:
        how = reply.delivery
        if how.delay_seconds:
            await asyncio.sleep(how.delay_seconds)
        if how.never:
            await asyncio.Event().wait()
        if how.cut_after == -1:
            self._reset()
            return
        self._transport.write(reply.head(close=close))
        if how.cut_after is not None:
            await self._send(body[: how.cut_after], how)
            await self._cut(quietly=how.cut_quietly)
            return
        for _ in range(how.repeat):
            await self._send(body, how)
        if how.chunked:
            self._transport.write(b"0\r\n\r\n")
        if close:
            self._transport.close()

    async def _send(self, body: bytes, how: Delivery) -> None:
        size = max(1, how.bytes_per_second // 10) if how.bytes_per_second else _SLICE
        for start in range(0, len(body), size):
            part = body[start : start + size]
            await self._writable.wait()
            if self._transport.is_closing():
                raise asyncio.CancelledError
            self._transport.write(b"%x\r\n%b\r\n" % (len(part), part) if how.chunked else part)
            if how.bytes_per_second:
                await asyncio.sleep(0.1)

    async def _cut(self, *, quietly: bool) -> None:
        if quietly:
            self._transport.close()
            return
        await asyncio.sleep(_BEFORE_RESET_SECONDS)
        self._reset()

    def _reset(self) -> None:
        """Close so that the client sees "connection reset by peer"."""
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def stop(self) -> None:
        """Give up on this client at once."""
        if self._busy is not None:
            self._busy.cancel()
        self._transport.abort()


def _parse(head: bytes, connection: int) -> Request | None:
    """The request of one head, or None where it is none."""
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Request(
        method=words[0],
        target=words[1],
        headers=headers,
        connection=connection,
        http_1_0=words[2] == "HTTP/1.0",
    )

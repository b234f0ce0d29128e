"""The only way out of the browser: a proxy on loopback that refuses what a source may not reach.

Playwright lets a page's requests be looked at, but not where they are redirected to, not those of
shared workers, not web sockets, and not what a name resolves to. All of these are connections,
and Chromium makes every connection through the proxy it is given. So here, for each page anew,
each connection is judged by the rules of the crawler's own requests, names resolve to public
addresses only, and the connection goes to the very address that was judged (no DNS rebinding).

Plain HTTP comes as one request a connection; of TLS only host and port are seen, which is what
is judged.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

from crawler.addresses import address_in, is_public
from crawler.browser.leave import MOST_REQUESTS, Place, judge_connection, judge_request

MOST_CONNECTIONS = 2 * MOST_REQUESTS
"""Of one page; requests that Playwright does not show us count here."""
MOST_BYTES = 40_000_000
"""That one page may receive: scripts of a large site are a tenth of it."""
LARGEST_HEAD = 64 * 1024
CONNECT_SECONDS = 15.0
_CHUNK = 64 * 1024

Resolve = Callable[[str, int], Awaitable[list[str]]]


class Gateway:
    """The way out of one page. ``refused`` counts, by word, what was not let out."""

    def __init__(self, place: Place, resolve: Resolve | None = None) -> None:
        self._place = place
        self._resolve = resolve or _resolve
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections = 0
        self._bytes = 0
        self.refused: Counter[str] = Counter()

    async def open(self) -> str:
        """The proxy's address, for the browser."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=LARGEST_HEAD)
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            await self._answer(head, reader, writer)
        except (OSError, ValueError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass  # either side hung up, or never spoke HTTP
        finally:
            writer.close()

    async def _answer(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        line, _, fields = head.partition(b"\r\n")
        method, target, _ = line.decode("latin-1").split(" ", 2)
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        host, port = parts.hostname or "", parts.port or (443 if tunnel else 80)
        verdict = self._judge(target, host, port, tunnel=tunnel)
        addresses = await self._addresses(host, port) if verdict == "let out" else []
        if not addresses:
            self.refused[verdict if verdict != "let out" else "refused"] += 1
            writer.write(
                b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            await writer.drain()
            return
        out_reader, out_writer = await _connect(addresses, port)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                await _both(self._pipe(reader, out_writer), self._pipe(out_reader, writer))
            else:
                path = parts.path or "/"
                path += f"?{parts.query}" if parts.query else ""
                out_writer.write(f"{method} {path} HTTP/1.1\r\n".encode("latin-1"))
                out_writer.write(_one_request(fields))
                await _first(self._pipe(reader, out_writer), self._respond(out_reader, writer))
        finally:
            out_writer.close()

    def _judge(self, target: str, host: str, port: int, *, tunnel: bool) -> str:
        self._connections += 1
        if self._connections > MOST_CONNECTIONS or self._bytes > MOST_BYTES:
            return "too many"
        if tunnel:
            return judge_connection(host, port, self._place)
        return judge_request(target, "", self._place, 0)

    async def _addresses(self, host: str, port: int) -> list[str]:
        """Where the host may be reached; none where it may not be."""
        if self._place.is_local:
            return [host]  # it is the source's own, which was judged
        literal = address_in(host)
        found = [str(literal)] if literal else await self._resolve(host, port)
        return [each for each in found if is_public(ip_address(each.partition("%")[0]))]

    async def _respond(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The answer, changed so that the browser does not use this connection again."""
        head = await reader.readuntil(b"\r\n\r\n")
        line, _, fields = head.partition(b"\r\n")
        writer.write(line + b"\r\n" + _closing(fields))
        await self._pipe(reader, writer)

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while self._bytes <= MOST_BYTES and (data := await reader.read(_CHUNK)):
            self._bytes += len(data)
            writer.write(data)
            await writer.drain()
        with suppress(OSError, NotImplementedError):
            writer.write_eof()


async def _resolve(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return []
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def _connect(
    addresses: list[str], port: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """To the first address that answers."""
    for address in addresses[:-1]:
        with suppress(OSError, TimeoutError):
            return await asyncio.wait_for(asyncio.open_connection(address, port), CONNECT_SECONDS)
    return await asyncio.wait_for(asyncio.open_connection(addresses[-1], port), CONNECT_SECONDS)


def _one_request(fields: bytes) -> bytes:
    """The fields of a request to a proxy as those of the only request of its connection."""
    return _without(fields, b"proxy-connection", b"proxy-authorization")


def _closing(fields: bytes) -> bytes:
    return _without(fields)


def _without(fields: bytes, *names: bytes) -> bytes:
    unwanted = (b"connection", b"keep-alive", *names)
    kept = [
        line
        for line in fields.rstrip(b"\r\n").split(b"\r\n")
        if line and line.partition(b":")[0].strip().lower() not in unwanted
    ]
    return b"\r\n".join((*kept, b"Connection: close", b"", b""))


async def _both(*flows: Awaitable[None]) -> None:
    await asyncio.gather(*flows)


async def _first(*flows: Awaitable[None]) -> None:
    """Until one ends: all is received, or the browser has what it wants and hangs up."""
    tasks = [asyncio.ensure_future(flow) for flow in flows]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

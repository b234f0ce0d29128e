"""Serves an `Outlet` on loopback, in a thread of its own, and remembers who asked for what."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
import threading
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from types import TracebackType
from typing import Self

from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.sample.http import Connection, Connections, Delivery, Reply, Request
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.routes import Page, article_paths, page_at
from hanoiwatch.sample.rules import Misbehaviour, Rules

GZIP_LEVEL = 6
LOGGED_REQUESTS = 200_000
"""The log keeps the newest; a benchmark may ask for more than memory should hold."""
START_SECONDS = 10.0


class SampleServerError(HanoiwatchError):
    """You meet it when the sample server cannot be started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """One request as it came in. ``status`` is None where no answer was sent."""

    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case."""
    at: datetime
    status: int | None
    connection: int

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class SampleServer:
    """``with SampleServer(outlet) as server: server.url``.

    Its methods may be called from any thread while it runs. Pages are made once per edition of
    the outlet (plain and gzip'd apart) and then served from memory.
    """

    def __init__(
        self,
        outlet: Outlet,
        *,
        port: int = 0,
        latency_seconds: float = 0.0,
        close_after: int | None = None,
    ) -> None:
        """``latency_seconds`` before each response; ``close_after`` requests a connection ends."""
        self.outlet = outlet
        self.latency_seconds = latency_seconds
        self._rules = Rules()
        self.log: deque[LoggedRequest] = deque(maxlen=LOGGED_REQUESTS)
        self._port = port
        self._connections = Connections(respond=self._respond, close_after=close_after)
        self._ready: dict[tuple[str, bool], Reply] = {}
        self._ready_version = -1
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    # --- life ------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The outlet's base URL, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Bind and serve; returns when requests are answered."""
        started = threading.Event()
        failures: list[OSError] = []
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(started, failures)),
            name="sample-outlet",
            daemon=True,
        )
        self._thread.start()
        if not started.wait(START_SECONDS) or failures:
            reason = failures[0] if failures else "it did not start in time"
            raise SampleServerError(f"cannot serve the sample on port {self._port}: {reason}")
        self.outlet.move_to_host(self.url)

    def stop(self) -> None:
        """End every connection and the thread. Calling it twice does no harm."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        self._loop = None
        loop.call_soon_threadsafe(self._stopping.set)
        thread.join()

    async def _serve(self, started: threading.Event, failures: list[OSError]) -> None:
        loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        try:
            server = await loop.create_server(
                lambda: Connection(self._connections), "127.0.0.1", self._port, backlog=512
            )
        except OSError as error:
            failures.append(error)
            started.set()
            return
        self._port = server.sockets[0].getsockname()[1]
        self._loop = loop
        started.set()
        await self._stopping.wait()
        server.close()
        for connection in tuple(self._connections.live):
            connection.stop()
        await asyncio.sleep(0)  # lets the aborted connections report that they are gone

    # --- what tests switch and ask -----------------------------------------------------------

    def answer(
        self,
        pattern: str,
        misbehaviour: Misbehaviour,
        *,
        times: int | None = None,
        after: int = 0,
    ) -> None:
        """Requests whose target matches ``pattern`` (a regular expression, searched) are
        answered by ``misbehaviour``: the next ``times`` of them (None: all), once ``after`` of
        them were served normally. Of several that match, the newest rule wins."""
        self._rules.add(re.compile(pattern), misbehaviour, times=times, after=after)

    def behave(self) -> None:
        """Forget every rule of `answer`."""
        self._rules.clear()

    def requests(self, pattern: str = "") -> tuple[LoggedRequest, ...]:
        """The logged requests whose target matches ``pattern`` (searched), oldest first."""
        wanted = re.compile(pattern)
        return tuple(each for each in tuple(self.log) if wanted.search(each.target))

    def forget_requests(self) -> None:
        """Empty the log, to see only what comes next."""
        self.log.clear()

    def warm(self) -> None:
        """Make every article page beforehand, gzip'd, so that serving costs no rendering."""
        edition = self.outlet.edition
        self._check_version(edition.version)
        for path in article_paths(edition):
            self._ready[path, True] = _reply(page_at(edition, path), gzipped=True)

    # --- answering, in the server's thread ---------------------------------------------------

    def _respond(self, request: Request) -> Reply:
        reply = self._rules.judge(request, self._normal(request))
        if self.latency_seconds:
            delay = reply.delivery.delay_seconds + self.latency_seconds
            reply = replace(reply, delivery=replace(reply.delivery, delay_seconds=delay))
        self.log.append(_logged(request, reply))
        return reply

    def _normal(self, request: Request) -> Reply:
        if request.method not in ("GET", "HEAD"):
            return Reply(status=405, headers=(("Allow", "GET, HEAD"),), delivery=_CLOSE)
        edition = self.outlet.edition
        self._check_version(edition.version)
        key = (request.path, request.accepts_gzip)
        reply = self._ready.get(key)
        if reply is None:
            reply = _reply(page_at(edition, request.path), gzipped=request.accepts_gzip)
            self._ready[key] = reply
        return _not_modified(reply) if _is_known(request, reply) else reply

    def _check_version(self, version: int) -> None:
        if version != self._ready_version:
            self._ready = {}
            self._ready_version = version


_CLOSE = Delivery(close=True)


def _logged(request: Request, reply: Reply) -> LoggedRequest:
    silent = reply.delivery.never or reply.delivery.cut_after == -1
    return LoggedRequest(
        method=request.method,
        target=request.target,
        headers=request.headers,
        at=datetime.now(UTC),
        status=None if silent else reply.status,
        connection=request.connection,
    )


def _reply(page: Page, *, gzipped: bool) -> Reply:
    """The normal response for ``page``, with validators for good pages."""
    headers = [("Content-Type", page.content_type), ("Server", "bao-thu-do-mau")]
    body = page.body
    if page.location is not None:
        headers.append(("Location", page.location))
    if page.status == 200:
        digest = hashlib.sha256(body).hexdigest()[:20]
        headers += [
            ("ETag", f'W/"{digest}"'),
            ("Last-Modified", format_datetime(page.changed_at.astimezone(UTC), usegmt=True)),
            ("Cache-Control", "max-age=60"),
        ]
    if gzipped and page.content_type.startswith(("text/", "application/")) and body:
        if page.content_type != "application/gzip":
            body = gzip.compress(body, GZIP_LEVEL, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        headers.append(("Vary", "Accept-Encoding"))
    return Reply(status=page.status, headers=tuple(headers), body=body)


def _is_known(request: Request, reply: Reply) -> bool:
    """The client says it holds this very response; If-None-Match counts before the date."""
    if reply.status != 200:
        return False
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return (reply.header("ETag") or "").removeprefix("W/") in known
    since = request.headers.get("if-modified-since")
    changed = reply.header("Last-Modified")
    if since is None or changed is None:
        return False
    try:
        return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def _not_modified(reply: Reply) -> Reply:
    kept = ("etag", "last-modified", "cache-control", "vary", "server")
    headers = tuple(pair for pair in reply.headers if pair[0].lower() in kept)
    return Reply(status=304, headers=headers)

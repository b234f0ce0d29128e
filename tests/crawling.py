"""For tests of the crawler: a web site whose every answer the test chooses, and one crawl."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from hanoiwatch.archive import StoredResponse, read_exchange
from hanoiwatch.config import Config, load_config
from hanoiwatch.model import WarcPlace
from hanoiwatch.store import Record
from hanoiwatch.store.engine import read

ROOT = Path(__file__).parents[1]
PAGE = "<html><body><h1>Phường mới có nhà văn hóa</h1><p>Người dân góp sách.</p></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int = 200
    body: bytes | str = PAGE
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    path: str
    headers: dict[str, str]
    at: float


Raw = Callable[[BaseHTTPRequestHandler], None]
Answer = Reply | Raw | list[Reply | Raw]
"""A list is used up, one for each request; its last stays."""


class Site:
    """``site.pages[path]`` is what a path answers; any other is a 404."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[str, Answer] = {}
        self.log: list[Asked] = []

    def feed(self, *paths: str, at: str = "/feed", items: str = "") -> None:
        """A feed at ``at`` that lists ``paths``, and an article at each that has none yet."""
        self.pages[at] = Reply(body=self.feed_of(*paths) + items, type="application/rss+xml")
        for path in paths:
            self.pages.setdefault(path, Reply())

    def feed_of(self, *paths: str) -> str:
        items = "".join(
            f"<item><title>Tin {path}</title><link>{self.url}{path}</link></item>" for path in paths
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'

    def asked(self, path: str) -> list[Asked]:
        return [one for one in self.log if one.path == path]

    def times(self, path: str) -> int:
        return len(self.asked(path))


@contextmanager
def site(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            served.log.append(Asked(path=self.path, headers=headers, at=time.time()))
            answer = served.pages.get(self.path, Reply(status=404, body="không có"))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            if isinstance(answer, Reply):
                send(self, answer)
            else:
                answer(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            pass  # a crawler that hangs up is part of the tests

    server = Server((host, 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    served = Site(f"http://{host}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    handler.send_response(reply.status)
    handler.send_header("Content-Type", reply.type)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    if reply.status != 304:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if reply.status != 304:
        handler.wfile.write(body)


QUICK = """
import sys
import crawler.begin
import crawler.plan
crawler.begin.LOCK_SECONDS = 0.5
crawler.plan.RETRY_SECONDS = (0.05, 0.1)
from crawler.child import main
sys.exit(main())
"""
"""The child, with shorter waits for a lock and before it tries a failed request again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a child said at its end, and all that it said on stderr."""

    code: int
    counts: dict[str, int]
    problems: list[str]
    reason: str
    stderr: str
    events: list[dict[str, Any]]


class Crawl:
    """Crawls of one source, each in a process of its own, into one folder."""

    def __init__(self, folder: Path, name: str = "bao-thu") -> None:
        self.folder, self.name = folder, name
        (folder / "sources").mkdir(parents=True, exist_ok=True)
        self.settings: dict[str, str] = {}
        self.program: tuple[str, ...] = ("-c", QUICK)
        self._children: list[subprocess.Popen[str]] = []

    def source(self, home: str, discover: str, more: str = "") -> None:
        (self.folder / "sources" / f"{self.name}.toml").write_text(
            f'name = "{self.name}"\ntitle = "Báo Thử"\nhome = "{home}/"\n'
            f"[discover]\n{discover}\n{more}",
            "utf-8",
        )

    @property
    def config(self) -> Config:
        environment = {
            "HANOIWATCH_SOURCES__DIRECTORY": str(self.folder / "sources"),
            **{f"HANOIWATCH_{name}": value for name, value in self.settings.items()},
        }
        return load_config(environment=environment, data_dir=str(self.folder / "data"))

    def start(self, **task: Any) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, *self.program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, cwd=ROOT,
        )  # fmt: skip
        self._children.append(child)
        config = msgspec.json.encode(self.config).decode()
        child.stdin.write(json.dumps({"config": config, "source": self.name, **task}) + "\n")
        child.stdin.flush()
        return child

    def finish(self, child: subprocess.Popen[str], timeout: float = 240) -> Report:
        reader: dict[str, str] = {}
        thread = threading.Thread(target=lambda: reader.update(err=child.stderr.read()))
        thread.start()
        lines = child.stdout.read().splitlines()
        child.wait(timeout)
        thread.join()
        for stream in (child.stdin, child.stdout, child.stderr):
            stream.close()
        events = [json.loads(line) for line in lines]
        last = events[-1] if events else {}
        return Report(
            code=child.returncode,
            counts=last.get("counts", {}),
            problems=last.get("problems", []),
            reason=last.get("reason", ""),
            stderr=reader["err"],
            events=events,
        )

    def close(self) -> None:
        """Ends the processes that a failed test left."""
        for child in self._children:
            if child.poll() is None:
                child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout, child.stderr):
                stream.close()

    def run(self, **task: Any) -> Report:
        return self.finish(self.start(**task))

    @contextmanager
    def record(self) -> Iterator[Record]:
        record = Record.open(self.config.record_path)
        try:
            yield record
        finally:
            record.close()

    def rows(self, sql: str, **values: Any) -> list[Any]:
        from sqlalchemy import text

        with self.record() as record, read(record.engine) as connection:
            return list(connection.execute(text(sql), values))

    def write(self, sql: str, **values: Any) -> None:
        from sqlalchemy import text

        from hanoiwatch.store.engine import write

        with self.record() as record, write(record.engine) as connection:
            connection.execute(text(sql), values)

    def outcomes(self) -> dict[str, str]:
        """By path, each listed page's fetch outcome with its reason; empty while it waits."""
        rows = self.rows(
            "SELECT page.url, outcome.outcome, outcome.reason FROM page LEFT JOIN outcome "
            "ON outcome.page_id = page.id AND stage = 'fetch'"
        )
        return {
            path_of(row.url): ": ".join(filter(None, (row.outcome, row.reason))) for row in rows
        }

    def captures(self, path: str) -> list[Any]:
        return [
            row for row in self.rows("SELECT * FROM capture ORDER BY id")
            if path_of(row.url) == path
        ]  # fmt: skip

    def exchange(self, capture: Any) -> StoredResponse:
        place = WarcPlace(
            file=capture.file, offset=capture.offset, length=capture.length,
            record_id=capture.record_id,
        )  # fmt: skip
        return read_exchange(self.config.archive_path, place)

    def polls(self) -> dict[str, str]:
        """By path, the last poll of each origin: outcome with reason."""
        rows = self.rows(
            "SELECT origin.url, poll.outcome, poll.reason FROM poll "
            "JOIN origin ON origin.id = origin_id ORDER BY poll.id"
        )
        return {
            path_of(row.url): ": ".join(filter(None, (row.outcome, row.reason))) for row in rows
        }

    def make_due(self) -> None:
        """As if the time of every page's next visit had come."""
        with self.record() as record:
            from hanoiwatch.clock import now

            record.frontier.make_due(self.name, now())

    def assert_whole(self) -> None:
        """The ledger adds up, and every page of the record ended its fetch."""
        with self.record() as record:
            assert record.ledger.discrepancies() == []
        assert "" not in self.outcomes().values()


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")

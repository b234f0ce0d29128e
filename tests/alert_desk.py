"""A desk with rules and a record that is filled without a crawl; a mail server; an HTTP sink."""

from __future__ import annotations

import email
import email.policy
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import text

from bench.recorded import Recorded, fill
from hanoiwatch.alerts.delivering import CourierParts, Delivered, deliver
from hanoiwatch.alerts.desk import AlertDesk, DeskParts
from hanoiwatch.alerts.evaluating import LinksOf, no_links
from hanoiwatch.alerts.files import Known
from hanoiwatch.alerts.settling import Settled, settle
from hanoiwatch.model import Block, Content, Image
from hanoiwatch.store import Record
from hanoiwatch.store.changes import withdraw
from hanoiwatch.store.engine import read, write
from indexer.stories.linking import link_stories
from tests.ports import free_port

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # noon in Hanoi


def article(number: int, *paragraphs: str, title: str = "", **more: Any) -> Content:
    """Published at the desk's noon, unless ``more`` says otherwise."""
    return Content(
        url=f"https://bao.example/{number}.html",
        title=title or f"Bài số {number} về đời sống ven sông",
        blocks=tuple(Block(kind="paragraph", text=one) for one in paragraphs),
        images=tuple(Image(url="https://bao.example/a.jpg", caption=one)
                     for one in more.pop("captions", ())),
        **{"published_at": NOON, "section": "Chính trị"} | more,
    )  # fmt: skip


_REVISIONS = """
INSERT OR IGNORE INTO revision (article, number, capture_id, reading_id, recorded_at)
SELECT article.rowid_, article.revision, reading.capture_id, reading.id, reading.at
FROM article JOIN reading ON reading.id = article.reading_id
"""
"""Those that filling a record leaves out."""


class RuleDesk:
    """The clock stands still until it is moved."""

    def __init__(self, folder: Path, links_of: LinksOf = no_links) -> None:
        self.folder, self.now = folder, NOON
        self.rules = folder / "alerts"
        self.rules.mkdir(parents=True)
        self.channels: dict[str, str] = {"desk": "feed:feeds"}
        self.environment: dict[str, str] = {}
        self.record = Record.open(folder / "record.sqlite3")
        self.alerts = self._desk(links_of)

    def _desk(self, links_of: LinksOf) -> AlertDesk:
        return AlertDesk(
            DeskParts(
                record=self.record, directory=self.rules, known=Known(channels=self.channels),
                clock=lambda: self.now, links_of=links_of,
            )
        )  # fmt: skip

    def restart(self) -> None:
        """As another process that finds the same files."""
        self.alerts = self._desk(self.alerts.parts.links_of)

    def rule(self, name: str, query: str = "", **more: Any) -> None:
        """Writes a rule file; it begins now."""
        said = {"query": query, "channels": ["desk"]} | more
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
        (self.rules / f"{name}.toml").write_text("\n".join(lines), "utf-8")
        self.alerts.sync()

    def publish(self, *contents: Content, source: str = "bao-moi", seen: datetime | None = None):
        """Records each, or its next revision, and evaluates; the run ends."""
        fill(self.record, [
            Recorded(source=source, content=each, seen_at=seen or self.now) for each in contents
        ])  # fmt: skip
        with write(self.record.engine) as connection:
            connection.execute(text(_REVISIONS))
        self.evaluate()
        with write(self.record.engine) as connection:
            connection.execute(text("UPDATE run SET ended_at = '2026' WHERE ended_at IS NULL"))

    def evaluate(self) -> None:
        with write(self.record.engine) as connection:
            self.alerts.evaluator(connection, self.now)

    def withdraw(self, content: Content) -> None:
        with write(self.record.engine) as connection:
            row = self._rowid(connection, content)
            withdraw(connection, row, self.now, self.now)
            self.alerts.evaluator(connection, self.now)

    def _rowid(self, connection: Any, content: Content) -> int:
        query = text("SELECT rowid_ FROM article WHERE url = :url")
        return connection.execute(query, {"url": content.url}).scalar_one()

    def found(self) -> list[tuple[str, str, str]]:
        """Rule, kind and the number in the article's address of every alert, in order."""
        rows = self.rows(
            "SELECT alert.rule, alert.kind, article.url FROM alert "
            "JOIN article ON article.rowid_ = alert.article ORDER BY alert.sequence, alert.rule"
        )
        return [(row.rule, row.kind, row.url.split("/")[-1].split(".")[0]) for row in rows]

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with read(self.record.engine) as connection:
            return list(connection.execute(text(sql), values))

    def settle(self) -> Settled:
        link_stories(self.record)
        return settle(self.record, self.alerts.book().rules, self.now)

    @property
    def courier(self) -> CourierParts:
        quiet = {rule.id: rule.quiet_hours for rule in self.alerts.book().rules if rule.quiet_hours}
        return CourierParts(
            record=self.record, channels=self.channels, environment=self.environment,
            folder=self.folder, lock=self.folder / "alerts.lock", clock=lambda: self.now,
            quiet=quiet,
        )  # fmt: skip

    def deliver(self, seconds: float = 300) -> Delivered:
        return deliver(self.courier, seconds=seconds)

    def tell(self) -> Delivered:
        self.settle()
        return self.deliver()

    def messages(self) -> list[tuple[str, str, int]]:
        """Rule, kind and how many alerts of every message, in order."""
        rows = self.rows(
            "SELECT m.rule, m.kind, count(a.id) AS alerts FROM alert_message AS m "
            "LEFT JOIN alert AS a ON a.message_id = m.id GROUP BY m.id ORDER BY m.id"
        )
        return [(row.rule, row.kind, row.alerts) for row in rows]

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def close(self) -> None:
        self.record.close()


# --- sinks -----------------------------------------------------------------------------------


@dataclass
class Mails:
    """What a real mail server on loopback took; ``answer`` is what it says to the next ones."""

    port: int = 0
    answer: str = "250 OK"
    taken: list[EmailMessage] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=canh-bao@example.org&to=ban@example.org"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer.startswith("250"):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            self.taken.append(mail)
        return self.answer


@contextmanager
def mail_server(port: int = 0) -> Iterator[Mails]:
    mails = Mails()
    controller = Controller(mails, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    mails.port = controller.port
    try:
        yield mails
    finally:
        controller.stop()


@dataclass
class Posts:
    """What an HTTP sink got: headers and body of each. ``answers``: status of the next ones."""

    port: int
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked: int = 0
    """How many came, answered or not."""
    said: list[int] = field(default_factory=list)
    """The status with which each was answered."""
    answers: list[int] = field(default_factory=list)
    usual: int = 204
    """The status when no other is left in ``answers``."""
    stall_seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    on_post: Callable[[], None] = lambda: None

    @property
    def address(self) -> str:
        return f"webhook+http://bi-mat@127.0.0.1:{self.port}/nhan"

    @property
    def keys(self) -> list[str]:
        return [headers["Idempotency-Key"] for headers, _ in self.got]


@contextmanager
def http_sink() -> Iterator[Posts]:
    posts: Posts
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posts.asked += 1
            if posts.stall_seconds:
                closing.wait(posts.stall_seconds)
            posts.got.append((dict(self.headers), body))
            posts.on_post()
            posts.said.append(posts.answers.pop(0) if posts.answers else posts.usual)
            self.send_response(posts.said[-1])
            for name, value in posts.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    posts = Posts(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield posts
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
        thread.join()

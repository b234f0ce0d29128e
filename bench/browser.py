"""``python -m bench.browser``: many pages in a real browser, some of which hang, crash or kill it.

A crawl of one loopback outlet whose articles only scripts bring. Looked at from outside: what
became of each page, what the browser's processes take of memory over time, and what is left of
them at the end. The test of the browser runs the same with fewer pages.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

import click
import msgspec
import psutil

from bench.scripted import DEADLY, Piece, answer, shell
from crawler.browser.processes import MARK, marked, megabytes
from hanoiwatch.config import Config, load_config
from hanoiwatch.store import Record

PAGES = 2000
OF_EACH = 50
"""One page in so many hangs, one crashes, and one kills the whole browser."""
TIMEOUT_SECONDS = 20.0
"""Long: on a busy machine an ordinary page may take a while."""
AT_ONCE = 4
RESTART_AFTER = 60
MOST_MEMORY_MB = 1500
WITHIN_MINUTES = 90
"""A run that takes longer is ended, says what was shown until then, and counts as failed."""
SAID_EVERY_SECONDS = 60.0
CLEARED_WITHIN_SECONDS = 60.0
SOURCE = "bao-may"

HUNG = f"the page hung (over {TIMEOUT_SECONDS:g} s)"
CRASHED = "the page crashed the browser's process"

HANGS, CRASHES, KILLS = 7, 23, 41
"""Places within each `OF_EACH` pages."""


@dataclass(slots=True)
class Outcome:
    """What a run came to."""

    pages: int
    seconds: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    """How many pages ended so: outcome, and reason where there is one."""
    rendered: int = 0
    kills: int = 0
    folders: set[str] = field(default_factory=set)
    """Of each browser that was started."""
    memory: list[float] = field(default_factory=list)
    """Megabytes of all the browser's processes, twice a second."""
    crawl_memory: list[float] = field(default_factory=list)
    """Of the crawl's own process."""
    asked: int = 0
    """Pages whose scripts asked for their text."""
    ended_early: bool = False
    left: list[str] = field(default_factory=list)
    """Processes and folders that were still there some seconds after the end."""

    @property
    def bad(self) -> int:
        """Pages that hang or crash whenever they are shown."""
        return sum(len(range(place, self.pages, OF_EACH)) for place in (HANGS, CRASHES))

    @property
    def faults(self) -> list[str]:
        """What is not as it must be: every other page was shown and fetched, nothing is left."""
        wrong = ["it did not end in time"] if self.ended_early else []
        if self.ends["fetched"] != self.pages - self.bad or self.rendered != self.ends["fetched"]:
            wrong.append(f"{self.ends['fetched']} fetched, {self.rendered} of them rendered")
        # one that takes memory until it crashes may be so slow at it that it hangs first
        failed = sum(self.ends[f"failed: browser: {how}"] for how in (HUNG, CRASHED))
        if failed != self.bad:
            wrong.append(f"{failed} hung or crashed instead of {self.bad}")
        return wrong + self.left

    @property
    def growth(self) -> float:
        """Of the memory, in the last third beside the middle one."""
        third = len(self.memory) // 3
        return median(self.memory[-third:]) / median(self.memory[third : 2 * third])


class _Outlet:
    """Serves the shells and what their scripts ask for; kills the browser where that is due."""

    def __init__(self, pages: int) -> None:
        self.pieces = {piece.path: piece for piece in map(_piece, range(pages))}
        self.killed: set[int] = set()
        self.asked: set[int] = set()
        self.crawl: psutil.Process | None = None

    def reply(self, path: str) -> tuple[str, str]:
        """Content type and body; an empty type where there is no such page."""
        if path == "/feed":
            return "application/rss+xml", self._feed()
        if path.startswith("/api/"):
            piece = self.pieces[path.removeprefix("/api")]
            self.asked.add(piece.number)
            self._kill_when_due(piece.number)
            return "application/json", answer(piece)
        if path in self.pieces:
            return "text/html; charset=utf-8", _shell(self.pieces[path])
        return "", ""

    def _feed(self) -> str:
        items = "".join(f"<item><link>{self.url}{path}</link></item>" for path in self.pieces)
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'

    def _kill_when_due(self, number: int) -> None:
        if number % OF_EACH != KILLS or number in self.killed or self.crawl is None:
            return
        self.killed.add(number)  # once: shown again, the page is as any other
        for process in self.crawl.children(recursive=True):
            with suppress(psutil.Error):
                words = process.cmdline()
                if "chrom" in process.name() and not any("--type=" in word for word in words):
                    process.kill()

    @contextmanager
    def serving(self) -> Iterator[None]:
        outlet = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, body = outlet.reply(self.path)
                data = body.encode()
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                pass  # a browser that is killed hangs up

        server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _piece(number: int) -> Piece:
    return Piece(number=number)


def _shell(piece: Piece) -> str:
    scripts = {HANGS: "for (;;) {}", CRASHES: DEADLY}
    return shell(piece, scripts.get(piece.number % OF_EACH, ""))


def run(
    pages: int,
    folder: Path,
    *,
    minutes: float = WITHIN_MINUTES,
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Crawls so many pages into ``folder``, for so many minutes at most; ``say`` is told how far
    it is."""
    outlet, outcome = _Outlet(pages), Outcome(pages=pages)
    with outlet.serving():
        config = _prepare(folder, outlet.url)
        began = time.monotonic()
        child = _start(config)
        try:
            outlet.crawl = psutil.Process(child.pid)
            for seconds in _watch(child, outlet.crawl, outcome):
                outcome.asked = len(outlet.asked)
                outcome.ended_early = seconds > minutes * 60
                if outcome.ended_early:
                    break
                say(f"{outcome.asked} of {pages} pages after {seconds:.0f} s")
        finally:
            child.kill()
            child.communicate()
        outcome.seconds = time.monotonic() - began
    outcome.kills = len(outlet.killed)
    outcome.left = _left(outcome.folders)
    _read_record(config, outcome)
    return outcome


def _prepare(folder: Path, url: str) -> Config:
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / f"{SOURCE}.toml").write_text(
        f'name = "{SOURCE}"\ntitle = "Báo Máy"\nhome = "{url}/"\n[discover]\n'
        f'feeds = ["{url}/feed"]\n[fetch]\nrender = "auto"\n', "utf-8",
    )  # fmt: skip
    settings = folder / "hanoiwatch.toml"
    settings.write_text(
        f"[browser]\ntimeout_seconds = {TIMEOUT_SECONDS}\nmax_pages = {AT_ONCE}\n"
        f"restart_after = {RESTART_AFTER}\nmax_memory_mb = {MOST_MEMORY_MB}\n", "utf-8",
    )  # fmt: skip
    return load_config(settings, environment={})


def _start(config: Config) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.child"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert child.stdin is not None
    task = {"config": msgspec.json.encode(config).decode(), "source": SOURCE}
    child.stdin.write(json.dumps(task) + "\n")
    child.stdin.flush()
    return child


def _watch(
    child: subprocess.Popen[str], crawl: psutil.Process, outcome: Outcome
) -> Iterator[float]:
    """Looks at the processes until the crawl ends; now and then, the seconds it has taken."""
    began = said = time.monotonic()
    while child.poll() is None:
        if time.monotonic() - said > SAID_EVERY_SECONDS:
            said = time.monotonic()
            yield said - began
        with suppress(psutil.Error):
            below = crawl.children(recursive=True)
            outcome.folders |= set(filter(None, map(_mark_of, below)))
            outcome.memory.append(megabytes(below))
            outcome.crawl_memory.append(megabytes([crawl]))
        time.sleep(0.5)


def _mark_of(process: psutil.Process) -> str:
    try:
        return process.environ().get(MARK, "")
    except psutil.Error:
        return ""


def _left(folders: set[str]) -> list[str]:
    until = time.monotonic() + CLEARED_WITHIN_SECONDS
    while True:
        left = [folder for folder in sorted(folders) if Path(folder).exists()]
        left += [str(process) for folder in folders for process in marked(folder)]
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.5)


def _read_record(config: Config, outcome: Outcome) -> None:
    from sqlalchemy import text

    from hanoiwatch.store.engine import read

    record = Record.open(config.record_path)
    try:
        with read(record.engine) as connection:
            for row in connection.execute(text("SELECT outcome, reason FROM outcome")):
                outcome.ends[": ".join(filter(None, (row.outcome, row.reason)))] += 1
            counted = connection.execute(text("SELECT count(*) FROM rendering"))
            outcome.rendered = int(counted.scalar_one())
    finally:
        record.close()


@click.command()
@click.option("--pages", type=click.IntRange(OF_EACH), default=PAGES, show_default=True)
@click.option("--minutes", type=float, default=WITHIN_MINUTES, show_default=True)
def main(pages: int, minutes: float) -> None:
    """Shows so many pages in a browser, and says what it took."""
    with tempfile.TemporaryDirectory() as folder:
        say = partial(click.echo, err=True)
        outcome = run(pages, Path(folder) / "desk", minutes=minutes, say=say)
    click.echo(f"{pages} pages in {outcome.seconds:.0f} s; {outcome.rendered} rendered")
    for said, count in sorted(outcome.ends.items()):
        click.echo(f"  {count:>6}  {said}")
    click.echo(f"{outcome.kills} times the browser was killed; {len(outcome.folders)} were started")
    click.echo(
        f"memory of the browser: median {median(outcome.memory):.0f} MB, most "
        f"{max(outcome.memory):.0f} MB, last third beside the middle one {outcome.growth:.2f}; "
        f"of the crawl: most {max(outcome.crawl_memory):.0f} MB"
    )
    click.echo(f"wrong: {'; '.join(outcome.faults) or 'nothing'}")
    sys.exit(1 if outcome.faults else 0)


if __name__ == "__main__":
    main()

"""For tests of the service: small outlets under its care, and a clock that the test sets."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from hanoiwatch import clock
from hanoiwatch.app import App, open_app
from hanoiwatch.config import Config, load_config
from hanoiwatch.sample.addresses import ARTICLE_URL
from hanoiwatch.sample.server import SampleServer
from hanoiwatch.store.launches import Launch
from hanoiwatch.store.verdicts import Verdict
from scheduler.crawls import Child, CrawlReport
from scheduler.service import Service
from tests.chain import ONE_READER, ROOT
from tests.outlet import running, small_outlet

SOURCE = """\
name = "{name}"
title = "Báo {name}"
home = "{url}/"
[discover]
feeds = ["{url}/rss/home"]
sitemaps = ["{url}/sitemap-news.xml"]
article_url = '{article_url}'
exclude_url = '/podcast/'
"""
SECONDS = 240.0
"""A service or a command that does nothing for so long has hung."""


class Care:
    """Outlets, a settings file, and services one after another."""

    def __init__(self, folder: Path, servers: dict[str, SampleServer]) -> None:
        self.folder, self.servers = folder, servers
        self.told: list[CrawlReport] = []
        self._processes: list[subprocess.Popen[str]] = []
        self.verdicts: list[Verdict] = []
        (folder / "sources").mkdir(parents=True)
        for name, server in servers.items():
            text = SOURCE.format(name=name, url=server.url, article_url=ARTICLE_URL)
            (folder / "sources" / f"{name}.toml").write_text(text, "utf-8")
        self.write_settings()

    def write_settings(self, schedule: str = "", more: str = "") -> None:
        names = ", ".join(f'"{name}"' for name in self.servers)
        (self.folder / "hanoiwatch.toml").write_text(
            f'data_dir = "data"\n[sources]\nenabled = [{names}]\n'
            f"[schedule]\njitter_seconds = 0\n{schedule}\n{more}\n",
            "utf-8",
        )

    @property
    def config(self) -> Config:
        return load_config(self.folder / "hanoiwatch.toml", environment=ONE_READER)

    @contextmanager
    def service(self) -> Iterator[Service]:
        """A service in this process; the block drives it with `turn`, and it is closed after."""
        with open_app(self.config) as app:
            service = Service(app, app.chosen_sources(()), self._hear, self.verdicts.append)
            try:
                yield service
            finally:
                service.close()

    def seem_tried(self) -> None:
        """As if every source had been tried before: its first crawl follows at once."""
        with open_app(self.config) as app:
            for name in self.servers:
                app.record.verdicts.keep(Verdict(source=name, at=clock.now(), outcome="ok"))

    def _hear(self, report: CrawlReport, _: dict[str, int]) -> None:
        self.told.append(report)

    def live(self, service: Service) -> int:
        """Lets the service do all that is due now; how many crawls ended."""
        before = len(self.told)
        turn_until(service, lambda: False)
        return len(self.told) - before

    @contextmanager
    def app(self) -> Iterator[App]:
        with open_app(self.config) as app:
            yield app

    def history(self, *kinds: str) -> list[Launch]:
        """Crawls of these kinds, or of all but first looks; the oldest first."""
        with self.app() as app:
            launches = app.record.launches.history(limit=1000)[::-1]
        wanted = kinds or ("crawl", "partial", "backfill")
        return [launch for launch in launches if launch.kind in wanted]

    def run(
        self, *words: str, program: tuple[str, ...] = ("-m", "hanoiwatch")
    ) -> subprocess.Popen[str]:
        """The command line in a process of its own."""
        process = subprocess.Popen(
            [sys.executable, *program, "--config", str(self.folder / "hanoiwatch.toml"), *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            env={**os.environ, **ONE_READER, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self._processes.append(process)
        return process

    def end_all(self) -> None:
        """Whatever a test that failed has left running."""
        for process in self._processes:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def articles(self) -> int:
        with self.app() as app:
            return app.record.articles.count()


def turn_until(service: Service, enough: Callable[[], bool]) -> None:
    """Turns the service until ``enough``, or until it has nothing to do."""
    patience = time.monotonic() + SECONDS
    while service.turn() and not enough():
        assert time.monotonic() < patience, "the service has hung"


def overdue(service: Service, source: str) -> Child:
    """The crawl of this source, which from here on has taken longer than any limit."""
    (child,) = (crawl.child for crawl in service._crawls if crawl.source == source)
    child.started -= 1_000_000
    return child


def set_clock(moment: datetime) -> None:
    """What `clock.now` says from here on, in this process and in the crawls that it starts."""
    clock.run_ahead(clock.ahead() + (moment - clock.now()))


def end(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[str, str]:
    """Ends a command and returns what it said."""
    process.send_signal(number)
    return process.communicate(timeout=SECONDS)


@contextmanager
def clock_set_back() -> Iterator[None]:
    """After the block the clock is as it was."""
    before = clock.ahead()
    try:
        yield
    finally:
        clock.run_ahead(before)


@contextmanager
def care(folder: Path, **counts: int) -> Iterator[Care]:
    """An outlet of so many small articles for each name; the clock is set back after."""
    with ExitStack() as stack:
        stack.enter_context(clock_set_back())
        servers = {
            name: stack.enter_context(running(small_outlet(count)))
            for name, count in counts.items()
        }
        cared = Care(folder, servers)
        stack.callback(cared.end_all)
        yield cared

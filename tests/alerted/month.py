"""Thirty nights of two papers, a service that is off for 8 and for 40 hours and killed at random
points, and channels that fail, hang and come back. The clock is the test's own."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from aiosmtpd.controller import Controller

from hanoiwatch import clock
from hanoiwatch.app import open_app
from hanoiwatch.config import Config, load_config
from hanoiwatch.sample import misbehaviours
from hanoiwatch.sample.server import SampleServer
from hanoiwatch.sample.source import source_toml
from hanoiwatch.store.verdicts import Verdict
from scheduler.crawls import is_crawled
from scheduler.service import Service
from scheduler.telling import Telling
from tests.alert_desk import Mails, Posts, http_sink
from tests.alerted.rules import RULES
from tests.chain import ROOT
from tests.month import events
from tests.month.drawing import generate
from tests.month.oracle import papers_of_the_month
from tests.month.paper import Paper
from tests.month.plan import FIRST_DAY, MAIN, SECOND, Size
from tests.ports import free_port
from tests.serving import set_clock, turn_until
from tests.waiting import PATIENCE, wait_for

NIGHTS = 30
SIZE = Size(
    days=NIGHTS, nights=tuple(range(1, NIGHTS + 1)), daytime_days=(), first_day=(24, 8),
    main_a_day=6, second_a_day=2, edits=90, cosmetics=120, departures=7, returning=1,
    flickers=1, worse=6, copies_across=14, copies_within=5, late_reprints=0, reform_night=90,
)  # fmt: skip
OLD_ARTICLES = 20
"""That stand on the papers when the desk begins, weeks old."""
OFF = ((6, timedelta(hours=0), timedelta(hours=8)), (14, timedelta(hours=20), timedelta(hours=40)))
"""Outages: the day, when in it they begin, and how long they are."""
SECOND_IS_DOWN = range(20, 22)
"""Nights in which the second paper answers 503 to everything."""
KILLED = (3, 5, 9, 12, 18, 23, 26, 28)
LOOKS = (timedelta(hours=6, minutes=35), timedelta(hours=12), timedelta(hours=21))
KILL_SECONDS = PATIENCE

KillWhen = str
KILL_WHEN: tuple[KillWhen, ...] = ("soon", "fetching", "recorded", "matched", "sending")


@dataclass(slots=True, kw_only=True)
class Sinks:
    mails: Mails
    moc: Posts
    tin: Posts
    feeds: Path
    _controller: Controller | None = None

    def mail(self, *, up: bool) -> None:
        """Starts or stops the mail server, always at the same address."""
        if up and self._controller is None:
            self._controller = Controller(
                self.mails, hostname="127.0.0.1", port=self.mails.port or free_port()
            )
            self._controller.start()
            self.mails.port = self._controller.port
        elif not up and self._controller is not None:
            self._controller.stop()
            self._controller = None


@dataclass(slots=True, kw_only=True)
class Lived:
    """What is there when the month is over."""

    config: Config
    papers: dict[str, Paper]
    sinks: Sinks
    kills: list[str] = field(default_factory=list)
    """In which stage each kill fell; those that came too late are not among them."""
    log: list[str] = field(default_factory=list)


class Month:
    def __init__(self, folder: Path, servers: dict[str, SampleServer], lived: Lived, seed: int):
        self.folder, self.servers, self.lived = folder, servers, lived
        self.dealer = random.Random(f"alerted-{seed}")
        self.events = _events(seed)
        self.telling: Telling | None = None

    def live(self) -> None:
        off = [(FIRST_DAY + timedelta(days=day) + begin, length) for day, begin, length in OFF]
        for night in range(1, NIGHTS + 1):
            at = FIRST_DAY + timedelta(days=night, hours=1, seconds=40)
            back = [begin + length for begin, length in off if begin <= at < begin + length]
            if not back:
                self._night(night, at)
            elif back[0] - at < timedelta(days=1):
                self._night(night, back[0] + timedelta(seconds=5))
            for span in LOOKS:
                look = FIRST_DAY + timedelta(days=night) + span
                is_off = any(begin <= look < begin + length for begin, length in off)
                if look > at and not is_off and (not back or look > back[0]):
                    self._look(night, look)
        self._calm_down()

    def _night(self, night: int, at: datetime) -> None:
        started = time.monotonic()
        self._happen(at)
        self._channels(night)
        self.servers[SECOND].behave()
        _spoil(self.servers, self.lived.papers)
        if night in SECOND_IS_DOWN:
            self.servers[SECOND].answer("", misbehaviours.status(503))
        set_clock(at)
        killed = ""
        if night in KILLED:
            when = KILL_WHEN[KILLED.index(night) % len(KILL_WHEN)]
            killed = self._killed_run(when)
            set_clock(at + timedelta(minutes=3))
        self.telling = Telling(self.lived.config)
        with open_app(self.lived.config) as app:
            service = Service(app, app.chosen_sources(()))
            try:
                turn_until(service, lambda: False)
            finally:
                service.close()
        self.telling.tell()
        self.lived.log.append(f"night {night} {time.monotonic() - started:.1f} s {killed}")

    def _look(self, night: int, at: datetime) -> None:
        set_clock(at)
        self._channels(night)
        assert self.telling is not None
        self.telling.tell()

    def _happen(self, until: datetime) -> None:
        while self.events and self.events[0].at <= until:
            event = self.events.pop(0)
            self.lived.papers[event.paper].apply(event)

    def _channels(self, night: int) -> None:
        """The webhook fails, then takes messages and hangs; the others are away for a time."""
        sinks = self.lived.sinks
        sinks.moc.answers = [500] * 50 if night in (4, 5) else []
        sinks.moc.stall_seconds = 6.0 if night == 10 else 0.0
        sinks.tin.answers = [503] * 50 if night in (12, 13) else []
        sinks.mail(up=night not in (8, 9, 17))

    def _calm_down(self) -> None:
        """Every channel is back, and what waits is due within a day."""
        self._channels(0)
        for hours in range(1, 30, 3):
            set_clock(FIRST_DAY + timedelta(days=NIGHTS, hours=22 + hours))
            Telling(self.lived.config).tell()

    # --- kills -------------------------------------------------------------------------------

    def _killed_run(self, when: KillWhen) -> str:
        """`hanoiwatch run` as it is, with its clock moved, until it is killed with SIGKILL."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.alerted.at", str(clock.ahead().total_seconds()),
             "--config", str(self.folder / "hanoiwatch.toml"), "run"],
            cwd=ROOT, start_new_session=True, env=_environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with self._trigger(when) as due:
            until = time.monotonic() + KILL_SECONDS
            while not due() and process.poll() is None and time.monotonic() < until:
                time.sleep(0.002)
            group = self.dealer.random() < 0.7
            if group:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()  # its children end by themselves
            process.wait()
        self._until_gone(process.pid)
        said = f"{when}, {'all' if group else 'the service alone'}"
        self.lived.kills.append(said)
        return f"killed: {said}"

    @contextmanager
    def _trigger(self, when: KillWhen) -> Iterator[Callable[[], bool]]:
        """Whether the moment has come."""
        sinks = (self.lived.sinks.moc, self.lived.sinks.tin)
        arrived: list[int] = []
        for sink in sinks:
            sink.on_post = partial(_hold, arrived)
        begun, wait = time.monotonic(), self.dealer.uniform(0.2, 2.5)
        asked = sum(len(server.requests("-[0-9]+.html$")) for server in self.servers.values())
        more = self.dealer.randint(1, 12)
        before = {name: self._count(name) for name in ("change", "alert")}

        def is_due() -> bool:
            match when:
                case "soon":
                    return time.monotonic() - begun > wait
                case "fetching":
                    now = sum(len(s.requests("-[0-9]+.html$")) for s in self.servers.values())
                    return now >= asked + more
                case "recorded":
                    return self._count("change") > before["change"]
                case "matched":
                    return self._count("alert") > before["alert"]
                case _:
                    return bool(arrived)

        try:
            yield is_due
        finally:
            for sink in sinks:
                sink.on_post = lambda: None

    def _count(self, table: str) -> int:
        import sqlite3

        record = self.lived.config.record_path
        with sqlite3.connect(f"file:{record}?mode=ro", uri=True) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _until_gone(self, group: int) -> None:
        wait_for(
            lambda: not any(is_crawled(self.lived.config, name) for name in self.servers),
            lambda: "a crawl outlived its service",
        )


def _hold(arrived: list[int]) -> None:
    """It has the message, and says so only when who sent it is dead."""
    arrived.append(1)
    time.sleep(0.5)


def _environment() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith("HANOIWATCH_")}


def _events(seed: int) -> list[events.Event]:
    """Those of a month, and articles that were old when it began."""
    drawn = list(generate(seed, SIZE).events)
    first = [one for one in drawn if isinstance(one, events.Published) and one.paper == MAIN]
    for place, model in enumerate(first[:OLD_ARTICLES]):
        later = first[-1 - place].article  # its words, told weeks before
        slug = f"bai-cu-{place}"
        old = replace(
            later,
            slug=slug,
            published=FIRST_DAY - timedelta(days=12 + place),
            title=model.article.title,
        )
        drawn.append(events.Published(at=FIRST_DAY, paper=MAIN, slug=slug, article=old))
    return sorted(drawn, key=lambda event: (event.at, event.paper, event.slug))


def _spoil(servers: dict[str, SampleServer], papers: dict[str, Paper]) -> None:
    from tests.month.life import _spoil

    for name, server in servers.items():
        _spoil(server, papers[name])


@contextmanager
def lived_through(folder: Path, seed: int) -> Iterator[Lived]:
    """The month is over when the block begins; the sinks still stand."""
    papers = papers_of_the_month()
    with ExitStack() as stack:
        stack.callback(clock.run_ahead, clock.ahead())
        servers = {name: stack.enter_context(SampleServer(paper)) for name, paper in papers.items()}
        moc, tin = (stack.enter_context(http_sink()) for _ in range(2))
        tin.usual = 200  # what ntfy says
        sinks = Sinks(mails=Mails(), moc=moc, tin=tin, feeds=folder / "feeds")
        sinks.mail(up=True)
        stack.callback(sinks.mail, up=False)
        config = _settings(folder, servers, sinks)
        lived = Lived(config=config, papers=papers, sinks=sinks)
        set_clock(FIRST_DAY)
        with open_app(config) as app:
            for name in servers:
                app.record.verdicts.keep(Verdict(source=name, at=clock.now(), outcome="ok"))
            app.alerts.sync()
        Month(folder, servers, lived, seed).live()
        yield lived


def _settings(folder: Path, servers: dict[str, SampleServer], sinks: Sinks) -> Config:
    (folder / "sources").mkdir(parents=True)
    (folder / "alerts").mkdir()
    for name, server in servers.items():
        text = source_toml(server.url, name, server.outlet.site)
        if name == SECOND:
            text = text.replace('rights = "full"', 'rights = "excerpt"')
        (folder / "sources" / f"{name}.toml").write_text(text, "utf-8")
    for rule in RULES:
        (folder / "alerts" / f"{rule.name}.toml").write_text(rule.file(), "utf-8")
    names = ", ".join(f'"{name}"' for name in servers)
    settings = folder / "hanoiwatch.toml"
    settings.write_text(
        f'data_dir = "data"\n[sources]\nenabled = [{names}]\n[schedule]\njitter_seconds = 0\n'
        f'[crawl]\nextract_workers = 1\n[channels]\nthu = "{sinks.mails.address}"\n'
        f'moc = "{sinks.moc.address}"\ntin = "ntfy://127.0.0.1:{sinks.tin.port}/ban-tin"\n'
        'nguon = "feed:feeds"\ntruc = "feed:truc"\n[operator]\nchannels = ["truc"]\n',
        "utf-8",
    )
    return load_config(settings, environment={})

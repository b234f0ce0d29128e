"""Lets the real program live through the month: real pages, processes, archive and index."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hanoiwatch.cli.crawl import crawl_now
from hanoiwatch.clock import ahead, now, run_ahead
from hanoiwatch.config import Config, load_config
from hanoiwatch.sample import misbehaviours
from hanoiwatch.sample.server import SampleServer
from hanoiwatch.sample.source import source_toml
from scheduler.crawls import CrawlOptions
from tests.month import events
from tests.month.oracle import happening, papers_of_the_month
from tests.month.paper import Paper, slug_of
from tests.month.plan import Month

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """One crawl of all sources, as it reported."""

    at: datetime
    problems: dict[str, tuple[str, ...]]
    """By source."""
    asked: frozenset[tuple[str, str]]
    """Articles (paper, slug) that were asked for at any of their addresses."""
    seconds: float


@dataclass(slots=True, kw_only=True)
class Lived:
    config: Config
    papers: dict[str, Paper]
    crawls: list[Crawled] = field(default_factory=list)


def live_through(month: Month, folder: Path, say: Say = lambda _: None) -> Lived:
    """Crawls both papers into ``folder`` at each of the month's crawls."""
    papers = papers_of_the_month()
    before = ahead()
    with ExitStack() as stack:
        servers = {name: stack.enter_context(SampleServer(paper)) for name, paper in papers.items()}
        stack.callback(run_ahead, before)
        lived = Lived(config=_settings(folder, servers), papers=papers)
        for crawl in month.crawls:
            for event in happening(month, crawl):
                papers[event.paper].apply(event)
            lived.crawls.append(_crawl(lived, servers, crawl))
            say(_line(lived.crawls[-1]))
    return lived


def _settings(folder: Path, servers: dict[str, SampleServer]) -> Config:
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for name, server in servers.items():
        text = source_toml(server.url, name, server.outlet.site)
        (sources / f"{name}.toml").write_text(text, "utf-8")
    environment = {
        "HANOIWATCH_SOURCES__DIRECTORY": str(sources),
        "HANOIWATCH_CRAWL__EXTRACT_WORKERS": "1",  # a worker takes longer to start than to read
    }
    return load_config(environment=environment, data_dir=str(folder / "data"))


def _crawl(lived: Lived, servers: dict[str, SampleServer], at: datetime) -> Crawled:
    for name, server in servers.items():
        server.forget_requests()
        _spoil(server, lived.papers[name])
    started = time.monotonic()
    run_ahead(ahead() + (at - now()))
    reports, _ = crawl_now(lived.config, tuple(servers), CrawlOptions())
    asked = {
        (name, slug)
        for name, server in servers.items()
        for request in server.requests()
        if (slug := slug_of(lived.papers[name], request.path)) is not None
    }
    return Crawled(
        at=at,
        problems={report.source: report.problems for report in reports if report.problems},
        asked=frozenset(asked),
        seconds=time.monotonic() - started,
    )


def _spoil(server: SampleServer, paper: Paper) -> None:
    server.behave()
    for slug, how in paper.worse.items():
        if how != "cut":  # the paper itself shows less then
            server.answer(f"^{re.escape(paper.path(slug))}$", _MISBEHAVIOURS[how]())


_MISBEHAVIOURS: dict[events.WorseKind, Callable[[], misbehaviours.Misbehaviour]] = {
    "empty": misbehaviours.empty,
    "challenge": misbehaviours.challenge,
    "login": misbehaviours.login_wall,
    "soft 404": misbehaviours.soft_404,
    "maintenance": misbehaviours.maintenance,
}


def _line(crawl: Crawled) -> str:
    said = "; ".join(f"{name}: {'; '.join(words)}" for name, words in crawl.problems.items())
    return f"{crawl.at:%d-%m %H:%M}  {len(crawl.asked):4d} articles  {crawl.seconds:5.1f} s  {said}"

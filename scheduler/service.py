"""The service: launches what is due, lets the indexer keep up, and ends in order.

Everything it must remember is in the run ledger, so it may be killed at any moment: the next one
sees what is due (`scheduler.timetable`).
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from hanoiwatch.app import App
from hanoiwatch.clock import now
from hanoiwatch.config import Config
from hanoiwatch.errors import BusyError
from hanoiwatch.locks import FileLock
from hanoiwatch.log import logger
from hanoiwatch.sources.schema import Source
from hanoiwatch.store.launches import LaunchKind
from hanoiwatch.store.verdicts import Verdict
from indexer.pipeline import INDEX_AGAIN_SECONDS, Pipeline
from scheduler.checks import A_CHECK, keep_verdict
from scheduler.crawls import (
    END_SECONDS,
    Child,
    CrawlOptions,
    CrawlReport,
    Launched,
    completed,
    end_overdue,
    give_up_cut_off,
    is_crawled,
    launched,
    report_of,
    start_child,
)
from scheduler.timetable import Entry, Planned, checked, entries_of, plan

LOOK_SECONDS = 2.0
"""How often an idle service looks whether something is due."""
TOLD_TO_END = "the service was told to end"

Listener = Callable[[CrawlReport, dict[str, int]], None]
"""Is told of each crawl once everything it brought can be found, with what was recorded."""
CheckListener = Callable[[Verdict], None]
"""Is told what the first look at a source has shown."""


@dataclass(slots=True, kw_only=True)
class Crawl:
    """One crawl from its launch until everything it brought can be found."""

    planned: Planned
    child: Child
    launched: Launched
    latest: int
    """Id of the source's last run from before; 0 where there was none."""
    is_check: bool = False
    """A first look at a source that nobody has tried yet; the crawl follows it."""
    report: CrawlReport | None = None
    """Once its process has ended."""

    @property
    def source(self) -> str:
        return self.planned.entry.source


class Service:
    """One at a time for a data folder (`service_lock`)."""

    def __init__(
        self,
        app: App,
        sources: Sequence[Source],
        told: Listener | None = None,
        told_check: CheckListener | None = None,
    ) -> None:
        """Raises ConfigError where the timetable cannot be followed."""
        self._app = app
        self._sources = {source.name: source for source in sources}
        self._entries: tuple[Entry, ...] = tuple(entries_of(sources, checked(app.config.schedule)))
        self._told, self._told_check = told, told_check
        self._crawls: list[Crawl] = []
        self._pipeline: Pipeline | None = None
        self._stopping = threading.Event()
        self._tidied = False
        self._index_again_at: float | None = None

    def run(self) -> None:
        """Goes on until `stop`; then ends what is under way, in at most `END_SECONDS`."""
        try:
            while not self._stopping.is_set():
                if not self.turn():
                    self._stopping.wait(LOOK_SECONDS)
        finally:
            self.close()

    def stop(self) -> None:
        """From a signal handler or another thread."""
        self._stopping.set()

    def turn(self) -> bool:
        """Launches what is due and lets the work go on a little; False where there is none."""
        if not self._tidied:
            self._tidy()
        self._launch_due(now())
        if self._index_again_at is not None and time.monotonic() >= self._index_again_at:
            self._open_pipeline()
        if self._pipeline is None:
            return False
        self._pipeline.step()
        self._collect()
        self._settle()
        return True

    def planned(self, moment: datetime) -> list[Planned]:
        """What comes next, source by source."""
        launches = self._app.record.launches
        return plan(self._entries, launches.lasts(), moment, launches.first_looks())

    def close(self) -> None:
        """Ends every crawl in order; what they did not reach, the next launch will."""
        for crawl in self._crawls:
            if crawl.child.process.poll() is None:
                crawl.child.process.terminate()
        patience = time.monotonic() + END_SECONDS - 1
        for crawl in self._crawls:
            self._interrupt(crawl, patience)
        self._crawls.clear()
        self._close_pipeline()

    # --- launching -------------------------------------------------------------------------

    def _tidy(self) -> None:
        """What an earlier process left: launches without an end, captures without a reading."""
        if left := give_up_cut_off(self._app):
            logger(__name__).info("taken up", interrupted=left)
        self._open_pipeline()
        self._tidied = True

    def _launch_due(self, moment: datetime) -> None:
        room = self._app.config.schedule.concurrency - self._running()
        if room <= 0:
            return
        busy = {crawl.source for crawl in self._crawls}
        due = [one for one in self.planned(moment) if one.at <= moment]
        # first looks before all crawls: on the first day it is soon known what can be read
        for one in sorted(due, key=lambda one: not self._is_first_look(one)):
            source = one.entry.source
            if not room:
                return
            if source in busy or is_crawled(self._app.config, source):
                continue
            busy.add(source)
            self._launch(one)
            room -= 1

    def _is_first_look(self, one: Planned) -> bool:
        """Whether the source is to be tried before it is crawled: nobody ever has."""
        return one.why == "first" and not self._app.record.verdicts.has(one.entry.source)

    def _launch(self, one: Planned) -> None:
        self._open_pipeline()
        entry = one.entry
        is_check = self._is_first_look(one)
        kind: LaunchKind = "check" if is_check else "crawl"
        line = launched(self._app, entry.source, kind, one.why, one.at)
        options = A_CHECK if is_check else CrawlOptions(since=one.since)
        latest = self._app.record.runs.last(entry.source)
        try:
            child = start_child(self._app, entry.source, options)
        except OSError as error:  # no memory, no process left: the others go on
            line.close("failed", f"its process could not be started: {error.strerror}", {})
            return
        crawl = Crawl(
            planned=one, child=child, launched=line, latest=latest, is_check=is_check
        )  # fmt: skip
        self._crawls.append(crawl)
        logger(__name__).info("launched", source=entry.source, kind=kind, why=one.why)

    def _running(self) -> int:
        return sum(crawl.report is None for crawl in self._crawls)

    # --- ending ----------------------------------------------------------------------------

    def _collect(self) -> None:
        limit = self._app.config.crawl.source_limit_minutes * 60
        end_overdue([crawl.child for crawl in self._crawls if crawl.report is None], limit)
        for crawl in self._crawls:
            if crawl.report is None and crawl.child.process.poll() is not None:
                crawl.report = report_of(crawl.child)

    def _settle(self) -> None:
        """Closes the crawls that have ended, once all that they brought was read."""
        assert self._pipeline is not None
        ended = [crawl for crawl in self._crawls if crawl.report is not None]
        if self._crawls and not ended:
            return
        if self._pipeline.has_work(of_ended_runs=bool(self._crawls)):
            return
        self._pipeline.settle()
        for crawl in ended:
            self._crawls.remove(crawl)
            self._close_crawl(crawl)
        if not self._crawls:
            self._close_pipeline()

    def _close_crawl(self, crawl: Crawl) -> None:
        assert crawl.report is not None
        assert self._pipeline is not None
        (report,) = completed([crawl.report], self._app, {crawl.source: crawl.latest})
        recorded = self._pipeline.counts.by_source.pop(crawl.source, {})
        crawl.launched.end(report, recorded)
        if crawl.is_check:
            verdict = keep_verdict(self._app, self._sources[crawl.source], report)
            if self._told_check:
                self._told_check(verdict)
        elif self._told:
            self._told(report, recorded)

    def _interrupt(self, crawl: Crawl, patience: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            crawl.child.process.wait(max(0.1, patience - time.monotonic()))
        if crawl.child.process.poll() is None:
            crawl.child.process.kill()
            crawl.child.process.wait()
        report = crawl.report or report_of(crawl.child)
        crawl.launched.close("interrupted", TOLD_TO_END, report.counts)

    # --- the indexer -----------------------------------------------------------------------

    def _open_pipeline(self) -> None:
        if self._pipeline is None:
            self._pipeline = self._app.pipeline()

    def _close_pipeline(self) -> None:
        """Between crawls others may rebuild the index. One that could not be reached is tried
        again."""
        if self._pipeline is not None:
            waits = self._pipeline.index_waits
            self._index_again_at = time.monotonic() + INDEX_AGAIN_SECONDS if waits else None
            self._pipeline.close()
            self._pipeline = None


def service_lock(config: Config) -> FileLock:
    """Raises BusyError where a service runs on this data folder already."""
    lock = _lock_of_service(config)
    if not lock.acquire():
        raise BusyError(
            f"hanoiwatch runs already on {config.data_path}, as process {lock.holder() or '?'}: "
            "end that one first, or give this one another --data-dir."
        )
    return lock


def service_process(config: Config) -> str:
    """The process id of the service that runs on this data folder; empty where none does."""
    lock = _lock_of_service(config)
    if not lock.path.exists():
        return ""
    with lock:
        return "" if lock.acquire() else lock.holder()


def _lock_of_service(config: Config) -> FileLock:
    return FileLock(config.data_path / "locks" / "service.lock")

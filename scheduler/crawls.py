"""Crawling several sources at once: one child process each, while the indexer keeps up.

A crawl is a child process because Twisted's reactor cannot be started twice. A child that
hangs is ended at its limit and costs that source only.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from hanoiwatch.app import App
from hanoiwatch.clock import ahead, now, to_stored
from hanoiwatch.config import Config
from hanoiwatch.locks import FileLock
from hanoiwatch.log import logger
from hanoiwatch.store import Record
from hanoiwatch.store.drift import Collapse, Suspect
from hanoiwatch.store.launches import LaunchEnd, LaunchId, LaunchKind, LaunchOutcome, Why
from indexer.rescope import changed_scopes
from indexer.vanished import last_wave

CrawlOutcome = Literal["done", "partly", "failed"]
END_SECONDS = 10.0
"""How long a child may take to end in order after SIGTERM, before it is killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """What a crawl is asked for, alike for every source."""

    limit: int | None = None
    since: datetime | None = None
    refetch: bool = False
    pages: tuple[str, ...] = ()
    """Only these addresses: `hanoiwatch add`."""
    check: bool = False
    """Every list is polled and the newest articles are fetched: `hanoiwatch sources check`."""

    @property
    def kind(self) -> LaunchKind:
        """What the run ledger calls such a crawl."""
        if self.check:
            return "check"
        if self.limit is not None or self.pages:
            return "partial"
        return "backfill" if self.since is not None else "crawl"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """How one source's crawl ended. ``partly``: it ran, but an origin or a host failed, or many of
    its pages have vanished."""

    source: str
    outcome: CrawlOutcome
    counts: dict[str, int]
    problems: tuple[str, ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    """What is to be known, and is no failure of the crawl."""
    collapses: tuple[Collapse, ...] = ()
    """Fields that the source's pages had and have no longer."""
    suspects: tuple[Suspect, ...] = ()
    """Pages that do not look as the source's pages did."""
    compared_with: int = 0
    """Earlier pages that this run's were compared with."""
    busy: bool = False
    """Another process was crawling the source, so nothing was done."""


@dataclass(slots=True)
class Child:
    """One source's process, and the last it said."""

    source: str
    process: subprocess.Popen[str]
    started: float
    counts: dict[str, int] = field(default_factory=dict)
    report: dict[str, Any] | None = None
    errors: deque[str] = field(default_factory=lambda: deque(maxlen=5))
    killed: str = ""
    """Why it was told to end before it had; empty: it was not."""
    told_at: float = 0.0
    """When it was."""
    readers: list[threading.Thread] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """A crawl's line in the run ledger, to be closed when all it brought can be found."""

    id: LaunchId
    record: Record
    begun: float

    def end(self, report: CrawlReport, recorded: Mapping[str, int]) -> None:
        outcome = "refused" if report.busy else report.outcome
        self.close(outcome, "; ".join(report.problems), {**report.counts, **recorded})

    def close(self, outcome: LaunchOutcome, reason: str, counts: Mapping[str, int]) -> None:
        seconds = round(time.monotonic() - self.begun, 1)
        end = LaunchEnd(outcome=outcome, reason=reason, seconds=seconds, counts=counts)
        self.record.launches.end(self.id, now(), end)


def launched(app: App, source: str, kind: LaunchKind, why: Why, due_at: datetime) -> Launched:
    """Writes the line before anything is asked for."""
    launch = app.record.launches.begin(source, kind, why, due_at=due_at, at=now())
    return Launched(id=launch, record=app.record, begun=time.monotonic())


def give_up_cut_off(app: App) -> list[str]:
    """Closes what an earlier process left without an end, and whose source nobody crawls now.

    Returns the sources.
    """
    launches = app.record.launches
    left = [one for one in launches.open() if not is_crawled(app.config, one.source)]
    launches.give_up([one.id for one in left], now())
    return [one.source for one in left]


def is_crawled(config: Config, source: str) -> bool:
    """Whether a process crawls this source now."""
    lock = FileLock(config.data_path / "locks" / f"{source}.lock")
    if not lock.path.exists():
        return False
    with lock:
        return not lock.acquire()


Progress = Callable[[dict[str, dict[str, int]]], None]


def crawl_sources(
    app: App, names: Sequence[str], options: CrawlOptions, progress: Progress | None = None
) -> tuple[tuple[CrawlReport, ...], dict[str, dict[str, int]]]:
    """Crawls each named source once and makes every article it brings findable.

    Ends when all sources have ended and nothing waits. ``progress`` gets, a few times a
    second, each running source's counts. Returns the reports in the order of ``names``, and
    per source what was recorded (``new``, ``edited``, ``withdrawn``, ``held`` …).
    """
    waiting = deque(names)
    running: list[Child] = []
    reports: list[CrawlReport] = []
    launches: dict[str, Launched] = {}
    latest = {name: app.record.runs.last(name) for name in names}
    give_up_cut_off(app)
    with app.pipeline() as pipeline:
        try:
            while waiting or running:
                while waiting and len(running) < app.config.schedule.concurrency:
                    name = waiting.popleft()
                    launches[name] = launched(app, name, options.kind, "manual", now())
                    running.append(start_child(app, name, options))
                pipeline.step()
                end_overdue(running, app.config.crawl.source_limit_minutes * 60)
                for child in [child for child in running if child.process.poll() is not None]:
                    running.remove(child)
                    reports.append(report_of(child))
                if progress:
                    progress({child.source: child.counts for child in running})
            pipeline.drain()
        except BaseException:
            for launch in launches.values():
                launch.close("interrupted", "the command was ended", {})
            raise
        finally:
            for child in running:
                child.process.terminate()
            for child in running:
                stop_child(child)
        recorded = pipeline.counts.by_source
    order = {name: place for place, name in enumerate(names)}
    reports.sort(key=lambda report: order[report.source])
    whole = completed(reports, app, latest)
    for report in whole:
        launches.pop(report.source).end(report, recorded.get(report.source, {}))
    return whole, recorded


def completed(
    reports: Sequence[CrawlReport], app: App, latest: Mapping[str, int]
) -> tuple[CrawlReport, ...]:
    """The reports with what is known only once everything they brought was read and judged.

    ``latest``: each source's last run from before.
    """
    told = _with_drift(_with_alarms(reports, app), app, latest)
    return tuple(_with_notes(told, app))


SCOPE_CHANGED = (
    "its scope has changed: older articles are decided anew by `hanoiwatch index rebuild`."
)


def _with_notes(reports: Iterable[CrawlReport], app: App) -> Iterator[CrawlReport]:
    """The reports, each saying whether its source's older articles wait to be decided anew."""
    changed = {source.name for source in changed_scopes(app.record, app.sources)}
    for report in reports:
        notes = (SCOPE_CHANGED,) if report.source in changed else ()
        yield replace(report, notes=notes)


FOUND_ELSEWHERE = (
    "{pages} known pages vanished in one wave, and their articles were found at new addresses: "
    "nothing was withdrawn. Compare the site's addresses with `[discover]` in the source file."
)


def _with_alarms(reports: Sequence[CrawlReport], app: App) -> Iterator[CrawlReport]:
    """The reports, each naming what vanished from its source in one wave: what is still gone, or
    how much was found elsewhere at once."""
    waves = {report.source: last_wave(app.record, report.source) for report in reports}
    alarms = {name: FOUND_ELSEWHERE.format(pages=pages) for name, pages in waves.items() if pages}
    alarms |= {alarm.source: alarm.sentence for alarm in app.record.vanished.alarms()}
    for report in reports:
        if report.source not in alarms:
            yield report
            continue
        outcome: CrawlOutcome = "partly" if report.outcome == "done" else report.outcome
        problems = (*report.problems, alarms[report.source])
        yield replace(report, outcome=outcome, problems=problems)


DRIFTED = "its pages have changed: {sentence}. See `hanoiwatch sources check {source}`."


def _with_drift(
    reports: Iterable[CrawlReport], app: App, earlier: Mapping[str, int]
) -> Iterator[CrawlReport]:
    """The reports, each with what its run's pages show of a source that changes."""
    for report in reports:
        found = app.record.drifts.of_run(report.source)
        if found is None or found.run_id <= earlier[report.source]:
            yield report
            continue
        said = (
            DRIFTED.format(sentence=one.sentence, source=report.source) for one in found.collapses
        )
        problems = (*report.problems, *said)
        drifted = report.outcome == "done" and bool(found.collapses)
        yield replace(
            report,
            outcome="partly" if drifted else report.outcome,
            problems=problems,
            collapses=found.collapses,
            suspects=found.suspects,
            compared_with=found.known,
        )


def start_child(app: App, source: str, options: CrawlOptions) -> Child:
    """Starts the crawl of one source in a process of its own, which ends with this one."""
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    child = Child(source=source, process=process, started=time.monotonic())
    task = {
        "config": app.config_json(),
        "source": source,
        "limit": options.limit,
        "since": to_stored(options.since) if options.since else None,
        "refetch": options.refetch,
        "pages": options.pages,
        "check": options.check,
        "ahead_seconds": ahead().total_seconds(),
    }
    _send(process, task)
    child.readers = [
        threading.Thread(target=_read_events, args=(child,), daemon=True),
        threading.Thread(target=_read_errors, args=(child,), daemon=True),
    ]
    for reader in child.readers:
        reader.start()
    return child


def _send(process: subprocess.Popen[str], task: dict[str, Any]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()  # kept open: the child ends when it is closed
    except BrokenPipeError:
        pass  # it died at once; what it said on stderr tells why


def _read_events(child: Child) -> None:
    assert child.process.stdout is not None
    for line in child.process.stdout:
        try:
            event = json.loads(line)
        except ValueError:
            child.errors.append(line.strip())
            continue
        child.counts = {**child.counts, **event.get("counts", {})}
        if event.get("event") == "report":
            child.report = event


def _read_errors(child: Child) -> None:
    assert child.process.stderr is not None
    for line in child.process.stderr:
        if line.strip():
            child.errors.append(line.strip())
            sys.stderr.write(line)


def end_overdue(running: Sequence[Child], limit_seconds: float) -> None:
    """Ends the crawls that take longer than their limit; each costs that source only.

    Asked again and again: nobody waits for a process that does not end when it is told to.
    """
    now = time.monotonic()
    for child in running:
        if not child.killed and now - child.started > limit_seconds:
            child.killed = f"ended after its limit of {limit_seconds / 60:g} minutes"
            child.told_at = now
            child.process.terminate()
        elif child.killed and now - child.told_at > END_SECONDS:
            child.process.kill()


def stop_child(child: Child) -> None:
    """SIGTERM, and SIGKILL where that does not end it in `END_SECONDS`."""
    child.process.terminate()
    try:
        child.process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()


def report_of(child: Child) -> CrawlReport:
    """How an ended child's crawl went, by what it said and how it ended."""
    for reader in child.readers:
        reader.join(END_SECONDS)
    for stream in (child.process.stdin, child.process.stdout, child.process.stderr):
        if stream is not None:
            stream.close()
    said = child.report or {}
    problems = tuple(said.get("problems", ()))
    code = child.process.returncode
    if code or child.killed or child.report is None:
        problems += (child.killed or said.get("reason") or _last_words(child),)
        outcome: CrawlOutcome = "failed"
    else:
        outcome = "partly" if problems else "done"
    report = CrawlReport(
        source=child.source,
        outcome=outcome,
        counts=child.counts,
        problems=problems,
        seconds=round(time.monotonic() - child.started, 1),
        busy=bool(said.get("busy")),
    )
    logger(__name__).info("crawl", source=report.source, outcome=outcome, **report.counts)
    return report


def _last_words(child: Child) -> str:
    code = child.process.returncode
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return f"its process {how}. {child.errors[-1] if child.errors else ''}".strip()

"""What a person wants to see at a glance: who was crawled, who is silent, what waits."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hanoiwatch.app import App
from hanoiwatch.config import Config
from hanoiwatch.errors import IndexUnavailableError
from hanoiwatch.sources.schema import Source
from hanoiwatch.store.launches import Launch
from scheduler.crawls import is_crawled
from scheduler.service import service_process
from scheduler.silence import LOOKED_BACK, Silence, silence
from scheduler.timetable import Planned, checked, entries_of, plan

DAY = timedelta(days=1)
_LAUNCHES = 2000
"""Of the ledger's newest: enough for a day of 40 sources crawled each half hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """One source at a glance."""

    source: str
    last_crawl_at: datetime | None
    outcome: str
    """Of the newest crawl: done, partly, failed, interrupted, ``running``, or empty: never."""
    reason: str
    next_crawl_at: datetime
    new_today: int
    """Articles first seen in the last 24 hours."""
    newest_at: datetime | None
    """When its newest article was first seen."""
    silent_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything at a glance."""

    process: str
    """Process id of the running service; empty where none runs."""
    sources: tuple[SourceStatus, ...]
    articles: int
    unread: int
    """Captures that wait to be read."""
    unindexed: int | None
    """Changes that the index does not show yet; None where it cannot be asked."""
    alarms: Mapping[str, str]
    free_bytes: int


def timetable(app: App, sources: Sequence[Source], now: datetime) -> list[Planned]:
    """What is launched next of each line of the timetable, the earliest first."""
    entries = entries_of(sources, checked(app.config.schedule))
    launches = app.record.launches
    return plan(entries, launches.lasts(), now, launches.first_looks())


def overview(app: App, sources: Sequence[Source], now: datetime) -> Overview:
    """Raises ConfigError where the timetable cannot be followed."""
    record = app.record
    newest = record.readings.newest_capture()
    return Overview(
        process=service_process(app.config),
        sources=tuple(_source_statuses(app, sources, now)),
        articles=record.articles.count(),
        unread=record.readings.unread_count(upto=newest),
        unindexed=_unindexed(app),
        alarms={alarm.source: alarm.sentence for alarm in record.vanished.alarms()},
        free_bytes=shutil.disk_usage(app.config.data_path).free,
    )


def _unindexed(app: App) -> int | None:
    try:
        return app.record.articles.changes_after(app.search_index.position())
    except IndexUnavailableError:
        return None


def _source_statuses(app: App, sources: Sequence[Source], now: datetime) -> list[SourceStatus]:
    seen = app.record.attention.first_seen(now - LOOKED_BACK)
    newest = app.record.attention.newest()
    launches = launches_by_source(app)
    following: dict[str, datetime] = {}
    for one in timetable(app, sources, now):
        following.setdefault(one.entry.source, one.at)
    return [
        _status(
            _Known(
                config=app.config, source=source.name, seen=seen.get(source.name, []),
                newest=newest.get(source.name), launches=launches.get(source.name, []),
                following=following[source.name],
            ),
            now,
        )
        for source in sources
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the record and the timetable say of one source."""

    config: Config
    source: str
    seen: Sequence[datetime]
    newest: datetime | None
    launches: Sequence[Launch]
    following: datetime


def _status(known: _Known, now: datetime) -> SourceStatus:
    last = known.launches[0] if known.launches else None
    quiet = silence_of(known.launches, known.seen)
    return SourceStatus(
        source=known.source,
        last_crawl_at=last.begun_at if last else None,
        outcome=outcome_of(known.config, last) if last else "",
        reason=last.reason if last else "",
        next_crawl_at=max(known.following, now),
        new_today=sum(moment > now - DAY for moment in known.seen),
        newest_at=known.newest,
        silent_since=quiet.since if quiet else None,
    )


def silence_of(launches: Sequence[Launch], seen: Sequence[datetime]) -> Silence | None:
    """Whether a source has gone silent. ``launches``: the newest first; ``seen``: as `silence`."""
    good = next((one for one in launches if one.outcome in {"done", "partly"}), None)
    return silence(seen, good.begun_at) if good else None


def launches_by_source(app: App) -> dict[str, list[Launch]]:
    """Of the last days, the newest first."""
    launches: dict[str, list[Launch]] = {}
    for launch in app.record.launches.history(limit=_LAUNCHES):
        launches.setdefault(launch.source, []).append(launch)
    return launches


def outcome_of(config: Config, launch: Launch) -> str:
    """As it is shown: a launch without an end runs, or was cut off without a word."""
    if launch.outcome is not None:
        return launch.outcome
    return "running" if is_crawled(config, launch.source) else "interrupted"

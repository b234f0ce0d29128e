"""Telling the operator: gathers what the record knows, notes what is new, makes the message of it.

Asked after each crawl, and now and then between; nothing here waits or remembers.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from hanoiwatch.alerts.notices import OperatorTerms, make_message
from hanoiwatch.app import App
from hanoiwatch.config import Config
from hanoiwatch.errors import ConfigError
from hanoiwatch.sources.cron import cron_fault
from hanoiwatch.sources.schema import Source
from hanoiwatch.store.engine import write
from hanoiwatch.store.hosts import RobotsFile
from hanoiwatch.store.notices import Concern, keep_concerns
from hanoiwatch.urls import host_of
from indexer.vanished import last_wave
from scheduler.checks import REMEMBERED
from scheduler.concerns import (
    MachineFacts,
    SourceFacts,
    concerns_of_machine,
    concerns_of_source,
)
from scheduler.crawls import is_crawled
from scheduler.overview import launches_by_source, silence_of
from scheduler.silence import LOOKED_BACK

PATIENCE = timedelta(hours=6)
"""A channel that takes nothing for so long is told of: mail servers restart now and then."""


def operator_terms(config: Config) -> OperatorTerms:
    """Whom to tell, and when. Raises ConfigError where `operator.digest` cannot be followed."""
    operator = config.operator
    if operator.digest != "immediately" and (fault := cron_fault(operator.digest)):
        raise ConfigError(f"`operator.digest`: write immediately, or a cron expression: {fault}.")
    return OperatorTerms(channels=operator.channels, digest=operator.digest)


def tell_operator(app: App, sources: Sequence[Source], now: datetime) -> None:
    """Notes what the operator should know, and makes a message of it where it is time.

    Raises ConfigError as `operator_terms`. Nothing where nobody is to be told.
    """
    terms = operator_terms(app.config)
    if not terms.channels:
        return
    concerns = tuple(concerns_of(app, sources, now))
    if concerns or app.record.notices.any_current():
        with write(app.record.engine) as connection:
            keep_concerns(connection, concerns, now)
    make_message(app.record, terms, now, busy=_is_busy(app, sources))


def concerns_of(app: App, sources: Sequence[Source], now: datetime) -> Iterator[Concern]:
    """All that is so now."""
    yield from concerns_of_machine(_machine_facts(app, sources, now))
    for facts in _source_facts(app, sources, now):
        yield from concerns_of_source(facts, now)


def _machine_facts(app: App, sources: Sequence[Source], now: datetime) -> MachineFacts:
    record = app.record  # first of all: it makes the folder
    return MachineFacts(
        free_bytes=shutil.disk_usage(app.config.data_path).free,
        robots=dict(_robots(app, sources)),
        channels=record.messages.troubles(now - PATIENCE),
        faults={name: str(fault) for name, fault in app.alerts.book().faults.items()},
    )


def _robots(app: App, sources: Sequence[Source]) -> Iterator[tuple[str, RobotsFile]]:
    """Of every host that a source names, as last fetched."""
    hosts = {
        host_of(url)
        for source in sources
        for url in (source.home, *source.discover.feeds, *source.discover.sitemaps,
                    *source.discover.sections)
    }  # fmt: skip
    for host in sorted(hosts):
        robots = app.record.hosts.robots(host)
        if robots is not None:
            yield host, robots


def _source_facts(app: App, sources: Sequence[Source], now: datetime) -> Iterator[SourceFacts]:
    record = app.record
    launches = launches_by_source(app)
    seen = record.attention.first_seen(now - LOOKED_BACK)
    alarms = {alarm.source: alarm for alarm in record.vanished.alarms()}
    verdicts = record.verdicts.all()
    for source in sources:
        name = source.name
        own = launches.get(name, [])
        yield SourceFacts(
            source=name,
            launches=own,
            unreadable=record.listings.unreadable(name),
            quiet=silence_of(own, seen.get(name, [])),
            alarm=alarms.get(name),
            wave=last_wave(record, name),
            collapses=record.drifts.recent(name, now - REMEMBERED),
            verdict=verdicts.get(name),
        )


def _is_busy(app: App, sources: Sequence[Source]) -> bool:
    """Whether more is to come within minutes: a crawl goes on, or sources wait to be tried.

    While every source is tried for the first time, the crawls that follow are not waited for.
    """
    going = [one for one in app.record.launches.open() if is_crawled(app.config, one.source)]
    if any(one.kind == "check" for one in going):
        return True
    untried = {source.name for source in sources} - set(app.record.verdicts.all())
    first_day = bool(going) and all(one.why == "first" for one in going)
    return bool(untried) if first_day else bool(going)

"""Trying sources: one polite look at all that their files name, by the crawl itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from hanoiwatch.app import App
from hanoiwatch.clock import now
from hanoiwatch.sources.schema import Source
from hanoiwatch.store.verdicts import Verdict
from hanoiwatch.urls import host_of
from indexer.drift.usual import YOUNG
from scheduler.crawls import CrawlOptions, CrawlReport, crawl_sources
from scheduler.verdict import Tried, judge

ARTICLES = 3
"""Enough to see a template, few enough to be no burden."""
A_CHECK = CrawlOptions(limit=ARTICLES, check=True)
REMEMBERED = timedelta(days=7)
"""How long collapsed fields and suspect pages are told of by every check."""


def check_sources(app: App, sources: Sequence[Source]) -> Iterator[Verdict]:
    """Tries each source, keeps its verdict, and gives it. In the order of ``sources``.

    It is a crawl of its own kind: lists are polled and three articles fetched, archived and
    recorded by the same machinery with all its guards; what else is listed waits for a crawl.
    """
    names = [source.name for source in sources]
    reports, _ = crawl_sources(app, names, A_CHECK)
    for source, report in zip(sources, reports, strict=True):
        yield keep_verdict(app, source, report)


def keep_verdict(app: App, source: Source, report: CrawlReport) -> Verdict:
    """What the crawl `A_CHECK` of a source has shown, once all that it brought was read."""
    verdict = judge(_tried(app, source, report), now(), enough=YOUNG)
    app.record.verdicts.keep(verdict)
    return verdict


def _tried(app: App, source: Source, report: CrawlReport) -> Tried:
    record, host = app.record, host_of(source.home)
    run_id = record.runs.last(source.name)
    drift = record.drifts.of_run(source.name, run_id)
    return Tried(
        source=source.name,
        host=host,
        problem=report.problems[-1] if report.outcome == "failed" and report.problems else "",
        robots=record.hosts.robots(host),
        named=frozenset(
            (*source.discover.feeds, *source.discover.sitemaps, *source.discover.sections)
        ),
        lists=tuple(record.verdicts.lists_of(run_id)),
        pages=tuple(record.verdicts.pages_of(run_id)),
        collapses=tuple(record.drifts.recent(source.name, now() - REMEMBERED)),
        suspects=tuple(record.drifts.recent_suspects(source.name, now() - REMEMBERED)),
        known=drift.known if drift else 0,
    )

"""Runs one crawl under Scrapy in this process, once: Twisted's reactor cannot be started twice."""

from __future__ import annotations

import asyncio
import logging
import os
import signal

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.begin import begin, source_lock
from crawler.engine import general_settings, source_settings
from crawler.events import EVERY_SECONDS, Events
from crawler.lifeline import follow_parent
from crawler.order import Order
from crawler.run import CrawlRun
from crawler.spider import SourceSpider
from hanoiwatch.sources.loader import choose, load_sources
from hanoiwatch.sources.schema import Source
from hanoiwatch.store import Record

ENDS_WITHIN_SECONDS = 4.0
"""What is under way when the run is told to stop may take this long; the rest is let go.
The parent kills after ten."""


def crawl_in_this_process(order: Order, events: Events) -> int:
    """The exit code. Raises HanoiwatchError where the crawl could not begin."""
    source = _source(order)
    record = Record.open(order.config.record_path)
    try:
        with source_lock(order.config, source.name):
            run = begin(order.config, source, record, order.task)
            _crawl(run, events)
            return _report(run, events)
    finally:
        record.close()


def _source(order: Order) -> Source:
    (source,) = choose(load_sources(order.config.sources_path), names=(order.source,))
    return source


def _crawl(run: CrawlRun, events: Events) -> None:
    settings = Settings({**general_settings(), **source_settings(run.source, run.settings)})
    logging.disable(logging.INFO)  # Scrapy sets its own loggers to DEBUG
    process = AsyncCrawlerProcess(settings)
    loop = asyncio.get_event_loop()
    crawl = process.crawl(SourceSpider, run=run)
    beside = [loop.create_task(_tell_progress(run, events)), loop.create_task(_let_go(run, events))]
    stop_on_signals(loop, run)
    follow_parent(lambda: loop.call_soon_threadsafe(run.stop, "interrupted: the parent ended"))
    process.start(install_signal_handlers=False)
    for task in beside:
        task.cancel()
    broken = crawl.exception() if crawl.done() else None
    if broken is not None:
        raise broken


def stop_on_signals(loop: asyncio.AbstractEventLoop, run: CrawlRun) -> None:
    """SIGTERM and SIGINT end the run in order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, run.stop, f"interrupted by {number.name}")


async def _tell_progress(run: CrawlRun, events: Events) -> None:
    while True:
        events.progress(run.tally.counts())
        await asyncio.sleep(EVERY_SECONDS)


async def _let_go(run: CrawlRun, events: Events) -> None:
    """Ends the process when the run was stopped and Scrapy still waits for answers."""
    await run.stopped()
    await asyncio.sleep(ENDS_WITHIN_SECONDS)
    await run.close()
    code = _report(run, events)
    os._exit(code)


def _report(run: CrawlRun, events: Events) -> int:
    events.report(
        counts=run.tally.counts(),
        problems=run.tally.problems,
        reason=run.stop_reason or _open_reason(run),
    )
    return 1 if run.stop_reason or not run.closed else 0


def _open_reason(run: CrawlRun) -> str:
    return "" if run.closed else "the crawl ended without closing its run"

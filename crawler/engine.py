"""Scrapy's settings for a crawl: its own habits off, ours on. Made from typed settings, once."""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult

from hanoiwatch.config import CrawlConfig
from hanoiwatch.sources.schema import Source

UNPACED_CONCURRENCY = 16
"""Requests at once to our own loopback servers; a live host gets one at a time."""

_MIDDLEWARES = {
    "crawler.middlewares.guard.Guard": 100,
    "crawler.middlewares.robots.Robots": 200,
    "crawler.middlewares.agent.Agent": 300,
    "crawler.middlewares.backoff.BackOff": 400,
    "crawler.middlewares.pace.PaceKeeper": 500,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 600,
    "crawler.middlewares.archive.Archive": 900,
}
"""Low numbers see a request first and its response last."""


class Quiet(LogFormatter):
    """Scrapy's line per response is not ours: each run logs its own."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:  # noqa: ARG002 - Scrapy's signature
        return None  # type: ignore[return-value]  # documented: None means no line


def general_settings() -> dict[str, Any]:
    """What holds for every source."""
    return {
        "BOT_NAME": "hanoiwatch",
        # ours instead: see _MIDDLEWARES. Scrapy's decode bodies, hide redirects, take a
        # robots.txt that cannot be had for a yes, and follow proxies of the environment.
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": _MIDDLEWARES,
        "SPIDER_MIDDLEWARES_BASE": {},  # they drop answers that are no 200
        "EXTENSIONS_BASE": {},  # no console, no remote control, no feed export
        "DOWNLOAD_HANDLERS": {"file": None, "data": None, "ftp": None, "s3": None},
        "DOWNLOAD_DELAY": 0,  # the pace is kept across processes, in the record
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingHostnameResolver",  # IPv6 as well
        # the record says what is asked for; the queue only keeps order
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.ScrapyPriorityQueue",
        "CONCURRENT_ITEMS": 1,  # Scrapy makes so many tasks for each response; we yield no items
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "STATS_DUMP": False,
        "LOG_FORMATTER": "crawler.engine.Quiet",
        "LOG_INSTALL_ROOT_HANDLER": False,  # `hanoiwatch.log` has set up logging
        "LOG_LEVEL": "WARNING",
    }


def source_settings(source: Source, settings: CrawlConfig) -> dict[str, Any]:
    """What depends on the source and on our limits."""
    concurrency = 1 if source.delay_seconds > 0 else UNPACED_CONCURRENCY
    return {
        "CONCURRENT_REQUESTS": concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        "DOWNLOAD_TIMEOUT": settings.timeout_seconds,
        "DOWNLOAD_MAXSIZE": settings.max_body_bytes,
    }

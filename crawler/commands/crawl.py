"""``scrapy crawl NAME``: as Scrapy does it, and then the articles are made findable."""

from __future__ import annotations

import argparse
import asyncio
import sys

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from crawler.process import stop_on_signals
from crawler.run import CrawlRun
from crawler.settings import SourceLoader, task_of
from hanoiwatch.errors import HanoiwatchError


class Command(crawl.Command):
    """Exit code 1, with one sentence, where the crawl or what follows it failed."""

    def long_desc(self) -> str:
        return f"{self.short_desc()}. Arguments (-a): limit=N, since=DATE, refetch=yes."

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError
        assert self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        assert isinstance(loader, SourceLoader)
        try:
            task = task_of(opts.spargs)
        except ValueError as error:
            raise UsageError(str(error)) from error
        try:
            with loader.crawling(args[0], task) as run:
                self.crawler_process.crawl(self._create_crawler(args[0]), run=run)
                stop_on_signals(asyncio.get_event_loop(), run)
                self.crawler_process.start(install_signal_handlers=False)
                failed = run.stop_reason
                _say_how_it_went(run)
        except HanoiwatchError as error:
            failed = str(error)
        if failed or self.crawler_process.bootstrap_failed:
            print(f"Error: {failed or 'the crawl could not start.'}", file=sys.stderr)
            self.exitcode = 1


def _say_how_it_went(run: CrawlRun) -> None:
    counts = ", ".join(f"{count} {name}" for name, count in run.tally.counts().items())
    for line in (counts, *run.tally.problems):
        print(f"{run.source.name}: {line}", file=sys.stderr)

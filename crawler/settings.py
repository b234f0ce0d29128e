"""Scrapy's own way in: ``scrapy list``, ``scrapy crawl NAME [-a limit=N] [-a since=DATE]``.

The one module below `hanoiwatch.app` that asks it for the real objects, so that a crawl started
by Scrapy's command goes through the same pipeline as ``hanoiwatch crawl``: captures, then
extraction, record and index.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from crawler.begin import begin, source_lock
from crawler.engine import general_settings, source_settings
from crawler.run import CrawlRun, Task
from crawler.spider import SourceSpider
from hanoiwatch.app import App, open_app
from hanoiwatch.clock import HANOI
from hanoiwatch.config import load_config
from hanoiwatch.errors import HanoiwatchError

globals().update(general_settings())
LOG_INSTALL_ROOT_HANDLER = True  # here nobody else has set up logging
SPIDER_LOADER_CLASS = "crawler.settings.SourceLoader"
COMMANDS_MODULE = "crawler.commands"


class SourceLoader:
    """Gives Scrapy one spider for every source that a file defines."""

    def __init__(self, app: App) -> None:
        self._app = app

    @classmethod
    def from_settings(cls, _settings: BaseSettings) -> Self:
        try:
            app = open_app(load_config(environment=os.environ))
            _ = app.sources  # a wrong source file is told of before anything runs
        except HanoiwatchError as error:
            sys.exit(f"Error: {error}")
        return cls(app)

    def list(self) -> Sequence[str]:
        return [*self._app.sources]

    def load(self, spider_name: str) -> type[Spider]:
        """The source's spider. Raises KeyError, as Scrapy expects, for an unknown name."""
        source = self._app.sources[spider_name]
        settings = source_settings(source, self._app.config.crawl)
        members = {"name": source.name, "custom_settings": settings}
        return type("NamedSpider", (SourceSpider,), members)

    def find_by_request(self, _request: Request) -> Sequence[str]:
        """No address belongs to a spider: sources are named."""
        return ()

    @contextmanager
    def crawling(self, name: str, task: Task) -> Iterator[CrawlRun]:
        """A run of the source; after the block its articles are made findable.

        Raises HanoiwatchError: UnknownSourceError, BusyError, ConfigError, of the record.
        """
        with self._app as app:
            (source,) = app.chosen_sources((name,))
            with source_lock(app.config, name):
                yield begin(app.config, source, app.record, task)
            app.index_pending()


def task_of(arguments: Mapping[str, str]) -> Task:
    """What ``-a NAME=VALUE`` asks for. Raises ValueError with the reason."""
    unknown = arguments.keys() - {"limit", "since", "refetch"}
    if unknown:
        raise ValueError(f"there is no argument {min(unknown)!r}")
    limit, since = arguments.get("limit"), arguments.get("since")
    moment = datetime.fromisoformat(since) if since else None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=HANOI)
    return Task(limit=int(limit) if limit else None, since=moment, refetch="refetch" in arguments)

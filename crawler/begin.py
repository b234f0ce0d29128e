"""Beginning a crawl: the source's lock, our name, an archive made whole, a run in the record."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from crawler.browser.find import Missing, find_browser
from crawler.run import CrawlRun, Task
from crawler.trust import trust_someone
from hanoiwatch import __version__
from hanoiwatch.archive import trim_tails
from hanoiwatch.config import Config
from hanoiwatch.errors import BusyError, ConfigError
from hanoiwatch.locks import FileLock
from hanoiwatch.log import logger
from hanoiwatch.sources.schema import Source
from hanoiwatch.store import Record

LOCK_SECONDS = 8.0
"""A child that lost its parent ends within four seconds (`crawler.process`)."""


@contextmanager
def source_lock(config: Config, source: str) -> Iterator[None]:
    """Raises BusyError while another process crawls the source.

    Waits a little first: a crawl whose parent was killed needs some seconds to end in order.
    """
    with FileLock(config.data_path / "locks" / f"{source}.lock") as lock:
        patience = time.monotonic() + LOCK_SECONDS
        while not lock.acquire() and time.monotonic() < patience:
            time.sleep(0.2)
        if not lock.acquire():
            raise BusyError(
                f"{source} is being crawled already, by process {lock.holder() or '?'}: wait for "
                "it to end."
            )
        yield


def begin(config: Config, source: Source, record: Record, task: Task) -> CrawlRun:
    """A new run of the source. The caller holds its lock.

    What a crash left unrecorded in the archive is trimmed first. Raises ConfigError, and what
    the record and the archive raise.
    """
    agent = user_agent(config, source)
    trust_someone()
    trimmed = trim_tails(config.archive_path, record.captures.committed_lengths)
    for each in trimmed:
        logger(__name__).info("archive trimmed", file=each.file, kind=each.kind, bytes=each.bytes)
    run = CrawlRun(
        source=source,
        settings=config.crawl,
        agent=agent,
        record=record,
        archive_folder=config.archive_path,
        task=task,
    )
    run.tally.problems.extend(str(each) for each in trimmed if each.is_loss)
    if source.fetch.render != "never":
        run.browser, run.browser_settings = find_browser(config.browser), config.browser
        if isinstance(run.browser, Missing):
            run.tally.problems.append(
                f"render = {source.fetch.render!r}, but {run.browser.reason} "
                "Until then pages are read as they are served."
            )
    return run


def user_agent(config: Config, source: Source) -> str:
    """Our name, and whom to write to. Raises ConfigError: a live source without a contact."""
    if config.user_agent_contact:
        return f"hanoiwatch/{__version__} (+{config.user_agent_contact})"
    if source.is_local:
        return f"hanoiwatch/{__version__}"
    raise ConfigError(
        f"`user_agent_contact` is not set, and {source.name} is a live site: put an address where "
        "its people can reach you into hanoiwatch.toml before crawling it."
    )

"""Beginning a crawl: the source, its lock, our name, an archive made whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crawler.run import CrawlRun, Task
from hanoiwatch import __version__
from hanoiwatch.archive import trim_tails
from hanoiwatch.config import Config
from hanoiwatch.errors import BusyError, ConfigError
from hanoiwatch.locks import FileLock
from hanoiwatch.log import logger
from hanoiwatch.sources.schema import Source
from hanoiwatch.store import Record


@contextmanager
def begun(config: Config, source: Source, record: Record, task: Task) -> Iterator[CrawlRun]:
    """A run of the source that no other process crawls while this lasts.

    Raises BusyError, ConfigError, or what the record and the archive raise.
    """
    agent = user_agent(config, source)
    with source_lock(config, source.name):
        problems = _make_whole(config, record)
        run = CrawlRun(
            source=source,
            settings=config.crawl,
            agent=agent,
            record=record,
            archive_folder=config.archive_path,
            task=task,
        )
        run.tally.problems.extend(problems)
        yield run


def _make_whole(config: Config, record: Record) -> list[str]:
    """Trims what a crash left in the archive; returns what is missing from it, in words."""
    found = trim_tails(config.archive_path, record.captures.committed_lengths)
    for trimmed in found:
        logger(__name__).info("archive trimmed", file=trimmed.file, kind=trimmed.kind)
    return [str(trimmed) for trimmed in found if trimmed.is_loss]


def user_agent(config: Config, source: Source) -> str:
    """Our name, and whom to write to. Raises ConfigError: a live source without a contact."""
    if config.user_agent_contact:
        return f"hanoiwatch/{__version__} (+{config.user_agent_contact})"
    if source.is_local:
        return f"hanoiwatch/{__version__}"
    raise ConfigError(
        f"{source.name} is a live site: set `user_agent_contact` to an address where its people "
        "can reach you before crawling it."
    )


@contextmanager
def source_lock(config: Config, source: str) -> Iterator[None]:
    """Raises BusyError while another process crawls the source."""
    lock = FileLock(config.data_path / "locks" / f"{source}.lock")
    with lock:
        if not lock.acquire():
            raise BusyError(
                f"{source} is being crawled already, by process {lock.holder() or '?'}: wait for "
                "it to end."
            )
        yield

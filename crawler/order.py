"""The task line that a parent gives its child."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from crawler.run import Task
from hanoiwatch.clock import from_stored
from hanoiwatch.config import Config, config_from_json
from hanoiwatch.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    config: Config
    source: str
    task: Task
    ahead: timedelta = timedelta()
    """How far this process's clock runs ahead (`hanoiwatch.clock.run_ahead`)."""


def read_order(line: str) -> Order:
    """One JSON object: ``config`` (its own JSON as text), ``source``, ``ahead_seconds``, and what
    `Task` says, ``since`` as the record stores times. Raises ConfigError."""
    try:
        said = json.loads(line)
        since = said.get("since")
        return Order(
            config=config_from_json(said["config"]),
            source=said["source"],
            task=Task(
                limit=said.get("limit"),
                since=from_stored(since) if since else None,
                refetch=bool(said.get("refetch")),
                pages=tuple(said.get("pages", ())),
                check=bool(said.get("check")),
            ),
            ahead=timedelta(seconds=said.get("ahead_seconds", 0)),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"the task of this crawl cannot be read: {error!r}.") from error

"""Logging: structured, to stderr; readable on a terminal, JSON otherwise.

Each unit of work logs one line: event, outcome, ids, duration.
"""

from __future__ import annotations

import logging
import sys
from typing import Any


def configure_logging(*, verbose: bool = False) -> None:
    """Sets up structlog and the standard library's loggers. Called once, by entry points."""
    import structlog

    level = logging.INFO if verbose else logging.WARNING
    readable = sys.stderr.isatty()
    renderer: Any = (
        structlog.dev.ConsoleRenderer()
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")


def logger(name: str) -> Any:
    """A structlog logger; structlog is imported here because it takes 0.15 s."""
    import structlog

    return structlog.get_logger(name)

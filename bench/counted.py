"""``python -m bench.counted FILE crawl …``: the command line, its indexer's stages timed.

It runs `hanoiwatch` as it is, with a clock around the two calls that share the main thread,
recording and indexing, and writes the seconds of processor time of each to FILE as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from hanoiwatch.cli import main as command_line
from indexer import pipeline


def main(file: str, *arguments: str) -> int:
    seconds: Counter[str] = Counter()
    pipeline.record_readings = _timed(pipeline.record_readings, "record", seconds)  # type: ignore[attr-defined]  # put in its place on purpose
    pipeline.index_changes = _timed_steps(pipeline.index_changes, "index", seconds)  # type: ignore[attr-defined]  # the same
    try:
        return command_line.run(list(arguments))
    finally:
        Path(file).write_text(json.dumps(seconds))


def _timed(work: Callable[..., Any], name: str, seconds: Counter[str]) -> Callable[..., Any]:
    @wraps(work)
    def timed(*arguments: Any, **options: Any) -> Any:
        started = time.thread_time()
        try:
            return work(*arguments, **options)
        finally:
            seconds[name] += time.thread_time() - started

    return timed


def _timed_steps(
    work: Callable[..., Iterator[Any]], name: str, seconds: Counter[str]
) -> Callable[..., Iterator[Any]]:
    @wraps(work)
    def timed(*arguments: Any, **options: Any) -> Iterator[Any]:
        step = _timed(lambda: next(steps, None), name, seconds)
        steps = work(*arguments, **options)
        while (done := step()) is not None:
            yield done

    return timed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

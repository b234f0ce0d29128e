"""What a crawl tells its parent, line by line."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

EVERY_SECONDS = 0.2
"""Progress is told at most five times a second."""


class Events:
    """JSON lines on a stream; a parent that no longer listens is no error."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._told_at = 0.0

    def progress(self, counts: Mapping[str, int]) -> None:
        if time.monotonic() - self._told_at >= EVERY_SECONDS:
            self._told_at = time.monotonic()
            self._say({"event": "progress", "counts": dict(counts)})

    def report(
        self, *, counts: Mapping[str, int], problems: Sequence[str], reason: str = "",
        busy: bool = False,
    ) -> None:  # fmt: skip
        """``busy``: another process crawls the source, and nothing was done."""
        self._say(
            {"event": "report", "counts": dict(counts), "problems": list(problems),
             "reason": reason, "busy": busy}
        )  # fmt: skip

    def _say(self, event: Mapping[str, Any]) -> None:
        try:
            self._stream.write(json.dumps(event, ensure_ascii=False) + "\n")
            self._stream.flush()
        except (BrokenPipeError, ValueError):
            pass

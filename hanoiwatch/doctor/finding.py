"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from hanoiwatch.config import Config
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.sources.loader import choose, load_sources
from hanoiwatch.sources.schema import Source

State = Literal["ok", "note", "missing"]
"""``note``: to be known, and nothing that is needed now. ``missing``: the exit code is 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    check: str
    state: State
    said: str
    do: str = ""
    """The one thing to do about it."""


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What is examined. ``settings_file`` None: there is none, all is by default."""

    config: Config
    settings_file: Path | None = None

    @cached_property
    def sources(self) -> tuple[Source, ...] | HanoiwatchError:
        """Those that a crawl takes, or why their files cannot be used."""
        try:
            known = load_sources(self.config.sources_path)
            return choose(known, self.config.sources.enabled)
        except HanoiwatchError as error:
            return error

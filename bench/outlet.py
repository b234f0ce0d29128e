"""The loopback outlet that a measurement crawls, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from hanoiwatch.sample.source import SOURCE_NAME, source_toml

END_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletSize:
    """How many articles of about how many thousand bytes, and how long each answer waits."""

    articles: int
    padding_kb: int = 0
    latency_ms: float = 0.0


class OutletProcess:
    """``with OutletProcess(size) as outlet: outlet.url``: it answers until the block ends.

    Its pages are made and compressed before the first request, so that they cost nobody's time.
    """

    name = SOURCE_NAME

    def __init__(self, size: OutletSize) -> None:
        self.size = size
        self.url = ""
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        size = self.size
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "hanoiwatch.sample", "--print-url", "--warm",
                "--articles", str(size.articles), "--padding-kb", str(size.padding_kb),
                "--latency-ms", str(size.latency_ms),
            ],
            stdin=subprocess.PIPE,  # it ends when this closes, so also when we are killed
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("the sample outlet did not start; its words are above.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process = self._process
        assert process is not None
        with process:  # closes its pipes
            process.terminate()
            process.wait(END_SECONDS)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def source_file(self) -> str:
        """The outlet as a user would describe it: every list, and the family of its CMS."""
        name = f'name = "{self.name}"\n'
        return source_toml(self.url).replace(name, f'{name}family = "onecms"\n')

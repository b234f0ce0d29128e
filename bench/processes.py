"""A crawl as a group of processes that can be killed, whole or one by one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

import psutil

Target = Literal["group", "parent", "child", "worker"]
"""Everything at once; the command itself; the process that crawls; one that extracts."""

GONE_SECONDS = 60.0
"""By then what is left of a crawl has ended by itself, on a busy machine too: a child gives open
requests 4 s."""

LOOK_SECONDS = 0.01

_SIGN: dict[Target, str] = {"child": "crawler.child", "worker": "spawn_main"}
"""In the command line of such a process."""


class RunningCrawl:
    """``hanoiwatch crawl`` in a process group of its own, in ``folder``."""

    def __init__(self, folder: Path, options: Sequence[str] = ()) -> None:
        self._log = folder / "crawl.log"
        path = {"PYTHONPATH": str(Path(__file__).parents[1])}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hanoiwatch", "crawl", *options],
                cwd=folder,
                env=os.environ | path,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._group = self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def kill_first(self, target: Target) -> bool:
        """SIGKILL as soon as there is such a process; False where the crawl ended before."""
        while self.running:
            if target == "group":
                os.killpg(self._group, signal.SIGKILL)
                self._process.wait()
                return True
            pids = [self._group] if target == "parent" else self._with_sign(_SIGN[target])
            with suppress(ProcessLookupError):
                if pids:
                    os.kill(pids[0], signal.SIGKILL)
                    return True
            time.sleep(LOOK_SECONDS)
        return False

    def _with_sign(self, sign: str) -> list[int]:
        return [pid for pid, command in self.members().items() if sign in command]

    def members(self) -> dict[int, str]:
        """The command line of each process of the group that is alive, by its id."""
        found: dict[int, str] = {}
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                if os.getpgid(process.pid) == self._group and process.status() != "zombie":
                    found[process.pid] = " ".join(process.cmdline())
        return found

    def wait(self, seconds: float) -> int:
        """The exit code. Raises subprocess.TimeoutExpired."""
        return self._process.wait(seconds)

    def leftovers(self) -> dict[int, str]:
        """What of the group is alive `GONE_SECONDS` after its command ended; ideally nothing."""
        until = time.monotonic() + GONE_SECONDS
        while (alive := self.members()) and time.monotonic() < until:
            time.sleep(0.1)
        return alive

    def last_words(self, lines: int = 8) -> str:
        """The end of what the crawls in this folder wrote."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])

    def end(self) -> None:
        """Nothing of the group is left when this returns."""
        with suppress(ProcessLookupError):
            os.killpg(self._group, signal.SIGKILL)
        self._process.wait()

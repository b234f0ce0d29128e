"""Runs a program and measures it and all of its processes: time, processor time, memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.1
PSS_EVERY = 5
"""Samples. The kernel walks every mapping for it, which costs some milliseconds a process."""

MB = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a program used, with every process that it started and waited for."""

    code: int
    output: str
    """Standard output."""
    wall_seconds: float
    cpu_seconds: float
    """User and system, as the kernel accounts it."""
    peak_rss_mb: float
    """The largest sum of resident memory at one moment; shared pages count once a process."""
    peak_pss_mb: float
    """The same with shared pages divided among those who share them."""
    cpu_by_part: Mapping[str, float] = field(default_factory=dict)
    """Seconds by what `part_of` said of each thread, up to the last sample before its end."""


PartOf = Callable[[psutil.Process, int], str]
"""The name of a thread's work: ``(its process, its id)``."""


def measured(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path,
    part_of: PartOf | None = None,
) -> Usage:
    """Runs ``command`` in ``folder`` to its end. What it writes to stderr is shown."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=dict(environment), stdout=subprocess.PIPE, text=True
    )
    sampler = _Sampler(process.pid, part_of)
    sampler.start()
    assert process.stdout is not None
    with process.stdout:
        output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)  # else it would be waited for again
    sampler.stop()
    return Usage(
        code=process.returncode,
        output=output,
        wall_seconds=wall,
        cpu_seconds=used.ru_utime + used.ru_stime,
        peak_rss_mb=sampler.peak_rss / MB,
        peak_pss_mb=sampler.peak_pss / MB,
        cpu_by_part=sampler.cpu_by_part(),
    )


class _Sampler(threading.Thread):
    """Looks at a process and its descendants several times a second."""

    def __init__(self, pid: int, part_of: PartOf | None) -> None:
        super().__init__(daemon=True, name="sampler")
        self.peak_rss = self.peak_pss = 0
        self._root, self._part_of = psutil.Process(pid), part_of
        self._ended = threading.Event()
        self._threads: dict[tuple[int, float, int], tuple[str, float]] = {}

    def run(self) -> None:
        turn = 0
        while not self._ended.wait(SAMPLE_SECONDS):
            with suppress(psutil.Error):  # the root itself has ended
                processes = [self._root, *self._root.children(recursive=True)]
                self._sample(processes, with_pss=turn % PSS_EVERY == 0)
            turn += 1

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def cpu_by_part(self) -> dict[str, float]:
        parts: dict[str, float] = {}
        for part, seconds in self._threads.values():
            parts[part] = parts.get(part, 0.0) + seconds
        return parts

    def _sample(self, processes: Sequence[psutil.Process], *, with_pss: bool) -> None:
        rss = pss = 0
        for process in processes:
            with suppress(psutil.Error):  # it ended between two looks
                rss += process.memory_info().rss
                if with_pss:
                    pss += process.memory_full_info().pss
                self._note_threads(process)
        self.peak_rss, self.peak_pss = max(self.peak_rss, rss), max(self.peak_pss, pss)

    def _note_threads(self, process: psutil.Process) -> None:
        if self._part_of is None:
            return
        for thread in process.threads():
            key = (process.pid, process.create_time(), thread.id)
            part = self._threads[key][0] if key in self._threads else ""
            self._threads[key] = (
                part or self._part_of(process, thread.id),
                thread.user_time + thread.system_time,
            )


def compiled_environment(cache: Path, **more: str) -> dict[str, str]:
    """The environment in which Python keeps its bytecode, as an installed program has it."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"PYTHONPYCACHEPREFIX": str(cache)} | more

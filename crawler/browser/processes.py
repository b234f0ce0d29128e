"""Every process of one browser, found again by a mark in its environment.

Chromium's helpers leave its process group and its session (the crash handlers), or write over
their environment (renderers). The mark finds the first kind, kinship the second.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import psutil

MARK = "HANOIWATCH_BROWSER"
"""Environment variable; its value is the browser's own folder."""

END_SECONDS = 5.0


def marked(mark: str) -> list[psutil.Process]:
    """The processes of the browser that ``mark`` names, its helpers with them."""
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                found[process.pid] = process
    for process in list(found.values()):
        with suppress(psutil.Error):
            found.update((child.pid, child) for child in process.children(recursive=True))
    return list(found.values())


def end_all(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Kills them at once. Returns those that are still there after `END_SECONDS`."""
    killed = list(processes)
    for process in killed:
        with suppress(psutil.Error):
            process.kill()
    _, left = psutil.wait_procs(killed, timeout=END_SECONDS)
    return list(left)


def megabytes(processes: Iterable[psutil.Process]) -> float:
    """What they take of memory: pages that several share are counted in parts where the system
    tells them (Linux), else in each."""
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            total += _bytes(process)
    return total / 1e6


def _bytes(process: psutil.Process) -> int:
    try:
        parts = process.memory_full_info()
        return int(getattr(parts, "pss", 0) or parts.rss)
    except psutil.AccessDenied:
        return int(process.memory_info().rss)

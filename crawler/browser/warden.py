"""Ends a browser whose crawl is gone: ``python -m crawler.browser.warden FOLDER``.

A crawl that is killed cannot clean up. This process can: it waits until its stdin ends, which
happens with the crawl however that ends, then kills every process that carries the folder's mark
and removes the folder, with the profile in it. It has a session of its own, so that a signal to
the crawl's process group does not reach it. The next browser sweeps what is left where even this
process was killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from crawler.browser.processes import end_all, marked
from hanoiwatch.locks import FileLock

PREFIX = "hanoiwatch-browser-"
"""Of the folders' names in the system's temporary folder: short, since sockets lie in them whose
paths may have a hundred characters."""

LOCK = "in-use"
MAKING_SECONDS = 600.0
"""A folder without a lock that is older was left by a crawl that ended while it made it."""
ROUNDS = 5
"""A process may be starting another one while it is killed."""


def main() -> int:
    folder = Path(sys.argv[1])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with FileLock(folder / LOCK) as lock:
        lock.acquire()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while os.read(0, 4096):
            pass
        clear(folder)
    return 0


def clear(folder: Path) -> None:
    """Ends what runs in ``folder`` and removes it."""
    for _ in range(ROUNDS):
        left = [process for process in marked(str(folder)) if process.pid != os.getpid()]
        if not left:
            break
        end_all(left)
    for _ in range(ROUNDS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


def sweep() -> None:
    """Clears folders that neither a crawl nor a warden holds any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not _is_ours(folder):
            continue
        with FileLock(folder / LOCK) as lock:
            if lock.acquire():
                clear(folder)


def _is_ours(folder: Path) -> bool:
    """Whether it is of this user, and not just being made."""
    try:
        said = folder.stat()
    except OSError:
        return False
    settled = (folder / LOCK).exists() or time.time() - said.st_mtime > MAKING_SECONDS
    return folder.is_dir() and said.st_uid == os.getuid() and settled


if __name__ == "__main__":
    sys.exit(main())

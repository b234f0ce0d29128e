"""What a page may do to the process that reads it: run in the processes of `test_pool`.

The task's URL says what happens.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from hanoiwatch.model import Reading, ReadNothing
from indexer.extract.worker import Desk, ReadTask


def misbehave(task: ReadTask, desk: Desk) -> Reading:
    parts = urlsplit(task.url)
    said = {key: values[0] for key, values in parse_qs(parts.query).items()}
    (desk.archive_folder / f"tried{parts.path.replace('/', '-')}-{time.time_ns()}").touch()
    match parts.path.strip("/").partition("/")[0]:
        case "hang":
            time.sleep(600)
        case "segfault":
            ctypes.string_at(0)
        case "exit":
            os._exit(3)
        case "raise":
            raise ValueError("the page is odd")
        case "kill-once":
            mark = Path(said["mark"])
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case "eat":
            bytearray(8 * 1024**3)
        case "slow":
            time.sleep(float(said["seconds"]))
    return ReadNothing(reason="empty", extractor="test", detail=f"{task.url} {os.getpid()}")

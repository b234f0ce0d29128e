"""A child that outlives its parent would crawl unseen: it follows the parent instead."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def follow_parent(ended: Callable[[], object]) -> None:
    """Calls ``ended`` once, from another thread, when stdin ends, as it does with the parent.

    On Linux the kernel also sends SIGTERM when the parent dies.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=_wait_for_end, args=(ended,), name="lifeline", daemon=True).start()


def _wait_for_end(ended: Callable[[], object]) -> None:
    # the descriptor, not sys.stdin: a thread inside its buffer would abort the interpreter's end
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        return
    ended()

"""A port on loopback that stays free until it is listened on.

Programs that take port 0 need none of this. Others are told a number beforehand, and a number that
the system hands to whoever asks for any (port 0, every outgoing connection) may be gone by then,
with other tests running beside. So these come from below that range.
"""

from __future__ import annotations

import os
import random
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"
_LOWEST = 10_000
_HANDED_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
_chance = random.Random(os.urandom(8))  # not the seed that every worker of a test run shares
_given: set[int] = set()


def free_port() -> int:
    """One that nobody listens on now, and that was not given before."""
    highest = _first_handed_out()
    while True:
        port = _chance.randrange(_LOWEST, highest)
        if port not in _given and _is_free(port):
            _given.add(port)
            return port


def _first_handed_out() -> int:
    try:
        first = int(_HANDED_OUT.read_text().split()[0])
    except OSError:  # no Linux
        first = 0
    return first if first > _LOWEST + 1000 else 32_768


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True

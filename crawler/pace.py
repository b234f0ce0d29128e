"""One pace per host, across processes: slots come from the record, silence too."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from crawler.plan import LONGEST_WAIT
from hanoiwatch.store.hosts import Hosts

Call = Callable[..., Awaitable[Any]]


class Pace:
    """When this process may ask a host.

    With a delay each request takes a slot in the record, so that several processes keep one
    pace. Without one (our own loopback servers) the record is asked once per host only, for a
    silence that an earlier run was told to keep.
    """

    def __init__(self, hosts: Hosts, call: Call) -> None:
        self._hosts, self._call = hosts, call
        self._quiet_until: dict[str, float] = {}

    async def slot(self, host: str, delay_seconds: float) -> float:
        """The Unix time at which the next request to ``host`` may go out.

        It may lie so far ahead that nobody will wait for it; then it is not taken again.
        """
        known = self._quiet_until.get(host)
        if known is not None and (delay_seconds <= 0 or is_far(known)):
            return known
        slot = float(await self._call(self._reserve, host, delay_seconds))
        if delay_seconds <= 0 or is_far(slot):
            self._quiet_until[host] = slot
        return slot

    async def quiet(self, host: str, until: float) -> None:
        """No request to ``host`` before ``until``, from any process."""
        self._quiet_until[host] = max(until, self._quiet_until.get(host, 0.0))
        await self._call(self._hosts.back_off, host, until)

    def _reserve(self, host: str, delay_seconds: float) -> float:
        return self._hosts.reserve(host, delay_seconds, time.time())


def is_far(unix_time: float) -> bool:
    """Whether it lies further ahead than a run waits."""
    return unix_time - time.time() > LONGEST_WAIT.total_seconds()


def as_moment(unix_time: float) -> datetime:
    return datetime.fromtimestamp(unix_time, UTC)

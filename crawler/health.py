"""Which hosts are down, as far as one run can tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

DOWN_AFTER = 6
"""Addresses of one host in a row that brought no answer, or one that says "not now". Different
ones: a page that never answers says nothing of its host, however often it is tried."""

LEFT_ALONE = timedelta(minutes=10)
"""After that, one request shows whether the host is back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Down:
    """A host is left alone."""

    until: datetime
    reason: str


class HostHealth:
    """Remembers what failed since each host's last answer."""

    def __init__(self) -> None:
        self._failing: dict[str, dict[str, str]] = {}
        self._down: dict[str, Down] = {}

    def answered(self, host: str) -> None:
        self._failing.pop(host, None)
        self._down.pop(host, None)

    def failed(self, host: str, url: str, reason: str, at: datetime) -> Down | None:
        """Returns Down when this makes the host one."""
        failing = self._failing.setdefault(host, {})
        failing[url] = reason
        if len(failing) < DOWN_AFTER:
            return None
        said = f"{host}: {len(failing)} addresses in a row failed, the last with {reason}"
        self._down[host] = Down(until=at + LEFT_ALONE, reason=said)
        return self._down[host]

    def is_down(self, host: str, at: datetime) -> Down | None:
        down = self._down.get(host)
        return down if down is not None and down.until > at else None

    def why_failed(self, host: str, url: str) -> str | None:
        """Why this address failed since the host's last answer; None: it did not."""
        return self._failing.get(host, {}).get(url)

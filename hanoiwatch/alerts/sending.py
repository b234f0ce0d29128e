"""What every sender is: the contract between deliveries and channels."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from hanoiwatch.alerts.rendering import Rendered

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
"""A channel that takes longer is down for this pass; no other waits for it."""


class Sender(Protocol):
    """One channel, opened for one pass of deliveries; used from one thread.

    ``keyed``: a receiver can tell that it has a message already, by the message's key. What may
    have arrived is then sent again as often as needed, else once.
    """

    keyed: bool

    def send(self, message: Rendered, now: datetime) -> str:
        """Returns what the channel answered. Raises DeliveryError."""

    def close(self) -> None:
        """Never raises."""

"""Telegram, Slack, Teams, ntfy and the rest, by Apprise. Imported only where one is used.

Apprise answers yes or no; its log says why. None of these services takes an idempotency key from
it, so what may have arrived is sent again once at most.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from hanoiwatch.alerts.rendering import Rendered
from hanoiwatch.errors import ConfigError, DeliveryError

MOST_TEXT = 3_500
"""Characters: what the strictest of the usual services (Telegram, 4,096) takes in one message."""


class RelaySender:
    keyed = False

    def __init__(self, name: str, address: str) -> None:
        import apprise

        service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
        if service is None:
            scheme = address.partition(":")[0]
            raise ConfigError(
                f"channel `{name}`: Apprise cannot use this {scheme}: address; its list of "
                "services tells how each is written."
            )
        self._apprise = apprise.Apprise()
        self._apprise.add(service)

    def send(self, message: Rendered, now: datetime) -> str:  # noqa: ARG002 - of the protocol
        said = _Said()
        log = logging.getLogger("apprise")
        log.addHandler(said)
        try:
            sent = self._apprise.notify(title=message.subject, body=shortened(message.text))
        except Exception as error:  # a service's own code, with any error of its own
            reason = f"Apprise broke: {type(error).__name__}"
            raise DeliveryError(reason, down=True) from error
        finally:
            log.removeHandler(said)
        if not sent:
            raise DeliveryError(said.last or "Apprise could not send it", down=True)
        return "accepted"

    def close(self) -> None:
        """Apprise keeps nothing open."""


def shortened(text: str) -> str:
    """Cut between lines where it is too long for one message."""
    if len(text) <= MOST_TEXT:
        return text
    return text[:MOST_TEXT].rpartition("\n")[0] + "\n…"


class _Said(logging.Handler):
    """The last warning of Apprise: it names no address or key."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""

    def emit(self, record: Any) -> None:
        self.last = " ".join(record.getMessage().split())[:200]

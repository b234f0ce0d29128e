"""What a host's robots.txt lets us do. Pure; `crawler.middlewares.robots` fetches it.

A 4xx is a yes (RFC 9309), though 401 and 403 tell of a firewall. A 5xx, a 429, and a host that
does not answer are no yes: we wait (`docs/explanation/politeness.md`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from protego import Protego

from hanoiwatch.store.hosts import RobotsFile

AGENT_TOKEN = "hanoiwatch"  # noqa: S105 - the name that rules address, no secret

KEPT = timedelta(days=1)
ASKED_AGAIN_AFTER = timedelta(minutes=10)
"""Where it could not be fetched; until then no page of the host is asked for."""

MAX_BYTES = 500_000
"""RFC 9309 asks for at least 500 KiB; what comes after is not read."""

MAX_REDIRECTS = 5
"""RFC 9309: at least five consecutive redirects, to other hosts too."""

_FIREWALL = frozenset({401, 403})


class Rules(Protocol):
    """A parsed robots.txt, as Protego has it."""

    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A host's robots.txt, understood."""

    until: datetime
    """It is fetched anew after this."""
    rules: Rules | None = None
    """None: everything is allowed."""
    unavailable: str = ""
    """Why nothing may be fetched until it could be had."""
    warning: str = ""
    """What the operator should know."""

    def allows(self, url: str) -> bool:
        return self.rules is None or self.rules.can_fetch(url, AGENT_TOKEN)

    @property
    def delay_seconds(self) -> float:
        return (self.rules.crawl_delay(AGENT_TOKEN) or 0.0) if self.rules else 0.0


def understand(file: RobotsFile) -> Policy:
    """The policy that a robots.txt, or the failure to get one, stands for."""
    status, until = file.status, file.fetched_at + KEPT
    if status == 0 or status == 429 or status >= 500:  # noqa: PLR1714 - a range among them
        reason = file.reason or f"status {status}"
        return Policy(until=file.fetched_at + ASKED_AGAIN_AFTER, unavailable=reason)
    if status in _FIREWALL:
        return Policy(until=until, warning=f"robots.txt: status {status}, likely a firewall")
    if status != 200:
        return Policy(until=until)
    if _is_html(file.body):
        return Policy(until=until, warning="robots.txt is an HTML page: taken as no rules")
    return Policy(until=until, rules=Protego.parse(file.body))


def robots_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def robots_text(body: bytes) -> str:
    """The part of a robots.txt that is read. UTF-8 by the standard; other bytes do no harm."""
    return body[:MAX_BYTES].decode("utf-8-sig", errors="replace")


def _is_html(text: str) -> bool:
    start = text.lstrip()[:1000].lower()
    return start.startswith(("<!doctype html", "<html", "<head", "<script")) or "<html" in start

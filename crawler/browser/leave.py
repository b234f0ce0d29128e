"""What a page in the browser may ask for. Pure.

A page is shown for its text. What brings none is not loaded, so that a rendered page costs its
host little more than its scripts; and where a page may reach is what its source may (`addresses`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from crawler.addresses import refusal

NOT_LOADED = frozenset(
    {"image", "media", "font", "texttrack", "manifest", "ping", "cspviolationreport",
     "csp_report", "prefetch", "eventsource", "websocket"}
)  # fmt: skip
"""Kinds of requests that bring no text, or never end."""

MOST_REQUESTS = 80
"""Of one page that are let out. The pages of the press ask for 20 to 60 scripts and answers once
pictures and trackers are left out; a page that asks on and on is stopped here."""
MOST_DOCUMENTS = 3
"""Of one page: itself, and what it goes on to by itself, as one that sets a cookie first does."""

Verdict = Literal["let out", "not loaded", "tracker", "refused", "too many"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The source for which a page is shown: what it may reach hangs on it."""

    home: str
    is_local: bool

    def refusal(self, url: str) -> str | None:
        """Why nothing may be sent to ``url``; None: it may."""
        return refusal(url, home=self.home, home_is_local=self.is_local)


def judge_request(url: str, kind: str, place: Place, sent: int) -> Verdict:
    """For a request of kind ``kind`` (Playwright's word) after ``sent`` that were let out."""
    if kind in NOT_LOADED:
        return "not loaded"
    if is_tracker(urlsplit(url).hostname or ""):
        return "tracker"
    if place.refusal(url) is not None:
        return "refused"
    return "let out" if sent < MOST_REQUESTS else "too many"


def judge_connection(host: str, port: int, place: Place) -> Verdict:
    """For a connection of which only host and port are known: TLS, or a web socket."""
    name = f"[{host}]" if ":" in host else host
    if is_tracker(host):
        return "tracker"
    allowed: Callable[[str], bool] = lambda scheme: (  # noqa: E731 - said once, used twice
        place.refusal(f"{scheme}://{name}:{port}/") is None
    )
    return "let out" if allowed("https") or allowed("http") else "refused"


def is_tracker(host: str) -> bool:
    """Whether the host, or one above it, is in ``trackers.txt``."""
    labels = host.lower().rstrip(".").split(".")
    return any(".".join(labels[start:]) in _trackers() for start in range(len(labels)))


@cache
def _trackers() -> frozenset[str]:
    lines = Path(__file__).with_name("trackers.txt").read_text("utf-8").splitlines()
    names = (line.partition("#")[0].strip() for line in lines)
    return frozenset(name for name in names if name)

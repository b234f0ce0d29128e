"""What an answer means: pure decisions, no clock, no network, no record.

Every page that a run takes up ends with exactly one `FetchEnd`; the reasons it can name are made
here, and so is the time of its next visit (`docs/explanation/politeness.md`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urldefrag, urljoin, urlsplit

from hanoiwatch.clock import to_shown
from hanoiwatch.model import DuePage
from hanoiwatch.revisits import GONE_AGAIN_AFTER, planned_visit, visit_when_gone
from hanoiwatch.store.captures import FetchEnd
from hanoiwatch.urls import canonical_url, same_site

FAILED_AGAIN_AFTER = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""Waits after the first, second, … failure in a row; after the last one we give up."""

ROBOTS_AGAIN_AFTER = timedelta(days=1)
ROBOTS_ASKED_TIMES = 30
"""A refusal by robots.txt costs no request, so it is looked at daily, for a month."""

RETRIES_IN_A_RUN = 2
RETRY_SECONDS = (1.0, 4.0)
"""Before the first and second retry, where the host does not say; the caller adds jitter."""

LONGEST_WAIT = timedelta(minutes=10)
"""A host that asks for a longer silence gets it, but the run does not wait for it."""

HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
"""Types of a page that may be an article; "": the server names none."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_HOST_IS_BUSY = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for, and what we had of it. ``page`` None: a feed, a list, robots.txt."""

    addresses: tuple[str, ...]
    """All addresses so far, the one that answered last."""
    retries: int
    page: DuePage | None = None
    sha256: str | None = None
    """Of the body we have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The parts of a response that decide anything."""

    status: int
    at: datetime
    content_type: str = ""
    location: str | None = None
    retry_after: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a page's redirects must stay within."""

    home: str
    lists: frozenset[str] = frozenset()
    """Canonical, of the source's front page and sections: a redirect to one means "gone"."""
    max_redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Ask once more, after a wait; ``whole_host``: nothing is asked of the host before that."""

    seconds: float
    whole_host: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Ask at this address instead."""

    url: str


Revisit = Literal["not-modified", "identical-payload"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The last word of this run on what was asked for."""

    outcome: Literal["fetched", "not-due", "refused", "failed"]
    reason: str = ""
    next_visit_at: datetime | None = None
    unread: bool = False
    """A new body that may be an article: it waits for extraction."""
    gone: bool = False
    """The host says that there is no such page (any more)."""
    revisit: Revisit | None = None
    quiet_until: datetime | None = None
    """The host wants no request before this."""
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None


Verdict = Again | Moved | Ended


def decide_answer(asked: Asked, answer: Answer, bounds: Bounds) -> Verdict:
    """What a response means."""
    if answer.status in _REDIRECTS and answer.location:
        return _decide_redirect(asked, answer, bounds)
    if answer.status in _HOST_IS_BUSY:
        return _decide_busy(asked, answer)
    if answer.status >= 500 or answer.status == 408:
        return decide_failure(asked, f"status {answer.status}", answer.at)
    if answer.status == 304 and asked.sha256:
        return _fetched(asked, answer, revisit="not-modified")
    if answer.status != 200:
        return _given_no_body(asked, answer)
    if asked.page and answer.content_type not in HTML_TYPES:
        return Ended(outcome="refused", reason=f"content type {answer.content_type}")
    if answer.sha256 == asked.sha256:
        return _fetched(asked, answer, revisit="identical-payload")
    return _fetched(asked, answer, revisit=None)


def decide_failure(
    asked: Asked, reason: str, at: datetime, *, passing: bool = True
) -> Again | Ended:
    """What a failure means; ``passing``: it may be gone in a moment, as a reset or a 5xx."""
    if passing and asked.retries < RETRIES_IN_A_RUN:
        return Again(seconds=RETRY_SECONDS[asked.retries], whole_host=False, reason=reason)
    return failed(asked.page, reason, at)


def failed(page: DuePage | None, reason: str, at: datetime) -> Ended:
    """Over for this run; the next visit backs off with each failure in a row, then stops.

    A page whose article is recorded keeps what is left of its plan: a host that was down for
    two days must not end the watch over all that it published before.
    """
    if page is None:
        return Ended(outcome="failed", reason=reason)
    if page.failures >= len(FAILED_AGAIN_AFTER):
        said = f"{reason} (given up after {page.failures + 1} attempts)"
        planned = _planned(page, at) if page.has_article else None
        return Ended(outcome="failed", reason=said, next_visit_at=planned)
    wait = FAILED_AGAIN_AFTER[page.failures]
    return Ended(outcome="failed", reason=reason, next_visit_at=at + wait)


def refused_by_robots(page: DuePage | None, at: datetime) -> Ended:
    asked_often = page is None or page.failures >= ROBOTS_ASKED_TIMES
    again = None if asked_often else at + ROBOTS_AGAIN_AFTER
    return Ended(outcome="refused", reason="robots.txt", next_visit_at=again)


def not_due(reason: str, until: datetime) -> Ended:
    """Left for later without an attempt that counts as one."""
    return Ended(outcome="not-due", reason=reason, next_visit_at=until)


def fetch_end(page: DuePage, ended: Ended, at: datetime) -> FetchEnd:
    """The ledger's line for this end of a page's fetch."""
    return FetchEnd(
        page_id=page.page_id,
        outcome=ended.outcome,
        reason=ended.reason,
        at=at,
        next_visit_at=ended.next_visit_at,
        good=ended.outcome == "fetched",
        gone=ended.gone,
        etag=ended.etag,
        last_modified=ended.last_modified,
        sha256=ended.sha256,
    )


def address_to_ask(page: DuePage, home: str) -> str:
    """The address at which a page is asked for: the canonical one, as its site spells it.

    The canonical form says https and has no slash at the end, whatever the site prefers; a site
    whose home says http, or that lists its pages with the slash, would redirect each time.
    """
    url = page.url
    listed = urlsplit(page.listed_url)
    if listed.path.endswith("/") and canonical_url(page.listed_url) == url and "?" not in url:
        url = url.rstrip("/") + "/"
    if home.startswith("http://") and url.startswith("https://") and same_site(home, url):
        url = "http://" + url.removeprefix("https://")
    return url


def retry_after(header: str | None, now: datetime) -> datetime | None:
    """The moment that a ``Retry-After`` names, in seconds or as an HTTP date; None: no such."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return now + timedelta(seconds=min(int(text[:9]), 366 * 86_400))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _decide_redirect(asked: Asked, answer: Answer, bounds: Bounds) -> Moved | Ended:
    target = _target(asked.addresses[-1], answer.location or "")
    if target is None:
        return failed(asked.page, "redirect to an address that cannot be read", answer.at)
    if target in asked.addresses:
        return _refused_redirect(asked, "redirect loop", answer.at)
    if len(asked.addresses) > bounds.max_redirects:
        return _refused_redirect(asked, f"more than {bounds.max_redirects} redirects", answer.at)
    if asked.page and not same_site(bounds.home, target):
        host = urlsplit(target).netloc or target[:40]
        return Ended(outcome="refused", reason=f"redirect to another site ({host})")
    if asked.page and canonical_url(target) in bounds.lists:
        return _gone(asked.page, "redirect to a list page", answer.at)
    return Moved(url=target)


def _target(base: str, location: str) -> str | None:
    try:
        target = urldefrag(urljoin(base, location.strip())).url
        parts = urlsplit(target)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    return target if parts.scheme in ("http", "https") and parts.hostname else None


def _refused_redirect(asked: Asked, reason: str, at: datetime) -> Ended:
    """Often the work of a cookie gate that opens later, so it is asked for again."""
    again = failed(asked.page, reason, at)
    return Ended(outcome="refused", reason=again.reason, next_visit_at=again.next_visit_at)


def _decide_busy(asked: Asked, answer: Answer) -> Again | Ended:
    until = retry_after(answer.retry_after, answer.at)
    if until and until - answer.at > LONGEST_WAIT:
        return Ended(
            outcome="failed",
            reason=f"host asks to wait until {to_shown(until)}",
            next_visit_at=until if asked.page else None,
            quiet_until=until,
        )
    reason = f"status {answer.status}"
    if asked.retries >= RETRIES_IN_A_RUN:
        return failed(asked.page, reason, answer.at)
    wait = RETRY_SECONDS[asked.retries]
    if until:
        wait = max((until - answer.at).total_seconds(), 0.0)
    return Again(seconds=wait, whole_host=True, reason=reason)


def _given_no_body(asked: Asked, answer: Answer) -> Ended:
    reason = f"status {answer.status}"
    if asked.page and answer.status in _GONE:
        return _gone(asked.page, reason, answer.at)
    return failed(asked.page, reason, answer.at)


def _gone(page: DuePage, reason: str, at: datetime) -> Ended:
    if page.has_article:
        again = visit_when_gone(page.gone_since, at, _planned(page, at), alarm=page.alarm)
    else:
        again = at + GONE_AGAIN_AFTER if page.failures == 0 else None
    return Ended(outcome="failed", reason=reason, next_visit_at=again, gone=True)


_REASONS: dict[Revisit | None, str] = {
    None: "", "not-modified": "not modified", "identical-payload": "identical body",
}  # fmt: skip


def _fetched(asked: Asked, answer: Answer, revisit: Revisit | None) -> Ended:
    return Ended(
        outcome="fetched",
        reason=_REASONS[revisit],
        next_visit_at=_planned(asked.page, answer.at) if asked.page else None,
        unread=revisit is None and asked.page is not None,
        revisit=revisit,
        etag=answer.etag,
        last_modified=answer.last_modified,
        sha256=answer.sha256,
    )


def _planned(page: DuePage, now: datetime) -> datetime | None:
    """By what the listing claims, until the stage that reads the article sets a better one."""
    return planned_visit(page.published_at, page.first_seen_at, now)

"""What a request is for. It travels with the request; only this file knows how."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from scrapy import Request
from scrapy.utils.httpobj import urlparse_cached

from crawler.plan import Asked, Verdict
from hanoiwatch.model import DuePage
from hanoiwatch.store.frontier import OriginState
from hanoiwatch.urls import host_of

_VISIT = "hanoiwatch_visit"
_VERDICT = "hanoiwatch_verdict"
_ASKED_AT = "hanoiwatch_asked_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One thing we want from a host, over all its redirects and retries."""

    url: str
    """The address asked for now; the first of them before any redirect."""
    hops: tuple[str, ...] = ()
    """Addresses that redirected here, in order."""
    retries: int = 0

    @property
    def addresses(self) -> tuple[str, ...]:
        return (*self.hops, self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVisit(Visit):
    page: DuePage


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginVisit(Visit):
    origin: OriginState
    number: int = 1
    """Of a section: which of its pages; of a sitemap: how deep below the one in the file."""
    gap: int | None = None
    """The gap that this poll helps to close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsVisit(Visit):
    host: str


def request_for(
    visit: Visit,
    *,
    priority: int = 0,
    callback: Callable[..., Any] | None = None,
    errback: Callable[..., Any] | None = None,
) -> Request:
    return Request(
        visit.url,
        priority=priority,
        callback=callback,
        errback=errback,
        dont_filter=True,  # the record decides what is asked for, not a filter in memory
        meta={_VISIT: visit},
    )


def visit_of(request: Request) -> Visit:
    visit = request.meta[_VISIT]
    assert isinstance(visit, Visit)
    return visit


def asked_by(visit: Visit) -> Asked:
    """What the plan needs to know of a visit."""
    page = visit.page if isinstance(visit, PageVisit) else None
    known = page or (visit.origin if isinstance(visit, OriginVisit) else None)
    return Asked(
        addresses=visit.addresses,
        retries=visit.retries,
        page=page,
        sha256=known.sha256 if known else None,
    )


def again(request: Request) -> Request:
    """The same request once more."""
    visit = visit_of(request)
    return _next(request, replace(visit, retries=visit.retries + 1))


def moved(request: Request, url: str) -> Request:
    """The request that follows a redirect."""
    visit = visit_of(request)
    return _next(request, replace(visit, url=url, hops=visit.addresses, retries=0))


def _next(request: Request, visit: Visit) -> Request:
    return request_for(
        visit, priority=request.priority, callback=request.callback, errback=request.errback
    )


def host_asked(request: Request) -> str:
    """The host of a request as the record knows it: `host_of`, remembered."""
    parts = urlparse_cached(request)
    return _host(f"{parts.scheme}://{parts.netloc}/")


def host_of_url(url: str) -> str:
    """The same, of an address."""
    return _host(url)


@functools.lru_cache(maxsize=1024)
def _host(url: str) -> str:
    return host_of(url)


def note_asked(request: Request, at: float) -> None:
    """The Unix time at which the request was let go to the host."""
    request.meta[_ASKED_AT] = at


def asked_at(request: Request) -> float:
    return float(request.meta[_ASKED_AT])


def note_verdict(request: Request, verdict: Verdict) -> None:
    request.meta[_VERDICT] = verdict


def verdict_of(request: Request) -> Verdict:
    """What the request's response means; there is one once the archive has seen it."""
    verdict: Verdict = request.meta[_VERDICT]
    return verdict

"""A Scrapy response as the archive and the plan want it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from http import HTTPStatus

from scrapy import Request
from scrapy.http import Headers, Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.plan import Answer
from crawler.visit import asked_at
from hanoiwatch.model import Exchange, Rendered

_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def exchange_of(request: Request, response: Response, at: datetime) -> Exchange:
    """The request and its response as they crossed the wire, as far as Twisted tells.

    It tells neither the case of header names nor the reason phrase; it adds ``Host`` itself.
    """
    host = ("Host", urlparse_cached(request).netloc)
    return Exchange(
        url=request.url,
        requested_at=datetime.fromtimestamp(asked_at(request), UTC),
        fetched_at=at,
        status=response.status,
        reason=_PHRASES.get(response.status, ""),
        request_headers=(host, *_pairs(request.headers)),
        response_headers=_pairs(response.headers),
        body=response.body,
        method=request.method,
        ip=str(response.ip_address) if response.ip_address else None,
        protocol=response.protocol or "HTTP/1.1",
    )


def answer_of(response: Response, at: datetime) -> Answer:
    """What of the response decides anything."""
    return Answer(
        status=response.status,
        at=at,
        content_type=content_type_of(response),
        location=header(response, "Location"),
        retry_after=header(response, "Retry-After"),
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        sha256=hashlib.sha256(response.body).hexdigest(),
    )


def as_rendered(response: Response, rendered: Rendered) -> Response:
    """The response as if the host had sent what a browser made of it."""
    return response.replace(body=rendered.body, headers=Headers({"Content-Type": rendered.type}))


def content_type_of(response: Response) -> str:
    """The media type alone, in lower case; empty where the server names none."""
    return (header(response, "Content-Type") or "").partition(";")[0].strip().lower()


def header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1").strip() if value else None


def header_pairs(response: Response) -> tuple[tuple[str, str], ...]:
    return _pairs(response.headers)


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    )

"""The ways in which a site can go wrong, for ``server.answer(pattern, …)``.

Each function returns a `Misbehaviour`. They change what is sent, never what the outlet holds.
"""

from __future__ import annotations

import itertools
import re
import zlib
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from html import escape

from hanoiwatch.sample.http import Delivery, Reply, Request
from hanoiwatch.sample.render.frame import fill
from hanoiwatch.sample.rules import Misbehaviour
from hanoiwatch.sample.site import sample_site

HTML_HEADER = ("Content-Type", "text/html; charset=utf-8")
SCRIPTED = "du-lieu=1"
"""In the query: the request that a page's own script makes for its content."""


# --- other answers -------------------------------------------------------------------------


def status(code: int, *, retry_after: int | datetime | None = None) -> Misbehaviour:
    """An error page with that status; ``Retry-After`` in seconds or as an HTTP date."""
    headers = [HTML_HEADER]
    if isinstance(retry_after, datetime):
        headers.append(("Retry-After", format_datetime(retry_after, usegmt=True)))
    elif retry_after is not None:
        headers.append(("Retry-After", str(retry_after)))
    body = _notice(f"Lỗi {code}", "Máy chủ tạm thời không trả lời được yêu cầu này.")
    return _always(Reply(status=code, headers=tuple(headers), body=body))


def redirect(to: str, code: int = 302) -> Misbehaviour:
    """A redirect to ``to``, as written: also to another host, scheme or port."""
    return _always(Reply(status=code, headers=(("Location", to),)))


def redirect_loop() -> Misbehaviour:
    """A redirect to the same path with another number each time: it never ends."""
    turns = itertools.count(1)

    def answer(request: Request, _: Reply) -> Reply:
        location = f"{request.path}?vong={next(turns)}"
        return Reply(status=302, headers=(("Location", location),))

    return answer


def challenge(code: int = 200) -> Misbehaviour:
    """A firewall's "checking your browser" page, by default with status 200."""
    return _always(_html(fill("challenge", _words("challenge")), code))


def cookie_challenge() -> Misbehaviour:
    """A few bytes of script that set a cookie and load the page again; with it, all is well."""
    script = b"<html><body><script>document.cookie='D1N=mau;path=/';location.reload();</script>"

    def answer(request: Request, normal: Reply) -> Reply:
        passed = "D1N=mau" in request.headers.get("cookie", "")
        return normal if passed else Reply(status=200, headers=(HTML_HEADER,), body=script)

    return answer


def login_wall() -> Misbehaviour:
    """A form that wants a password, with status 200."""
    return _always(_html(fill("login", _words("login"))))


def consent() -> Misbehaviour:
    """A cookie consent page in place of the article."""
    return _always(_html(fill("consent", _words("consent"))))


def soft_404() -> Misbehaviour:
    """The "not found" page with status 200."""
    return _always(_html(fill("notice", _words("not_found", "Không tìm thấy trang"))))


def maintenance() -> Misbehaviour:
    """The "we will be back" page with status 200."""
    return _always(_html(fill("notice", _words("maintenance", "Bảo trì hệ thống"))))


def redesigned() -> Misbehaviour:
    """The page with other class names, ids and roles throughout: no layout knows it any more.

    A client that holds the page as it was gets its 304."""

    def answer(_: Request, normal: Reply) -> Reply:
        packed = normal.header("Content-Encoding") is not None
        body = zlib.decompress(normal.body, 31) if packed else normal.body
        body = _NAMES.sub(_renamed, body)
        return replace(normal, body=_gzip(body) if packed else body)

    return answer


def empty() -> Misbehaviour:
    """Status 200 and no byte of body."""
    return _always(Reply(status=200, headers=(HTML_HEADER,)))


def wrong_type(content_type: str = "application/pdf") -> Misbehaviour:
    """The page as it is, said to be something else."""
    return with_headers(("Content-Type", content_type))


def with_headers(*headers: tuple[str, str | None]) -> Misbehaviour:
    """The normal reply with these headers set, or taken away where the value is None."""

    def answer(_: Request, normal: Reply) -> Reply:
        names = {name.lower() for name, _ in headers}
        kept = [pair for pair in normal.headers if pair[0].lower() not in names]
        new = [(name, value) for name, value in headers if value is not None]
        return replace(normal, headers=(*kept, *new))

    return answer


def no_validators() -> Misbehaviour:
    """No ETag, no Last-Modified; a conditional request has nothing to go by."""
    return with_headers(("ETag", None), ("Last-Modified", None))


def empty_feed() -> Misbehaviour:
    """A sound RSS channel without an item, with status 200."""
    body = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel></channel></rss>'
    return _always(_xml(body.encode()))


def broken_feed() -> Misbehaviour:
    """A feed that breaks off in its first item, after an unescaped ampersand."""
    body = '<?xml version="1.0"?><rss version="2.0"><channel><item><title>Cầu & đường <link>'
    return _always(_xml(body.encode()))


def stale_etag() -> Misbehaviour:
    """The ETag lies: it stays the same whatever the page says, and earns a 304."""

    def answer(request: Request, normal: Reply) -> Reply:
        if '"bat-bien"' in request.headers.get("if-none-match", ""):
            return Reply(status=304, headers=(("ETag", '"bat-bien"'),))
        return with_headers(("ETag", '"bat-bien"'), ("Last-Modified", None))(request, normal)

    return answer


def restless_etag() -> Misbehaviour:
    """The ETag lies the other way: a new one with each answer for the very same page."""
    turns = itertools.count(1)

    def answer(request: Request, normal: Reply) -> Reply:
        tag = ("ETag", f'"luot-{next(turns)}"')
        return with_headers(tag, ("Last-Modified", None))(request, normal)

    return answer


def needs_browser() -> Misbehaviour:
    """The plain response only promises the article; a script fetches it and puts it in."""
    shell = _html(fill("shell", _words("promise") | {"query": SCRIPTED}))

    def answer(request: Request, normal: Reply) -> Reply:
        return normal if request.target.endswith(SCRIPTED) else shell

    return answer


# --- other ways of sending -----------------------------------------------------------------


def slow(seconds: float) -> Misbehaviour:
    """The normal reply, so many seconds late."""
    return _sent(Delivery(delay_seconds=seconds))


def stall() -> Misbehaviour:
    """The request is read; no byte ever comes back."""
    return _sent(Delivery(never=True))


def drip(bytes_per_second: int = 10) -> Misbehaviour:
    """The body comes in drops, ten a second at most."""
    return _sent(Delivery(bytes_per_second=bytes_per_second))


def reset(after_bytes: int | None = None) -> Misbehaviour:
    """The connection is reset: before any answer, or after so many bytes of the body."""
    return _sent(Delivery(cut_after=-1 if after_bytes is None else after_bytes))


def cut_short(after_bytes: int = 100) -> Misbehaviour:
    """The connection is closed in good order before the promised length has come."""
    return _sent(Delivery(cut_after=after_bytes, cut_quietly=True))


def chunked() -> Misbehaviour:
    """The normal reply in chunked transfer coding, without Content-Length."""

    def answer(_: Request, normal: Reply) -> Reply:
        return normal if normal.status == 304 else replace(normal, delivery=Delivery(chunked=True))

    return answer


def huge(megabytes: int) -> Misbehaviour:
    """An endless-looking page, made of a small one over and over."""
    line = b"<p>Trang n\xc3\xa0y d\xc3\xa0i qu\xc3\xa1 m\xe1\xbb\xa9c.</p>\n"
    block = (line * (1_000_000 // len(line) + 1))[:1_000_000]
    whole = Delivery(repeat=megabytes)
    return _always(Reply(status=200, headers=(HTML_HEADER,), body=block, delivery=whole))


# --- gzip ----------------------------------------------------------------------------------


def gzip_bomb(megabytes: int = 100) -> Misbehaviour:
    """A gzip body a thousandth the size of what it unpacks to: ``megabytes`` of zeros."""
    return _always(_gzipped(_zeros(megabytes)))


def truncated_gzip() -> Misbehaviour:
    """A gzip body that ends halfway, with a Content-Length that fits it."""

    def answer(_: Request, normal: Reply) -> Reply:
        plain = normal.header("Content-Encoding") is None
        body = _gzip(normal.body) if plain else normal.body
        return _gzipped(body[: len(body) // 2])

    return answer


def not_gzip() -> Misbehaviour:
    """Said to be gzip, and is plain text."""
    return _always(_gzipped(b"day khong phai la gzip " * 40))


def _zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1_000_000)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


def _gzipped(body: bytes) -> Reply:
    return Reply(status=200, headers=(HTML_HEADER, ("Content-Encoding", "gzip")), body=body)


_NAMES = re.compile(rb'(class|id|data-role)="([^"]*)"')


def _renamed(found: re.Match[bytes]) -> bytes:
    names = b" ".join(b"moi-" + name for name in found[2].split())
    return found[1] + b'="' + names + b'"'


# --- pieces --------------------------------------------------------------------------------


def _always(reply: Reply) -> Misbehaviour:
    return lambda _request, _normal: reply


def _sent(delivery: Delivery) -> Misbehaviour:
    return lambda _, normal: replace(normal, delivery=delivery)


def _html(html: str, code: int = 200) -> Reply:
    return Reply(status=code, headers=(HTML_HEADER,), body=html.encode())


def _xml(body: bytes) -> Reply:
    return Reply(status=200, headers=(("Content-Type", "text/xml; charset=utf-8"),), body=body)


def _notice(title: str, words: str) -> bytes:
    values = {"site": escape(sample_site().title), "title": title, "words": escape(words)}
    return fill("notice", values).encode()


def _words(field: str, title: str = "") -> dict[str, str]:
    """The placeholders of a page that says no; its words are ``field`` of the site file."""
    site = sample_site()
    words: str = getattr(site, field)
    return {
        "site": escape(site.title),
        "title": title or escape(site.title),
        "words": escape(words),
    }

"""HTTP heads as an archive keeps them.

Header text is Latin-1, as HTTP/1.1 has it: bytes decoded so come back as they were. Two
headers are changed, because the body no longer is what they describe: a ``Transfer-Encoding``
was removed on receipt, and a ``Content-Length`` may be absent or count something else. Both
are kept under ``X-Archive-Orig-…`` and the true ``Content-Length`` stands in their place.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from hanoiwatch.archive.record import one_line
from hanoiwatch.model import Exchange

Headers = tuple[tuple[str, str], ...]

ORIGINAL = "X-Archive-Orig-"


def request_bytes(exchange: Exchange) -> bytes:
    """The request's head. Its own ``Host`` header, or one made from the URL."""
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = exchange.request_headers
    if not any(name.lower() == "host" for name, _ in headers):
        headers = (("Host", parts.netloc.rpartition("@")[2]), *headers)
    line = f"{exchange.method} {target.replace(' ', '%20')} {_version(exchange)}"
    return _head(line, headers)


def response_head(exchange: Exchange, *, with_body: bool) -> bytes:
    """The response's head; ``with_body``: its body follows, so its length must be true."""
    headers = _without_transfer_coding(exchange.response_headers)
    if with_body:
        headers = _with_true_length(headers, len(exchange.body))
    return _head(f"{_version(exchange)} {exchange.status} {exchange.reason}", headers)


def _version(exchange: Exchange) -> str:
    """Readers know only ``HTTP/1.x`` status lines; later versions are named in a WARC field."""
    return exchange.protocol if exchange.protocol.startswith("HTTP/1.") else "HTTP/1.1"


def _head(line: str, headers: Headers) -> bytes:
    lines = [one_line(line), *(f"{one_line(n)}: {one_line(v)}" for n, v in headers), "", ""]
    text = "\r\n".join(lines)
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


def _without_transfer_coding(headers: Headers) -> Headers:
    return tuple(
        (ORIGINAL + name if name.lower() == "transfer-encoding" else name, value)
        for name, value in headers
    )


def _with_true_length(headers: Headers, length: int) -> Headers:
    said = [value.strip() for name, value in headers if name.lower() == "content-length"]
    if said == [str(length)]:
        return headers
    kept = (
        (ORIGINAL + name if name.lower() == "content-length" else name, value)
        for name, value in headers
    )
    return (*kept, ("Content-Length", str(length)))


def parse_response(head: bytes) -> tuple[int, str, Headers]:
    """Status, reason and headers of a stored response's head. Raises ValueError."""
    line, *rest = head.decode("latin-1").split("\r\n")
    _, _, after = line.partition(" ")
    status, _, reason = after.partition(" ")
    headers = []
    for field in rest:
        name, colon, value = field.partition(":")
        if colon:
            headers.append((name, value.strip()))
    return int(status), reason, tuple(headers)

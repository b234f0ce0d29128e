"""The WARC records of one exchange: a response or a revisit, then its request.

Both carry the instant at which the response was complete (``WARC-Date``: records of one
capture share it, and it is what a later revisit refers to) and the file's ``warcinfo``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, assert_never

from hanoiwatch.archive.http import request_bytes, response_head
from hanoiwatch.archive.member import pack
from hanoiwatch.archive.record import digest, frame, new_id
from hanoiwatch.clock import to_stored
from hanoiwatch.model import Exchange, Refers, Rendered

Profile = Literal["not-modified", "identical-payload"]

_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"


@dataclass(frozen=True, slots=True)
class Records:
    """Two gzip members, to be written one after the other."""

    record_id: str
    """Of the response or revisit."""
    sha256: str
    """Hex digest of the payload; empty where an unchanged one's is not known."""
    response: bytes
    request: bytes


def warcinfo(name: str, date: str, software: str) -> tuple[str, bytes]:
    """The record that opens the file ``name``: its id, and its member."""
    record_id = new_id()
    fields = (
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", date),
        ("WARC-Filename", name),
        ("Content-Type", "application/warc-fields"),
    )
    block = (
        f"software: {software}\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: https://iipc.github.io/warc-specifications/specifications/"
        "warc-format/warc-1.1/\r\nrobots: obey\r\n"
    )
    return record_id, pack(frame(fields, block.encode()))


def response_records(exchange: Exchange, warcinfo_id: str) -> Records:
    """The exchange in full."""
    sha256 = hashlib.sha256(exchange.body).hexdigest()
    record_id = new_id()
    fields = (
        *_common("response", record_id, exchange, warcinfo_id),
        ("WARC-Payload-Digest", digest(sha256)),
    )
    block = response_head(exchange, with_body=True) + exchange.body
    return _records(exchange, record_id, sha256, pack(frame(fields, block)), warcinfo_id)


def revisit_records(
    exchange: Exchange, warcinfo_id: str, refers: Refers, profile: Profile
) -> Records:
    """The exchange without a body: that is where ``refers`` points.

    The payload of an unchanged page is the one referred to, so that is the digest given.
    """
    sha256 = _revisited(exchange, refers, profile)
    record_id = new_id()
    fields = [
        *_common("revisit", record_id, exchange, warcinfo_id),
        ("WARC-Profile", _profile_uri(profile)),
        ("WARC-Refers-To", f"<{refers.record_id}>"),
        ("WARC-Refers-To-Target-URI", refers.url),
        ("WARC-Refers-To-Date", to_stored(refers.fetched_at)),
    ]
    if sha256:
        fields.append(("WARC-Payload-Digest", digest(sha256)))
    block = response_head(exchange, with_body=False)
    return _records(exchange, record_id, sha256, pack(frame(fields, block)), warcinfo_id)


def conversion_record(rendered: Rendered, of: Refers, warcinfo_id: str) -> tuple[str, str, bytes]:
    """What a browser made of the response that ``of`` names: record id, digest, gzip member.

    The block is the page itself, without an HTTP head: no server sent it.
    """
    sha256 = hashlib.sha256(rendered.body).hexdigest()
    record_id = new_id()
    fields = (
        ("WARC-Type", "conversion"),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", to_stored(rendered.at)),
        ("WARC-Target-URI", of.url),
        ("WARC-Refers-To", f"<{of.record_id}>"),
        ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"),
        ("WARC-Payload-Digest", digest(sha256)),
        ("Hanoiwatch-Rendered-By", rendered.by),
        ("Content-Type", rendered.type),
    )
    return record_id, sha256, pack(frame(fields, rendered.body))


def _revisited(exchange: Exchange, refers: Refers, profile: Profile) -> str:
    if profile == "not-modified":
        return refers.sha256
    return hashlib.sha256(exchange.body).hexdigest()


def _profile_uri(profile: Profile) -> str:
    match profile:
        case "not-modified":
            return _PROFILES + "server-not-modified"
        case "identical-payload":
            return _PROFILES + "identical-payload-digest"
        case _:
            assert_never(profile)


def _records(
    exchange: Exchange, record_id: str, sha256: str, response: bytes, warcinfo_id: str
) -> Records:
    fields = (
        *_common("request", new_id(), exchange, warcinfo_id),
        ("WARC-Concurrent-To", f"<{record_id}>"),
        ("Hanoiwatch-Requested-At", to_stored(exchange.requested_at)),
    )
    request = pack(frame(fields, request_bytes(exchange)))
    return Records(record_id=record_id, sha256=sha256, response=response, request=request)


def _common(
    kind: str, record_id: str, exchange: Exchange, warcinfo_id: str
) -> list[tuple[str, str]]:
    message = "request" if kind == "request" else "response"
    fields = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", to_stored(exchange.fetched_at)),
        ("WARC-Target-URI", exchange.url),
        ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"),
        ("Content-Type", f"application/http; msgtype={message}"),
    ]
    if exchange.ip:
        fields.append(("WARC-IP-Address", exchange.ip))
    if not exchange.protocol.startswith("HTTP/1."):
        fields.append(("WARC-Protocol", exchange.protocol))
    return fields

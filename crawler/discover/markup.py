"""What readers of feeds, sitemaps and pages share: addresses, and what a body looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from hanoiwatch.urls import canonical_url

_LOOKED_AT = 1024
_CDATA = b"<![CDATA["
_BARE_AMPERSAND = re.compile(rb"&(?!#\d{1,8};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z][a-zA-Z0-9]{1,30};)")
_HTML_SIGNS = (b"<!doctype html", b"<html", b"<head>", b"<body>")


def absolute(address: str, base_url: str) -> str | None:
    """``address`` as an absolute URL, or None where no article can be: not http, not a host."""
    if canonical_url(address, base_url) is None:
        return None
    return urljoin(base_url, address.strip())


def is_html(body: bytes) -> bool:
    """Whether the body begins as an HTML page does."""
    head = body[:_LOOKED_AT].lower()
    return any(sign in head for sign in _HTML_SIGNS)


def mended(body: bytes) -> bytes:
    """XML with its bare ampersands escaped, where it is broken: by far its commonest fault."""
    if is_well_formed(body):
        return body
    return b"".join(
        part if part.startswith(_CDATA) else _BARE_AMPERSAND.sub(b"&amp;", part)
        for part in _parts(body)
    )


def _parts(body: bytes) -> Iterator[bytes]:
    """The body, cut before and after each CDATA section."""
    at = 0
    while (begin := body.find(_CDATA, at)) >= 0:
        end = body.find(b"]]>", begin)
        end = end + 3 if end >= 0 else len(body)
        yield body[at:begin]
        yield body[begin:end]
        at = end
    yield body[at:]


def is_well_formed(body: bytes) -> bool:
    """Whether the body is XML without a fault. Fetches and expands nothing."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return False
    return True

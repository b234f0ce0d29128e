"""Which hosts and addresses a source may be fetched from. Pure.

A source on a public host is never led to an address that is not public: not by a redirect, not
by an address in one of its many spellings, not by DNS. A source whose own home is a loopback
address may use that host and port, and nothing else.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address

_CARRIES_IPV4 = tuple(
    IPv6Network(text)
    for text in (
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "::/96",  # IPv4-compatible
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 of one's own
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
    )
)
"""A gateway could turn these into any IPv4 address; no news site is served from them."""

_PORTS = {"http": 80, "https": 443}


def is_public(address: Address) -> bool:
    """Whether ``address`` is one that anyone on the internet can mean."""
    if isinstance(address, IPv6Address) and any(address in net for net in _CARRIES_IPV4):
        return False
    odd = (
        address.is_private or address.is_loopback or address.is_link_local
        or address.is_multicast or address.is_reserved or address.is_unspecified
    )  # fmt: skip
    return address.is_global and not odd


def address_in(host: str) -> Address | None:
    """The address that ``host`` spells; None where it is a name.

    IPv4 also in the forms that resolvers take: ``2130706433``, ``0x7f.1``, ``0177.0.0.1``.
    """
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None


def refusal(url: str, *, home: str, home_is_local: bool) -> str | None:
    """Why a source may not fetch ``url``, as far as the address tells; None: it may.

    What a name resolves to is checked when it is resolved (`crawler.resolver`).
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "address cannot be read"
    if parts.scheme not in ("http", "https") or not host:
        return "not http or https"
    if home_is_local:
        ours = urlsplit(home)
        same = (parts.scheme, host, port or _PORTS[parts.scheme]) == (
            ours.scheme, ours.hostname, ours.port or _PORTS[ours.scheme],
        )  # fmt: skip
        return None if same else f"host {parts.netloc} is not this source's own"
    address = address_in(host)
    if address is not None and not is_public(address):
        return f"host {parts.netloc} is not public"
    return None

from __future__ import annotations

from twisted.internet.address import IPv4Address, IPv6Address

from crawler.resolver import GuardedResolver


class Names:
    """A resolver that knows one answer."""

    def __init__(self, *addresses) -> None:
        self.addresses = addresses

    def resolveHostName(self, receiver, name, *_):  # noqa: N802 - Twisted's name
        receiver.resolutionBegan(self)
        for address in self.addresses:
            receiver.addressResolved(address)
        receiver.resolutionComplete()
        return self


class Heard:
    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution) -> None:  # noqa: N802 - Twisted's name
        self.resolution = resolution

    def addressResolved(self, address) -> None:  # noqa: N802 - Twisted's name
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        self.complete = True


def resolve(*addresses) -> tuple[list[str], list[tuple[str, str]]]:
    heard, refused = Heard(), []
    guarded = GuardedResolver(Names(*addresses), lambda *what: refused.append(what))
    guarded.resolveHostName(heard, "bao.example", 443)
    assert heard.complete
    return heard.addresses, refused


def test_a_name_that_resolves_to_a_private_address_gives_no_address_to_connect_to() -> None:
    addresses, refused = resolve(
        IPv4Address("TCP", "10.0.0.7", 443), IPv6Address("TCP", "::ffff:10.0.0.7", 443)
    )
    assert addresses == []
    assert refused == [("bao.example", "10.0.0.7"), ("bao.example", "::ffff:10.0.0.7")]


def test_public_addresses_pass_and_private_ones_beside_them_do_not() -> None:
    addresses, refused = resolve(
        IPv4Address("TCP", "113.160.1.1", 443), IPv4Address("TCP", "127.0.0.1", 443)
    )
    assert addresses == ["113.160.1.1"]
    assert refused == [("bao.example", "127.0.0.1")]

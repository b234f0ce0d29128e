"""Names resolve to public addresses only, whatever the DNS says (see `crawler.addresses`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Any

from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer  # type: ignore[import-untyped]  # it has no types

from crawler.addresses import is_public

Refused = Callable[[str, str], None]


def guard_names(refused: dict[str, str]) -> None:
    """From now on this process connects by name to public addresses only.

    ``refused`` learns the names that led elsewhere, each with an address left out.
    """
    from twisted.internet import reactor  # not before Scrapy has chosen which

    pluggable: Any = reactor
    guarded = GuardedResolver(pluggable.nameResolver, refused.__setitem__)
    pluggable.installNameResolver(guarded)


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on the public addresses of one answer; connections are made to no others."""

    def __init__(self, receiver: Any, name: str, refused: Refused) -> None:
        self._receiver, self._name, self._refused = receiver, name, refused

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802 - Twisted's name
        host = str(getattr(address, "host", ""))
        if is_public(ip_address(host.partition("%")[0])):
            self._receiver.addressResolved(address)
        else:
            self._refused(self._name, host)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Another resolver's answers without the addresses that are not public.

    Since it is asked for each connection, a name that changes its address between check and
    use (DNS rebinding) gains nothing. ``refused`` hears each name and address left out.
    """

    def __init__(self, inner: Any, refused: Refused) -> None:
        self._inner, self._refused = inner, refused

    def resolveHostName(  # noqa: N802 - Twisted's signature
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803 - Twisted's name
        hostName: str,  # noqa: N803 - Twisted's name
        portNumber: int = 0,  # noqa: N803 - Twisted's name
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803 - Twisted's name
        transportSemantics: str = "TCP",  # noqa: N803 - Twisted's name
    ) -> Any:
        receiver = _PublicOnly(resolutionReceiver, hostName, self._refused)
        return self._inner.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )

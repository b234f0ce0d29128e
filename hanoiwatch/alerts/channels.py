"""Channels: which sender serves an address, secrets from the environment, nothing printed.

``mailto:`` ``mailtos:`` ``smtp:`` ``smtps:`` are email, ``webhook+https:`` ``webhook+http:``
``jsons:`` ``json:`` signed webhooks, ``feed:`` Atom files; everything else is Apprise's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from hanoiwatch.errors import ConfigError
from hanoiwatch.variables import filled, is_variable

ChannelKind = Literal["email", "webhook", "feed", "apprise"]
_KINDS: dict[str, ChannelKind] = {
    "mailto": "email", "mailtos": "email", "smtp": "email", "smtps": "email",
    "webhook+https": "webhook", "webhook+http": "webhook", "json": "webhook", "jsons": "webhook",
    "feed": "feed",
}  # fmt: skip

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def kind_of(name: str, address: str, environment: Mapping[str, str]) -> ChannelKind:
    """Raises ConfigError for what is no address."""
    found = _SCHEME.match(whole(name, address, environment))
    if found is None:
        raise ConfigError(
            f"channel `{name}`: this is no address of a channel: write mailto://…, "
            "webhook+https://…, feed:… or an address of Apprise."
        )
    return _KINDS.get(found[1].lower(), "apprise")


def whole(name: str, address: str, environment: Mapping[str, str]) -> str:
    """The address; one that is nothing but a variable stands for its value."""
    return fill(name, address, environment) if is_variable(address) else address


def fill(name: str, text: str, environment: Mapping[str, str]) -> str:
    """``text`` with its ``${VARIABLES}``. Raises ConfigError that names one which is not set."""
    return filled(f"channel `{name}`", text, environment)


def masked(address: str) -> str:
    """What of an address may be shown: its kind and its host, no user, key or path."""
    scheme, _, rest = address.partition(":")
    if not _SCHEME.match(address):
        return "…"
    if _KINDS.get(scheme.lower()) == "feed":
        return address
    host = rest.removeprefix("//").split("/")[0].split("?")[0].rpartition("@")[2]
    shown = host if _KINDS.get(scheme.lower()) and "$" not in host else "…"
    return f"{scheme}://{shown}"

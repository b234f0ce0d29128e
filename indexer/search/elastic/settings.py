"""How the cluster is reached: `[elasticsearch]` with its secrets put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from hanoiwatch.config import ElasticsearchConfig
from hanoiwatch.errors import ConfigError
from hanoiwatch.variables import filled

_PREFIX = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
"""What Elasticsearch takes for the beginning of a name."""
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
"""A SHA-256, as Elasticsearch itself prints it, without its colons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticSettings:
    """Secrets are in no text that is made of this."""

    hosts: tuple[str, ...]
    prefix: str
    api_key: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    ca_certs: str = ""
    fingerprint: str = ""
    timeout_seconds: float = 30.0
    busy_seconds: float = 60.0
    """How long a cluster that asks for less is given before we leave it for the next time."""

    @classmethod
    def of(cls, config: ElasticsearchConfig, environment: Mapping[str, str]) -> Self:
        """Raises ConfigError that names the setting, never its value."""
        _refuse(config)
        secrets = {
            name: filled(f"[elasticsearch] `{name}`", getattr(config, name), environment)
            for name in ("api_key", "user", "password")
        }
        return cls(
            hosts=config.hosts,
            prefix=config.index_prefix,
            ca_certs=config.ca_certs,
            fingerprint=config.fingerprint,
            timeout_seconds=config.timeout_seconds,
            busy_seconds=config.busy_seconds,
            **secrets,
        )

    def for_client(self) -> dict[str, Any]:
        """The keywords of the official client. Those of TLS are for addresses with TLS only."""
        given: dict[str, Any] = {
            "hosts": list(self.hosts),
            "request_timeout": self.timeout_seconds,
            "retry_on_timeout": True,
            "max_retries": 2,
        }
        if self.api_key:
            given["api_key"] = self.api_key
        elif self.user:
            given["basic_auth"] = (self.user, self.password)
        if self.fingerprint:
            given["ssl_assert_fingerprint"] = _bare(self.fingerprint)
        elif self.ca_certs:
            given["ca_certs"] = self.ca_certs
        return given


def _bare(fingerprint: str) -> str:
    return fingerprint.replace(":", "").lower()


def _refuse(config: ElasticsearchConfig) -> None:
    for host in config.hosts:
        if not re.match(r"https?://[^/@\s]+/?$", host):
            raise ConfigError(
                "[elasticsearch] `hosts`: write each as http://host:9200 or https://host:9200, "
                "without user and path."
            )
    secured = config.ca_certs or config.fingerprint
    if not config.hosts or (secured and any(h.startswith("http:") for h in config.hosts)):
        what = "`ca_certs` and `fingerprint` are for https:// hosts" if config.hosts else "no host"
        raise ConfigError(f"[elasticsearch] `hosts`: {what}.")
    if config.fingerprint and not _FINGERPRINT.fullmatch(_bare(config.fingerprint)):
        raise ConfigError(
            "[elasticsearch] `fingerprint`: a SHA-256 is 64 hexadecimal digits, with or without "
            "colons between them."
        )
    if not _PREFIX.fullmatch(config.index_prefix):
        raise ConfigError(
            "[elasticsearch] `index_prefix`: small letters, digits, - and _, as in `hanoiwatch`."
        )
    if bool(config.user) != bool(config.password):
        raise ConfigError("[elasticsearch] `user` and `password` belong together.")
    if config.api_key and config.user:
        raise ConfigError("[elasticsearch] give `api_key`, or `user` and `password`, not both.")

"""Signed JSON webhooks, by the Standard Webhooks scheme, with an idempotency key.

``webhook+https://SECRET@example.org/path``: the secret signs and is never sent. Receivers check
``webhook-signature`` with any library for Standard Webhooks, or with ten lines of their own
(docs/howto/write-an-alert.md).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import urllib3

from hanoiwatch.alerts.rendering import Rendered
from hanoiwatch.alerts.sending import ANSWER_SECONDS, CONNECT_SECONDS
from hanoiwatch.errors import ConfigError, DeliveryError

_SCHEMES = {"webhook+https": "https", "webhook+http": "http", "jsons": "https", "json": "http"}
_NEVER = frozenset({400, 405, 411, 413, 415, 422, 501})
"""Answers about this very message: it will never be taken."""
_MOST_ANSWER = 2_000
"""Bytes of an answer that are read: a reason, no page."""
_MOST_WAIT_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    url: str
    secret: bytes
    """Empty: messages are not signed."""


def hook(name: str, address: str, fill: Callable[[str], str]) -> Hook:
    """Reads an address; ``fill`` puts in secrets, part by part. Raises ConfigError."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    said = query.pop("secret", "") or parts.password or parts.username or ""
    host = fill(parts.netloc.rpartition("@")[2])
    if not host:
        raise ConfigError(f"channel `{name}`: a webhook needs a host: webhook+https://host/path.")
    query = {key: fill(value) for key, value in query.items()}
    path = fill(parts.path) or "/"
    url = urlunsplit((_SCHEMES[parts.scheme.lower()], host, path, urlencode(query), ""))
    return Hook(url=url, secret=_secret(name, fill(unquote(said))))


def _secret(name: str, text: str) -> bytes:
    """``whsec_`` and base64, as Standard Webhooks writes secrets; else the letters themselves.

    Raises ConfigError where ``whsec_`` leads to no key: a receiver would refuse every signature.
    """
    if not text.startswith("whsec_"):
        return text.encode()
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ConfigError(
            f"channel `{name}`: its secret begins with whsec_, and what follows is no base64: "
            "copy it whole from the receiver, or write a secret that begins otherwise."
        )
    return key


def signature(secret: bytes, key: str, timestamp: int, body: bytes) -> str:
    signed = f"{key}.{timestamp}.".encode() + body
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


class WebhookSender:
    """POSTs each message; an answer of 2xx is a delivery. Redirects are not followed."""

    keyed = True

    def __init__(self, to: Hook) -> None:
        self._to = to
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS), retries=False
        )

    def send(self, message: Rendered, now: datetime) -> str:
        body = json.dumps(message.json, ensure_ascii=False).encode()
        try:
            answer = self._pool.request(
                "POST", self._to.url, body=body, headers=self._headers(message.key, body, now),
                redirect=False, preload_content=False,
            )  # fmt: skip
            status, said = answer.status, answer.read(_MOST_ANSWER)
            answer.close()
        except urllib3.exceptions.HTTPError as error:
            raise DeliveryError(_words(error), down=True) from error
        if 200 <= status < 300:
            return f"status {status}"
        raise _refused(status, said, answer.headers.get("Retry-After", ""))

    def _headers(self, key: str, body: bytes, now: datetime) -> dict[str, str]:
        timestamp = int(now.timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "hanoiwatch",
            "Idempotency-Key": key,
            "webhook-id": key,
            "webhook-timestamp": str(timestamp),
        }
        if self._to.secret:
            headers["webhook-signature"] = signature(self._to.secret, key, timestamp, body)
        return headers

    def close(self) -> None:
        self._pool.clear()


def _refused(status: int, said: bytes, retry_after: str) -> DeliveryError:
    words = " ".join(said.decode("utf-8", "replace").split())[:200]
    seconds = float(retry_after) if retry_after.isdecimal() else None
    return DeliveryError(
        f"status {status}" + (f": {words}" if words else ""),
        down=status in (401, 403, 404, 410, 429) or status >= 500,
        permanent=status in _NEVER,
        after_seconds=None if seconds is None else min(seconds, _MOST_WAIT_SECONDS),
    )


def _words(error: urllib3.exceptions.HTTPError) -> str:
    """What happened, without the address, which may hold a key."""
    if isinstance(error, urllib3.exceptions.NewConnectionError):  # in some versions a timeout too
        return "the webhook cannot be reached"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "the webhook did not answer in time"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "the webhook's certificate cannot be trusted"
    return f"the webhook broke off: {type(error).__name__}"

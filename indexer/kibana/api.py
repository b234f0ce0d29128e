"""Kibana's HTTP API, as far as it is documented and needed here: status, import, rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import urllib3

from hanoiwatch.errors import KibanaError

CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 120.0
_MOST_ANSWER = 20_000_000
"""Bytes of an answer: an import's names every object once."""
_MOST_WORDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which Kibana, and who asks. Either a user with a password, or an API key, or neither."""

    url: str
    space: str = ""
    user: str = ""
    password: str = ""
    api_key: str = ""
    ca_certs: str = ""
    """A file with the authority that signed its certificate; empty: the system's."""


class Kibana:
    """One Kibana. Every method raises KibanaError, one sentence that holds no secret."""

    def __init__(self, place: Place) -> None:
        self._root = place.url.rstrip("/")
        space = f"/s/{quote(place.space)}" if place.space else ""
        self._base = self._root + space
        self._headers = {"kbn-xsrf": "true", "User-Agent": "hanoiwatch"} | _credentials(place)
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS),
            retries=False,
            ca_certs=place.ca_certs or None,
        )

    def version(self) -> str:
        """Which version answers; refuses one that is not ready."""
        answer = self._ask("GET", f"{self._root}/api/status")
        level = answer.get("status", {}).get("overall", {}).get("level", "available")
        if level != "available":
            raise KibanaError(f"{self._root}: Kibana is {level}: try again when it is available.")
        return str(answer.get("version", {}).get("number", "of no known version"))

    def import_objects(self, ndjson: str) -> Mapping[str, Any]:
        """Imports an export, over what is there under the same ids."""
        return self._ask(
            "POST",
            f"{self._base}/api/saved_objects/_import?overwrite=true",
            fields={"file": ("objects.ndjson", ndjson.encode(), "application/x-ndjson")},
        )

    def rule(self, key: str) -> Mapping[str, Any] | None:
        """The rule as it is there; None where there is none."""
        return self._ask("GET", self._rule_url(key), missing=True) or None

    def make_rule(self, key: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._ask("POST", self._rule_url(key), body=body)

    def change_rule(self, key: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._ask("PUT", self._rule_url(key), body=body)

    def close(self) -> None:
        self._pool.clear()

    def _rule_url(self, key: str) -> str:
        return f"{self._base}/api/alerting/rule/{key}"

    def _ask(
        self,
        method: str,
        url: str,
        *,
        body: Mapping[str, Any] | None = None,
        fields: Mapping[str, Any] | None = None,
        missing: bool = False,
    ) -> dict[str, Any]:
        """``missing``: what is not there is an empty answer."""
        sent: dict[str, Any] = {}
        if body is not None:
            sent = {"json": body}
        elif fields is not None:
            sent = {"fields": fields}
        try:
            answer = self._pool.request(
                method, url, headers=self._headers, redirect=False, preload_content=False, **sent
            )
            status, said = answer.status, answer.read(_MOST_ANSWER)
            answer.close()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise KibanaError(f"{self._root}: {_broken(error)}.") from error
        if missing and status == 404:
            return {}
        if not 200 <= status < 300:
            raise KibanaError(f"{self._root}: {_refused(status, said)}")
        return _read(self._root, said)


def _credentials(place: Place) -> dict[str, str]:
    if place.api_key:
        return {"Authorization": f"ApiKey {place.api_key}"}
    if place.user:
        return urllib3.make_headers(basic_auth=f"{place.user}:{place.password}")
    return {}


def _read(root: str, said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except ValueError as error:
        raise KibanaError(
            f"{root} answers, but not as Kibana does: is this its address?"
        ) from error
    if not isinstance(found, dict):
        raise KibanaError(f"{root} answers, but not as Kibana does: is this its address?")
    return found


def _refused(status: int, said: bytes) -> str:
    words = _words(said)
    told = f" ({words})" if words else ""
    match status:
        case 401:
            return f"Kibana does not know this user or key{told}: see `[kibana]` in the settings."
        case 403:
            return f"this user may not do that in Kibana{told}: give it the role `editor`."
        case _ if 300 <= status < 400:
            return "Kibana sends elsewhere: give its own address, with its base path, as `url`."
        case _:
            return f"Kibana answers with status {status}{told}."


def _words(said: bytes) -> str:
    try:
        told = json.loads(said)
    except ValueError:
        return ""
    message = told.get("message", "") if isinstance(told, dict) else ""
    return " ".join(str(message).split())[:_MOST_WORDS]


def _broken(error: Exception) -> str:
    """What happened, without the address's secrets or a library's words."""
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "Kibana cannot be reached"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "Kibana does not answer in time"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "its certificate cannot be trusted: name its authority as `kibana.ca_certs`"
    return f"the connection to Kibana broke off ({type(error).__name__})"

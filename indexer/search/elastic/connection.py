"""The official client, opened when it is first needed; what it raises, as one of our errors."""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hanoiwatch.errors import IndexUnavailableError, StoreError
from indexer.search.elastic.names import Names
from indexer.search.elastic.settings import ElasticSettings

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    Call = Callable[[Elasticsearch], Any]

BUSY = 429
_AWAY = {408, 502, 503, 504}
"""Statuses of a cluster that cannot now: without a master, behind a closed gate."""
_TOO_LARGE = 413
_REFUSED = {401: "does not know who we are", 403: "does not allow us to do this"}


class NoRoomError(IndexUnavailableError):
    """The cluster asks for less (429): what was sent may be sent again."""


class TooLargeError(StoreError):
    """Nobody on the way takes a request of this size (413): a smaller one may pass."""


class Connection:
    """One cluster, and what our indices are called there."""

    def __init__(self, settings: ElasticSettings) -> None:
        self.settings = settings
        self.names = Names(settings.prefix)
        self._client: Elasticsearch | None = None

    def ask(self, call: Call) -> Any:
        """The body of what the cluster answers; None where it does not have what was asked for.

        Raises IndexUnavailableError where it cannot be reached or does not let us, StoreError
        where it refuses what was asked.
        """
        from elastic_transport import ConnectionError as Unreached
        from elastic_transport import ConnectionTimeout, TransportError
        from elasticsearch import ApiError

        try:
            return call(self._opened()).body
        except ApiError as error:
            status = error.meta.status
            if not _is_elasticsearch(status, error.meta.headers):
                raise self.unavailable("answers, but not as Elasticsearch does") from error
            if status == 404:
                return None
            raise self._explained(status, reason_of(error.body)) from error
        except (Unreached, ConnectionTimeout) as error:
            raise self.unavailable(f"cannot be reached: {_cause(error.message)}") from error
        except TransportError as error:
            raise StoreError(f"{self._who()}: {_cause(error.message)}.") from error

    def unavailable(self, why: str) -> IndexUnavailableError:
        return IndexUnavailableError(f"{self._who()} {why}.")

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _opened(self) -> Elasticsearch:
        if self._client is None:
            from elasticsearch import Elasticsearch

            self._read_authority()
            # each try that fails would be told with its traceback: what comes of all is our error
            logging.getLogger("elastic_transport").setLevel(logging.ERROR)
            self._client = Elasticsearch(**self.settings.for_client())
        return self._client

    def _read_authority(self) -> None:
        """Of a file that cannot be used the client says what is wrong, and not which file."""
        file = self.settings.ca_certs
        if not file:
            return
        try:
            ssl.create_default_context(cafile=file)
        except ssl.SSLError as error:
            raise self.unavailable(
                f"cannot be trusted: no certificate of an authority is in `ca_certs` {file}"
            ) from error
        except OSError as error:
            raise self.unavailable(
                f"cannot be trusted: `ca_certs` {file} cannot be read: {error.strerror}"
            ) from error

    def _explained(self, status: int, reason: str) -> StoreError:
        if status in _REFUSED:
            return self.unavailable(f"{_REFUSED[status]} ({status}: {reason})")
        if status == BUSY:
            return NoRoomError(f"{self._who()} has no room for what we ask ({status}: {reason}).")
        if status == _TOO_LARGE:
            return TooLargeError(f"{self._who()} takes no request of this size ({status}).")
        if status in _AWAY:
            return self.unavailable(f"cannot answer now ({status}: {reason})")
        return StoreError(f"{self._who()} refused a request ({status}: {reason}).")

    def _who(self) -> str:
        return f"Elasticsearch at {', '.join(self.settings.hosts)}"


def reason_of(body: Any) -> str:
    """The reason nearest to the cause in an answer that is an error."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return " ".join(str(error).split())[:300]
    causes = [error, *error.get("root_cause", [])[:1]]
    while isinstance(cause := causes[-1].get("caused_by"), dict):
        causes.append(cause)
    said = [str(one["reason"]) for one in causes if one.get("reason")]
    return ": ".join(dict.fromkeys((said[0], said[-1])))[:300] if said else str(error)[:300]


def _is_elasticsearch(status: int, headers: Mapping[str, str]) -> bool:
    """It names itself in each answer; a proxy before it may refuse in its own name."""
    refused = status in _REFUSED or status in _AWAY or status in (BUSY, _TOO_LARGE)
    return refused or headers.get("x-elastic-product") == "Elasticsearch"


_WRAPPED = re.compile(r"HTTPS?Connection(?:Pool)?\([^)]*\): ")
_PAIR = re.compile(r"\('(.*?)\.?', \w+\((?:\d+, )?'(.*)'\)\)")


def _cause(message: str) -> str:
    """What a library says went wrong, on one line and without its own names."""
    said = " ".join(message.split())[:300]
    return _PAIR.sub(r"\1: \2", _WRAPPED.sub("", said)).rstrip(". ") or "no answer"

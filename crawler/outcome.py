"""How a visit ends without a response, and the exceptions of the network in our words."""

from __future__ import annotations

from dataclasses import dataclass

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError

from crawler.plan import Ended


class VisitOver(IgnoreRequest):
    """A visit ends here without a response that would say so; carries its end."""

    def __init__(self, ended: Ended) -> None:
        self.ended = ended
        super().__init__(ended.reason)


@dataclass(frozen=True, slots=True)
class Breakage:
    """Why no whole response came; ``passing``: it may be otherwise in a moment."""

    reason: str
    passing: bool = True


def breakage(error: BaseException, timeout_seconds: float) -> Breakage | None:
    """None: ``error`` is no failure of the network."""
    match error:
        case DownloadTimeoutError():
            return Breakage(f"timeout after {timeout_seconds:g} s")
        case CannotResolveHostError():
            return Breakage("dns")
        case DownloadConnectionRefusedError():
            return Breakage("connection refused")
        case ResponseDataLossError():
            return Breakage("connection closed before the body ended")
        case DownloadFailedError() | ConnectionClosed() | ConnectError() | SSL.Error():
            return _of_connection(error)
    return None


def is_too_large(error: BaseException) -> bool:
    """Scrapy gives up on a body beyond ``DOWNLOAD_MAXSIZE`` by cancelling its download."""
    return isinstance(error, DownloadCancelledError)


def _of_connection(error: BaseException) -> Breakage:
    for cause in _causes(error):
        if isinstance(cause, SSL.Error):
            return Breakage(f"tls ({_tls_words(cause)})", passing=False)
        if isinstance(cause, VerificationError):
            return Breakage("tls (the certificate names another host)", passing=False)
        if isinstance(cause, ParseError):
            return Breakage("not an HTTP answer")
    return Breakage("connection reset")


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what lies beneath it; Twisted keeps several in ``reasons``."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < 20:
        cause = waiting.pop()
        if cause is None or cause in found:
            continue
        found.append(cause)
        reasons = getattr(cause, "reasons", None) or ()
        waiting += [reason.value for reason in reasons if isinstance(reason, Failure)]
        waiting.append(cause.__cause__)
    return found


def _tls_words(error: SSL.Error) -> str:
    said = error.args[0] if error.args else ()
    if isinstance(said, list) and said and isinstance(said[0], tuple):
        return str(said[0][-1]) or "handshake"
    return "handshake"

"""One article, one address: the canonical form of URLs, and ids made of it.

Two addresses that differ only in what the canonical form drops are the same article: tracking
parameters, fragments, AMP and mobile twins, trailing slashes, ``http`` beside ``https``. The
form is for telling articles apart; the address that was listed is kept beside it.

``www.`` stays: some hosts answer with it only, some without, and one that answers to both
redirects to the one it wants. For "is this the same site" it does not count (`same_site`).
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from typing import NewType
from urllib.parse import SplitResult, quote, urljoin, urlsplit

ArticleId = NewType("ArticleId", str)
"""First 16 hex digits of the SHA-256 of the canonical URL: the same in every archive."""

MAX_LENGTH = 4096
"""Of a canonical URL; longer ones are no addresses of articles."""

DEFAULT_PORTS = {"http": 80, "https": 443}

_TRACKING_PREFIXES = (
    "utm_",  # Google Analytics campaigns, on every feed
    "amp_",  # the AMP viewer
    "mtm_", "pk_",  # Matomo campaigns
    "_x_tr_",  # Google Translate's frame
)  # fmt: skip

_TRACKING = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid",
    "ttclid", "igshid", "igsh", "mibextid",  # clicks in advertisements and in social networks
    "zarsrc", "gidzl", "zalo_source",  # Zalo
    "vn_source", "vn_campaign", "vn_medium", "vn_term", "vn_content",  # VnExpress
    "_ga", "_gl", "_gac", "mc_cid", "mc_eid", "cmpid", "usqp",  # analytics and newsletters
    "ref", "ref_src", "ref_url", "referrer", "share_source", "sharetype",  # where a link stood
    "amp", "outputtype",  # ?amp=1, ?outputType=amp: the AMP twin of the page
})  # fmt: skip

_TWIN_HOST = re.compile(r"(?:m|amp|mobile|www)\.")
_TWIN_HOST_NOT_WWW = re.compile(r"(?:m|amp|mobile)\.")

_CATEGORY_LABELS = frozenset({
    "ac", "biz", "co", "com", "edu", "gov", "health", "info", "int", "mil", "name", "net", "or",
    "org", "pro",
})  # fmt: skip
"""Second-level labels under which names are registered: ``com.vn`` itself is nobody's name."""

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
_UNRESERVED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_PATH_SAFE = "/%!$&'()*+,;=:@~"
_QUERY_SAFE = _PATH_SAFE + "?[]"

_AMP_SUFFIX = re.compile(r"\.amp(?=\.[a-z]{2,5}$|$)")


@functools.lru_cache(maxsize=8192)  # a list page names each article several times
def canonical_url(url: str, base: str | None = None) -> str | None:
    """The canonical form of ``url``, which may be relative to ``base``.

    None: it is no http(s) address of a host that can exist, or it holds a user name. The
    canonical form of a canonical form is itself.
    """
    parts = _split(url, base)
    if parts is None:
        return None
    host = _host(parts.hostname or "")
    if host is None or parts.username is not None or parts.password is not None:
        return None
    try:
        port = parts.port
    except ValueError:
        return None
    if port == 0:
        return None
    made = _origin(parts.scheme, host, port) + _path(parts.path) + _query(parts.query)
    return made if len(made) <= MAX_LENGTH else None


def article_id(canonical: str) -> ArticleId:
    """The id of the article at a canonical URL."""
    return ArticleId(hashlib.sha256(canonical.encode()).hexdigest()[:16])


def host_of(url: str) -> str:
    """The host, with its port where that is not the scheme's own; empty where there is none."""
    parts = _split(url, None)
    if parts is None:
        return ""
    try:
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return ""
    if host is None:
        return ""
    return host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def same_site(one: str, other: str) -> bool:
    """Whether two URLs are of one outlet: the same host, or one a subdomain of the other.

    ``www.``, ``m.`` and the like do not count; ports do.
    """
    ours, theirs = _bare(host_of(one)), _bare(host_of(other))
    if not ours or not theirs:
        return False
    if ours == theirs:
        return True
    return _is_under(ours, theirs) or _is_under(theirs, ours)


def _bare(host: str) -> str:
    while (twin := _TWIN_HOST.match(host)) and _is_registrable(host[twin.end() :]):
        host = host[twin.end() :]
    return host


def _is_under(host: str, parent: str) -> bool:
    return host.endswith("." + parent) and _is_registrable(parent)


_BLANK = "".join(map(chr, range(33)))
"""What browsers drop at both ends of an address."""


def _split(url: str, base: str | None) -> SplitResult | None:
    text = url.partition("#")[0].strip(_BLANK)
    try:
        if base is not None:
            text = urljoin(base, text)
        parts = urlsplit(text)
    except ValueError:
        return None
    return parts if parts.scheme in DEFAULT_PORTS else None


# --- host ----------------------------------------------------------------------------------


def _host(name: str) -> str | None:
    """The host in its ASCII form; None for one that cannot exist."""
    if ":" in name:
        return _address(name)
    host = name.lower().rstrip(".")
    if not host.isascii():
        host = _to_ascii(host)
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if _NUMBER.fullmatch(labels[-1]):  # else `http://2130706433/` would be another 127.0.0.1
        return _address(host)
    return host


def _address(text: str) -> str | None:
    from ipaddress import ip_address  # here: few URLs have one, and commands must start fast

    try:
        address = ip_address(text)
    except ValueError:
        return None
    return f"[{address.compressed}]" if address.version == 6 else str(address)


def _to_ascii(host: str) -> str:
    """IDNA; empty for a name that it does not allow."""
    try:
        return unicodedata.normalize("NFC", host).encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _origin(scheme: str, host: str, port: int | None) -> str:
    while (twin := _TWIN_HOST_NOT_WWW.match(host)) and _is_registrable(host[twin.end() :]):
        host = host[twin.end() :]
    if port is not None and port != DEFAULT_PORTS[scheme]:
        return f"{scheme}://{host}:{port}"
    return f"{scheme}://{host}" if _is_loopback(host) else f"https://{host}"


def _is_registrable(host: str) -> bool:
    """Whether someone can own this name: no address, no top-level domain, no ``com.vn``."""
    labels = host.partition(":")[0].split(".")
    if len(labels) < 2 or host.startswith("[") or _NUMBER.fullmatch(labels[-1]):
        return False
    return len(labels) > 2 or labels[0] not in _CATEGORY_LABELS


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "[::1]") or host.endswith(".localhost") or _is_127(host)


def _is_127(host: str) -> bool:
    return host.startswith("127.") and bool(_NUMBER.fullmatch(host.rpartition(".")[2]))


# --- path and query ------------------------------------------------------------------------


def _path(path: str) -> str:
    path = _without_dots(_escaped(path, _PATH_SAFE))
    while (shorter := _without_twin(path)) != path:
        path = shorter
    return path


def _without_twin(path: str) -> str:
    """The path without one mark of a twin: a trailing slash, ``/amp``, ``.amp``."""
    if path.endswith("/") and path != "/":
        return path.rstrip("/") or "/"
    if path.startswith("/amp/") and path.strip("/") != "amp":
        return path[4:]
    if path.endswith("/amp") and path != "/amp":
        return path[:-4]
    stem = path.rpartition("/")[2]
    dots_alone = stem.startswith(".") and stem.lstrip(".").startswith("amp")
    return path if dots_alone else _AMP_SUFFIX.sub("", path)


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4; always begins with a slash."""
    kept: list[str] = []
    segments = path.lstrip("/").split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept).lstrip("/")


def _query(query: str) -> str:
    kept = [
        _escaped(part, _QUERY_SAFE)
        for part in (each.strip(_BLANK) for each in query.split("&"))
        if part and not _is_tracking(part.partition("=")[0])
    ]
    return "?" + "&".join(kept) if kept else ""


def _is_tracking(name: str) -> bool:
    name = _ESCAPE.sub(_unescaped, name).lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _escaped(text: str, safe: str) -> str:
    """Percent-encoding in one form: only where needed, upper case, of UTF-8 in NFC."""
    text = _CONTROL.sub(lambda found: quote(found[0]), text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = quote(text.encode("utf-8", "replace"), safe=safe)
    elif "%" not in text:
        return quote(text, safe=safe)
    return quote(_ESCAPE.sub(_unescaped, text), safe=safe)


def _unescaped(found: re.Match[str]) -> str:
    """An escape as it should be written: a letter as itself, a lone ``%`` escaped."""
    if found[1] is None:
        return "%25"
    byte = int(found[1], 16)
    return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"

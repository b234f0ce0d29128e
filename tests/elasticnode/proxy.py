"""What stands before a cluster in earnest: TLS, credentials, and at times no room.

The node of these tests has no security of its own, so this asks for it: every request must bring
the key or the user it was made for. It keeps what was asked, so that a test can hold it against
the privileges of a role.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    """Without the query."""
    query: str
    body: bytes


Refusal = tuple[int, dict[str, Any]]
Refuse = Callable[[Asked], Refusal | None]
"""An answer of the proxy's own instead of the node's."""


@dataclass
class Proxy:
    """``accepted``: the value of the Authorization header; None: nobody is asked."""

    node_url: str
    accepted: str | None = None
    refuse: Refuse = lambda _: None
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    certificate: Path | None = None

    @property
    def fingerprint(self) -> str:
        assert self.certificate
        loaded = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        return hashlib.sha256(loaded.public_bytes(serialization.Encoding.DER)).hexdigest()

    def answer(self, asked: Asked, authorization: str) -> tuple[int, dict[str, str], bytes]:
        if self.accepted is not None and authorization != self.accepted:
            said = {"error": {"type": "security_exception", "reason": "unable to authenticate"}}
            return 401, {"Content-Type": "application/json"}, json.dumps(said).encode()
        self.asked.append(asked)
        if refusal := self.refuse(asked):
            said = json.dumps(refusal[1]).encode()
            return refusal[0], {"Content-Type": "application/json"}, said
        return self._forward(asked)

    def _forward(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        node = urlsplit(self.node_url)
        connection = http.client.HTTPConnection(str(node.hostname), node.port, timeout=60)
        try:
            target = f"{asked.path}?{asked.query}" if asked.query else asked.path
            kind = "application/x-ndjson" if asked.path.endswith("_bulk") else "application/json"
            connection.request(asked.method, target, asked.body or None, {"Content-Type": kind})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        kept = ("Content-Type", "X-Elastic-Product")
        headers = {name: value for name in kept if (value := answer.headers.get(name))}
        return answer.status, headers, body


@contextmanager
def proxied(
    node_url: str,
    *,
    accepted: str | None = None,
    refuse: Refuse = lambda _: None,
    tls_in: Path | None = None,
) -> Iterator[Proxy]:
    """A proxy before a node. ``tls_in``: the folder for a certificate of its own."""
    proxy = Proxy(node_url, accepted, refuse)
    server = ThreadingHTTPServer((LOOPBACK, 0), _handler(proxy))
    server.daemon_threads = True
    scheme = "http"
    if tls_in is not None:
        scheme, proxy.certificate = "https", tls_in / "certificate.pem"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*_certificate(tls_in))
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    proxy.url = f"{scheme}://{LOOPBACK}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def api_key(name: str, key: str) -> str:
    """As Elasticsearch gives it out."""
    return base64.b64encode(f"{name}:{key}".encode()).decode()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(self.command, parts.path, parts.query, self.rfile.read(length))
            authorization = self.headers.get("Authorization", "")
            status, headers, body = proxy.answer(asked, authorization)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "X-Elastic-Product" not in headers:
                self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 - http.server's

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:  # a client that does not trust us, or went away
                self.close_connection = True

    return Handler


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Signed by itself, for loopback."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elasticnode")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private

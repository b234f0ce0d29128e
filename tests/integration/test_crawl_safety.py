"""Nobody leads the crawler where it has no business, and nobody speaks for a site but itself."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.crawling import Crawl, Reply, Site, site


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    crawl = Crawl(tmp_path)
    yield crawl
    crawl.close()


def redirect(to: str) -> Reply:
    return Reply(status=302, body="", headers={"Location": to})


def test_a_local_source_is_led_to_no_other_port_host_or_scheme(crawl: Crawl) -> None:
    with site() as here, site() as secret:
        port = here.url.rpartition(":")[2]
        crawl.source(here.url, f'feeds = ["{here.url}/feed", "{here.url}/feed-di-noi-khac"]')
        here.feed(*(f"/tin-{number}.html" for number in range(4)))
        here.pages |= {
            "/tin-0.html": redirect(f"{secret.url}/bi-mat"),
            "/tin-1.html": redirect(f"http://2130706433:{port}/"),
            "/tin-2.html": redirect(f"http://[::1]:{port}/"),
            "/tin-3.html": redirect("file:///etc/passwd"),
            "/feed-di-noi-khac": redirect(f"{secret.url}/feed"),
        }
        crawl.run()
        assert secret.log == []
    other = secret.url.removeprefix("http://")
    assert crawl.outcomes() == {
        "/tin-0.html": f"refused: redirect to another site ({other})",
        "/tin-1.html": f"refused: redirect to another site (2130706433:{port})",
        "/tin-2.html": f"refused: redirect to another site ([::1]:{port})",
        "/tin-3.html": "failed: redirect to an address that cannot be read",
    }
    assert crawl.polls()["/feed-di-noi-khac"] == f"refused: host {other} is not this source's own"
    crawl.assert_whole()


ANY_NAME_IS_THIS_MACHINE = """
import socket, sys
real = socket.getaddrinfo
socket.getaddrinfo = lambda host, *more, **named: real("127.0.0.1", *more, **named)
from crawler.child import main
sys.exit(main())
"""


def test_a_public_name_that_leads_to_this_machine_is_refused(crawl: Crawl) -> None:
    crawl.settings["USER_AGENT_CONTACT"] = "desk@example.org"
    crawl.program = ("-c", ANY_NAME_IS_THIS_MACHINE)
    with site() as here:
        port = here.url.rpartition(":")[2]
        home = f"http://bao.example:{port}"
        crawl.source(home, f'feeds = ["{home}/feed"]', "[fetch]\ndelay_seconds = 0.01\n")
        report = crawl.run()
        assert here.log == []
    reason = "robots.txt could not be fetched (host bao.example is not public (127.0.0.1))"
    assert crawl.polls()["/feed"] == f"failed: {reason}"
    assert f"feed {home}/feed: {reason}" in report.problems


@contextmanager
def tls(folder: Path, name: str) -> Iterator[tuple[Site, Path]]:
    """A site over TLS for ``localhost`` whose certificate names ``name``, and its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names[: 1 if name != "localhost" else 2]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = folder / f"{name}.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with site(tls=context) as here:
        here.url = here.url.replace("http://127.0.0.1", "https://localhost")
        yield here, pem


@pytest.mark.slow
def test_a_certificate_must_be_trusted_and_name_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"good": "localhost", "other-name": "bao-khac.example", "untrusted": "localhost"}
    with ExitStack() as open_sites:
        running = {}
        for case, name in names.items():
            (tmp_path / case).mkdir()
            here, authority = open_sites.enter_context(tls(tmp_path / case, name))
            crawl = Crawl(tmp_path / case)
            crawl.source(here.url, f'feeds = ["{here.url}/feed"]')
            here.feed("/mot-1.html")
            if case == "untrusted":
                monkeypatch.delenv("SSL_CERT_FILE")
            else:
                monkeypatch.setenv("SSL_CERT_FILE", str(authority))
            running[case] = (here, crawl, crawl.start())
        for _, crawl, child in running.values():
            crawl.finish(child)
    said = {case: crawl.polls()["/feed"] for case, (_, crawl, _) in running.items()}
    failed = "failed: robots.txt could not be fetched"
    assert said == {
        "good": "ok",
        "other-name": f"{failed} (tls (the certificate names another host))",
        "untrusted": f"{failed} (tls (certificate verify failed))",
    }
    assert running["good"][1].outcomes() == {"/mot-1.html": "fetched"}
    assert running["untrusted"][0].log == []

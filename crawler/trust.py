"""Whom we trust to vouch for a site's certificate: the platform, else Mozilla's list."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

PLATFORM_BUNDLES = (
    Path("/etc/ssl/certs/ca-certificates.crt"),  # Debian, Ubuntu, Arch, Alpine
    Path("/etc/pki/tls/certs/ca-bundle.crt"),  # Fedora, RHEL
    Path("/etc/ssl/ca-bundle.pem"),  # SUSE
    Path("/etc/pki/tls/cacert.pem"),
    Path("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
    Path("/etc/ssl/cert.pem"),  # macOS, BSD
)
"""Where pyOpenSSL looks (its ``set_default_verify_paths``)."""

VARIABLE = "SSL_CERT_FILE"


def trust_someone(
    environment: MutableMapping[str, str] = os.environ,
    bundles: tuple[Path, ...] = PLATFORM_BUNDLES,
) -> None:
    """On a machine without a trust store (a slim container), certifi's serves.

    Without one no certificate could be verified, and nothing is fetched unverified.
    """
    if VARIABLE in environment or any(bundle.exists() for bundle in bundles):
        return
    import certifi

    environment[VARIABLE] = certifi.where()

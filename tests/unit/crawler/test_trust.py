from __future__ import annotations

from pathlib import Path

from crawler.trust import trust_someone


def test_a_machine_without_a_trust_store_gets_mozillas_list(tmp_path: Path) -> None:
    environment: dict[str, str] = {}
    trust_someone(environment, (tmp_path / "none.pem",))
    assert Path(environment["SSL_CERT_FILE"]).read_text().count("BEGIN CERTIFICATE") > 50


def test_what_the_platform_or_the_user_trusts_comes_first(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    own = {"SSL_CERT_FILE": "own.pem"}
    trust_someone(own, (tmp_path / "none.pem",))
    assert own == {"SSL_CERT_FILE": "own.pem"}
    bundle.write_text("")
    environment: dict[str, str] = {}
    trust_someone(environment, (bundle,))
    assert environment == {}

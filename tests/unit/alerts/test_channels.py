"""Addresses of channels: what they mean, and what of them may be shown."""

from __future__ import annotations

from functools import partial

import pytest

from hanoiwatch.alerts.channels import fill, kind_of, masked
from hanoiwatch.alerts.mail import Mailbox, mailbox
from hanoiwatch.alerts.webhook import hook, signature
from hanoiwatch.errors import ConfigError

SECRETS = {"MAT_KHAU": "p@ss/w?rd", "KHOA": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
filled = partial(fill, "thu", environment=SECRETS)


def box(address: str) -> Mailbox:
    return mailbox("thu", address, filled)


def test_an_email_address_is_read_as_apprise_writes_it() -> None:
    read = box(
        "mailtos://canh-bao:${MAT_KHAU}@example.org?smtp=smtp.example.org&to=a@example.org,"
        "b@example.org&name=Tòa%20soạn&cc=c@example.org&reply=d@example.org"
    )
    assert (read.host, read.port, read.mode) == ("smtp.example.org", 587, "starttls")
    assert (read.user, read.password) == ("canh-bao", "p@ss/w?rd")
    assert read.recipients == ("a@example.org", "b@example.org")
    assert str(read.sender) == "Tòa soạn <canh-bao@example.org>"
    assert (read.copies, read.reply_to) == (("c@example.org",), "d@example.org")


@pytest.mark.parametrize(
    ("address", "port", "mode"),
    [
        ("mailto://u:p@example.org", 587, "starttls"),
        ("mailto://u:p@example.org:465", 465, "ssl"),
        ("smtps://u:p@example.org", 465, "ssl"),
        ("mailto://u:p@example.org?mode=insecure", 25, "insecure"),
        ("mailto://u:p@127.0.0.1:2525", 2525, "offered"),
        ("smtp://example.org/a@example.org?from=b@example.org", 587, "offered"),
    ],
)
def test_a_password_goes_over_tls_alone(address: str, port: int, mode: str) -> None:
    assert (box(address).port, box(address).mode) == (port, mode)


def test_without_a_recipient_mail_goes_to_its_sender() -> None:
    assert box("mailto://ban:x@example.org").recipients == ("ban@example.org",)


@pytest.mark.parametrize(
    "address", ["mailto://example.org", "mailto://u@h?mode=tls", "smtp://h:99999/a@b?from=c@d"]
)
def test_an_email_address_that_lacks_something_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="channel `thu`"):
        box(address)


def test_a_webhooks_secret_is_never_in_its_url() -> None:
    read = hook("moc", "webhook+https://${KHOA}@example.org/a?b=c", filled)
    assert read.url == "https://example.org/a?b=c"
    assert hook("moc", "jsons://example.org/a?secret=${KHOA}", filled).secret == read.secret


def test_the_signature_is_that_of_standard_webhooks() -> None:
    # the example of the specification's own test vectors
    secret = hook("moc", "json://${KHOA}@h/", filled).secret
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["whsec_", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La*", "whsec_Mật"])
def test_a_secret_that_says_it_is_base64_and_is_not_is_refused_unshown(secret: str) -> None:
    bad = partial(fill, "moc", environment={"KHOA": secret})
    with pytest.raises(ConfigError, match=r"channel `moc`: its secret begins with whsec_") as told:
        hook("moc", "json://${KHOA}@h/", bad)
    assert secret.removeprefix("whsec_") == "" or secret not in str(told.value)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("mailto://u:bi-mat@example.org?to=a@b", "mailto://example.org"),
        ("webhook+https://bi-mat@example.org/khoa/bi-mat", "webhook+https://example.org"),
        ("tgram://bi-mat/bi-mat", "tgram://…"),
        ("feed:feeds", "feed:feeds"),
        ("${DIA_CHI}", "…"),
        ("bi-mat", "…"),
    ],
)
def test_no_secret_of_an_address_is_shown(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_kinds_are_told_by_the_scheme_also_of_an_address_in_a_variable() -> None:
    environment = {"DIA_CHI": "mailto://h?to=a@b&from=c@d"}
    assert kind_of("x", "${DIA_CHI}", environment) == "email"
    assert kind_of("x", "slack://a/b/c", {}) == "apprise"
    with pytest.raises(ConfigError, match="no address of a channel"):
        kind_of("x", "desk@example.org", {})
    with pytest.raises(ConfigError, match="no variable DIA_CHI"):
        kind_of("x", "${DIA_CHI}", {})

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import address_in, is_public, refusal

PUBLIC = {"home": "https://bao.example/", "home_is_local": False}
LOCAL = {"home": "http://127.0.0.1:8000/", "home_is_local": True}


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808",
        "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "::127.0.0.1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_for_everyone_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "113.160.1.1", "2405:4800::1", "2606:4700::1"])
def test_addresses_of_the_internet_are_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "017700000001",
     "127.0.0.1."],
)  # fmt: skip
def test_loopback_is_recognised_in_every_spelling(host: str) -> None:
    assert address_in(host) == IPv4Address("127.0.0.1")
    assert refusal(f"http://{host}/", **PUBLIC)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_an_ipv4_address_as_one_number_is_read_like_a_resolver_does(number: int, form: str) -> None:
    assert address_in(form.format(number)) == IPv4Address(number)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://bao.example/", "not http or https"),
        ("file:///etc/passwd", "not http or https"),
        ("http:///khong-co-may", "not http or https"),
        ("http://bao.example:hai/", "address cannot be read"),
        ("http://[::1]/", "host [::1] is not public"),
        ("http://169.254.169.254/latest", "host 169.254.169.254 is not public"),
    ],
)
def test_a_public_source_is_refused_what_no_reader_could_fetch(url: str, reason: str) -> None:
    assert refusal(url, **PUBLIC) == reason


def test_a_public_source_may_use_names_and_public_addresses() -> None:
    assert refusal("https://cdn.bao.example/a", **PUBLIC) is None
    assert refusal("http://8.8.8.8/", **PUBLIC) is None


def test_a_local_source_may_use_its_own_host_and_port_only() -> None:
    assert refusal("http://127.0.0.1:8000/tin-1.html", **LOCAL) is None
    for url in (
        "http://127.0.0.1/",
        "http://127.0.0.1:8001/",
        "https://127.0.0.1:8000/",
        "http://localhost:8000/",
        "http://bao.example/",
    ):
        assert "is not this source's own" in (refusal(url, **LOCAL) or "")


def test_the_default_port_may_be_left_out() -> None:
    assert refusal("http://localhost:80/a", home="http://localhost/", home_is_local=True) is None

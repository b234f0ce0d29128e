"""The only way out of the browser lets nothing reach what its source may not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest

from crawler.browser import gateway as module
from crawler.browser.gateway import Gateway
from crawler.browser.leave import Place
from tests.crawling import Reply, Site, site
from tests.waiting import PATIENCE

PUBLIC = Place(home="https://bao-thu.example/", is_local=False)


async def through(gateway: Gateway, *requests: bytes) -> list[bytes]:
    """What each request is answered, on a connection of its own."""
    async with gateway:
        port = urlsplit(await gateway.open()).port
        return [await _answer(port, request) for request in requests]


async def _answer(port: int | None, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        return await asyncio.wait_for(reader.read(), PATIENCE)
    finally:
        writer.close()
        await writer.wait_closed()


def ask(here: Site, path: str, place: Place | None = None, more: bytes = b"") -> bytes:
    place = place or Place(home=here.url + "/", is_local=True)
    request = f"GET {here.url}{path} HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\n"
    (answer,) = asyncio.run(through(Gateway(place), request.encode() + more + b"\r\n"))
    return answer


def test_a_request_to_the_source_itself_is_passed_on_once_on_its_connection() -> None:
    with site() as here:
        here.pages["/tin?a=1"] = Reply(body="đây", headers={"Keep-Alive": "timeout=5"})
        answer = ask(here, "/tin?a=1")
        headers = here.asked("/tin?a=1")[0].headers
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith("đây".encode())
    assert answer.lower().count(b"connection: close") == 1
    assert b"keep-alive" not in answer.lower()
    assert headers["connection"] == "close"
    assert "proxy-connection" not in headers


def test_another_port_of_this_machine_is_refused_and_counted() -> None:
    with site() as here, site() as other:
        gateway = Gateway(Place(home=here.url + "/", is_local=True))
        host = other.url.removeprefix("http://")
        plain, tunnel = asyncio.run(
            through(
                gateway,
                f"GET {other.url}/x HTTP/1.1\r\n\r\n".encode(),
                f"CONNECT {host} HTTP/1.1\r\n\r\n".encode(),
            )
        )
        assert other.log == []
    assert plain.startswith(b"HTTP/1.1 403")
    assert tunnel.startswith(b"HTTP/1.1 403")
    assert gateway.refused == {"refused": 2}


def resolver(*addresses: str) -> Callable[[str, int], Awaitable[list[str]]]:
    async def resolve(_host: str, _port: int) -> list[str]:
        return list(addresses)

    return resolve


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1%lo"]
)
def test_a_public_name_that_leads_to_a_private_address_is_refused(address: str) -> None:
    gateway = Gateway(PUBLIC, resolver(address))
    answers = asyncio.run(
        through(
            gateway,
            b"CONNECT cdn.example:443 HTTP/1.1\r\n\r\n",
            b"GET http://cdn.example/x HTTP/1.1\r\n\r\n",
        )
    )
    assert all(answer.startswith(b"HTTP/1.1 403") for answer in answers)
    assert gateway.refused == {"refused": 2}


def test_the_connection_goes_to_the_address_that_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that answers otherwise a moment later gains nothing."""
    connected: list[str] = []

    async def connect(addresses: list[str], _port: int) -> object:
        connected.extend(addresses)
        raise OSError

    monkeypatch.setattr(module, "_connect", connect)
    gateway = Gateway(PUBLIC, resolver("10.0.0.1", "93.184.215.14"))
    asyncio.run(through(gateway, b"CONNECT cdn.example:443 HTTP/1.1\r\n\r\n"))
    assert connected == ["93.184.215.14"]


def test_what_is_no_http_ends_its_connection_and_nothing_else() -> None:
    gateway = Gateway(PUBLIC)
    answers = asyncio.run(
        through(gateway, b"xin chao\r\n\r\n", b"\x16\x03\x01\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n")
    )
    assert answers[:2] == [b"", b""]
    assert answers[2].startswith(b"HTTP/1.1 403")


def test_a_page_that_opens_connection_after_connection_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 2)
    with site() as here:
        here.pages["/a"] = Reply(body="a")
        gateway = Gateway(Place(home=here.url + "/", is_local=True))
        request = f"GET {here.url}/a HTTP/1.1\r\n\r\n".encode()
        answers = asyncio.run(through(gateway, *[request] * 4))
        assert here.times("/a") == 2
    assert [answer[9:12] for answer in answers] == [b"200", b"200", b"403", b"403"]
    assert gateway.refused == {"too many": 2}

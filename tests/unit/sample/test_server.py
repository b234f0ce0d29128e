"""The server over real HTTP: keep-alive, validators, coding, the log."""

from __future__ import annotations

import gzip
import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.server import SampleServer, SampleServerError
from tests.outlet import CLIENT_SECONDS, ask, running, small_article, small_outlet
from tests.waiting import wait_for


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with running(small_outlet()) as running_server:
        yield running_server


def raw(server: SampleServer, sent: bytes) -> bytes:
    """Everything that comes back on one connection until the server closes it."""
    parts = urlsplit(server.url)
    place = (parts.hostname, parts.port)
    with socket.create_connection(place, timeout=CLIENT_SECONDS) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def article_url(server: SampleServer, place: int = 2) -> str:
    return server.outlet.url(small_article(place).slug)


def test_every_article_of_the_paper_is_served_at_its_address() -> None:
    with running() as server:
        for entry in server.outlet.edition.entries:
            assert entry.article.title.partition(":")[0] in ask(server.url + entry.path).text


def test_absolute_links_name_the_running_server(server: SampleServer) -> None:
    assert f'<link rel="canonical" href="{article_url(server)}">' in ask(article_url(server)).text
    assert f"<loc>{server.url}/sitemap-article-" in ask(f"{server.url}/sitemap.xml").text


def test_a_query_does_not_change_the_page(server: SampleServer) -> None:
    url = article_url(server)
    assert ask(f"{url}?utm_source=rss&utm_medium=home").body == ask(url).body


def test_many_requests_share_one_connection(server: SampleServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=CLIENT_SECONDS)
    for _ in range(3):
        connection.request("GET", "/do-thi")
        assert connection.getresponse().read()
    connection.close()
    assert {request.connection for request in server.requests("/do-thi")} == {1}


def test_pipelined_requests_are_answered_in_order(server: SampleServer) -> None:
    sent = (
        b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"
        b"GET /khong-co HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    answers = raw(server, sent)
    assert answers.startswith(b"HTTP/1.1 200 OK")
    assert answers.count(b"HTTP/1.1 404 Not Found") == 1


def test_a_server_may_close_after_so_many_requests() -> None:
    with SampleServer(small_outlet(), close_after=2) as server:
        answers = raw(server, b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
    assert answers.count(b"HTTP/1.1 200 OK") == 2
    assert answers.count(b"Connection: close") == 1


def test_http_1_0_closes(server: SampleServer) -> None:
    assert raw(server, b"GET /robots.txt HTTP/1.0\r\n\r\n").endswith(b"sitemap-news.xml\n")


def test_what_is_no_http_gets_400(server: SampleServer) -> None:
    assert raw(server, b"xin chao\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_an_endless_head_is_cut_off(server: SampleServer) -> None:
    with pytest.raises(ConnectionError):
        raw(server, b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000)


def test_head_has_the_length_and_no_body(server: SampleServer) -> None:
    whole, head = ask(article_url(server)), ask(article_url(server), method="HEAD")
    assert head.body == b""
    assert head.headers["Content-Length"] == str(len(whole.body))


def test_other_methods_are_refused(server: SampleServer) -> None:
    answer = ask(article_url(server), method="POST")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_gzip_is_given_to_those_who_ask(server: SampleServer) -> None:
    plain = ask(article_url(server))
    coded = ask(article_url(server), headers={"Accept-Encoding": "gzip, deflate"})
    assert plain.headers["Content-Encoding"] is None
    assert coded.headers["Content-Encoding"] == "gzip"
    assert coded.body == plain.body


def test_the_compressed_sitemap_is_a_file_not_a_coding(server: SampleServer) -> None:
    url = f"{server.url}/sitemap-article-2026-10-01.xml.gz"
    answer = ask(url, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] is None
    assert gzip.decompress(answer.body).startswith(b"<?xml")


@pytest.mark.parametrize(
    ("given", "sent_back"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
)
def test_a_client_that_holds_the_page_gets_304(
    server: SampleServer, given: str, sent_back: str
) -> None:
    url = article_url(server)
    headers = {sent_back: ask(url).headers[given]}
    again = ask(url, headers=headers)
    assert (again.status, again.body) == (304, b"")
    server.outlet.edit(small_article(2).slug, title="Đầu đề mới")
    assert ask(url, headers=headers).status == 200


def test_another_etag_beats_an_equal_date(server: SampleServer) -> None:
    url = article_url(server)
    since = ask(url).headers["Last-Modified"]
    headers = {"If-None-Match": '"khac"', "If-Modified-Since": since}
    assert ask(url, headers=headers).status == 200


def test_a_date_that_cannot_be_read_is_ignored(server: SampleServer) -> None:
    assert ask(article_url(server), headers={"If-Modified-Since": "hôm qua".encode()}).status == 200


def test_a_change_shows_at_once(server: SampleServer) -> None:
    url = article_url(server)
    assert "Đầu đề mới" not in ask(url).text
    server.outlet.edit(small_article(2).slug, title="Đầu đề mới")
    assert "Đầu đề mới" in ask(url).text


def test_moved_and_deleted_articles_answer_over_http(server: SampleServer) -> None:
    moved, deleted = article_url(server, 1), article_url(server, 2)
    entry = server.outlet.move(small_article(1).slug)
    server.outlet.delete(small_article(2).slug, "gone")
    answer = ask(moved)
    assert (answer.status, answer.headers["Location"]) == (301, entry.path)
    assert ask(deleted).status == 410


def test_the_log_keeps_what_was_asked(server: SampleServer) -> None:
    ask(f"{server.url}/khong-co?x=1", headers={"User-Agent": "hanoiwatch/1"})
    (request,) = server.requests("khong-co")
    assert (request.method, request.target, request.path) == ("GET", "/khong-co?x=1", "/khong-co")
    assert (request.headers["user-agent"], request.status) == ("hanoiwatch/1", 404)
    server.forget_requests()
    assert server.requests() == ()


def test_latency_delays_every_answer() -> None:
    with running(small_outlet(), latency_seconds=0.05) as server:
        start = time.monotonic()
        ask(f"{server.url}/robots.txt")
        assert time.monotonic() - start >= 0.05


def test_slow_answers_do_not_hold_up_each_other() -> None:
    with running(small_outlet(), latency_seconds=600.0) as server, ExitStack() as stack:
        place = urlsplit(server.url).netloc
        for _ in range(10):
            connection = stack.enter_context(closing(http.client.HTTPConnection(place)))
            connection.request("GET", "/robots.txt")
        wait_for(lambda: len(server.requests()) >= 10)  # all while the first is still to come
        assert [asked.path for asked in server.requests()] == ["/robots.txt"] * 10


def test_warming_makes_the_pages_that_are_served(server: SampleServer) -> None:
    cold = ask(article_url(server), headers={"Accept-Encoding": "gzip"})
    server.warm()
    warm = ask(article_url(server), headers={"Accept-Encoding": "gzip"})
    assert (warm.body, warm.headers["ETag"]) == (cold.body, cold.headers["ETag"])


def test_a_taken_port_is_one_clear_error(server: SampleServer) -> None:
    port = urlsplit(server.url).port or 0
    with pytest.raises(SampleServerError, match=str(port)):
        SampleServer(Outlet([]), port=port).start()


def test_a_stopped_server_answers_no_more_and_may_be_stopped_again() -> None:
    with running(small_outlet()) as server:
        url = article_url(server)
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        ask(url)


def test_only_loopback_is_bound(server: SampleServer) -> None:
    assert urlsplit(server.url).hostname == "127.0.0.1"


def test_two_papers_can_run_side_by_side() -> None:
    first, second = small_outlet(1), Outlet([replace(small_article(0), title="Báo kia")])
    with running(first) as one, running(second) as other:
        slug = small_article(0).slug
        assert "Báo kia" not in ask(one.outlet.url(slug)).text
        assert "Báo kia" in ask(other.outlet.url(slug)).text

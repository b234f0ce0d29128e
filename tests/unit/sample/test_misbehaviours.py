"""Each misbehaviour, as a plain HTTP client meets it."""

from __future__ import annotations

import http.client
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import feedparser
import pytest

from hanoiwatch.sample import misbehaviours as bad
from hanoiwatch.sample.rules import Misbehaviour
from hanoiwatch.sample.server import SampleServer
from tests.outlet import CLIENT_SECONDS, Answer, ask, running, small_article, small_outlet
from tests.waiting import wait_for

PAGE = "/do-thi"


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with running(small_outlet()) as running_server:
        yield running_server


def asked(server: SampleServer, misbehaviour: Misbehaviour, path: str = PAGE) -> Answer:
    """The answer at ``path`` under ``misbehaviour``."""
    server.answer(path, misbehaviour)
    return ask(server.url + path)


@pytest.mark.parametrize("code", [403, 429, 500, 502, 503])
def test_an_error_status_can_be_answered(server: SampleServer, code: int) -> None:
    assert asked(server, bad.status(code)).status == code


def test_retry_after_comes_in_seconds_or_as_a_date(server: SampleServer) -> None:
    assert asked(server, bad.status(429, retry_after=7)).headers["Retry-After"] == "7"
    moment = datetime(2026, 11, 1, 2, 3, 4, tzinfo=UTC)
    answer = asked(server, bad.status(503, retry_after=moment))
    assert answer.headers["Retry-After"] == "Sun, 01 Nov 2026 02:03:04 GMT"


def test_a_rule_may_hold_a_few_times_and_then_all_is_fine(server: SampleServer) -> None:
    server.answer(PAGE, bad.status(503), times=2)
    assert [ask(server.url + PAGE).status for _ in range(4)] == [503, 503, 200, 200]


def test_a_rule_may_begin_after_some_good_answers(server: SampleServer) -> None:
    server.answer(PAGE, bad.status(500), after=2, times=1)
    assert [ask(server.url + PAGE).status for _ in range(4)] == [200, 200, 500, 200]


def test_the_newest_rule_wins_and_all_can_be_forgotten(server: SampleServer) -> None:
    server.answer(PAGE, bad.status(500))
    server.answer(PAGE, bad.status(403))
    assert ask(server.url + PAGE).status == 403
    server.behave()
    assert ask(server.url + PAGE).status == 200


def test_a_rule_touches_only_what_it_names(server: SampleServer) -> None:
    server.answer("/robots", bad.status(500))
    assert ask(f"{server.url}/robots.txt").status == 500
    assert ask(server.url + PAGE).status == 200


@pytest.mark.parametrize(
    ("misbehaviour", "words"),
    [
        (bad.challenge(), "Đang kiểm tra trình duyệt"),
        (bad.login_wall(), 'type="password"'),
        (bad.consent(), "cookie"),
        (bad.soft_404(), "Không tìm thấy trang"),
        (bad.maintenance(), "Bảo trì hệ thống"),
    ],
)
def test_a_page_that_is_no_article_comes_with_200(
    server: SampleServer, misbehaviour: Misbehaviour, words: str
) -> None:
    answer = asked(server, misbehaviour)
    assert answer.status == 200
    assert words in answer.text


def test_the_cookie_challenge_lets_in_who_brings_the_cookie(server: SampleServer) -> None:
    assert "location.reload()" in asked(server, bad.cookie_challenge()).text
    assert "c-heading" in ask(server.url + PAGE, headers={"Cookie": "D1N=mau"}).text


def test_an_empty_page_has_no_byte(server: SampleServer) -> None:
    answer = asked(server, bad.empty())
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", "0")


def test_the_content_type_may_be_wrong(server: SampleServer) -> None:
    answer = asked(server, bad.wrong_type("application/pdf"))
    assert (answer.headers["Content-Type"], "c-heading" in answer.text) == ("application/pdf", True)


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:9/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/",
        "file:///etc/passwd",
    ],
)  # fmt: skip
def test_a_redirect_may_lead_anywhere(server: SampleServer, to: str) -> None:
    answer = asked(server, bad.redirect(to))
    assert (answer.status, answer.headers["Location"]) == (302, to)


def test_a_redirect_loop_never_ends(server: SampleServer) -> None:
    server.answer(PAGE, bad.redirect_loop())
    places = [ask(server.url + PAGE).headers["Location"] for _ in range(3)]
    assert places == [f"{PAGE}?vong={turn}" for turn in (1, 2, 3)]


def test_feeds_may_be_empty_or_broken(server: SampleServer) -> None:
    empty = feedparser.parse(asked(server, bad.empty_feed(), "/rss/do-thi").body)
    broken = feedparser.parse(asked(server, bad.broken_feed(), "/rss/do-thi").body)
    assert (empty.bozo, len(empty.entries)) == (False, 0)
    assert broken.bozo


def test_a_stale_etag_hides_a_change(server: SampleServer) -> None:
    server.answer("", bad.stale_etag())
    url = server.outlet.url(small_article(2).slug)
    tag = ask(url).headers["ETag"]
    server.outlet.edit(small_article(2).slug, title="Đầu đề mới")
    assert ask(url, headers={"If-None-Match": tag}).status == 304
    assert "Đầu đề mới" in ask(url).text


def test_a_restless_etag_never_matches(server: SampleServer) -> None:
    first = asked(server, bad.restless_etag())
    second = ask(server.url + PAGE, headers={"If-None-Match": first.headers["ETag"]})
    assert (second.status, second.body) == (200, first.body)


def test_a_page_may_come_without_validators(server: SampleServer) -> None:
    answer = asked(server, bad.no_validators())
    assert (answer.headers["ETag"], answer.headers["Last-Modified"]) == (None, None)


def test_a_page_that_needs_a_browser_holds_only_a_promise(server: SampleServer) -> None:
    article = small_article(2)
    path = server.outlet.entry(article.slug).path
    shell = asked(server, bad.needs_browser(), path)
    assert "Bài viết đang được tải" in shell.text
    assert article.title not in shell.text
    assert article.title in ask(f"{server.url}{path}?{bad.SCRIPTED}").text


def test_a_stalled_request_is_never_answered(server: SampleServer) -> None:
    server.answer(PAGE, bad.stall())
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=0.2)
    connection.request("GET", PAGE)
    with pytest.raises(TimeoutError):
        connection.getresponse()
    wait_for(lambda: server.requests(PAGE))
    connection.close()
    assert server.requests(PAGE)[0].status is None


def test_a_dripping_body_takes_its_time(server: SampleServer) -> None:
    server.answer("/robots.txt", bad.drip(bytes_per_second=1000))
    start = time.monotonic()
    size = len(ask(f"{server.url}/robots.txt").body)
    assert time.monotonic() - start > (size - 100) / 1000


def test_a_slow_answer_is_a_good_one(server: SampleServer) -> None:
    start = time.monotonic()
    assert asked(server, bad.slow(0.1)).status == 200
    assert time.monotonic() - start >= 0.1


def test_a_connection_may_be_reset_before_the_answer(server: SampleServer) -> None:
    with pytest.raises(ConnectionResetError):
        asked(server, bad.reset())


def test_a_connection_may_be_reset_in_the_middle(server: SampleServer) -> None:
    with pytest.raises(ConnectionResetError):
        asked(server, bad.reset(after_bytes=500))


def test_a_body_may_be_shorter_than_promised(server: SampleServer) -> None:
    with pytest.raises(http.client.IncompleteRead):
        asked(server, bad.cut_short(after_bytes=100))


def test_chunked_coding_gives_the_same_page(server: SampleServer) -> None:
    plain = ask(server.url + PAGE)
    chunked = asked(server, bad.chunked())
    assert chunked.headers["Transfer-Encoding"] == "chunked"
    assert chunked.body == plain.body


def test_a_huge_page_is_as_long_as_asked(server: SampleServer) -> None:
    assert len(asked(server, bad.huge(5)).body) == 5_000_000


def test_a_gzip_bomb_is_small_on_the_wire(server: SampleServer) -> None:
    server.answer(PAGE, bad.gzip_bomb(5))
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=CLIENT_SECONDS)
    connection.request("GET", PAGE)
    body = connection.getresponse().read()
    connection.close()
    assert len(body) < 7_000
    assert len(zlib.decompress(body, 31)) == 5_000_000


def test_gzip_may_be_truncated(server: SampleServer) -> None:
    with pytest.raises(EOFError):
        asked(server, bad.truncated_gzip())


def test_gzip_may_be_a_lie(server: SampleServer) -> None:
    with pytest.raises(OSError, match="gzip"):
        asked(server, bad.not_gzip())


@pytest.mark.parametrize(
    ("misbehaviour", "status"),
    [
        (bad.status(503), 503),
        (bad.status(403), 403),
        (bad.status(404), 404),
        (bad.redirect("/x"), 302),
    ],
)
def test_robots_txt_misbehaves_like_any_page(
    server: SampleServer, misbehaviour: Misbehaviour, status: int
) -> None:
    assert asked(server, misbehaviour, "/robots.txt").status == status


def test_a_connection_goes_on_after_a_slow_answer(server: SampleServer) -> None:
    server.answer(PAGE, bad.slow(0.05), times=1)
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=CLIENT_SECONDS)
    for _ in range(2):
        connection.request("GET", PAGE)
        assert connection.getresponse().read()
    connection.close()
    assert len({request.connection for request in server.requests(PAGE)}) == 1


@pytest.mark.parametrize("misbehaviour", [bad.huge(2), bad.chunked(), bad.drip()])
def test_head_of_a_misbehaving_page_has_no_body(
    server: SampleServer, misbehaviour: Misbehaviour
) -> None:
    server.answer(PAGE, misbehaviour)
    assert ask(server.url + PAGE, method="HEAD").body == b""


def test_a_redesign_keeps_the_words_and_changes_every_name(server: SampleServer) -> None:
    path = server.outlet.entry(small_article(1).slug).path
    before = ask(server.url + path).text
    after = asked(server, bad.redesigned(), path).text
    assert 'class="moi-' in after
    assert after != before
    assert after.replace("moi-", "") == before
    gzipped = ask(server.url + path, headers={"Accept-Encoding": "gzip"}).text
    assert gzipped == after

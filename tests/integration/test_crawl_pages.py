"""What becomes of a listed page: fetched, refused, failed or left for later, with its reason."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawling import PAGE, Crawl, Reply, Site, site


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    crawl = Crawl(tmp_path)
    yield crawl
    crawl.close()


def use(crawl: Crawl, here: Site, more: str = "") -> None:
    crawl.source(here.url, f'feeds = ["{here.url}/feed"]', more)


def redirect(to: str) -> Reply:
    return Reply(status=302, body="", headers={"Location": to})


@pytest.mark.slow
def test_every_listed_page_ends_in_exactly_one_outcome_with_its_reason(crawl: Crawl) -> None:
    crawl.settings["CRAWL__MAX_BODY_BYTES"] = "100000"
    crawl.settings["CRAWL__TIMEOUT_SECONDS"] = "2"
    with site() as here:
        use(crawl, here)
        here.feed(
            "/co-1.html", "/mat-2.html", "/loi-3.html", "/anh-4.html", "/to-5.html",
            "/ra-ngoai-6.html", "/vong-7.html", "/chuyen-8.html", "/ve-trang-chu-9.html",
            "/cham-10.html", "/dut-11.html", "/cam-12.html", "/nho-giot-13.html",
            "/rong-14.html", "/khong-dia-chi-15.html", "/khong-phai-http-16.html",
        )  # fmt: skip
        here.pages |= {
            "/mat-2.html": Reply(status=404),
            "/loi-3.html": Reply(status=500),
            "/anh-4.html": Reply(type="image/jpeg", body=b"\xff\xd8\xff"),
            "/to-5.html": Reply(body=b"a" * 200_000),
            "/ra-ngoai-6.html": redirect("http://example.org/"),
            "/vong-7.html": redirect("/vong-7b.html"),
            "/vong-7b.html": redirect("/vong-7.html"),
            "/chuyen-8.html": redirect("/moi-8.html"),
            "/moi-8.html": Reply(body=PAGE + "8"),
            "/ve-trang-chu-9.html": redirect("/"),
            "/cham-10.html": lambda _: time.sleep(8),
            "/dut-11.html": cut_off,
            "/cam-12.html": Reply(status=403),
            "/nho-giot-13.html": drip,
            "/rong-14.html": Reply(body=b""),
            "/khong-dia-chi-15.html": redirect("http://["),
            "/khong-phai-http-16.html": lambda handler: handler.wfile.write(b"xin chao\r\n\r\n"),
        }
        report = crawl.run()
        url = here.url
    assert crawl.outcomes() == {
        "/co-1.html": "fetched",
        "/mat-2.html": "failed: status 404",
        "/loi-3.html": "failed: status 500",
        "/anh-4.html": "refused: content type image/jpeg",
        "/to-5.html": "refused: size over 100000 bytes",
        "/ra-ngoai-6.html": "refused: redirect to another site (example.org)",
        "/vong-7.html": "refused: redirect loop",
        "/chuyen-8.html": "fetched",
        "/ve-trang-chu-9.html": "failed: redirect to a list page",
        "/cham-10.html": "failed: timeout after 2 s",
        "/dut-11.html": "failed: connection closed before the body ended",
        "/cam-12.html": "failed: status 403",
        "/nho-giot-13.html": "failed: timeout after 2 s",
        "/rong-14.html": "fetched",
        "/khong-dia-chi-15.html": "failed: redirect to an address that cannot be read",
        "/khong-phai-http-16.html": "failed: not an HTTP answer",
    }
    assert report.code == 0
    assert report.counts["ended"] == report.counts["due"] == 16
    assert (report.counts["fetched"], report.counts["refused"]) == (3, 4)
    crawl.assert_whole()
    # every response is archived, each hop with its page, under its own address
    (hop,), (body,) = crawl.captures("/chuyen-8.html"), crawl.captures("/moi-8.html")
    assert hop.page_id == body.page_id
    assert (hop.state, body.state) == ("kept", "unread")
    kept = crawl.exchange(body)
    assert (kept.url, kept.status, kept.body) == (f"{url}/moi-8.html", 200, (PAGE + "8").encode())
    assert [capture.status for capture in crawl.captures("/loi-3.html")] == [500, 500, 500]


def cut_off(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<html>")
    handler.close_connection = True


def drip(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(80):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.1)

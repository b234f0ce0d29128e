"""robots.txt, pace, silence when asked for it, who we say we are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.crawling import Crawl, Reply, Site, site


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    crawl = Crawl(tmp_path)
    yield crawl
    crawl.close()


def use(crawl: Crawl, here: Site, more: str = "") -> None:
    crawl.source(here.url, f'feeds = ["{here.url}/feed"]', more)


def robots(text: str, status: int = 200) -> Reply:
    return Reply(status=status, body=text, type="text/plain")


def test_robots_txt_is_asked_first_obeyed_archived_and_kept_for_the_day(crawl: Crawl) -> None:
    with site() as here:
        use(crawl, here)
        here.feed("/cho-phep-1.html", "/rieng/cam-2.html")
        here.pages["/robots.txt"] = robots("User-agent: hanoiwatch\nDisallow: /rieng/\n")
        report = crawl.run()
        assert here.log[0].path == "/robots.txt"
        assert here.times("/rieng/cam-2.html") == 0
        assert crawl.outcomes() == {
            "/cho-phep-1.html": "fetched",
            "/rieng/cam-2.html": "refused: robots.txt",
        }
        assert report.problems == []
        (capture,) = crawl.captures("/robots.txt")
        assert b"Disallow: /rieng/" in crawl.exchange(capture).body
        crawl.make_due()
        here.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /\n")
        crawl.run()
        assert here.times("/robots.txt") == 1, "kept in the record for a day"
        crawl.write("UPDATE host SET robots_at = '2026-01-01T00:00:00.000000Z'")
        crawl.make_due()
        report = crawl.run()
    assert here.times("/robots.txt") == 2
    assert crawl.polls()["/feed"] == "refused: robots.txt"
    assert f"feed {here.url}/feed: robots.txt" in report.problems
    crawl.assert_whole()


@pytest.mark.slow
def test_nothing_is_fetched_while_robots_txt_cannot_be_had_and_all_of_it_later(
    crawl: Crawl,
) -> None:
    with site() as here:
        use(crawl, here)
        here.feed("/mot-1.html")
        crawl.run()
        crawl.make_due()
        crawl.write("UPDATE host SET robots_at = '2026-01-01T00:00:00.000000Z'")
        here.pages["/robots.txt"] = robots("User-agent: *\nAllow: /\n", status=500)
        here.feed("/mot-1.html", "/hai-2.html")
        asked = len(here.log)
        report = crawl.run()
        assert {one.path for one in here.log[asked:]} == {"/robots.txt"}
        reason = "robots.txt could not be fetched (status 500)"
        assert crawl.polls()["/feed"] == f"failed: {reason}"
        assert any(reason in problem for problem in report.problems)
        assert report.counts["not-due"] == 1
        here.pages["/robots.txt"] = robots("User-agent: *\nAllow: /\n")
        crawl.write("UPDATE host SET robots_at = '2026-01-01T00:00:00.000000Z'")
        crawl.make_due()
        crawl.run()
    assert crawl.outcomes() == {"/mot-1.html": "fetched", "/hai-2.html": "fetched"}
    crawl.assert_whole()


@pytest.mark.slow
def test_what_other_answers_to_robots_txt_mean(tmp_path: Path) -> None:
    answers = {
        "missing": (Reply(status=404), "fetched", ""),
        "forbidden": (Reply(status=403), "fetched", "likely a firewall"),
        "html": (Reply(body="<!doctype html><html>Disallow: /"), "fetched", "HTML page"),
        "moved": (
            Reply(status=302, body="", headers={"Location": "/robots-moi.txt"}),
            "refused: robots.txt",
            "",
        ),
    }
    with ExitStack() as open_sites:
        running = {}
        for name, (answer, _, _) in answers.items():
            here, crawl = open_sites.enter_context(site()), Crawl(tmp_path / name)
            use(crawl, here)
            here.feed("/mot-1.html", "/rieng-2.html")
            here.pages["/robots.txt"] = answer
            here.pages["/robots-moi.txt"] = robots("User-agent: *\nDisallow: /rieng-")
            running[name] = (crawl, crawl.start())
        for name, (crawl, child) in running.items():
            report = crawl.finish(child)
            _, outcome, warning = answers[name]
            assert crawl.outcomes() == {"/mot-1.html": "fetched", "/rieng-2.html": outcome}
            assert [warning in problem for problem in report.problems] == [True] * bool(warning)


def test_the_pace_is_kept_for_robots_feed_and_pages_by_two_processes_together(
    tmp_path: Path,
) -> None:
    one, two = Crawl(tmp_path, "bao-mot"), Crawl(tmp_path, "bao-hai")
    with site() as here:
        here.feed("/mot-1.html", "/hai-2.html", at="/feed")
        here.feed("/ba-3.html", "/bon-4.html", at="/feed-hai")
        here.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.3\n")
        delay = "[fetch]\ndelay_seconds = 0.1\n"
        one.source(here.url, f'feeds = ["{here.url}/feed"]', delay)
        two.source(here.url, f'feeds = ["{here.url}/feed-hai"]', delay)
        children = [one.start(), two.start()]
        reports = [crawl.finish(child) for crawl, child in zip((one, two), children, strict=True)]
        times = [asked.at for asked in here.log]
    assert [report.counts["fetched"] for report in reports] == [2, 2]
    # Together, not one by one: a request that a busy machine sends late comes close to the next,
    # whose slot stays where it was. Slots themselves are compared in the tests of the record.
    held = times[-1] - times[0]
    assert held >= 1.45, "six requests after robots.txt is known, each the Crawl-delay apart"


@pytest.mark.slow
def test_a_busy_host_is_left_alone_as_long_as_it_asks(crawl: Crawl) -> None:
    with site() as here:
        use(crawl, here)
        here.feed("/mot-1.html", "/hai-2.html")
        wait = Reply(status=503, headers={"Retry-After": "2"})
        here.pages["/mot-1.html"] = [wait, Reply()]
        here.pages["/hai-2.html"] = [wait, Reply()]
        crawl.run()
        first = min(one.at for one in here.asked("/mot-1.html") + here.asked("/hai-2.html"))
        again = [here.asked(path)[-1].at for path in ("/mot-1.html", "/hai-2.html")]
    assert crawl.outcomes() == {"/mot-1.html": "fetched", "/hai-2.html": "fetched"}
    assert min(again) - first >= 1.9
    assert [capture.status for capture in crawl.captures("/mot-1.html")] == [503, 200]


@pytest.mark.slow
def test_a_long_silence_is_kept_over_runs(crawl: Crawl) -> None:
    with site() as here:
        use(crawl, here)
        here.feed("/mot-1.html")
        here.pages["/mot-1.html"] = Reply(status=429, headers={"Retry-After": "3600"})
        crawl.run()
        assert crawl.outcomes()["/mot-1.html"].startswith("failed: host asks to wait until 20")
        asked = len(here.log)
        crawl.make_due()
        report = crawl.run()
        assert len(here.log) == asked, "a later run asks nothing of the host"
    assert report.counts["not-due"] == 1
    assert "host asks to wait until" in crawl.polls()["/feed"]


@pytest.mark.slow
def test_a_host_that_is_down_is_not_asked_for_every_page(crawl: Crawl) -> None:
    crawl.settings["CRAWL__TIMEOUT_SECONDS"] = "1.5"
    over = threading.Event()
    with site() as here:
        use(crawl, here, "[fetch]\ndelay_seconds = 0.01\n")
        paths = [f"/tin-{number}.html" for number in range(9)]
        here.feed(*paths)
        here.pages |= {path: lambda _: over.wait() for path in paths}
        report = crawl.run()
        over.set()
        asked = {one.path for one in here.log} & set(paths)
    assert len(asked) == 6
    host = here.url.removeprefix("http://")
    reason = f"{host}: 6 addresses in a row failed, the last with timeout after 1.5 s"
    outcomes = crawl.outcomes()
    assert {outcomes[path] for path in asked} == {"failed: timeout after 1.5 s"}
    assert [outcome for path, outcome in outcomes.items() if path not in asked] == [
        f"not-due: {reason}"
    ] * 3
    assert report.problems == [reason]
    crawl.assert_whole()


def test_we_say_who_we_are_and_what_we_can_read(crawl: Crawl) -> None:
    crawl.settings["USER_AGENT_CONTACT"] = "desk@example.org"
    with site() as here:
        use(crawl, here)
        here.feed("/mot-1.html")
        crawl.run()
    for path in ("/robots.txt", "/feed", "/mot-1.html"):
        (asked,) = here.asked(path)
        assert asked.headers["user-agent"].startswith("hanoiwatch/")
        assert asked.headers["user-agent"].endswith("(+desk@example.org)")
        assert asked.headers["accept-encoding"] == "gzip, deflate, br, zstd"
        assert "cookie" not in asked.headers
        assert "referer" not in asked.headers
    (capture,) = crawl.captures("/mot-1.html")
    (file,) = (crawl.config.archive_path).glob("*.warc.gz")
    with file.open("rb") as stream:
        sent = {
            record.rec_headers["WARC-Target-URI"]: record.http_headers
            for record in ArchiveIterator(stream)
            if record.rec_type == "request"
        }[capture.url]
    assert sent["User-Agent"] == asked.headers["user-agent"]
    assert sent["Host"] == here.url.removeprefix("http://")

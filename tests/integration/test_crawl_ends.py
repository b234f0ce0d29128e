"""However a crawl ends, what it had is kept, and the next one goes on from there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hanoiwatch.archive import Problem, verify
from tests.crawling import PAGE, QUICK, ROOT, Crawl, Site, site
from tests.waiting import PATIENCE

PAGES = 120
MOST = 1 << 30
AT_ONCE_SECONDS = 40.0
"""What is promised is some seconds, on a machine that does nothing else. The pages that would be
waited for instead take longer than this."""


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    crawl = Crawl(tmp_path)
    yield crawl
    crawl.close()


class Gate:
    """Open, but in a block of `letting`: there it lets so many requests through and holds up every
    further one until the block has ended, so that a crawl does not end by itself."""

    def __init__(self) -> None:
        self._places, self._over = MOST, threading.Event()
        self._lock = threading.Lock()

    def enter(self) -> None:
        with self._lock:
            self._places -= 1
            over = self._over if self._places < 0 else None
        if over:
            over.wait()

    @contextmanager
    def letting(self, requests: int) -> Iterator[None]:
        with self._lock:
            self._places, self._over = requests, threading.Event()
        try:
            yield
        finally:
            self._over.set()
            with self._lock:
                self._places = MOST


def a_large_site(crawl: Crawl, here: Site) -> Gate:
    """Its pages are large enough to fill a small disk, and stand behind a gate."""
    gate = Gate()

    def answer(handler) -> None:
        gate.enter()
        body = f"{PAGE}{handler.path}".encode() + os.urandom(20_000)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    paths = [f"/tin-{number}.html" for number in range(PAGES)]
    crawl.source(here.url, f'feeds = ["{here.url}/feed"]')
    here.pages |= dict.fromkeys(paths, answer)
    here.feed(*paths)
    return gate


def wait_for_fetched(child: subprocess.Popen[str], count: int) -> None:
    import json

    for line in child.stdout:
        if json.loads(line).get("counts", {}).get("fetched", 0) >= count:
            return
    raise AssertionError("the child ended too early")


def assert_each_page_once(crawl: Crawl) -> None:
    crawl.assert_whole()
    assert set(crawl.outcomes().values()) == {"fetched"}
    (row,) = crawl.rows(
        "SELECT count(*) AS pages, max(times) AS most FROM (SELECT count(*) AS times FROM capture "
        "WHERE page_id IS NOT NULL AND status = 200 GROUP BY page_id)"
    )
    assert (row.pages, row.most) == (PAGES, 1)
    with crawl.record() as record:
        found = verify(crawl.config.archive_path, record.captures.expected_records())
        assert [one for one in found if isinstance(one, Problem)] == []


@pytest.mark.slow
def test_killed_at_any_moment_the_next_crawl_brings_every_page_once(crawl: Crawl) -> None:
    with site() as here:
        gate = a_large_site(crawl, here)
        for fetched in (1, 40):
            with gate.letting(fetched + 20):
                child = crawl.start()
                wait_for_fetched(child, fetched)
                child.kill()
                crawl.finish(child)
        crawl.run()
    assert_each_page_once(crawl)
    (interrupted, again, done) = crawl.rows("SELECT outcome, reason FROM run ORDER BY id")
    assert (interrupted.outcome, again.outcome, done.outcome) == (
        "interrupted", "interrupted", "done",
    )  # fmt: skip


@pytest.mark.slow
def test_told_to_end_it_ends_in_order_within_seconds(crawl: Crawl) -> None:
    crawl.settings["CRAWL__TIMEOUT_SECONDS"] = str(PATIENCE)
    with site() as here:
        gate = a_large_site(crawl, here)
        with gate.letting(20):
            child = crawl.start()
            wait_for_fetched(child, 5)
            begun = time.monotonic()
            child.send_signal(signal.SIGTERM)
            report = crawl.finish(child)
            assert time.monotonic() - begun < AT_ONCE_SECONDS
        assert report.code == 1
        assert report.reason == "interrupted by SIGTERM"
        assert report.counts["fetched"] >= 5
        assert report.counts["ended"] == report.counts["due"] == PAGES
        left = list(crawl.outcomes().values()).count("not-due: interrupted by SIGTERM")
        assert left == report.counts["not-due"] >= PAGES - 20
        (run,) = crawl.rows("SELECT outcome, reason FROM run")
        assert (run.outcome, run.reason) == ("interrupted", "interrupted by SIGTERM")
        crawl.run()
    assert_each_page_once(crawl)


@pytest.mark.slow
def test_it_does_not_outlive_its_parent(crawl: Crawl) -> None:
    crawl.settings["CRAWL__TIMEOUT_SECONDS"] = str(PATIENCE)
    with site() as here:
        gate = a_large_site(crawl, here)
        with gate.letting(20):
            child = crawl.start()
            wait_for_fetched(child, 1)
            child.stdin.close()
            report = crawl.finish(child)
    assert report.reason == "interrupted: the parent ended"
    crawl.assert_whole()


@pytest.mark.slow
def test_a_source_is_crawled_by_one_process_at_a_time(crawl: Crawl) -> None:
    crawl.settings["CRAWL__TIMEOUT_SECONDS"] = str(PATIENCE)
    with site() as here:
        gate = a_large_site(crawl, here)
        with gate.letting(20):  # until the second has come to its end
            child = crawl.start()
            wait_for_fetched(child, 1)
            second = crawl.run()
            child.kill()
            crawl.finish(child)
    assert second.code == 1
    assert second.reason == (
        f"bao-thu is being crawled already, by process {child.pid}: wait for it to end."
    )


SMALL_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
from crawler.child import main
sys.exit(main())
"""


@pytest.mark.slow
def test_a_full_disk_ends_in_one_sentence_and_nothing_written_is_lost(crawl: Crawl) -> None:
    with site() as here:
        a_large_site(crawl, here)
        with crawl.record():
            pass  # the record itself is small; the archive is what grows
        crawl.program = ("-c", SMALL_DISK)
        report = crawl.run()
        assert report.code == 1
        assert "make room" in report.reason.lower(), report.reason
        assert "Traceback" not in report.stderr
        (kept,) = crawl.rows("SELECT count(*) AS pages FROM capture WHERE state = 'unread'")
        with crawl.record() as record:
            found = verify(crawl.config.archive_path, record.captures.expected_records())
            assert [one for one in found if isinstance(one, Problem)] == []
            assert record.ledger.discrepancies() == []
        crawl.program = ("-c", QUICK)
        crawl.run()
    assert kept.pages > 0
    assert_each_page_once(crawl)


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(crawl: Crawl) -> None:
    crawl.source("http://127.0.0.1:9", 'feeds = ["http://127.0.0.1:9/feed"]')
    (crawl.folder / "data").write_text("a file where the folder should be")
    report = crawl.run()
    assert report.code == 1
    assert "record.sqlite3: the record cannot be used" in report.reason
    assert "Traceback" not in report.stderr


@pytest.mark.slow
def test_a_wrong_task_is_refused_in_one_sentence(crawl: Crawl) -> None:
    crawl.source("http://127.0.0.1:9", 'feeds = ["http://127.0.0.1:9/feed"]')
    crawl.name = "khong-co"
    report = crawl.run()
    assert report.code == 1
    assert "khong-co" in report.reason
    done = subprocess.run(
        [sys.executable, "-m", "crawler.child"], input="", capture_output=True, text=True,
        check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_source_that_asks_for_a_browser_is_told_that_there_is_none(crawl: Crawl) -> None:
    crawl.settings["BROWSER__EXECUTABLE"] = "/khong/co/chromium"
    with site() as here:
        crawl.source(here.url, f'feeds = ["{here.url}/feed"]', '[fetch]\nrender = "auto"\n')
        here.feed("/tin-1.html")
        report = crawl.run()
    assert report.counts["fetched"] == 1, report
    assert any("/khong/co/chromium is no program" in problem for problem in report.problems)

from __future__ import annotations

import asyncio
import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.commit import GROUP_SECONDS, GROUP_SIZE, Committer, Kept
from crawler.plan import Ended, fetch_end
from hanoiwatch.archive import Problem, read_exchange, verify
from hanoiwatch.errors import StoreBusyError
from hanoiwatch.model import Discovered, DuePage, Exchange, PageId, Rendered, WarcPlace
from hanoiwatch.store import Record
from tests.waiting import PATIENCE, wait_for

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


class Bench:
    """A record with listed pages, and a committer into it."""

    def __init__(self, folder: Path, pages: int = 3, busy_timeout: float = 5) -> None:
        self.path = folder / "record.sqlite3"
        self.folder = folder / "archive"
        self.record = Record.open(self.path, busy_timeout_seconds=busy_timeout)
        self.errors: list[BaseException] = []
        self.run_id = self.record.runs.begin("bao", "crawl", NOW)
        origin = self.record.frontier.origin("bao", "feed", "https://bao.example/feed")
        urls = [f"https://bao.example/{n}.html" for n in range(pages)]
        listed = self.record.frontier.list_items(
            origin, self.run_id, {url: Discovered(url=url) for url in urls}, NOW
        )
        self.pages = [DuePage(page_id=listed.pages[url], url=url, first_visit=True) for url in urls]

    def committer(self) -> Committer:
        return Committer(
            self.record, self.folder, source="bao", run_id=self.run_id, on_error=self.errors.append
        )

    def kept(self, page: DuePage, body: bytes = b"<p>tin</p>", **more) -> Kept:
        ended = Ended(outcome="fetched", unread=True, sha256=str(page.page_id), **more)
        return Kept(
            exchange=Exchange(
                url=page.url, requested_at=NOW, fetched_at=NOW, status=200, reason="OK",
                request_headers=(("Host", "bao.example"),), response_headers=(), body=body,
            ),
            content_type="text/html",
            state="unread",
            page_id=page.page_id,
            revisit=ended.revisit,
            end=fetch_end(page, ended, NOW),
        )  # fmt: skip

    def count(self, table: str) -> int:
        with sqlite3.connect(self.path) as connection:
            return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    def faults(self) -> list:
        found = verify(self.folder, self.record.captures.expected_records())
        return [one for one in found if isinstance(one, Problem)]


@pytest.fixture
def bench(tmp_path: Path):
    bench = Bench(tmp_path, pages=GROUP_SIZE + 3)
    yield bench
    bench.record.close()


def test_a_full_group_is_durable_without_being_asked_for(bench: Bench) -> None:
    async def work() -> None:
        committer = bench.committer()
        for page in bench.pages[:GROUP_SIZE]:
            await committer.keep(bench.kept(page))
        await committer.call(lambda: None)  # comes after what was sent before it
        assert bench.count("capture") == GROUP_SIZE
        await committer.close()

    asyncio.run(work())


def test_a_group_that_is_not_full_is_durable_after_a_moment(bench: Bench) -> None:
    async def work() -> None:
        committer = bench.committer()
        begun = time.monotonic()
        await committer.keep(bench.kept(bench.pages[0]))
        committer.end(fetch_end(bench.pages[1], Ended(outcome="refused", reason="dns"), NOW))
        await asyncio.to_thread(wait_for, lambda: bench.count("capture"))
        assert time.monotonic() - begun >= GROUP_SECONDS, "others may come until then"
        assert (bench.count("capture"), bench.count("outcome")) == (1, 2)
        await committer.close()

    asyncio.run(work())


def test_a_revisit_points_to_the_body_that_the_record_has(bench: Bench) -> None:
    page = bench.pages[0]

    async def work() -> None:
        committer = bench.committer()
        await committer.keep(bench.kept(page))
        await committer.flush()
        await committer.keep(bench.kept(page, revisit="identical-payload"))
        await committer.close()

    asyncio.run(work())
    first, second = bench.record.captures.get([1, 2]).values()
    assert second.body_place == first.place
    assert read_exchange(bench.folder, second.body_place).body == b"<p>tin</p>"
    assert bench.faults() == []


def test_whoever_brings_too_much_at_once_waits(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.commit.MOST_WAITING_BYTES", 100)

    async def work() -> None:
        committer = bench.committer()
        bringing = asyncio.create_task(committer.keep(bench.kept(bench.pages[0], b"x" * 200)))
        await asyncio.sleep(0)
        assert not bringing.done()
        await asyncio.wait_for(bringing, PATIENCE)
        assert bench.count("capture") == 1
        await committer.close()

    asyncio.run(work())


def test_a_locked_record_ends_in_one_sentence_and_leaves_nothing_half_written(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, busy_timeout=0.1)

    async def work() -> None:
        committer = bench.committer()
        await committer.keep(bench.kept(bench.pages[0]))
        await committer.flush()
        other = sqlite3.connect(bench.path)
        other.execute("BEGIN IMMEDIATE")
        await committer.keep(bench.kept(bench.pages[1]))
        with pytest.raises(StoreBusyError, match="locked by another process"):
            await committer.flush()
        with pytest.raises(StoreBusyError):
            await committer.keep(bench.kept(bench.pages[2]))
        other.rollback()
        with pytest.raises(StoreBusyError):
            await committer.close()

    asyncio.run(work())
    assert [type(error) for error in bench.errors] == [StoreBusyError]
    assert bench.count("capture") == 1
    assert bench.faults() == []
    lengths = bench.record.captures.committed_lengths()
    assert {p.name: p.stat().st_size for p in bench.folder.glob("*.warc.gz")} == lengths
    bench.record.close()


def test_a_page_that_is_unknown_to_the_record_breaks_the_run_loudly(bench: Bench) -> None:
    stranger = DuePage(page_id=PageId(999_999), url="https://bao.example/la", first_visit=True)

    async def work() -> None:
        committer = bench.committer()
        await committer.keep(bench.kept(stranger))
        with pytest.raises(Exception, match="FOREIGN KEY"):
            await committer.flush()
        with pytest.raises(Exception, match="FOREIGN KEY"):
            await committer.close()

    asyncio.run(work())
    assert bench.errors
    assert bench.count("capture") == 0


def test_what_a_browser_made_of_a_page_is_recorded_with_its_response_and_read(
    bench: Bench,
) -> None:
    page = bench.pages[0]
    rendered = Rendered(body="<p>tin đã dựng</p>".encode(), at=NOW, by="Chromium/156")

    async def work() -> None:
        committer = bench.committer()
        begun = time.monotonic()
        await committer.keep(replace(bench.kept(page), rendered=rendered))
        await committer.keep(bench.kept(bench.pages[1]))
        assert bench.count("rendering") == 0 or time.monotonic() - begun >= GROUP_SECONDS
        await committer.close()

    asyncio.run(work())
    assert bench.faults() == []
    shown, plain = bench.record.readings.unread()
    assert (shown.rendered, plain.rendered) == (True, False)
    place = WarcPlace(
        file=shown.file, offset=shown.offset, length=shown.length, record_id=shown.record_id
    )
    assert read_exchange(bench.folder, place).body == rendered.body
    (capture,) = bench.record.captures.get([shown.capture_id]).values()
    assert read_exchange(bench.folder, capture.place).body == b"<p>tin</p>"
    assert bench.record.captures.rendering_place(capture.place.record_id) == place
    due = {one.page_id: one for one in bench.record.frontier.due("bao", NOW)}
    assert page.page_id not in due  # fetched: nothing is planned by this test


def test_a_crash_between_archive_and_record_leaves_neither_response_nor_rendering(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered = Rendered(body=b"<p>a</p>", at=NOW, by="Chromium/156")

    def fails(*_: object, **__: object) -> None:
        raise StoreBusyError("the record is busy.")

    async def work() -> None:
        committer = bench.committer()
        monkeypatch.setattr(bench.record.captures, "commit", fails)
        await committer.keep(replace(bench.kept(bench.pages[0]), rendered=rendered))
        with pytest.raises(StoreBusyError):
            await committer.close()

    asyncio.run(work())
    assert (bench.count("capture"), bench.count("rendering")) == (0, 0)
    assert bench.faults() == []
    assert not list(bench.folder.glob("*.warc.gz"))

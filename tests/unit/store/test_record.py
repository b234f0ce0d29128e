"""The record: migrations, transactions, errors in words, frontier, pace and ledger."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from hanoiwatch.errors import DiskFullError, StoreBusyError
from hanoiwatch.model import Discovered, WarcPlace
from hanoiwatch.store import Record, schema
from hanoiwatch.store.captures import FetchEnd, NewCapture
from hanoiwatch.store.engine import HEAD, open_engine, write
from hanoiwatch.store.hosts import RobotsFile
from hanoiwatch.store.migrate import script_directory

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)  # already the 21st in Hanoi


@pytest.fixture
def record(tmp_path: Path):
    opened = Record.open(tmp_path / "record.sqlite3")
    yield opened
    opened.close()


def listing(*numbers: int) -> dict[str, Discovered]:
    urls = [f"http://127.0.0.1/bai-{number}.html" for number in numbers]
    return {url: Discovered(url=url) for url in urls}


def list_pages(record: Record, *numbers: int, at: datetime = NOW):
    run_id = record.runs.begin("bao", "crawl", at)
    origin = record.frontier.origin("bao", "feed", "http://127.0.0.1/rss")
    return run_id, record.frontier.list_items(origin, run_id, listing(*numbers), at)


def end(page_id, outcome="fetched", *, good=True, at=NOW, again=None, reason=""):
    return FetchEnd(
        page_id=page_id, outcome=outcome, reason=reason, at=at, next_visit_at=again, good=good
    )


def capture_of(page_id, run_id, offset=0, **more) -> NewCapture:
    return NewCapture(
        source="bao", run_id=run_id, url=f"http://127.0.0.1/bai-{page_id}.html", fetched_at=NOW,
        status=200, content_type="text/html", sha256="ab", state="unread", page_id=page_id,
        place=WarcPlace(file="a.warc.gz", offset=offset, length=9, record_id=f"urn:uuid:{offset}"),
        **more,
    )  # fmt: skip


def test_migrations_and_schema_describe_the_same_tables(record: Record) -> None:
    with record.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, schema.metadata) == []
    assert script_directory().get_current_head() == HEAD


def test_the_record_is_in_wal_mode_with_foreign_keys(record: Record) -> None:
    with record.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_listing_makes_each_page_once_and_counts_what_it_shares(record: Record) -> None:
    _, first = list_pages(record, 1, 2, 3)
    assert (len(first.new), first.shared) == (3, None)
    _, second = list_pages(record, 3, 4)
    assert (len(second.new), second.shared) == (1, 1)
    _, third = list_pages(record, 9)
    assert third.shared == 0


def test_a_day_is_a_day_in_hanoi(record: Record) -> None:
    list_pages(record, 1)
    assert [day.day for day in record.ledger.coverage()] == ["2026-11-21"]


def test_new_pages_are_due_before_revisits_and_failures_wait(record: Record) -> None:
    run_id, listed = list_pages(record, 1, 2, 3)
    seen, failed, new = listed.new
    record.captures.commit(
        [capture_of(seen, run_id, end=end(seen, again=NOW))],
        [end(failed, "failed", good=False, again=NOW + timedelta(hours=1), reason="status 503")],
        lengths={"a.warc.gz": 9},
    )
    assert [(page.page_id, page.first_visit) for page in record.frontier.due("bao", NOW)] == [
        (new, True),
        (seen, False),
    ]
    later = record.frontier.due("bao", NOW + timedelta(hours=2))
    assert [page.page_id for page in later if page.failures == 1] == [failed]


def test_an_outcome_that_went_on_is_never_taken_back(record: Record) -> None:
    run_id, listed = list_pages(record, 1)
    (page,) = listed.new
    record.captures.commit([capture_of(page, run_id, end=end(page))], lengths={"a.warc.gz": 9})
    record.captures.commit([], [end(page, "failed", good=False, reason="status 500")], lengths={})
    (day,) = record.ledger.coverage()
    assert day.stages[0].outcomes == {"fetched": 1}


def test_the_ledger_counts_what_waits_and_finds_what_does_not_add_up(record: Record) -> None:
    run_id, listed = list_pages(record, 1, 2)
    first, second = listed.new
    record.captures.commit(
        [capture_of(first, run_id, end=end(first))],
        [end(second, "refused", good=False, reason="robots.txt")],
        lengths={"a.warc.gz": 9},
    )
    (day,) = record.ledger.coverage()
    fetch, extract, *_ = day.stages
    assert (fetch.entered, fetch.waiting, fetch.reasons) == (2, 0, {"refused: robots.txt": 1})
    assert (extract.entered, extract.waiting) == (1, 1)
    assert record.ledger.discrepancies() == []
    assert [loss.reason for loss in record.ledger.losses()] == ["robots.txt"]
    with write(record.engine) as connection:
        connection.exec_driver_sql("UPDATE capture SET state = 'kept'")
        connection.exec_driver_sql(
            "INSERT INTO outcome VALUES (2, 'record', 'recorded', '', '2026-11-20')"
        )
    assert {found.what for found in record.ledger.discrepancies()} == {
        "record: entered is not the sum of its outcomes",
        "waiting to be extracted without an unread capture",
        "ended record without having gone through extract",
        "recorded without an article",
    }


def test_slots_of_a_host_are_never_closer_than_its_delay(record: Record) -> None:
    slots: list[float] = []

    def reserve() -> None:
        slots.extend(record.hosts.reserve("127.0.0.1", 2.0, 1000.0) for _ in range(5))

    threads = [threading.Thread(target=reserve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slots) == [1000.0 + 2.0 * place for place in range(20)]
    record.hosts.back_off("127.0.0.1", 5000.0)
    assert record.hosts.reserve("127.0.0.1", 2.0, 1000.0) == 5000.0


def test_robots_are_kept_per_host(record: Record) -> None:
    assert record.hosts.robots("127.0.0.1") is None
    kept = RobotsFile(fetched_at=NOW, status=503, body="", reason="status 503")
    record.hosts.keep_robots("127.0.0.1", kept)
    assert record.hosts.robots("127.0.0.1") == kept


def test_a_run_that_never_ended_is_marked_interrupted_by_the_next(record: Record) -> None:
    first = record.runs.begin("bao", "crawl", NOW)
    second = record.runs.begin("bao", "crawl", NOW)
    record.runs.end(second, "done", NOW, counts={"listed": 3})
    with record.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, outcome FROM run ORDER BY id").all()
    assert [tuple(row) for row in rows] == [(first, "interrupted"), (second, "done")]


def test_a_locked_record_is_one_clear_sentence(record: Record, tmp_path: Path) -> None:
    other = Record.open(tmp_path / "record.sqlite3", busy_timeout_seconds=0.05)
    with write(record.engine), pytest.raises(StoreBusyError, match="locked by another process"):
        other.runs.begin("bao", "crawl", NOW)
    other.close()


def test_a_read_only_folder_is_one_clear_sentence(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite3"
    Record.open(path).close()
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o77 == 0:  # pytest's own folders: let another user in
            folder.chmod(0o755)
    tmp_path.chmod(0o555)
    path.chmod(0o444)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY_SCRIPT, str(path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        tmp_path.chmod(0o755)
    assert "cannot be written" in done.stdout, done.stderr


READ_ONLY_SCRIPT = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from hanoiwatch.errors import ReadOnlyError
from hanoiwatch.store import Record
import hanoiwatch.store.migrate
if os.getuid() == 0:  # root may write anywhere
    os.setresuid(65534, 65534, 65534)
try:
    Record.open(Path(sys.argv[1])).runs.begin("bao", "crawl", datetime.now(UTC))
except ReadOnlyError as error:
    print(error)
"""


def test_a_full_disk_is_one_clear_sentence_and_loses_nothing_written(record: Record) -> None:
    list_pages(record, 1)
    with record.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    record.engine.dispose()
    engine = open_engine(Path(record.engine.url.database))
    full = Record(engine)
    with engine.connect() as connection:  # the pool gives this one connection back to `write`
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFullError, match="no space is left"):
        list_pages(full, *range(2, 5000))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert [page.url for page in full.frontier.due("bao", NOW)] == [*listing(1)]
    full.close()

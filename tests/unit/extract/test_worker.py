from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hanoiwatch.archive import ArchiveWriter
from hanoiwatch.errors import ArchiveError
from hanoiwatch.model import Exchange, ReadArticle, ReadNothing
from hanoiwatch.sources.loader import load_families
from indexer.extract.layouts import LayoutBook
from indexer.extract.worker import Desk, ReadTask, read_capture
from indexer.pool import ReadingPool
from tests.unit.extract.pages import PROSE, new_onecms, prose

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
URL = "https://songnhue.example/phuong-hop-khong-giay-1220345.html"


def desk(folder: Path) -> Desk:
    return Desk(archive_folder=folder, layouts=LayoutBook(families=load_families()))


def archived(folder: Path, body: bytes, *headers: tuple[str, str]) -> ReadTask:
    writer = ArchiveWriter(folder, clock=lambda: NOW)
    prepared = writer.add(
        Exchange(
            url=URL, requested_at=NOW, fetched_at=NOW, status=200, reason="OK", request_headers=(),
            response_headers=(("Content-Type", "text/html; charset=utf-8"), *headers), body=body,
        )
    )  # fmt: skip
    writer.commit()
    writer.close()
    return ReadTask(
        place=prepared.place, url=URL, content_type="text/html; charset=utf-8", status=200,
        captured_at=NOW, source="songnhue",
    )  # fmt: skip


def test_a_capture_is_read_from_the_archive_with_its_content_coding_undone(tmp_path: Path) -> None:
    body = gzip.compress(new_onecms(prose()).encode())
    task = archived(tmp_path, body, ("Content-Encoding", "gzip"))
    read = read_capture(task, desk(tmp_path))
    assert isinstance(read, ReadArticle)
    assert read.content.text == "\n".join(PROSE)
    assert read.content.url == URL


def test_a_body_that_cannot_be_decoded_is_empty_and_so_asked_for_again(tmp_path: Path) -> None:
    task = archived(tmp_path, b"no gzip at all", ("Content-Encoding", "gzip"))
    read = read_capture(task, Desk(archive_folder=tmp_path))
    assert isinstance(read, ReadNothing)
    assert read.reason == "empty"
    assert read.detail


def test_a_capture_that_is_not_there_is_an_error_of_the_archive(tmp_path: Path) -> None:
    task = archived(tmp_path, b"<p>x</p>")
    gone = replace(task, place=replace(task.place, file="none.warc.gz"))
    with pytest.raises(ArchiveError):
        read_capture(gone, Desk(archive_folder=tmp_path))


def test_a_pool_of_real_processes_reads_the_archive(tmp_path: Path) -> None:
    task = archived(tmp_path, new_onecms(prose()).encode())
    with ReadingPool(workers=2, timeout_seconds=30, desk=desk(tmp_path)) as pool:
        results = [future.result(60) for future in [pool.submit(task) for _ in range(20)]]
    assert all(isinstance(result, ReadArticle) for result in results)
    assert {result.content.text for result in results if isinstance(result, ReadArticle)} == {
        "\n".join(PROSE)
    }

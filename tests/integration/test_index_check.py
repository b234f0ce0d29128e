"""`index check` on an archive that was really crawled: clean, then spoilt."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hanoiwatch.cli.main import run
from hanoiwatch.model import Filters
from hanoiwatch.query import parse
from indexer.search.embedded import EmbeddedIndex
from tests.demo_copy import demo_copied


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_copied(tmp_path_factory, "index-check").folder


class Spoilt:
    """A copy of the archive, and the command on it."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder, self.data, self._capfd = folder, folder / "data", capfd

    def check(self, *words: str, code: int) -> str:
        self._capfd.readouterr()
        assert run(["--config", str(self.folder / "hanoiwatch.toml"), *words]) == code
        said = self._capfd.readouterr()
        self.stderr = said.err
        return said.out

    def faults(self, *words: str) -> list[dict[str, Any]]:
        said = json.loads(self.check("index", "check", *words, "--format", "json", code=1))
        assert said["articles"] == 66
        return said["faults"]

    def ids(self) -> set[str]:
        with closing(sqlite3.connect(self.data / "record.sqlite3")) as connection:
            return {row[0] for row in connection.execute("SELECT id FROM article")}


@pytest.fixture
def archive(crawled: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Spoilt:
    folder = tmp_path / "copy"
    shutil.copytree(crawled, folder)
    return Spoilt(folder, capfd)


@pytest.mark.parametrize("words", [(), ("--quick",)])
def test_what_a_crawl_leaves_has_no_fault(archive: Spoilt, words: tuple[str, ...]) -> None:
    said = archive.check("index", "check", *words, code=0)
    assert said.splitlines()[-1] == "66 articles checked, 0 faults"
    said = json.loads(archive.check("index", "check", *words, "--format", "json", code=0))
    assert said == {"articles": 66, "faults": []}


def test_what_a_rebuild_leaves_has_no_fault(archive: Spoilt) -> None:
    assert "66 articles indexed" in archive.check("index", "rebuild", code=0)
    assert not (archive.data / "index.sqlite3").exists()
    assert "0 faults" in archive.check("index", "check", code=0)


def test_a_cut_archive_file_names_the_articles_that_it_cost(archive: Spoilt) -> None:
    (file, *_) = sorted((archive.data / "archive").glob("*.warc.gz"))
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    faults = archive.faults()
    assert {fault["part"] for fault in faults} == {"archive"}
    named = {fault["article"] for fault in faults} - {None}
    assert named
    assert named <= archive.ids()
    assert all(fault["do"] == f"restore {file.name} from a backup" for fault in faults)
    assert archive.check("index", "check", "--quick", code=0)


def test_a_missing_archive_file_costs_every_article(archive: Spoilt) -> None:
    for file in (archive.data / "archive").glob("*.warc.gz"):
        file.unlink()
    assert {fault["article"] for fault in archive.faults()} >= archive.ids()


def test_a_text_changed_in_the_record_is_named_in_the_table(archive: Spoilt) -> None:
    with closing(sqlite3.connect(archive.data / "record.sqlite3")) as connection, connection:
        # A headline that names nobody: with one that does, its links would be a second fault.
        ((article, reading),) = connection.execute(
            "SELECT id, article.reading_id FROM article JOIN linked ON article = rowid_"
            " WHERE links NOT LIKE '%\"title\"%' ORDER BY rowid_ LIMIT 1"
        )
        connection.execute(
            "UPDATE reading SET content = json_set(content, '$.title', 'Tin giả') WHERE id = ?",
            (reading,),
        )
    said = archive.check("index", "check", code=1)
    assert article in said
    assert "first in title" in said
    assert "run `hanoiwatch index rebuild`" in said
    assert said.splitlines()[-1] == "66 articles checked, 1 fault"
    archive.check("index", "rebuild", code=0)
    archive.check("index", "check", code=0)


def _age(archive: Spoilt) -> None:
    """As if the index were made by a program with an earlier normaliser."""
    with closing(sqlite3.connect(archive.data / "index.sqlite3")) as connection, connection:
        connection.execute("UPDATE meta SET value = '2.0' WHERE name = 'version'")


def test_a_search_in_an_outdated_index_answers_and_says_what_to_do(archive: Spoilt) -> None:
    words = ("search", "bộ máy", "--format", "json")
    before = json.loads(archive.check(*words, code=0))
    _age(archive)
    after = json.loads(archive.check(*words, code=0))
    assert {**after, "took_ms": 0} == {**before, "took_ms": 0}
    archive.check(*words, code=0)
    assert "answers may miss something until" in archive.stderr
    (fault,) = archive.faults("--quick")
    assert "another version" in fault["what"]
    archive.check("index", "rebuild", code=0)
    archive.check(*words, code=0)
    assert archive.stderr == ""


def test_an_open_reader_answers_all_through_the_rebuild_of_another_process(
    archive: Spoilt,
) -> None:
    _age(archive)
    reader = EmbeddedIndex(archive.data / "index.sqlite3")
    rebuild = subprocess.Popen(
        [sys.executable, "-m", "hanoiwatch", "--config", str(archive.folder / "hanoiwatch.toml"),
         "index", "rebuild"],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    totals = set()
    asked_before = 0
    while rebuild.poll() is None:
        asked_before += reader.outdated()
        totals.add(reader.search(None, Filters()).total)
    assert rebuild.returncode == 0
    assert totals == {66}
    assert asked_before > 3
    assert not reader.outdated()
    assert reader.search(parse("bộ máy"), Filters()).total > 0
    reader.close()

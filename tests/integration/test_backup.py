"""A backup taken while the paper goes on, and the way back from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanoiwatch.sample.articles import load_articles
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.server import SampleServer
from tests.chain import Desk
from tests.outlet import running, sitemap_source

SOURCE = "bao-thu"
WRITTEN = load_articles()[:5]
ADDED = load_articles()[5]


class Newsroom:
    def __init__(self, desk: Desk, server: SampleServer) -> None:
        self.desk, self.outlet = desk, server.outlet
        desk.add_source(SOURCE, sitemap_source(SOURCE, server))
        desk.write_settings(
            f'data_dir = "data"\n[sources]\nenabled = ["{SOURCE}"]\n[crawl]\nextract_workers = 1\n'
        )
        self.backup = desk.folder / "bản sao"

    def back_up(self) -> dict:
        return self.desk.json("backup", str(self.backup))

    def answers(self, *words: str) -> list:
        said = self.desk.json("search", "", *words)
        for hit in said["hits"]:
            hit["article"]["indexed_at"] = None
        return [said["total"], said["hits"], said["facets"]]


@pytest.fixture
def newsroom(desk: Desk) -> Iterator[Newsroom]:
    with running(Outlet(list(WRITTEN))) as server:
        room = Newsroom(desk, server)
        desk.crawl()
        yield room


@pytest.mark.slow
def test_what_is_restored_answers_as_what_was_backed_up(newsroom: Newsroom) -> None:
    desk, elsewhere = newsroom.desk, newsroom.desk.folder / "mới" / "data"
    first = newsroom.back_up()
    assert first["copied_bytes"] == first["bytes"]
    newsroom.outlet.publish(ADDED)
    desk.crawl()
    second = newsroom.back_up()
    assert 0 < second["copied_bytes"] < second["bytes"]
    before = newsroom.answers()
    desk.crawl("--refetch")  # what comes in later is not in it

    restored = desk.json("restore", str(newsroom.backup), "--data-dir", str(elsewhere))
    assert (restored["sequence"], restored["indexed"]) == (second["sequence"], len(WRITTEN) + 1)
    assert newsroom.answers("--data-dir", str(elsewhere)) == before
    assert desk.json("index", "check", "--data-dir", str(elsewhere))["faults"] == []
    names = {held["name"] for held in manifest(newsroom.backup)["settings"]}
    assert names == {"settings/hanoiwatch.toml", f"settings/sources/{SOURCE}.toml"}
    assert len(list(newsroom.backup.glob("record-*"))) == 1


def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text("utf-8"))


@pytest.mark.slow
def test_nothing_is_written_over_and_nothing_damaged_is_restored(newsroom: Newsroom) -> None:
    desk, backup = newsroom.desk, newsroom.backup
    newsroom.back_up()
    refused = desk.run("restore", str(backup))
    assert (refused.returncode, "is not empty" in refused.stderr) == (1, True)

    (held,) = manifest(backup)["archive"]
    path = backup / held["name"]
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    elsewhere = desk.folder / "new"
    damaged = desk.run("restore", str(backup), "--data-dir", str(elsewhere))
    assert (damaged.returncode, f"{held['name']} of the backup is damaged" in damaged.stderr) == (
        1,
        True,
    )
    assert not elsewhere.exists()
    assert [one.name for one in desk.folder.glob(".*restoring")] == []


@pytest.mark.slow
def test_a_backup_that_was_cut_off_leaves_the_one_before(newsroom: Newsroom) -> None:
    first = newsroom.back_up()
    newsroom.outlet.publish(ADDED)
    newsroom.desk.crawl()
    cut = newsroom.backup / "record-20991231T000000000000.sqlite3"
    cut.write_bytes(b"half of a record")
    elsewhere = newsroom.desk.folder / "new"
    restored = newsroom.desk.json("restore", str(newsroom.backup), "--data-dir", str(elsewhere))
    assert restored["sequence"] == first["sequence"]
    newsroom.back_up()
    assert not cut.exists()


@pytest.mark.slow
def test_a_takedown_reaches_the_next_backup(newsroom: Newsroom) -> None:
    newsroom.back_up()
    url = newsroom.outlet.url(WRITTEN[0].slug)
    newsroom.desk.json("takedown", url, "--because", "toà soạn yêu cầu", "--yes")
    (before,) = manifest(newsroom.backup)["archive"]
    newsroom.back_up()
    (after,) = manifest(newsroom.backup)["archive"]
    assert (before["name"], before["bytes"]) == (after["name"], after["bytes"])
    assert before["sha256"] != after["sha256"]


@pytest.mark.slow
def test_what_cannot_be_a_backup_is_refused_in_one_sentence(newsroom: Newsroom) -> None:
    desk = newsroom.desk
    for words, said in (
        (("backup", str(desk.folder / "data" / "in it")), "is in the data folder"),
        (("backup", str(desk.folder / "sources")), "holds something else than a backup"),
        (("restore", str(desk.folder / "sources")), "is no backup"),
    ):
        refused = desk.run(*words)
        assert (refused.returncode, said in refused.stderr) == (1, True), refused.stderr
        assert len(refused.stderr.splitlines()) == 1

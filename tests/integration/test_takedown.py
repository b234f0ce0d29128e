"""A takedown: nothing of the article is left in reach, and it never comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from hanoiwatch.app import open_app
from hanoiwatch.archive import decode_body
from hanoiwatch.clock import now
from hanoiwatch.model import ReadArticle
from hanoiwatch.sample.articles import load_articles
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.server import SampleServer
from indexer.recording import ReadCapture, RecordCounts, record_readings
from indexer.takedown import finish_takedowns
from tests.chain import Desk
from tests.outlet import running, sitemap_source

SOURCE = "bao-thu"
WRITTEN = load_articles()[:4]
GONE, EDITED = WRITTEN[1], "Đoạn này mới được toà soạn thêm vào lúc gần nửa đêm."
WORDS = (GONE.pieces[0].text, EDITED)
WHY = ("--because", "toà soạn yêu cầu", "--by", "Thu", "--yes")


def bodies(file: Path) -> list[bytes]:
    """What every response in a WARC file says, decoded."""
    with file.open("rb") as stream:
        return [
            decode_body(record.http_headers.headers, record.raw_stream.read(), 10**7)
            for record in ArchiveIterator(stream)
            if record.rec_type == "response"
        ]


class Newsroom:
    def __init__(self, desk: Desk, server: SampleServer) -> None:
        self.desk, self.outlet = desk, server.outlet
        desk.add_source(SOURCE, sitemap_source(SOURCE, server))
        desk.write_settings(
            f'data_dir = "data"\n[sources]\nenabled = ["{SOURCE}"]\n'
            '[crawl]\nextract_workers = 1\n[channels]\ntin = "feed:feeds"\n'
        )
        folder = desk.settings.parent / "alerts"
        folder.mkdir()
        (folder / "tat-ca.toml").write_text('query = "-lanhdia"\nchannels = ["tin"]\n', "utf-8")
        self.feed = desk.settings.parent / "feeds" / "tat-ca.xml"

    @property
    def url(self) -> str:
        return self.outlet.url(GONE.slug)

    def id(self) -> str:
        with open_app(self.desk.config) as app:
            found = app.record.articles.find(self.url)
            assert found is not None
            return found.id

    def rowid(self) -> int:
        with open_app(self.desk.config) as app:
            found = app.record.articles.find(self.url)
            assert found is not None
            return found.rowid

    def kept(self) -> str:
        """Everything in the data folder, as far as it is text once it is unpacked."""
        said = []
        for path in self.desk.config.data_path.rglob("*"):
            if path.suffix == ".gz":
                said += bodies(path)
            elif path.is_file():
                said.append(path.read_bytes())
        return b"\n".join(said).decode("utf-8", "replace")

    def total(self, query: str = "") -> int:
        return int(self.desk.json("search", query)["total"])

    def assert_whole(self) -> None:
        with open_app(self.desk.config) as app:
            assert app.record.ledger.discrepancies() == []
        assert self.desk.json("archive", "verify")["problems"] == []
        assert self.desk.json("index", "check")["faults"] == []


@pytest.fixture
def newsroom(desk: Desk) -> Iterator[Newsroom]:
    with running(Outlet(list(WRITTEN))) as server:
        room = Newsroom(desk, server)
        desk.crawl()
        room.outlet.edit(GONE.slug, pieces={1: EDITED})
        desk.crawl("--refetch")
        yield room


@pytest.mark.slow
def test_what_was_taken_down_is_nowhere_any_more(newsroom: Newsroom) -> None:
    before, article = newsroom.kept(), newsroom.id()
    assert all(before.count(words) for words in WORDS)
    assert GONE.title in newsroom.feed.read_text("utf-8")
    done = newsroom.desk.json("takedown", newsroom.url, *WHY)
    assert (done["article"], done["records"], done["is_done"]) == (article, 2, True)

    after = newsroom.kept()
    assert [words for words in WORDS if words in after] == []
    assert GONE.title not in newsroom.feed.read_text("utf-8")
    assert newsroom.total() == len(WRITTEN) - 1
    shown = newsroom.desk.run("show", article)
    assert shown.returncode == 1
    assert "was taken down" in shown.stderr
    newsroom.assert_whole()


@pytest.mark.slow
def test_a_takedown_leaves_a_tombstone_that_says_who_and_why(newsroom: Newsroom) -> None:
    newsroom.desk.json("takedown", newsroom.url, *WHY)
    (line,) = newsroom.desk.json("takedown", "--list")
    assert (line["by"], line["because"], line["url"]) == ("Thu", "toà soạn yêu cầu", newsroom.url)
    log = newsroom.desk.json("alerts", "log", "tat-ca")
    assert {row["state"] for row in log if row["article"] == newsroom.id()} == {"dropped"}


@pytest.mark.slow
def test_no_crawl_brings_it_back(newsroom: Newsroom) -> None:
    newsroom.desk.json("takedown", newsroom.url, *WHY)
    newsroom.desk.crawl("--refetch")
    added = newsroom.desk.run("add", newsroom.url, "--refetch")
    assert (added.returncode, "was taken down" in added.stderr) == (1, True)
    newsroom.desk.run("index", "rebuild", "--reextract")
    assert newsroom.total() == len(WRITTEN) - 1
    assert WORDS[0] not in newsroom.kept()
    newsroom.assert_whole()


@pytest.mark.slow
def test_what_was_being_read_meanwhile_is_not_recorded(newsroom: Newsroom) -> None:
    with open_app(newsroom.desk.config) as app:
        record, found = app.record, app.record.articles.find(newsroom.url)
        assert found is not None
        (waiting,) = [
            capture
            for capture in record.readings.captures(range(1, record.readings.newest_capture() + 1))
            if capture.record_id == found.capture_record_id
        ]
        record.takedowns.add(found.rowid, by="Thu", because="", at=now())
        late = ReadArticle(content=found.content, layout="", extractor=found.extractor)
        counts = RecordCounts()
        read = ReadCapture(capture=waiting, result=late)
        record_readings(record, [read], app.sources, now(), counts)
        assert counts.by_source == {SOURCE: {"taken-down": 1}}
        finish_takedowns(record, app.archive_folder, now)
        app.index_pending()
    assert [words for words in WORDS if words in newsroom.kept()] == []
    newsroom.assert_whole()


@pytest.mark.slow
def test_a_takedown_that_was_cut_off_is_finished_by_the_next_crawl(newsroom: Newsroom) -> None:
    with open_app(newsroom.desk.config) as app:
        app.record.takedowns.add(newsroom.rowid(), by="Thu", because="", at=now())
    (line,) = newsroom.desk.json("takedown", "--list")
    assert not line["is_done"]
    assert WORDS[0] in newsroom.kept()
    newsroom.desk.crawl()
    (line,) = newsroom.desk.json("takedown", "--list")
    assert line["is_done"]
    assert WORDS[0] not in newsroom.kept()


@pytest.mark.slow
def test_what_cannot_be_meant_removes_nothing(newsroom: Newsroom) -> None:
    for words, code, said in (
        ((), 2, "name the article"),
        (("khong-co-bai-nay", *WHY), 1, "nothing was removed"),
        ((newsroom.url, "--yes"), 2, "--because"),
        ((newsroom.url, "--because", "x"), 2, "say --yes"),
    ):
        refused = newsroom.desk.run("takedown", *words)
        assert (refused.returncode, said in refused.stderr) == (code, True)
    assert newsroom.total() == len(WRITTEN)


@pytest.mark.slow
def test_a_feed_that_cannot_be_written_keeps_nothing_in_the_searches(newsroom: Newsroom) -> None:
    settings = newsroom.desk.settings.read_text("utf-8")
    newsroom.desk.write_settings(settings.replace("feed:feeds", "${KHONG_CO}"))
    said = newsroom.desk.run("takedown", newsroom.url, *WHY)
    assert (said.returncode, "no variable KHONG_CO" in said.stderr) == (1, True)
    assert newsroom.total() == len(WRITTEN) - 1

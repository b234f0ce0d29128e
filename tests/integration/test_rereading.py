"""A new extractor over an old archive: better readings, no invented edit, no missed one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hanoiwatch.app import App, open_app
from hanoiwatch.articlejson import article_json
from hanoiwatch.model import Filters
from hanoiwatch.query import parse
from hanoiwatch.sample.articles import Picture, Piece, SampleArticle
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.server import SampleServer
from hanoiwatch.sample.source import SOURCE_NAME, source_toml
from hanoiwatch.store.engine import read
from indexer.extract import EXTRACTOR
from indexer.extract.worker import Reader
from indexer.pipeline import Pipeline
from indexer.reextract import ReextractCounts
from scheduler.crawls import CrawlOptions, crawl_sources
from tests.chain import ROOT, Desk
from tests.outlet import running, small_article
from tests.readers import BLIND, BLIND_TO, BROKEN, LITTLE, READ_LOG, SECOND

FIRST = Reader()
EDITED = "Chiếc xuồng máy đã được kéo lên bờ để thay chân vịt."


def with_picture(article: SampleArticle) -> SampleArticle:
    picture = Picture(file="xuong.jpg", caption="Công nhân vớt bùn dưới đèn", credit="Minh Khôi")
    return replace(article, pieces=(*article.pieces, Piece(kind="image", picture=picture)))


class Newsroom:
    """A small paper, its archive, and crawls of it by any extractor."""

    def __init__(self, desk: Desk, server: SampleServer) -> None:
        self.desk, self.server, self.outlet = desk, server, server.outlet
        desk.add_source(SOURCE_NAME, source_toml(server.url))

    def crawl(self, reader: Reader = FIRST) -> dict[str, int]:
        """Everything again, recorded by ``reader``; what was recorded."""
        with open_app(self.desk.config, reader) as app:
            reports, recorded = crawl_sources(app, [SOURCE_NAME], CrawlOptions(refetch=True))
        assert "failed" not in [report.outcome for report in reports]
        return recorded.get(SOURCE_NAME, {})

    def reextract(self, reader: Reader) -> ReextractCounts:
        with open_app(self.desk.config, reader) as app, app.pipeline() as pipeline:
            reextraction = pipeline.reextraction()
            for _ in reextraction.run():
                pass
            pipeline.drain()
            return reextraction.counts

    def show(self, place: int) -> dict:
        with App(self.desk.config) as app:
            found = app.record.articles.find(self.outlet.url(small_article(place).slug))
            assert found is not None
            return article_json(found)

    def found(self, query: str) -> int:
        with App(self.desk.config) as app:
            return app.search_index.search(parse(query), Filters()).total

    def rows(self, sql: str) -> list[tuple]:
        with App(self.desk.config) as app, read(app.record.engine) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    def changes(self) -> list[tuple[str, int]]:
        return self.rows("SELECT kind, count(*) FROM change GROUP BY kind ORDER BY kind")

    def outcomes(self, stage: str) -> dict[str, int]:
        return dict(
            self.rows(
                f"SELECT outcome, count(*) FROM outcome WHERE stage = '{stage}' GROUP BY outcome"
            )
        )

    def assert_exact(self) -> None:
        with App(self.desk.config) as app:
            assert app.record.ledger.discrepancies() == []
            assert [stage.waiting for day in app.record.ledger.coverage()
                    for stage in day.stages if stage.waiting] == []  # fmt: skip

    def readings(self) -> dict[str, int]:
        """By the extractor's version: how many readings it made."""
        return dict(
            self.rows(
                "SELECT substr(extractor, 1, instr(extractor, '-') - 1), count(*) FROM reading "
                "GROUP BY 1"
            )
        )


@pytest.fixture
def newsroom(desk: Desk) -> Iterator[Newsroom]:
    articles = [with_picture(small_article(place)) for place in range(5)]
    with running(Outlet(articles)) as server:
        room = Newsroom(desk, server)
        yield room
        room.assert_exact()


@pytest.mark.slow
def test_a_whole_archive_is_read_anew_without_a_revision(newsroom: Newsroom) -> None:
    assert newsroom.crawl()["new"] == 5
    newsroom.outlet.edit(small_article(1).slug, pieces={0: EDITED})
    assert newsroom.crawl()["edited"] == 1
    before = [newsroom.show(place) for place in range(5)]
    revisions = newsroom.rows("SELECT article, number, capture_id, recorded_at FROM revision")

    counts = newsroom.reextract(SECOND)

    assert (counts.total, counts.done, counts.differing) == (6, 6, 6)
    assert (counts.worse, counts.no_longer_articles, counts.found, counts.quarantined) == (0,) * 4
    after = [newsroom.show(place) for place in range(5)]
    for old, new in zip(before, after, strict=True):
        assert new["reading"]["extractor"].startswith(f"{SECOND.version}-")
        assert old["reading"]["extractor"].startswith(f"{EXTRACTOR}-")
        assert new["images"][0]["caption"] == "Trong ảnh: Công nhân vớt bùn dưới đèn"
        assert new["tags"] == []
        for same in ("id", "revision", "fetched_at", "indexed_at", "capture", "published_at"):
            assert new[same] == old[same]
    assert [one["revision"] for one in after] == [1, 2, 1, 1, 1]
    assert newsroom.readings()[SECOND.version] == 6
    assert newsroom.changes() == [("edited", 1), ("new", 5), ("reread", 5)]
    assert newsroom.found('caption:"trong ảnh"') == 5
    assert newsroom.found('"nước trong dần"') == 0
    assert newsroom.rows("SELECT article, number, capture_id, recorded_at FROM revision") == (
        revisions
    )


@pytest.mark.slow
def test_every_revision_stands_on_the_new_reading_of_its_own_capture(newsroom: Newsroom) -> None:
    newsroom.crawl()
    newsroom.outlet.edit(small_article(1).slug, pieces={0: EDITED})
    newsroom.crawl()
    newsroom.reextract(SECOND)
    assert newsroom.rows(
        "SELECT count(*), min(reading.extractor LIKE 'second-%'), "
        "min(reading.capture_id = revision.capture_id) "
        "FROM revision JOIN reading ON reading.id = revision.reading_id"
    ) == [(6, 1, 1)]


@pytest.mark.slow
def test_what_the_new_extractor_has_read_is_not_read_again(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.crawl()
    log = tmp_path / "read.log"
    monkeypatch.setenv(READ_LOG, str(log))
    newsroom.reextract(SECOND)
    assert len(log.read_text("utf-8").splitlines()) == 5
    changes = newsroom.changes()
    again = newsroom.reextract(SECOND)
    assert (again.total, again.differing) == (0, 0)
    assert len(log.read_text("utf-8").splitlines()) == 5
    assert newsroom.changes() == changes


@pytest.mark.slow
def test_going_back_to_an_earlier_extractor_takes_its_readings_from_the_record(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.crawl()
    newsroom.reextract(SECOND)
    log = tmp_path / "read.log"
    monkeypatch.setenv(READ_LOG, str(log))
    back = newsroom.reextract(FIRST)
    assert (back.done, back.differing) == (5, 5)
    assert not log.exists()
    assert newsroom.show(0)["reading"]["extractor"].startswith(f"{EXTRACTOR}-")
    assert newsroom.show(0)["images"][0]["caption"] == "Công nhân vớt bùn dưới đèn"


@pytest.mark.slow
def test_an_edit_after_the_upgrade_makes_exactly_one_revision(newsroom: Newsroom) -> None:
    newsroom.crawl()
    newsroom.reextract(SECOND)
    newsroom.outlet.edit(small_article(3).slug, pieces={0: EDITED})
    assert newsroom.crawl(SECOND)["edited"] == 1
    assert [newsroom.show(place)["revision"] for place in range(5)] == [1, 1, 1, 2, 1]
    assert EDITED in newsroom.show(3)["text"]


@pytest.mark.slow
def test_an_edit_met_before_anything_was_read_anew_is_not_missed(newsroom: Newsroom) -> None:
    """The same without --reextract: the old capture is read on demand, and compared with."""
    newsroom.crawl()
    newsroom.outlet.edit(small_article(3).slug, pieces={0: EDITED})
    newsroom.outlet.touch(small_article(2).slug, "counter")
    made = newsroom.crawl(SECOND)
    assert made["edited"] == 1
    assert "no-base" not in made
    assert [newsroom.show(place)["revision"] for place in range(5)] == [1, 1, 1, 2, 1]
    assert newsroom.show(2)["reading"]["extractor"].startswith(f"{SECOND.version}-")
    assert dict(newsroom.changes()) == {"new": 5, "edited": 1, "reread": 5}
    first, second = newsroom.rows(
        "SELECT reading.extractor, reading.content FROM revision "
        "JOIN reading ON reading.id = revision.reading_id "
        "JOIN article ON article.rowid_ = revision.article "
        "WHERE article.revision = 2 ORDER BY number"
    )
    assert first[0] == second[0]
    assert "Trong ảnh" in first[1]


@pytest.mark.slow
def test_a_new_extractor_alone_is_never_called_an_edit(newsroom: Newsroom) -> None:
    newsroom.crawl()
    for place in range(5):
        newsroom.outlet.touch(small_article(place).slug, "advertisement")
    assert "edited" not in newsroom.crawl(SECOND)
    assert [newsroom.show(place)["revision"] for place in range(5)] == [1] * 5


@pytest.mark.slow
def test_a_page_that_is_no_article_any_more_keeps_its_reading_and_is_counted(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.crawl()
    monkeypatch.setenv(BLIND_TO, "thứ 4")
    counts = newsroom.reextract(BLIND)
    assert (counts.done, counts.no_longer_articles, counts.differing) == (5, 1, 4)
    kept = newsroom.show(4)
    assert kept["reading"]["extractor"].startswith(f"{EXTRACTOR}-")
    assert kept["images"][0]["caption"] == "Công nhân vớt bùn dưới đèn"


@pytest.mark.slow
def test_an_edit_that_cannot_be_told_for_want_of_a_base_is_counted(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.crawl()
    monkeypatch.setenv(BLIND_TO, "thứ 4")
    newsroom.outlet.edit(small_article(4).slug, title="Hồ cuối cùng đã trong xanh")
    made = newsroom.crawl(BLIND)
    assert made["no-base"] == 1
    assert "edited" not in made
    assert newsroom.show(4)["revision"] == 1


@pytest.mark.slow
def test_a_page_that_breaks_the_new_extractor_costs_only_itself(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.crawl()
    monkeypatch.setenv(BLIND_TO, "thứ 4")
    counts = newsroom.reextract(BROKEN)
    assert (counts.done, counts.quarantined, counts.differing) == (5, 1, 4)
    assert newsroom.show(4)["reading"]["extractor"].startswith(f"{EXTRACTOR}-")
    monkeypatch.delenv(BLIND_TO)
    assert newsroom.reextract(BROKEN).total == 1
    assert newsroom.show(4)["reading"]["extractor"].startswith(f"{BROKEN.version}-")


@pytest.mark.slow
def test_a_reading_that_lost_the_text_replaces_nothing(newsroom: Newsroom) -> None:
    newsroom.crawl()
    text = newsroom.show(0)["text"]
    counts = newsroom.reextract(LITTLE)
    assert (counts.worse, counts.differing) == (5, 0)
    assert newsroom.show(0)["text"] == text
    assert newsroom.changes() == [("new", 5)]


@pytest.mark.slow
def test_a_page_that_was_no_article_becomes_one(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BLIND_TO, "thứ 2")
    assert newsroom.crawl(BLIND) == {"new": 4, "not-article": 1, "suspect": 1}
    monkeypatch.delenv(BLIND_TO)
    counts = newsroom.reextract(SECOND)
    assert (counts.found, counts.done) == (1, 5)
    assert newsroom.outcomes("extract") == {"extracted": 5}
    assert newsroom.outcomes("record") == {"recorded": 5}
    assert newsroom.outcomes("index") == {"indexed": 5}
    assert newsroom.show(2)["revision"] == 1
    assert dict(newsroom.changes())["new"] == 5


@pytest.mark.slow
def test_a_user_who_edits_a_layout_reads_the_archive_anew_by_the_command(
    newsroom: Newsroom,
) -> None:
    newsroom.crawl()
    before = newsroom.desk.show(newsroom.outlet.url(small_article(0).slug))
    own = source_toml(newsroom.server.url) + (
        '[[layout]]\nwhen = "h1"\ntitle = "h1"\ntext = "article.entry"\n'
        'drop = ["h2", "h3", "h1", "header", ".sc-longform-header"]\n'
    )
    newsroom.desk.add_source(SOURCE_NAME, own)
    done = newsroom.desk.run("index", "rebuild", "--reextract")
    assert done.returncode == 0, done.stderr
    assert "5 captures read anew, 5 differing" in done.stdout
    assert "5 articles indexed" in done.stdout
    after = newsroom.desk.show(newsroom.outlet.url(small_article(0).slug))
    assert after["reading"]["layout"] == f"{SOURCE_NAME}/1"
    assert after["reading"]["extractor"] != before["reading"]["extractor"]
    assert (after["revision"], after["indexed_at"]) == (1, before["indexed_at"])
    assert "Nước trong dần" in before["text"]
    assert "Nước trong dần" not in after["text"]
    assert dict(newsroom.changes()) == {"new": 5, "reread": 5}
    assert newsroom.desk.run("index", "check").returncode == 0


KILLED_AFTER_A_BATCH = """
import os, signal, sys
from pathlib import Path
from hanoiwatch.app import open_app
from hanoiwatch.config import load_config
from tests.readers import SECOND

if __name__ == "__main__":
    with open_app(load_config(Path(sys.argv[1]), environment={}), SECOND) as app:
        with app.pipeline() as pipeline:
            for counts in pipeline.reextraction().run():
                os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_killed_while_it_reads_anew_it_goes_on_and_ends_alike(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    for place in range(5, 40):
        newsroom.outlet.publish(small_article(place))
    assert newsroom.crawl()["new"] == 40
    program = tmp_path / "killed.py"
    program.write_text(KILLED_AFTER_A_BATCH, "utf-8")
    killed = subprocess.run(
        [sys.executable, program, newsroom.desk.settings],
        check=False, timeout=240, cwd=ROOT, capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert newsroom.readings() == {EXTRACTOR: 40, SECOND.version: 32}
    counts = newsroom.reextract(SECOND)
    assert (counts.total, counts.differing) == (8, 8)
    assert newsroom.readings() == {EXTRACTOR: 40, SECOND.version: 40}
    assert newsroom.changes() == [("new", 40), ("reread", 40)]


@pytest.mark.slow
def test_stopped_between_base_and_fresh_reading_it_goes_on_alike(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.crawl()
    newsroom.outlet.edit(small_article(3).slug, pieces={0: EDITED})
    with monkeypatch.context() as patched:  # fetched, and not read yet
        patched.setattr(Pipeline, "step", lambda _: time.sleep(0.05))
        patched.setattr(Pipeline, "drain", lambda _: None)
        newsroom.crawl(SECOND)
    with open_app(newsroom.desk.config, SECOND) as app, monkeypatch.context() as patched:
        patched.setattr("indexer.pipeline.record_readings", _stop)
        with pytest.raises(KeyboardInterrupt):
            app.index_pending()
    assert "reread" in dict(newsroom.changes())
    assert "edited" not in dict(newsroom.changes())
    with open_app(newsroom.desk.config, SECOND) as app:
        app.index_pending()
    assert newsroom.show(3)["revision"] == 2
    assert dict(newsroom.changes()) == {"new": 5, "edited": 1, "reread": 5}


def _stop(*_: object) -> None:
    raise KeyboardInterrupt

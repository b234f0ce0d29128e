"""Articles are linked as they come in, and linked anew without a fetch, a revision or an alert."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from hanoiwatch.app import App, open_app
from hanoiwatch.articlejson import article_json
from hanoiwatch.model import Article, Filters
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.server import SampleServer
from hanoiwatch.sample.source import SOURCE_NAME, source_toml
from hanoiwatch.store.engine import read
from indexer.check import Fault, check
from indexer.extract.worker import Reader
from indexer.linking.linker import LinkerMaker
from indexer.linking.stage import LinkCounts
from scheduler.crawls import CrawlOptions, crawl_sources
from tests.chain import ROOT, Desk
from tests.linkers import NameLinker, names_of
from tests.outlet import running, small_article
from tests.readers import SECOND

POND = partial(
    NameLinker, "ao-1", officials=("Ngọc Lam", "Công nhân"), bodies=("Hồ nước",),
    topics=("mùa mưa",), unknowns=("Chiếc xuồng",), changes=("bóng mây",),
)  # fmt: skip
BOAT = partial(NameLinker, "ao-2", officials=("Công nhân", "xuồng máy"), topics=("mùa mưa",))
BREAKING = partial(POND, breaks_on="thứ 2")


def as_pond() -> NameLinker:
    """The same names under another fingerprint."""
    return NameLinker(
        "ao-3", officials=("Ngọc Lam", "Công nhân"), bodies=("Hồ nước",), topics=("mùa mưa",)
    )


class Newsroom:
    """A small paper, its archive, and crawls with any linker."""

    def __init__(self, desk: Desk, server: SampleServer) -> None:
        self.desk, self.server, self.outlet = desk, server, server.outlet
        desk.add_source(SOURCE_NAME, source_toml(server.url))

    def crawl(self, linker: LinkerMaker = POND, reader: Reader | None = None) -> dict[str, int]:
        with open_app(self.desk.config, reader, linker) as app:
            reports, recorded = crawl_sources(app, [SOURCE_NAME], CrawlOptions(refetch=True))
        assert "failed" not in [report.outcome for report in reports]
        return recorded.get(SOURCE_NAME, {})

    def relink(self, linker: LinkerMaker) -> LinkCounts:
        with open_app(self.desk.config, None, linker) as app, app.pipeline() as pipeline:
            *_, last = pipeline.relink()
            return last

    def article(self, place: int) -> Article:
        with App(self.desk.config) as app:
            found = app.record.articles.find(self.outlet.url(small_article(place).slug))
            assert found is not None
            return found

    def counted(self, facet: str, filters: Filters = Filters()) -> dict[str, int]:  # noqa: B008 - frozen
        with App(self.desk.config) as app:
            facets = app.search_index.search(None, filters).facets[facet]
            return {one.id: one.count for one in facets}

    def rows(self, sql: str) -> list[tuple]:
        with App(self.desk.config) as app, read(app.record.engine) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    def changes(self) -> dict[str, int]:
        return dict(self.rows("SELECT kind, count(*) FROM change GROUP BY kind"))

    def faults(self) -> list[Fault]:
        with App(self.desk.config) as app:
            said = check(app.record, app.search_index, app.archive_folder)
            return [one for one in said if isinstance(one, Fault)]


@pytest.fixture
def newsroom(desk: Desk) -> Iterator[Newsroom]:
    with running(Outlet(small_article(place) for place in range(5))) as server:
        room = Newsroom(desk, server)
        yield room
        with App(desk.config) as app:
            assert app.record.ledger.discrepancies() == []
        assert room.faults() == []


def test_a_crawl_links_each_article_by_its_own_day_and_source(newsroom: Newsroom) -> None:
    newsroom.crawl()
    for place in range(5):
        article = newsroom.article(place)
        (worker,) = article.links.officials
        assert (worker.name, worker.post) == ("Công nhân", "Chủ tịch ngày 2026-10-01")
        (mention,) = worker.mentions
        assert (mention.field, mention.text) == ("lead", "Công nhân")
        assert article.content.lead[mention.start : mention.end] == "Công nhân"
        assert names_of(article.links.bodies) == ["Hồ nước"]
        assert names_of(article.links.topics) == ["mùa mưa"]
        shown = article_json(article)
        assert shown["officials"][0]["mentions"][0]["confidence"] == 0.9
        assert shown["topics"][0]["id"] == "mùa-mưa"
    assert newsroom.changes() == {"new": 5}
    assert newsroom.counted("officials") == {"công-nhân": 5}
    assert newsroom.counted("posts") == {"chu-tich-2026-10-01": 5}
    assert newsroom.counted("bodies", Filters(topics=("mùa-mưa",))) == {"hồ-nước": 5}
    assert newsroom.rows("SELECT DISTINCT registry FROM linked") == [("ao-1",)]


@pytest.mark.slow
def test_bylines_are_no_text_and_a_national_paper_is_not_of_hanoi(desk: Desk) -> None:
    with running(Outlet([small_article(0)])) as server:
        room = Newsroom(desk, server)
        desk.add_source(SOURCE_NAME, source_toml(server.url) + '\n[scope]\nany = ["hồ"]\n')
        room.crawl()
        assert room.article(0).content.byline == ("Ngọc Lam",)
        assert names_of(room.article(0).links.officials) == ["Công nhân"]
        assert room.article(0).links.bodies == ()


@pytest.mark.slow
def test_an_edit_links_what_it_says_now(newsroom: Newsroom) -> None:
    newsroom.crawl()
    newsroom.outlet.edit(small_article(1).slug, lead="Chiếc xe chở nước rời bến từ sáng sớm.")
    assert newsroom.crawl()["edited"] == 1
    assert newsroom.article(1).links.officials == ()
    assert newsroom.counted("officials") == {"công-nhân": 4}
    assert newsroom.changes() == {"new": 5, "edited": 1}


@pytest.mark.slow
def test_a_page_that_breaks_the_linker_is_recorded_found_and_told(newsroom: Newsroom) -> None:
    assert newsroom.crawl(BREAKING) == {"new": 5, "not-linked": 1}
    assert newsroom.article(2).links.officials == ()
    assert newsroom.counted("sources") == {SOURCE_NAME: 5}
    assert newsroom.counted("officials") == {"công-nhân": 4}
    assert newsroom.rows("SELECT stage, reason, detail FROM quarantine") == [
        ("link", "linking broke: ValueError", "thứ 2 is odd")
    ]
    told = newsroom.desk.json("coverage")
    assert told["not_linked"] == [
        {"source": SOURCE_NAME, "articles": 1, "reason": "linking broke: ValueError"}
    ]
    assert "1 article recorded without links" in newsroom.desk.run("coverage").stderr
    assert newsroom.relink(as_pond).failed == 0
    assert names_of(newsroom.article(2).links.officials) == ["Công nhân"]
    assert newsroom.desk.json("coverage")["not_linked"] == []


@pytest.mark.slow
def test_the_archive_is_linked_anew_and_only_what_differs_is_a_change(newsroom: Newsroom) -> None:
    newsroom.crawl()
    newsroom.outlet.edit(small_article(1).slug, lead="Người dân ven bờ ra xem rất đông.")
    newsroom.crawl()
    asked = len(newsroom.server.requests(r"."))
    before = [newsroom.article(place) for place in range(5)]
    counts = newsroom.relink(BOAT)
    assert (counts.total, counts.done, counts.differing, counts.failed) == (5, 5, 5, 0)
    assert newsroom.counted("officials") == {"xuồng-máy": 5, "công-nhân": 4}
    assert newsroom.counted("bodies") == {}
    for place, old in enumerate(before):
        new = newsroom.article(place)
        assert (new.revision, new.indexed_at, new.fetched_at, new.content) == (
            old.revision, old.indexed_at, old.fetched_at, old.content,
        )  # fmt: skip
    assert newsroom.changes() == {"new": 5, "edited": 1, "relinked": 5}
    assert newsroom.relink(BOAT).total == 0
    assert newsroom.changes()["relinked"] == 5
    assert len(newsroom.server.requests(r".")) == asked


def test_a_registry_that_links_alike_changes_nothing_but_the_fingerprint(
    newsroom: Newsroom,
) -> None:
    newsroom.crawl()
    counts = newsroom.relink(as_pond)
    assert (counts.done, counts.differing) == (5, 0)
    assert newsroom.changes() == {"new": 5}
    assert newsroom.rows("SELECT DISTINCT registry FROM linked") == [("ao-3",)]


@pytest.mark.slow
def test_an_index_made_anew_has_the_same_facets(newsroom: Newsroom) -> None:
    newsroom.crawl()
    newsroom.relink(BOAT)
    facets = ("officials", "posts", "bodies", "topics", "sources")
    before = {facet: newsroom.counted(facet) for facet in facets}
    with open_app(newsroom.desk.config, None, BOAT) as app, app.pipeline() as pipeline:
        for _ in pipeline.rebuild_index():
            pass
    assert {facet: newsroom.counted(facet) for facet in facets} == before
    assert before["officials"] == {"công-nhân": 5, "xuồng-máy": 5}


@pytest.mark.slow
def test_readings_from_the_record_and_older_archives_are_linked_by_the_stage(
    newsroom: Newsroom,
) -> None:
    newsroom.crawl()
    with open_app(newsroom.desk.config) as app, app.record.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM linked")  # as an archive of before there were links
    assert newsroom.article(0).links.officials == ()
    with open_app(newsroom.desk.config, None, POND) as app:
        app.index_pending()
    assert names_of(newsroom.article(0).links.officials) == ["Công nhân"]
    assert newsroom.counted("officials") == {"công-nhân": 5}
    assert newsroom.rows("SELECT DISTINCT registry FROM linked") == [("ao-1",)]


@pytest.mark.slow
def test_reading_anew_links_what_is_read_now(newsroom: Newsroom) -> None:
    names = partial(NameLinker, "ao-4", officials=("Nước trong dần", "Công nhân"))
    newsroom.crawl(names)
    assert newsroom.counted("officials") == {"công-nhân": 5, "nước-trong-dần": 5}
    with open_app(newsroom.desk.config, SECOND, names) as app, app.pipeline() as pipeline:
        for _ in pipeline.reextraction().run():  # loses the heading
            pass
        pipeline.drain()
    assert newsroom.counted("officials") == {"công-nhân": 5}
    assert newsroom.changes() == {"new": 5, "reread": 5}


@pytest.mark.slow
def test_what_the_registry_lacks_is_collected_once_and_counted(newsroom: Newsroom) -> None:
    newsroom.crawl()
    newsroom.crawl()
    with App(newsroom.desk.config) as app:
        (name,) = app.record.candidates.collected("name")
        (change,) = app.record.candidates.collected("change")
    assert (name.said.name, name.said.post, name.articles) == ("Chiếc xuồng", "Giám đốc Sở Mẫu", 5)
    assert name.examples[0].candidate.sentence == "Ông Chiếc xuồng nói."
    assert (change.said.change, change.said.on, change.articles) == ("appointed", "2026-10-01", 5)
    newsroom.relink(BOAT)
    with App(newsroom.desk.config) as app:
        assert app.record.candidates.collected("name") == []
    newsroom.relink(POND)
    with App(newsroom.desk.config) as app:
        (again,) = app.record.candidates.collected("name")
    assert again.id == name.id


KILLED_AFTER_A_BATCH = """
import os, signal, sys
from pathlib import Path
from hanoiwatch.app import open_app
from hanoiwatch.config import load_config
from tests.integration.test_linking import BOAT

if __name__ == "__main__":
    with open_app(load_config(Path(sys.argv[1]), environment={}), None, BOAT) as app:
        with app.pipeline() as pipeline:
            for counts in pipeline.relink():
                if counts.done:
                    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_killed_while_it_links_anew_it_goes_on_and_ends_alike(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    for place in range(5, 40):
        newsroom.outlet.publish(small_article(place))
    assert newsroom.crawl()["new"] == 40
    program = tmp_path / "killed.py"
    program.write_text(KILLED_AFTER_A_BATCH, "utf-8")
    killed = subprocess.run(
        [sys.executable, program, newsroom.desk.settings], cwd=ROOT, check=False, timeout=240,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    left = newsroom.relink(BOAT)
    assert 0 < left.total < 40
    assert newsroom.counted("officials") == {"công-nhân": 40, "xuồng-máy": 40}
    assert newsroom.changes() == {"new": 40, "relinked": 40}

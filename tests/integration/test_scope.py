"""A source's scope: what it leaves out is kept, and decided anew when the scope changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from hanoiwatch.app import App
from hanoiwatch.cli.index import Rebuilt, rebuild_archive
from hanoiwatch.model import Filters
from hanoiwatch.query import parse
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.server import SampleServer
from hanoiwatch.sample.source import SOURCE_NAME, source_toml
from hanoiwatch.store.engine import read, write
from indexer.rescope import changed_scopes
from scheduler.crawls import CrawlOptions, CrawlReport, crawl_sources
from tests.chain import Desk
from tests.outlet import running, small_article

SAYS_HANOI = "Lãnh đạo UBND TP.Hà Nội kiểm tra việc nạo vét."


class Newsroom:
    """Five articles, of which number 1 names a body of Hanoi; crawls of them by any scope."""

    def __init__(self, desk: Desk, server: SampleServer) -> None:
        self.desk, self.server, self.outlet = desk, server, server.outlet
        self.outlet.edit(small_article(1).slug, pieces={0: SAYS_HANOI})

    def scope(self, scope: str) -> None:
        text = source_toml(self.server.url)
        self.desk.add_source(SOURCE_NAME, f"{text}\n[scope]\n{scope}\n" if scope else text)

    def crawl(self, *, refetch: bool = False) -> tuple[CrawlReport, dict[str, int]]:
        with App(self.desk.config) as app:
            (report,), recorded = crawl_sources(app, [SOURCE_NAME], CrawlOptions(refetch=refetch))
        assert report.outcome != "failed"
        return report, recorded.get(SOURCE_NAME, {})

    def rebuild(self, *, reextract: bool = False) -> Rebuilt:
        with App(self.desk.config) as app:
            return rebuild_archive(app, reextract=reextract)

    def found(self, query: str = "hồ") -> int:
        with App(self.desk.config) as app:
            return app.search_index.search(parse(query), Filters()).total

    def rows(self, sql: str) -> list[tuple]:
        with App(self.desk.config) as app, read(app.record.engine) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    def changes(self) -> dict[str, int]:
        return dict(self.rows("SELECT kind, count(*) FROM change GROUP BY kind"))

    def outcomes(self) -> dict[str, int]:
        """Of recording and indexing; and the ledger is exact."""
        with App(self.desk.config) as app:
            assert app.record.ledger.discrepancies() == []
            days = [day.stages for day in app.record.ledger.coverage()]
        assert [stage.waiting for stages in days for stage in stages if stage.waiting] == []
        # of more than one day where midnight came meanwhile
        return dict(sum((Counter(one.outcomes) for day in days for one in day[2:]), Counter()))

    def changed(self) -> list[str]:
        with App(self.desk.config) as app:
            return [source.name for source in changed_scopes(app.record, app.sources)]


@pytest.fixture
def newsroom(desk: Desk) -> Iterator[Newsroom]:
    with running(Outlet(small_article(place) for place in range(5))) as server:
        room = Newsroom(desk, server)
        yield room
        room.outcomes()


BODIES = 'any = ["@bodies"]'
FIRST_OR_FOURTH = 'any = ["hồ nước thứ 1", "thứ 4"]'


@pytest.mark.slow
def test_what_is_out_of_scope_is_counted_with_its_reason_and_archived(newsroom: Newsroom) -> None:
    newsroom.scope(BODIES)
    report, made = newsroom.crawl()
    assert made == {"new": 1, "out-of-scope": 4}
    assert report.notes == ()
    assert newsroom.outcomes() == {"recorded": 1, "out-of-scope": 4, "indexed": 1}
    assert newsroom.found() == 1
    assert newsroom.rows("SELECT count(*) FROM reading WHERE content IS NOT NULL") == [(5,)]
    with App(newsroom.desk.config) as app:
        reasons = {loss.reason for loss in app.record.ledger.losses() if loss.stage == "record"}
    assert reasons == {"none of the scope's sections or words"}
    assert newsroom.desk.run("archive", "verify").returncode == 0


@pytest.mark.slow
def test_a_wider_scope_lets_in_what_was_left_out_without_a_fetch(newsroom: Newsroom) -> None:
    newsroom.scope(BODIES)
    newsroom.crawl()
    newsroom.scope("")
    newsroom.server.forget_requests()
    rebuilt = newsroom.rebuild()
    assert [(one.removed, one.restored, one.found) for one in rebuilt.scopes] == [(0, 0, 4)]
    assert newsroom.outcomes() == {"recorded": 5, "indexed": 5}
    assert newsroom.found() == 5
    assert newsroom.changes() == {"new": 5}
    assert newsroom.server.requests() == ()
    assert newsroom.changed() == []
    assert newsroom.rebuild().scopes == ()


@pytest.mark.slow
def test_a_narrower_scope_takes_articles_out_and_keeps_their_record(newsroom: Newsroom) -> None:
    newsroom.scope("")
    newsroom.crawl()
    newsroom.scope(FIRST_OR_FOURTH)
    (scope,) = newsroom.rebuild().scopes
    assert (scope.removed, scope.restored, scope.found) == (3, 0, 0)
    assert newsroom.outcomes() == {"recorded": 2, "out-of-scope": 3, "indexed": 2}
    assert newsroom.changes() == {"new": 5, "removed": 3}
    assert newsroom.found() == 2
    assert newsroom.rows("SELECT count(*) FROM revision") == [(5,)]
    shown = newsroom.desk.show(newsroom.outlet.url(small_article(2).slug))
    assert shown["revision"] == 1


@pytest.mark.slow
def test_articles_come_back_when_the_scope_does(newsroom: Newsroom) -> None:
    newsroom.scope("")
    newsroom.crawl()
    ids = newsroom.rows("SELECT id FROM article ORDER BY rowid_")
    newsroom.scope(FIRST_OR_FOURTH)
    newsroom.rebuild()
    newsroom.scope('sections = ["ĐÔ THỊ"]')
    (scope,) = newsroom.rebuild().scopes
    assert (scope.removed, scope.restored, scope.found) == (0, 3, 0)
    assert newsroom.changes() == {"new": 5, "removed": 3, "restored": 3}
    assert newsroom.outcomes() == {"recorded": 5, "indexed": 5}
    assert newsroom.found() == 5
    assert newsroom.rows("SELECT id FROM article ORDER BY rowid_") == ids


@pytest.mark.slow
def test_a_crawl_by_a_changed_scope_says_that_older_articles_wait(newsroom: Newsroom) -> None:
    newsroom.scope("")
    newsroom.crawl()
    newsroom.scope(BODIES)
    done = newsroom.desk.run("crawl", SOURCE_NAME)
    assert "older articles are decided anew by `hanoiwatch index rebuild`" in done.stderr
    assert newsroom.found() == 5
    done = newsroom.desk.run("index", "rebuild")
    assert done.returncode == 0, done.stderr
    assert f"{SOURCE_NAME}: by its new scope 4 articles out, 0 back in, 0 found" in done.stdout
    assert "index rebuild" not in newsroom.desk.run("crawl", SOURCE_NAME).stderr


@pytest.mark.slow
def test_the_rebuild_says_as_json_what_it_did(newsroom: Newsroom) -> None:
    newsroom.scope("")
    newsroom.crawl()
    newsroom.scope(BODIES)
    done = newsroom.desk.run("index", "rebuild", "--reextract", "--format", "json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["scopes"] == [{"source": SOURCE_NAME, "removed": 4, "restored": 0, "found": 0}]
    assert (said["reextracted"]["total"], said["reextracted"]["differing"]) == (0, 0)


@pytest.mark.slow
def test_an_edit_brings_back_what_had_left_the_scope(newsroom: Newsroom) -> None:
    newsroom.scope("")
    newsroom.crawl()
    newsroom.scope(BODIES)
    newsroom.rebuild()
    newsroom.outlet.edit(small_article(2).slug, pieces={0: SAYS_HANOI})
    newsroom.outlet.edit(small_article(3).slug, pieces={0: "Xuồng nghỉ ở bến suốt ngày mưa."})
    _, made = newsroom.crawl(refetch=True)
    assert (made["edited"], made["restored"]) == (2, 1)
    assert newsroom.outcomes() == {"recorded": 2, "out-of-scope": 3, "indexed": 2}
    assert newsroom.found() == 2


@pytest.mark.slow
def test_a_source_whose_file_is_gone_keeps_its_articles(newsroom: Newsroom) -> None:
    newsroom.scope(BODIES)
    newsroom.crawl()
    (newsroom.desk.folder / "sources" / f"{SOURCE_NAME}.toml").unlink()
    rebuilt = newsroom.rebuild(reextract=True)
    assert (rebuilt.scopes, rebuilt.indexed) == ((), 1)
    assert newsroom.found() == 1
    assert newsroom.outcomes() == {"recorded": 1, "out-of-scope": 4, "indexed": 1}


@pytest.mark.slow
def test_a_record_of_an_earlier_program_is_decided_once(newsroom: Newsroom) -> None:
    """It does not say which scope decided."""
    newsroom.scope(BODIES)
    newsroom.crawl()
    with App(newsroom.desk.config) as app, write(app.record.engine) as connection:
        connection.exec_driver_sql("UPDATE source SET scope = ''")
    newsroom.crawl()  # which notes the scopes of sources that nothing was listed of
    assert newsroom.changed() == [SOURCE_NAME]
    (scope,) = newsroom.rebuild().scopes
    assert (scope.removed, scope.restored, scope.found) == (0, 0, 0)
    assert newsroom.changed() == []


@pytest.mark.slow
def test_a_killed_decision_goes_on_where_it_was(newsroom: Newsroom) -> None:
    newsroom.scope("")
    newsroom.crawl()
    newsroom.scope(FIRST_OR_FOURTH)
    with App(newsroom.desk.config) as app, app.pipeline() as pipeline:
        next(pipeline.rescope())  # decided, and ended before the index was made
    newsroom.scope(BODIES)
    newsroom.rebuild()
    assert newsroom.changes() == {"new": 5, "removed": 4}
    assert newsroom.found() == 1


OWN_BODY = """
bodies:
  - id: to-nao-vet
    name: Tổ Nạo vét Thủ đô
    kind: agency
    parent: ubnd
    confidence: high
    sources: [desk]
sources: {desk: our own notes}
"""


@pytest.mark.slow
def test_bodies_of_the_desks_own_registry_are_bodies_too(newsroom: Newsroom) -> None:
    newsroom.outlet.edit(small_article(3).slug, pieces={0: "Tổ Nạo vét Thủ đô làm cả đêm."})
    newsroom.scope(BODIES)
    _, made = newsroom.crawl()
    assert made == {"new": 1, "out-of-scope": 4}
    folder = newsroom.desk.config.registry_path
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.yaml").write_text(OWN_BODY, "utf-8")
    assert newsroom.changed() == [SOURCE_NAME]
    newsroom.server.forget_requests()
    assert [(one.removed, one.found) for one in newsroom.rebuild().scopes] == [(0, 1)]
    assert newsroom.found() == 2
    (folder / "own.yaml").unlink()
    assert [(one.removed, one.found) for one in newsroom.rebuild().scopes] == [(1, 0)]
    assert newsroom.found() == 1
    assert newsroom.server.requests() == ()
    assert newsroom.changed() == []

"""Corrections, candidates and relinking as somebody at the desk uses them, on a crawled paper."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hanoiwatch.app import App, open_app
from hanoiwatch.cli.main import run
from hanoiwatch.clock import HANOI
from hanoiwatch.registry import load_registry
from hanoiwatch.sample.articles import Picture, Piece, SampleArticle
from hanoiwatch.sample.outlet import Outlet
from hanoiwatch.sample.source import SOURCE_NAME, source_toml
from hanoiwatch.store.engine import read
from indexer.linking.linker import LinkerMaker
from scheduler.crawls import CrawlOptions, crawl_sources
from tests.chain import Desk
from tests.linkers import NameLinker
from tests.outlet import running, small_article

SPRING = datetime(2024, 4, 10, 8, 15, tzinfo=HANOI)
MEETING = replace(
    small_article(0),
    published=SPRING,
    title="Chủ tịch UBND thành phố Trần Sỹ Thanh: Giao ban sớm hơn một giờ",
    lead="Ông Thanh muốn các sở báo cáo ngắn, Sở Xây dựng nói trước tiên.",
    pieces=(
        Piece(kind="paragraph", text="Bí thư Thành ủy dự phần cuối buổi giao ban."),
        Piece(kind="image", picture=Picture(
            file="giao-ban.jpg", caption="Phòng họp của HĐND thành phố", credit="Trần Sỹ Thanh"
        )),
    ),
)  # fmt: skip
POND = replace(small_article(1), published=SPRING)
NEWCOMER = partial(NameLinker, "mẫu", unknowns=("xuồng máy",), changes=("Công nhân",))


class Office:
    """A crawled paper, and commands on its archive, in this process."""

    def __init__(self, desk: Desk, outlet: Outlet, capfd: pytest.CaptureFixture[str]) -> None:
        self.desk, self.outlet, self._capfd = desk, outlet, capfd
        self.err = ""

    def give(self, *words: str, expect: int = 0) -> str:
        self._capfd.readouterr()
        code = run(["--config", str(self.desk.settings), *words])
        out, self.err = self._capfd.readouterr()
        assert code == expect, out + self.err
        return out

    def json(self, *words: str) -> Any:
        return json.loads(self.give(*words, "--format", "json"))

    def url(self, article: SampleArticle) -> str:
        return self.outlet.url(article.slug)

    def linked(self, article: SampleArticle, kind: str) -> dict[str, list[tuple[str, float]]]:
        """By id: the rules that link it, and how sure each is."""
        shown = self.json("show", self.url(article))[kind]
        return {
            one["id"]: [(each["rule"], each["confidence"]) for each in one["mentions"]]
            for one in shown
        }

    def counted(self, facet: str) -> dict[str, int]:
        found = self.json("search")["facets"][facet]
        return {one["id"]: one["count"] for one in found}

    def crawl(self, linker: LinkerMaker | None = None) -> dict[str, int]:
        with open_app(self.desk.config, None, linker) as app:
            _, recorded = crawl_sources(app, [SOURCE_NAME], CrawlOptions(refetch=True))
        return recorded.get(SOURCE_NAME, {})

    def changes(self) -> dict[str, int]:
        with App(self.desk.config) as app, read(app.record.engine) as connection:
            rows = connection.exec_driver_sql("SELECT kind, count(*) FROM change GROUP BY kind")
            return {row[0]: row[1] for row in rows}


Opened = Callable[..., Office]


@pytest.fixture
def office(desk: Desk, capfd: pytest.CaptureFixture[str]) -> Iterator[Office]:
    with running(Outlet([MEETING, POND])) as server:
        desk.add_source(SOURCE_NAME, source_toml(server.url))
        yield Office(desk, server.outlet, capfd)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Outlet]]:
    """A crawled paper, for whoever changes nothing of it."""
    desk = Desk(tmp_path_factory.mktemp("office") / "desk")
    with running(Outlet([MEETING, POND])) as server:
        desk.add_source(SOURCE_NAME, source_toml(server.url))
        with open_app(desk.config) as app:
            crawl_sources(app, [SOURCE_NAME], CrawlOptions())
        yield desk, server.outlet


@pytest.fixture
def archive(crawled: tuple[Desk, Outlet], capfd: pytest.CaptureFixture[str]) -> Office:
    return Office(*crawled, capfd)


# --- what is linked, and how it is asked for ---------------------------------------------------


def test_who_held_the_post_that_day_is_linked_found_counted_and_shown(archive: Office) -> None:
    shown = archive.json("show", archive.url(MEETING))
    officials = {one["id"]: one for one in shown["officials"]}
    assert set(officials) == {"tran-sy-thanh", "dinh-tien-dung"}
    assert "Chủ tịch UBND" in officials["tran-sy-thanh"]["post"]
    assert all(each["field"] != "caption" for each in officials["tran-sy-thanh"]["mentions"])
    assert {one["id"] for one in shown["bodies"]} >= {"ubnd", "so-xay-dung", "hdnd"}
    for kind in ("officials", "bodies", "topics"):
        for link in shown[kind]:
            for one in link["mentions"]:
                said = shown["images"][one["item"]]["caption"] if one["field"] == "caption" else (
                    shown[one["field"]])  # fmt: skip
                assert said[one["start"] : one["end"]] == one["text"] != ""

    named = archive.json("search", "--official", "tran sy thanh", "--body", "Sở Xây dựng")
    assert named["total"] == 1
    facet = {one["id"]: one for one in named["facets"]["officials"]}
    assert facet["dinh-tien-dung"] == {"id": "dinh-tien-dung", "name": "Đinh Tiến Dũng", "count": 1}
    assert {one["id"] for one in named["facets"]["posts"]} >= {"ct-ubnd", "bi-thu-thanh-uy"}
    assert archive.json("search", "--post", "bi-thu-thanh-uy")["total"] == 1
    assert archive.json("search", "--official", "tran-sy-thanh", "bùn")["total"] == 0
    weeks = archive.json("timeline", "--official", "Trần Sỹ Thanh")["periods"]
    assert [(one["period"], one["count"], one["articles"]) for one in weeks] == [("2024-W15", 1, 2)]
    lines = archive.give("export", "--official", "Đinh Tiến Dũng").splitlines()
    assert [json.loads(line)["title"] for line in lines] == [MEETING.title]
    (row,) = csv.DictReader(
        io.StringIO(archive.give("export", "--body", "ubnd", "--format", "csv"))
    )
    assert row["official_ids"].split("; ") == list(officials)
    assert "Trần Sỹ Thanh" in archive.give("show", archive.url(MEETING))


def test_show_links_tells_each_mention(archive: Office) -> None:
    rows = archive.json("show", archive.url(MEETING), "--links")
    first = next(row for row in rows if row["id"] == "tran-sy-thanh")
    assert (first["kind"], first["field"], first["words"]) == ("official", "title", "Trần Sỹ Thanh")
    assert MEETING.title[first["start"] : first["end"]] == "Trần Sỹ Thanh"
    table = archive.give("show", archive.url(MEETING), "--links")
    assert "name-after-post" in table
    assert "nobody and nothing" in archive.give("show", archive.url(POND), "--links")
    archive.give("show", archive.url(MEETING), "--links", "--raw", expect=2)


def test_a_name_that_nobody_has_is_refused_with_the_nearest(archive: Office) -> None:
    for option, name, near in (
        ("--official", "Trần Sĩ Thành Công", "Trần Sỹ Thanh"),
        ("--body", "so-xay-dun", "so-xay-dung"),
    ):
        archive.give("search", option, name, expect=2)
        assert near in archive.err
    archive.give("timeline", "--with-predecessors", expect=2)
    assert "--body" in archive.err


@pytest.mark.slow
def test_a_body_finds_its_predecessors_on_request_alone(office: Office) -> None:
    old = replace(
        small_article(2), published=datetime(2024, 6, 3, 9, 0, tzinfo=HANOI),
        lead="Sở Tài nguyên và Môi trường Hà Nội đo mực nước của mười hai hồ.",
    )  # fmt: skip
    office.outlet.publish(old)
    office.crawl()
    registry = load_registry()
    (former,) = office.linked(old, "bodies").keys() - {"ubnd"}
    (successor,) = registry.bodies[former].successors
    assert office.json("search", "--body", successor)["total"] == 0
    assert office.json("search", "--body", successor, "--with-predecessors")["total"] == 1
    name = registry.bodies[successor].name
    assert office.json("timeline", "--body", name, "--with-predecessors")["total"] == 1


# --- corrections -------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_wrong_link_goes_and_stays_away_through_edits_and_relinking(office: Office) -> None:
    office.crawl()
    said = office.json(
        "registry", "correct", office.url(MEETING), "--wrong", "official:Đinh Tiến Dũng",
        "--because", "Người khác dự họp.", "--by", "Mai",
    )  # fmt: skip
    assert [(one["target"], one["says"], one["new"]) for one in said] == [
        ("dinh-tien-dung", "wrong", True)
    ]
    assert set(office.linked(MEETING, "officials")) == {"tran-sy-thanh"}
    assert office.counted("officials") == {"tran-sy-thanh": 1}

    office.outlet.edit(MEETING.slug, lead="Ông Thanh muốn các sở báo cáo ngắn hơn nữa.")
    assert office.crawl()["edited"] == 1
    office.desk.folder.joinpath("registry").mkdir()
    own = "officials:\n  - {id: tran-sy-thanh, note: Thử.}\n"
    office.desk.folder.joinpath("registry", "own.yaml").write_text(own, "utf-8")
    assert office.json("registry", "apply")["articles"] == 2
    office.give("index", "rebuild", "--reextract")
    assert set(office.linked(MEETING, "officials")) == {"tran-sy-thanh"}
    assert office.counted("officials") == {"tran-sy-thanh": 1}
    assert office.give("index", "check").endswith("2 articles checked, 0 faults\n")

    (listed,) = office.json("registry", "corrections")
    assert (listed["by"], listed["because"], listed["says"]) == (
        "Mai", "Người khác dự họp.", "wrong",
    )  # fmt: skip
    assert "Người khác dự họp." in office.give("show", office.url(MEETING), "--links")


@pytest.mark.slow
def test_a_missing_link_is_there_with_its_words_and_counts(office: Office) -> None:
    office.crawl()
    before = office.changes()
    (said,) = office.json(
        "registry", "correct", office.url(POND), "--missing", "official:Trần Sỹ Thanh",
        "--words", "công nhân",
    )  # fmt: skip
    assert said["new"] is True
    shown = office.json("show", office.url(POND))
    (official,) = shown["officials"]
    assert official["posts"] == ["Phó Bí thư Thành ủy", "Chủ tịch UBND thành phố"]
    (mention,) = official["mentions"]
    assert (mention["rule"], mention["confidence"], mention["field"]) == ("correction", 1.0, "lead")
    assert shown["lead"][mention["start"] : mention["end"]] == mention["text"] == "Công nhân"
    assert office.counted("officials")["tran-sy-thanh"] == 2
    assert office.counted("posts")["ct-ubnd"] == 2
    assert office.changes() == {**before, "relinked": 1}

    office.outlet.edit(POND.slug, lead="Sáng nay công nhân lại vớt bùn, và hồ lại trong.")
    office.crawl()
    (mention,) = office.json("show", office.url(POND))["officials"][0]["mentions"]
    assert (mention["start"], mention["text"]) == (9, "công nhân")
    again = office.json("registry", "correct", office.url(POND), "--missing",
                        "official:tran-sy-thanh")  # fmt: skip
    assert again[0]["id"] is None


@pytest.mark.slow
def test_the_contrary_and_undo_take_a_correction_back_and_all_is_kept(office: Office) -> None:
    office.crawl()
    url = office.url(MEETING)
    office.give("registry", "correct", url, "--wrong", "body:so-xay-dung")
    assert "so-xay-dung" not in office.counted("bodies")
    again = office.give("registry", "correct", url, "--missing", "body:so-xay-dung")
    assert "correction 2 kept" in again
    assert office.counted("bodies")["so-xay-dung"] == 1
    assert ("correction", 1.0) in office.linked(MEETING, "bodies")["so-xay-dung"]
    office.give("registry", "corrections", "--undo", "2", "--because", "Nhầm.")
    assert office.linked(MEETING, "bodies")["so-xay-dung"] != []
    assert ("correction", 1.0) not in office.linked(MEETING, "bodies")["so-xay-dung"]
    assert "taken back before" in office.give("registry", "corrections", "--undo", "2")
    assert office.json("registry", "corrections") == []
    first, second = office.json("registry", "corrections", "--all")
    assert first["undone_because"] == "correction 2 says the contrary"
    assert second["undone_because"] == "Nhầm."
    office.give("registry", "corrections", "--undo", "9", expect=1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--wrong", "official:hoang-trung-hai"), "does not link to official:hoang-trung-hai"),
        (("--missing", "official:Nguyễn Không Ai"), "no official"),
        (("--missing", "person:x"), "official:ID, body:ID or topic:ID"),
        (("--missing", "topic:moi-truong", "--words", "chim én"), "does not say “chim én”"),
        ((), "--wrong or what is --missing"),
    ],
)
def test_what_cannot_be_corrected_is_refused_in_one_sentence(
    archive: Office, words: tuple[str, ...], said: str
) -> None:
    archive.give("registry", "correct", archive.url(MEETING), *words, expect=2)
    assert said in archive.err
    assert archive.json("registry", "corrections", "--all") == []


# --- after a change of the registry ------------------------------------------------------------


def test_a_changed_registry_links_the_archive_anew_without_a_fetch(office: Office) -> None:
    office.crawl()
    assert office.json("registry", "apply")["articles"] == 0
    folder = office.desk.folder / "registry"
    folder.mkdir()
    (folder / "own.yaml").write_text(
        "sources:\n  e: Bài viết thử\n"
        "topics:\n  - {id: ho-nuoc, name: Hồ nước, group: own, confidence: high, sources: [e], "
        "phrases: [hồ nước]}\n",
        "utf-8",
    )
    applied = office.json("registry", "apply")
    assert (applied["articles"], applied["differing"], applied["failed"]) == (2, 1, 0)
    assert office.counted("topics")["ho-nuoc"] == 1
    assert office.changes() == {"new": 2, "relinked": 1}
    assert office.json("search", "--topic", "Hồ nước")["total"] == 1
    (folder / "own.yaml").write_text("officials:\n  - {id: ai-do}\n", "utf-8")
    office.give("registry", "apply", expect=1)
    assert "own.yaml:2" in office.err


# --- candidates --------------------------------------------------------------------------------


@pytest.mark.slow
def test_candidates_are_listed_accepted_and_dismissed(office: Office) -> None:
    office.crawl(NEWCOMER)
    (name,) = office.json("registry", "candidates")
    assert (name["name"], name["post"], name["articles"]) == ("xuồng máy", "Giám đốc Sở Mẫu", 1)
    assert name["examples"][0]["url"] == office.url(POND)
    assert name["examples"][0]["sentence"] == "Ông xuồng máy nói."
    (row,) = csv.DictReader(
        io.StringIO(office.give("registry", "candidates", "--changes", "--format", "csv"))
    )
    assert (row["name"], row["change"], row["on"]) == ("Công nhân", "appointed", "2024-04-10")
    assert "xuồng máy" in office.give("registry", "candidates")

    office.give("registry", "accept", row["id"], expect=2)
    assert "giam-doc-so-mau" in office.err
    assert not (office.desk.folder / "registry").exists()
    done = office.json("registry", "accept", row["id"], "--post", "gd-so-ngoai-vu", "--by", "Mai")
    assert done["official"] == "cong-nhan"
    entry = load_registry(office.desk.folder / "registry").officials["cong-nhan"]
    (tenure,) = entry.tenures
    assert (tenure.post, str(tenure.since), tenure.confidence) == (
        "gd-so-ngoai-vu", "2024-04-10", "medium",
    )  # fmt: skip
    assert entry.gender is None
    text = Path(done["file"]).read_text("utf-8")
    assert office.url(POND) in text
    assert "Mai" in text
    assert office.json("registry", "candidates", "--changes") == []
    assert len(office.json("registry", "candidates", "--changes", "--state", "accepted")) == 1

    office.give("registry", "candidates", "--dismiss", str(name["id"]))
    assert office.json("registry", "candidates") == []
    assert office.give("registry", "candidates") == "no candidates\n"
    office.give("registry", "accept", "99", expect=1)


@pytest.mark.slow
def test_what_sentences_state_is_offered_but_for_what_the_registry_has(office: Office) -> None:
    news = replace(
        small_article(3), published=datetime(2026, 2, 2, 9, 0, tzinfo=HANOI),
        title="Thành phố công bố quyết định nhân sự",
        pieces=(
            Piece(kind="paragraph", text="Ông Khúc Đại Hải được bổ nhiệm giữ chức Giám đốc "
                  "Sở Ngoại vụ Hà Nội từ ngày 2-2-2026."),
            Piece(kind="paragraph", text="Ông Lâm Quốc Nghiêu, Chánh Thanh tra thành phố Hà Nội, "
                  "dự buổi công bố."),
        ),
    )  # fmt: skip
    known = replace(
        small_article(4), published=datetime(2024, 7, 17, 18, 0, tzinfo=HANOI),
        title="Hội nghị Thành ủy bầu Bí thư",
        pieces=(
            Piece(kind="paragraph", text="Hội nghị bầu bà Bùi Thị Minh Hoài giữ chức Bí thư "
                  "Thành ủy Hà Nội."),
        ),
    )  # fmt: skip
    office.outlet.publish(news)
    office.outlet.publish(known)
    office.crawl()
    (change,) = office.json("registry", "candidates", "--changes")
    assert (change["name"], change["post_id"], change["on"], change["on_is_stated"]) == (
        "Khúc Đại Hải", "gd-so-ngoai-vu", "2026-02-02", True,
    )  # fmt: skip
    assert "Lâm Quốc Nghiêu" in {one["name"] for one in office.json("registry", "candidates")}
    office.give("registry", "accept", str(change["id"]))
    assert office.json("registry", "apply")["differing"] >= 1
    assert office.json("registry", "candidates", "--changes") == []
    assert office.json("search", "--official", "Khúc Đại Hải")["total"] == 1
    assert office.json("search", "--post", "gd-so-ngoai-vu")["total"] == 1

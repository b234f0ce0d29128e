"""Two papers crawled in both modes, edited, withdrawn, copied, linked: every answer is the same.

Ids, order, facets, totals, highlights and hints are compared as `search --format json` prints
them; what a crawl says of itself (when it fetched, which capture) is each desk's own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hanoiwatch import clock
from hanoiwatch.app import open_app
from hanoiwatch.cli.main import run
from hanoiwatch.config import Config, load_config
from scheduler.crawls import CrawlOptions, crawl_sources
from tests import riverside as papers
from tests.elastic_newsroom import OFFICIAL
from tests.elasticnode import Node
from tests.index_engines import drop, elastic_index
from tests.riverside import Riverside, riverside
from tests.riverside_queries import FILTERS, WRITTEN, drawn

pytestmark = [pytest.mark.elastic, pytest.mark.slow]

PREFIX = "riverside"
ELASTIC = """\
[store]
search = "elasticsearch"
[elasticsearch]
hosts = ["{url}"]
index_prefix = "{prefix}"
"""
OWN = ("first_seen_at", "fetched_at", "indexed_at", "modified_at", "withdrawn_at", "capture")
"""What of an article tells of the crawl that fetched it, and not of the article."""


@dataclass(frozen=True, slots=True)
class Desk:
    settings: Path

    @property
    def config(self) -> Config:
        return load_config(self.settings, environment={})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command ended with, and what it printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Both:
    embedded: Desk
    elastic: Desk
    phrases: tuple[str, ...]


def new_desk(folder: Path, outlet: Riverside, settings: str) -> Desk:
    outlet.write_desk(folder)
    file = folder / "hanoiwatch.toml"
    file.write_text(f'data_dir = "data"\n{settings}', "utf-8")
    return Desk(file)


def crawl(desk: Desk) -> dict[str, dict[str, int]]:
    with open_app(desk.config) as app:
        names = [papers.PAPER, papers.COPIER]
        _, recorded = crawl_sources(app, names, CrawlOptions(refetch=True))
        assert app.record.ledger.discrepancies() == []
    return recorded


@pytest.fixture(scope="module")
def both(elastic_node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("riverside")
    elastic = ELASTIC.format(url=elastic_node.url, prefix=PREFIX)
    with riverside() as outlet:
        desks = [new_desk(folder / "a", outlet, ""), new_desk(folder / "b", outlet, elastic)]
        try:
            first = [crawl(desk) for desk in desks]
            outlet.second_day()
            clock.run_ahead(timedelta(hours=2))
            second = [crawl(desk) for desk in desks]
            clock.run_ahead(timedelta(hours=28))
            third = [crawl(desk) for desk in desks]  # what is gone is gone after a day
        finally:
            clock.run_ahead(timedelta())
        assert first[0] == first[1]
        assert second[0] == second[1]
        assert second[0][papers.PAPER]["edited"] == len(papers.EDITED)
        assert third[0] == third[1]
        yield Both(*desks, tuple(outlet.phrases()))
    drop(elastic_index(elastic_node, PREFIX))


@pytest.fixture
def asked(both: Both, capsys: pytest.CaptureFixture[str]):
    """Runs one command at both desks."""

    def ask(*words: str) -> tuple[Answer, Answer]:
        desks = both.embedded, both.elastic
        embedded, elastic = (answer_of(desk, capsys, *words) for desk in desks)
        return embedded, elastic

    return ask


def answer_of(desk: Desk, capsys: pytest.CaptureFixture[str], *words: str) -> Answer:
    code = run(["--config", str(desk.settings), *words])
    return Answer(code, *capsys.readouterr())


def found(answer: Answer) -> dict[str, Any]:
    """The JSON of a search without what is the crawl's own."""
    said = json.loads(answer.out)
    del said["took_ms"]
    for hit in said["hits"]:
        for name in OWN:
            hit["article"][name] = bool(hit["article"][name])
        if story := hit["article"]["story"]:
            story["id"] = bool(story["id"])
    return said


def assert_alike(answers: tuple[Answer, Answer], what: object) -> dict[str, Any]:
    embedded, elastic = answers
    assert (embedded.code, elastic.code) == (0, 0), (what, answers)
    assert found(elastic) == found(embedded), what
    return found(embedded)


# --- search ----------------------------------------------------------------------------------


def test_every_query_is_answered_alike(both: Both, asked: Any) -> None:
    queries = (*WRITTEN, *drawn(both.phrases))
    totals = {
        query: assert_alike(asked("search", query, "--limit", "60", "--format", "json"), query)[
            "total"
        ]
        for query in queries
    }
    assert sum(map(bool, totals.values())) > len(queries) / 2
    assert totals[""] == 12 + 28 + 2


@pytest.mark.parametrize("narrowed", FILTERS, ids=" ".join)
def test_every_filter_narrows_alike(asked: Any, narrowed: tuple[str, ...]) -> None:
    for query in ("", "nước", '"bộ máy" OR cầu'):
        assert_alike(asked("search", query, *narrowed, "--format", "json"), (query, narrowed))


def test_links_and_copies_are_there(asked: Any) -> None:
    """So that what is compared above is not all empty."""
    linked = assert_alike(asked("search", "", "--official", OFFICIAL, "--format", "json"), "linked")
    assert linked["total"] == 3
    assert {facet["id"] for facet in linked["facets"]["bodies"]} >= {"so-noi-vu", "so-xay-dung"}
    copied = assert_alike(asked("search", '"hầm chui" ngập', "--format", "json"), "copied")
    assert [hit["article"]["story"]["copies"] for hit in copied["hits"]] == [1, 1]
    gone = assert_alike(asked("search", '"mưa đá"', "--format", "json"), "gone")
    assert [hit["article"]["withdrawn_at"] for hit in gone["hits"]] == [True]
    edited = assert_alike(asked("search", '"thêm hai điểm dừng"', "--format", "json"), "edited")
    assert [hit["article"]["revision"] for hit in edited["hits"]] == [2]


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_pages_follow_one_another_alike(asked: Any, sort: str) -> None:
    seen: list[str] = []
    for offset in range(0, 49, 7):
        page = ("--limit", "7", "--offset", str(offset), "--sort", sort)
        answers = asked("search", "nước", *page, "--format", "json")
        seen += [hit["article"]["id"] for hit in assert_alike(answers, page)["hits"]]
    whole = assert_alike(
        asked("search", "nước", "--limit", "100", "--sort", sort, "--format", "json"), sort
    )
    assert seen == [hit["article"]["id"] for hit in whole["hits"]]
    assert len(seen) == whole["total"] > 28


def test_relevance_finds_the_same_articles(asked: Any) -> None:
    for query in ("cầu gỗ", "phường OR bến", '"sắp xếp" bộ'):
        how = ("--sort", "relevance", "--limit", "60", "--format", "json")
        embedded, elastic = (found(answer) for answer in asked("search", query, *how))
        for answer in (embedded, elastic):
            scores = [hit.pop("score") for hit in answer["hits"]]
            assert scores == sorted(scores, reverse=True)
            answer["hits"].sort(key=lambda hit: hit["article"]["id"])
        assert embedded == elastic


@pytest.mark.parametrize("form", ["csv", "table"])
def test_lists_are_printed_alike(asked: Any, form: str) -> None:
    embedded, elastic = asked("search", "cầu OR bến", "--limit", "50", "--format", form)
    assert (embedded.code, elastic.code) == (0, 0)
    assert len(embedded.out.splitlines()) > 20
    assert without_time(embedded.out) == without_time(elastic.out)


def without_time(out: str) -> list[str]:
    return [line.rpartition(", ")[0] if line.endswith(" ms") else line for line in out.splitlines()]


@pytest.mark.parametrize("query", ["", "bến nước", '"bộ máy"~5', "không có từ này"])
def test_exports_are_alike(asked: Any, query: str) -> None:
    for sort in ("newest", "oldest"):
        embedded, elastic = asked("export", query, "--sort", sort)
        assert (embedded.code, elastic.code) == (0, 0)
        lines = [list(map(json.loads, one.out.splitlines())) for one in (embedded, elastic)]
        for article in (*lines[0], *lines[1]):
            for name in (*OWN, "story"):
                article[name] = bool(article[name])
        assert lines[0] == lines[1]
    embedded, elastic = asked("export", query, "--format", "csv")
    assert (embedded.code, elastic.code) == (0, 0)
    assert [row.count(",") for row in embedded.out.splitlines()] == [
        row.count(",") for row in elastic.out.splitlines()
    ]


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_timelines_are_alike(asked: Any, by: str) -> None:
    for words in (("nước",), ("", "--body", "ubnd"), ("", "--section", "Xã hội"), ("~cau",)):
        embedded, elastic = asked("timeline", *words, "--by", by, "--format", "json")
        assert (embedded.code, elastic.code) == (0, 0)
        assert json.loads(embedded.out) == json.loads(elastic.out)
        assert json.loads(embedded.out)


@pytest.mark.parametrize(
    "words",
    [
        ("search", '"chưa đóng'), ("search", "title:"), ("search", "(bến"), ("search", "nước OR"),
        ("search", "", "--source", "bao-khong-co"), ("search", "", "--official", "ai-do"),
        ("search", "", "--since", "2026-06-01", "--until", "2026-05-01"), ("export", '"'),
        ("timeline", "nước", "--by", "phút"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_alike(asked: Any, words: tuple[str, ...]) -> None:
    embedded, elastic = asked(*words)
    assert embedded == elastic
    assert embedded.code == 2
    assert embedded.out == ""


def test_both_indexes_hold_what_their_records_say(asked: Any) -> None:
    for answer in asked("index", "check"):
        assert (answer.code, answer.out) == (0, "42 articles checked, 0 faults\n")


def test_a_takedown_leaves_no_trace_in_either(
    both: Both, elastic_node: Node, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On copies of both desks; the index of the one is filled from its record first."""
    embedded = copy_of(both.embedded, tmp_path / "a")
    elastic = copy_of(both.elastic, tmp_path / "b", PREFIX, f"{PREFIX}-taken")

    def asked(*words: str) -> tuple[Answer, Answer]:
        return answer_of(embedded, capsys, *words), answer_of(elastic, capsys, *words)

    query = ("search", '"Mắt Thuyền"', "--format", "json")
    try:
        assert answer_of(elastic, capsys, "index", "rebuild").out == "42 articles indexed\n"
        (hit,) = assert_alike(asked(*query), "before")["hits"]
        for answer in asked("takedown", hit["article"]["id"], "--because", "thử", "--yes"):
            assert answer.code == 0
        assert assert_alike(asked(*query), "after")["total"] == 0
        for answer in asked("index", "rebuild"):
            assert (answer.code, answer.out) == (0, "41 articles indexed\n")
        assert assert_alike(asked(*query), "rebuilt")["total"] == 0
        for answer in asked("index", "check"):
            assert answer.code == 0
    finally:
        drop(elastic_index(elastic_node, f"{PREFIX}-taken"))


def copy_of(desk: Desk, folder: Path, *prefix: str) -> Desk:
    """``prefix``: the former one and its own."""
    shutil.copytree(desk.settings.parent, folder)
    settings = folder / desk.settings.name
    if prefix:
        settings.write_text(settings.read_text("utf-8").replace(*prefix), "utf-8")
    return Desk(settings)

"""One newspaper in both modes: the same answers; and a crawl while Elasticsearch is away."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hanoiwatch.app import open_existing
from hanoiwatch.cli.search import search_articles
from hanoiwatch.clock import HANOI
from hanoiwatch.model import Filters
from hanoiwatch.sample.source import SOURCE_NAME, source_toml
from tests.chain import Desk
from tests.demo_copy import demo_copied
from tests.elasticnode import Node, start_node
from tests.outlet import running
from tests.query_table import FINDINGS

pytestmark = [pytest.mark.elastic, pytest.mark.slow]

NO_FILTERS = Filters()
ASKED: tuple[tuple[str, Filters], ...] = (
    ("", Filters()),
    ("", Filters(sections=("Chính trị",))),
    ("bo may", Filters(since=datetime(2026, 11, 1, tzinfo=HANOI))),
    ("phường", Filters(until=datetime(2026, 11, 10, tzinfo=HANOI), sections=("Đô thị", "Xã hội"))),
    *((query, Filters()) for query in (
        '"sap xep bo may"', "phường -chợ", '"bộ máy"~4 OR title:hồ', "Uỷ ban", "~thanh ~pho",
        "tag:nước OR caption:(hà nội)", "sông", '"ủy ban nhân dân"~2', "không", "ngập", "thủ đô",
    )),
)  # fmt: skip


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_copied(tmp_path_factory, "modes").folder


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Of these tests alone: they stop it."""
    with start_node(tmp_path_factory.mktemp("node")) as started:
        yield started


class OldDesk(Desk):
    """On a folder that is there already."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.settings = folder, folder / "hanoiwatch.toml"


def switched(folder: Path, to: Path, node: Node, prefix: str) -> OldDesk:
    shutil.copytree(folder, to)
    desk = OldDesk(to)
    elastic = f'[store]\nsearch = "elasticsearch"\n{elastic_table(node, prefix)}'
    desk.write_settings(desk.settings.read_text("utf-8") + "\n" + elastic)
    return desk


def elastic_table(node: Node, prefix: str) -> str:
    return (
        f'[elasticsearch]\nhosts = ["{node.url}"]\nindex_prefix = "{prefix}"\nbusy_seconds = 5.0\n'
    )


def answer(desk: Desk, query: str, filters: Filters = NO_FILTERS, **how: Any) -> dict[str, Any]:
    """What `hanoiwatch search` prints, but for the time it took."""
    return search_articles(desk.config, query, filters, limit=100, **how)


def check(desk: Desk, *words: str) -> tuple[int, str]:
    done = desk.run("index", "check", *words)
    return done.returncode, done.stdout + done.stderr


def test_both_modes_answer_alike(crawled: Path, node: Node, tmp_path: Path) -> None:
    embedded = OldDesk(crawled)
    elastic = switched(crawled, tmp_path / "elastic", node, "alike")
    assert elastic.run("index", "rebuild").returncode == 0
    assert check(elastic) == (0, "66 articles checked, 0 faults\n")
    expected = [answer(embedded, *asked) for asked in ASKED]
    assert [answer(elastic, *asked) for asked in ASKED] == expected
    assert sum(one["total"] for one in expected) > 200
    assert answer(elastic, "sông", sort="oldest") == answer(embedded, "sông", sort="oldest")
    for finding in FINDINGS[::9]:
        assert answer(elastic, finding.query) == answer(embedded, finding.query), finding
    exported = [desk.run("export", "hà nội", "--format", "jsonl") for desk in (embedded, elastic)]
    assert [done.returncode for done in exported] == [0, 0], exported
    assert exported[0].stdout == exported[1].stdout
    assert len(exported[0].stdout.splitlines()) == answer(embedded, "hà nội")["total"] > 10
    counted = [desk.json("timeline", "phường") for desk in (embedded, elastic)]
    assert counted[0] == counted[1]


RULE = """
title = "Phường"
query = "phường"
on = ["new"]
channels = ["file"]
digest = "immediately"
"""


def test_elasticsearch_away_for_a_whole_crawl_costs_nothing(node: Node, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk")
    told = tmp_path / "told"
    desk.write_settings(
        'data_dir = "data"\n[store]\nsearch = "elasticsearch"\n'
        f'[channels]\nfile = "feed:{told}"\n' + elastic_table(node, "away")
    )
    (desk.folder / "alerts").mkdir()
    (desk.folder / "alerts" / "phuong.toml").write_text(RULE, "utf-8")
    node.stop()
    try:
        with running() as server:
            desk.add_source(SOURCE_NAME, source_toml(server.url))
            report = desk.crawl(SOURCE_NAME, expect=None)
        (crawled_source,) = report["sources"]
        assert crawled_source["recorded"]["new"] == 66
        assert crawled_source["counts"]["failed"] == 0
        # the sample's newest sitemap is empty on most days: no word of Elasticsearch
        assert [one for one in crawled_source["problems"] if "sitemap" not in one] == []
        assert report["alerts"]["sent"] == 1
        assert any("<entry>" in feed.read_text("utf-8") for feed in told.iterdir())
        said = desk.run("search", "phường")
        assert said.returncode == 1
        assert "Elasticsearch at http://127.0.0.1" in said.stderr
        assert len(said.stderr.strip().splitlines()) == 1
        status = desk.run("status")
        assert status.returncode == 0, status.stderr
        assert check(desk, "--quick")[0] == 1
    finally:
        node.start()
    back = time.monotonic()
    assert check(desk) == (0, "66 articles checked, 0 faults\n")
    assert time.monotonic() - back < 200
    assert desk.search("phường")["total"] > 10
    desk.assert_exact_ledger()


def test_a_snapshot_brings_back_what_was_deleted(crawled: Path, node: Node, tmp_path: Path) -> None:
    desk = switched(crawled, tmp_path / "desk", node, "snapshot")
    assert desk.run("index", "rebuild").returncode == 0
    before = answer(desk, "hà nội")
    assert before["total"] > 10
    node.ask("/_snapshot/kept", "PUT", {
        "type": "fs", "settings": {"location": str(node.snapshots / "kept")},
    })  # fmt: skip
    asked = {"indices": "snapshot-*", "include_global_state": False}
    node.ask("/_snapshot/kept/first?wait_for_completion=true", "PUT", asked)
    for name in node.ask("/snapshot-*/_alias?expand_wildcards=all"):
        node.ask(f"/{name}", "DELETE")
    assert answer(desk, "hà nội")["total"] == 0
    restored = node.ask("/_snapshot/kept/first/_restore?wait_for_completion=true", "POST", asked)
    assert restored["snapshot"]["shards"]["failed"] == 0
    assert answer(desk, "hà nội") == before
    assert check(desk) == (0, "66 articles checked, 0 faults\n")


def test_a_rebuild_that_was_cut_goes_on_while_the_old_index_answers(
    crawled: Path, node: Node, tmp_path: Path
) -> None:
    desk = switched(crawled, tmp_path / "desk", node, "cut")
    assert desk.run("index", "rebuild").returncode == 0
    with open_existing(desk.config) as app:
        app.search_index.successor(position=0).close()
        assert app.search_index.search(None, Filters()).total == 66
    assert desk.run("index", "rebuild").returncode == 0
    assert check(desk) == (0, "66 articles checked, 0 faults\n")
    names = node.ask("/cut-articles-*/_alias?expand_wildcards=all")
    assert list(names) == ["cut-articles-000002"]


def test_doctor_says_what_is_missing(crawled: Path, node: Node, tmp_path: Path) -> None:
    desk = switched(crawled, tmp_path / "desk", node, "doctor")
    assert desk.run("index", "rebuild").returncode == 0

    def line() -> dict[str, str]:
        found = json.loads(desk.run("doctor", "--format", "json").stdout)
        return next(one for one in found if one["check"] == "elasticsearch")

    assert line()["state"] == "ok"
    assert "at change" in line()["said"]
    settings = desk.settings.read_text("utf-8")
    desk.write_settings(settings.replace(node.url, "http://127.0.0.1:9"))
    assert line()["state"] == "missing"
    assert "cannot be reached" in line()["said"]
    desk.write_settings(settings + 'api_key = "${NO_SUCH_KEY}"\n')
    assert "NO_SUCH_KEY" in line()["said"]

"""The real ElastAlert 2, with the rule folder that we ship, on a real node."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from hanoiwatch.clock import HANOI
from hanoiwatch.sample.articles import Piece, SampleArticle
from hanoiwatch.sample.outlet import Outlet
from indexer.kibana.content import STREAMLINING
from indexer.search.elastic.mapping import article_mapping
from tests.deploy.programs import DEPLOY, program
from tests.elastic_newsroom import elastic_newsroom
from tests.elasticnode import Node
from tests.outlet import small_article
from tests.waiting import PATIENCE, wait_for

FOLDER = DEPLOY / "elastalert"
RULE = FOLDER / "rules" / "sap-xep-bo-may.yaml"
PREFIX = "hanoiwatch"
"""The rule's own: nothing of it is changed here."""
PYTHON = 12
"""Of the ElastAlert 2 that knows Elasticsearch 9."""
LOOK_SECONDS = 1
STILL_LOOKS = 4
"""So many further looks without a message mean that none comes."""


@dataclass
class Sink:
    """Takes what the rule posts."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def sink() -> Iterator[Sink]:
    found = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


class ElastAlert:
    """ElastAlert 2 with our settings, but for how often it looks."""

    def __init__(self, folder: Path, node: Node, sink: Sink) -> None:
        settings = yaml.safe_load((FOLDER / "config.yaml").read_text("utf-8"))
        settings["run_every"] = {"seconds": LOOK_SECONDS}
        settings["rules_folder"] = str(FOLDER / settings["rules_folder"])
        self.settings = folder / "config.yaml"
        self.settings.write_text(yaml.safe_dump(settings), "utf-8")
        self.log = folder / "elastalert.log"
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "ES_HOST": "127.0.0.1",
            "ES_PORT": str(node.port),
            "ELASTALERT_SINK": sink.url,
        }

    def make_indices(self) -> None:
        done = subprocess.run(
            [program("elastalert", "elastalert-create-index", minor=PYTHON),
             "--config", self.settings, "--no-auth"],
            env=self.environment, check=False, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the block runs, and at least one look has been made."""
        command = [program("elastalert", "elastalert", minor=PYTHON), "--config", self.settings,
                   "--verbose"]  # fmt: skip
        before = self.looks()
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, cwd=self.settings.parent
            )
        try:
            self.wait_for_looks(before + 1)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)

    def look_on(self) -> None:
        self.wait_for_looks(self.looks() + STILL_LOOKS)

    def wait_for_looks(self, count: int) -> None:
        wait_for(lambda: self.looks() >= count, self.log.read_text, seconds=2 * PATIENCE)

    def looks(self) -> int:
        return self.log.read_text("utf-8").count("Ran Sắp xếp bộ máy") if self.log.exists() else 0


def article(place: int, text: str, published: datetime) -> SampleArticle:
    return replace(
        small_article(place), published=published, pieces=(Piece(kind="paragraph", text=text),)
    )


LONG_AGO = datetime(2019, 3, 1, 8, 0, tzinfo=HANOI)
THIS_YEAR = datetime(2026, 10, 5, 8, 0, tzinfo=HANOI)


@pytest.mark.elastic
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_rule_tells_once_of_each_new_article_also_of_one_published_long_ago(
    elastic_node: Node, tmp_path: Path
) -> None:
    other = article(1, "Thành phố trồng thêm cây ở bờ sông.", THIS_YEAR)
    old = article(2, "Chủ trương tinh gọn bộ máy được bàn từ mùa xuân năm ấy.", LONG_AGO)
    new = article(3, "Quận bàn việc sắp xếp bộ máy trước cuối năm.", THIS_YEAR)
    with sink() as sink_, elastic_newsroom(
        tmp_path / "desk", elastic_node, PREFIX, Outlet([other])
    ) as room:  # fmt: skip
        room.crawl(0)
        (tmp_path / "elastalert").mkdir()
        elastalert = ElastAlert(tmp_path / "elastalert", elastic_node, sink_)
        elastalert.make_indices()
        with elastalert.running():
            room.outlet.publish(old)
            room.outlet.publish(new)
            room.crawl(0)
            wait_for(lambda: len(sink_.taken) >= 2, elastalert.log.read_text, seconds=2 * PATIENCE)
            room.outlet.edit(new.slug, title="Quận bàn việc sắp xếp bộ máy, lần thứ hai")
            room.crawl(0, refetch=True)
            assert room.counts["edited"] == 1
            elastalert.look_on()
        with elastalert.running():  # started anew, it has not forgotten
            elastalert.look_on()
        assert sorted(told["title"] for told in sink_.taken) == [old.title, new.title]
        told = next(one for one in sink_.taken if one["title"] == old.title)
    assert told["rule"] == "Sắp xếp bộ máy"
    assert told["published_at"].startswith("2019-03-01T08:00")
    assert told["url"] == room.outlet.url(old.slug)


def rule() -> dict[str, Any]:
    return yaml.safe_load(RULE.read_text("utf-8"))


def test_the_rule_asks_for_the_phrases_that_kibana_s_searches_ask_for() -> None:
    (only,) = rule()["filter"]
    assert only["query"]["query_string"]["query"] == " OR ".join(STREAMLINING)


def test_the_rule_names_fields_that_the_index_has() -> None:
    found = rule()
    named = {found["timestamp_field"], found["query_key"], *found["include"],
             *found["http_post2_raw_fields"].values()}  # fmt: skip
    assert named - article_mapping()["properties"].keys() == set()

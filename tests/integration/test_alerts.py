"""Alerts through real crawls: two papers, an edit, a copy, a withdrawal, and kills."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from hanoiwatch.config import AlertsConfig
from hanoiwatch.sample import misbehaviours
from hanoiwatch.sample.articles import Piece, SampleArticle, load_articles
from hanoiwatch.sample.outlet import Outlet, copy_of
from hanoiwatch.sample.server import SampleServer
from scheduler.crawls import is_crawled
from tests.alert_desk import Posts, http_sink
from tests.chain import ROOT, Desk
from tests.newsroom import just_published, newsroom
from tests.outlet import running, sitemap_source
from tests.waiting import PATIENCE, wait_for

WAITING = "Người dân còn chờ tin của ban quản lý."
PHRASE = "Ban quản lý bãi giữa sẽ sắp xếp lại bộ máy trước mùa nước."


def fresh(article: SampleArticle, *extra: str) -> SampleArticle:
    """Published just now, with these paragraphs at its end."""
    at = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=5)
    pieces = tuple(Piece(kind="paragraph", text=text) for text in extra)
    return replace(article, published=at, pieces=(*article.pieces, *pieces))


TOLD, PLAIN, OTHER = load_articles()[:3]


class Papers:
    """Two papers, a desk that crawls both, and the sink that its rule sends to."""

    def __init__(self, desk: Desk, servers: dict[str, SampleServer], posts: Posts) -> None:
        self.desk, self.servers, self.posts = desk, servers, posts

    def crawl(self, *words: str) -> None:
        self.desk.crawl("--refetch", *words)

    def told(self) -> list[tuple[str, str, str]]:
        """Kind, source and title of everything that the sink was sent."""
        return [
            (alert["kind"], alert["article"]["source"], alert["article"]["title"])
            for _, body in self.posts.got
            for alert in json.loads(body)["alerts"]
        ]


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[Papers]:
    desk = Desk(tmp_path / "desk")
    outlets = {
        "bao-truoc": Outlet([fresh(TOLD, PHRASE), fresh(PLAIN, WAITING)]),
        "bao-sau": Outlet([OTHER]),
    }
    with ExitStack() as stack:
        servers = {name: stack.enter_context(running(outlet)) for name, outlet in outlets.items()}
        posts = stack.enter_context(http_sink())
        for name, server in servers.items():
            desk.add_source(name, sitemap_source(name, server))
        desk.write_settings(
            'data_dir = "data"\n[sources]\nenabled = ["bao-sau", "bao-truoc"]\n'
            f'[crawl]\nextract_workers = 1\n[channels]\nmoc = "{posts.address}"\n'
        )
        yield Papers(desk, servers, posts)


@pytest.mark.slow
def test_a_crawl_ends_with_what_its_rules_found(papers: Papers) -> None:
    added = papers.desk.run("alerts", "add", "bo-may", "--query", '"sap xep bo may"~6')
    assert added.returncode == 0, added.stderr
    papers.crawl()
    assert papers.told() == [("new", "bao-truoc", TOLD.title)]

    mine, theirs = papers.servers["bao-truoc"].outlet, papers.servers["bao-sau"].outlet
    mine.edit(PLAIN.slug, pieces={len(PLAIN.pieces): PHRASE})
    written = fresh(TOLD, PHRASE)
    copy = copy_of(written, original_source="Báo Trước", published=written.published)
    theirs.publish(replace(copy, slug="ban-in-lai", title="Chuyện được kể lại", template="epi"))
    papers.crawl()
    assert papers.told()[1:] == [("edited", "bao-truoc", PLAIN.title)]
    log = papers.desk.json("alerts", "log", "bo-may")
    assert sorted(row["state"] for row in log) == ["copy", "sent", "sent"]

    swept = papers.desk.json("alerts", "deliver", "--sweep")
    assert (swept["sweep"]["missed"], swept["sent"]) == (0, 0)


def start_crawl(desk: Desk) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "hanoiwatch", "--config", str(desk.settings), "crawl"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HANOIWATCH_")}
    return subprocess.Popen(
        words, cwd=ROOT, env=environment, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def alerts_in(record: Path) -> int:
    try:
        with sqlite3.connect(f"file:{record}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM alert").fetchone()[0])
    except sqlite3.Error:
        return 0


@pytest.mark.slow
def test_a_crawl_that_is_killed_between_match_and_delivery_loses_and_doubles_nothing(
    papers: Papers,
) -> None:
    papers.desk.run("alerts", "add", "bo-may", "--query", '"sap xep bo may"~6')
    other, config = papers.servers["bao-sau"], papers.desk.config
    other.answer("", misbehaviours.stall())  # so long the crawl goes on, and nothing is delivered
    process = start_crawl(papers.desk)
    wait_for(lambda: alerts_in(config.record_path), every=0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert alerts_in(config.record_path) == 1
    assert papers.posts.asked == 0
    other.behave()
    wait_for(lambda: not any(is_crawled(config, name) for name in papers.servers))
    papers.crawl()
    assert papers.told() == [("new", "bao-truoc", TOLD.title)]


@pytest.mark.slow
def test_a_crawl_that_is_killed_while_it_sends_sends_again_under_the_same_key(
    papers: Papers,
) -> None:
    papers.desk.run("alerts", "add", "bo-may", "--query", '"sap xep bo may"~6')
    process = start_crawl(papers.desk)
    papers.posts.on_post = lambda: process.send_signal(signal.SIGKILL)  # it has it, and says so
    process.wait(PATIENCE)
    papers.posts.on_post = lambda: None
    assert len(papers.posts.got) == 1
    papers.desk.run("alerts", "deliver")
    assert len(papers.posts.got) == 2
    assert len(set(papers.posts.keys)) == 1


@pytest.mark.slow
def test_a_withdrawal_that_a_crawl_confirms_is_told(tmp_path: Path) -> None:
    with newsroom(tmp_path, just_published(load_articles()[:6])) as room:
        folder = tmp_path / "alerts"
        folder.mkdir()
        rule = 'query = "-lanhdia"\non = ["withdrawn"]\nchannels = ["tin"]\n'
        (folder / "go.toml").write_text(rule, "utf-8")
        room.config = structs.replace(
            room.config,
            alerts=AlertsConfig(directory=str(folder)),
            channels={"tin": f"feed:{tmp_path / 'feeds'}"},
        )
        room.crawl(0)
        room.outlet.delete(TOLD.slug)
        room.crawl(2)
        assert room.rows("SELECT 1 FROM alert") == []
        room.crawl(28)
        (found,) = room.rows("SELECT kind, state FROM alert")
        assert (found.kind, found.state) == ("withdrawn", "fresh")
        with room.app() as app:
            assert app.tell_alerts().sent == 1
    assert "Bài đã bị gỡ" in (tmp_path / "feeds" / "go.xml").read_text("utf-8")

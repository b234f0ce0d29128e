"""Stories through real crawls: two papers, a text that both print, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hanoiwatch.sample.addresses import ARTICLE_URL
from hanoiwatch.sample.articles import SampleArticle, load_articles
from hanoiwatch.sample.outlet import Outlet, copy_of
from hanoiwatch.sample.server import SampleServer
from tests.chain import Desk
from tests.outlet import running

TOLD, OTHER, ALONE = load_articles()[:3]


def reprint(article: SampleArticle, *, hours: float, slug: str, **changes: object) -> SampleArticle:
    """Another desk's copy: a title and a template of its own, the first paragraph cut."""
    published = article.published + timedelta(hours=hours)
    copy = copy_of(article, original_source="Báo Đê Sông Hồng", published=published)
    changes = {
        "title": "Chuyện được kể lại",
        "template": "epi",
        "pieces": copy.pieces[1:],
    } | changes
    return replace(copy, slug=slug, **changes)


def source_file(name: str, server: SampleServer) -> str:
    """Sitemaps alone: a paper of two articles has empty feeds."""
    return (
        f'name = "{name}"\ntitle = "{name}"\nhome = "{server.url}/"\n'
        f"[discover]\nsitemaps = ['{server.url}/sitemap.xml']\narticle_url = '{ARTICLE_URL}'\n"
        "[fetch]\ndelay_seconds = 0.0\n"
    )


class Papers:
    """Báo Trước, which writes, and Báo Sau, which prints what others wrote; crawled at one desk."""

    def __init__(self, desk: Desk, servers: dict[str, SampleServer]) -> None:
        self.desk, self.servers = desk, servers

    def crawl(self) -> None:
        self.desk.crawl("--refetch")

    def outlet(self, name: str) -> Outlet:
        return self.servers[name].outlet

    def url(self, name: str, article: SampleArticle) -> str:
        return self.outlet(name).url(article.slug)

    def story(self, name: str, article: SampleArticle) -> dict | None:
        return self.desk.show(self.url(name, article))["story"]

    def id(self, name: str, article: SampleArticle) -> str:
        return self.desk.show(self.url(name, article))["id"]


COPY = reprint(TOLD, hours=3, slug="ban-in-lai")


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[Papers]:
    desk = Desk(tmp_path / "desk")
    outlets = {"bao-sau": Outlet([COPY, OTHER]), "bao-truoc": Outlet([TOLD, ALONE])}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(running(outlet)) for name, outlet in outlets.items()}
        for name, server in servers.items():
            desk.add_source(name, source_file(name, server))
        desk.write_settings(
            'data_dir = "data"\n[sources]\nenabled = ["bao-sau", "bao-truoc"]\n'
            "[crawl]\nextract_workers = 1\n"
        )
        yield Papers(desk, servers)


@pytest.mark.slow
def test_a_reprint_shares_the_story_of_the_paper_that_was_first(papers: Papers) -> None:
    papers.crawl()
    founder = papers.id("bao-truoc", TOLD)
    story = {"id": founder, "first_source": "bao-truoc", "copies": 1}
    assert papers.story("bao-sau", COPY) == papers.story("bao-truoc", TOLD) == story
    hits = papers.desk.search("", "--limit", "10")["hits"]
    told = {hit["article"]["url"]: hit["article"]["story"] for hit in hits}
    assert told == {
        papers.url("bao-truoc", TOLD): story,
        papers.url("bao-sau", COPY): story,
        papers.url("bao-truoc", ALONE): None,
        papers.url("bao-sau", OTHER): None,
    }


@pytest.mark.slow
def test_a_story_keeps_its_id_through_more_copies_edits_deletions_and_rebuilds(
    papers: Papers,
) -> None:
    papers.crawl()
    founder = papers.id("bao-truoc", TOLD)
    earlier = reprint(TOLD, hours=-2, slug="ban-ra-truoc", title="Bản in sớm hơn cả")
    papers.outlet("bao-sau").publish(earlier)
    papers.outlet("bao-truoc").edit(TOLD.slug, title="Nhan đề đã được tòa soạn sửa lại")
    papers.crawl()
    story = {"id": founder, "first_source": "bao-sau", "copies": 2}
    assert papers.desk.show(papers.url("bao-truoc", TOLD))["revision"] == 2
    assert papers.story("bao-truoc", TOLD) == papers.story("bao-sau", earlier) == story
    rewritten = {
        place: f"Đoạn {place} được viết lại từ đầu, không còn câu nào giống bản in trước đây."
        for place, piece in enumerate(COPY.pieces)
        if piece.kind == "paragraph"
    }
    papers.outlet("bao-sau").edit(COPY.slug, pieces=rewritten)
    papers.outlet("bao-sau").delete(earlier.slug)
    papers.crawl()
    assert papers.story("bao-sau", COPY) == story
    rebuilt = papers.desk.run("index", "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert papers.story("bao-sau", COPY) == papers.story("bao-truoc", TOLD) == story

"""An outlet nobody has seen, from five lines of a source file to every field of its articles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chain import Desk
from tests.unseen.server import Paper, Unseen, papers, serving
from tests.unseen.truth import differences

SOURCE = """
name = "song-nhue"
title = "Báo Sông Nhuệ"
home = "{site}"
family = "onecms"
[discover]
feeds = ["{site}rss/chinh-tri"]
sections = ["{site}chinh-tri"]
section_pages = 2
"""
NAME = "song-nhue"


@pytest.fixture(scope="module")
def outlet() -> Iterator[Unseen]:
    with serving() as unseen:
        yield unseen


@pytest.fixture(scope="module")
def crawled(outlet: Unseen, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("unseen") / "desk")
    desk.add_source(NAME, SOURCE.format(site=outlet.site))
    desk.crawl(NAME)
    return desk


def test_every_article_of_feed_and_section_comes_in_once(crawled: Desk, outlet: Unseen) -> None:
    hits = crawled.search("", "--source", NAME, "--limit", "50")["hits"]
    addresses = sorted(hit["article"]["url"] for hit in hits)
    assert addresses == sorted(outlet.site + paper.path[1:] for paper in outlet.papers)
    crawled.assert_exact_ledger()


@pytest.mark.parametrize("paper", papers(), ids=lambda paper: paper.pid)
def test_an_article_found_without_marks_is_as_a_person_reads_it(
    paper: Paper, crawled: Desk, outlet: Unseen
) -> None:
    hits = crawled.search(paper.truth["search"], "--source", NAME)["hits"]
    found = {hit["article"]["url"]: hit["article"] for hit in hits}
    article = found[outlet.site + paper.path[1:]]
    assert differences(article, paper.truth) == []
    assert (article["source"], article["revision"]) == (NAME, 1)


def test_an_article_is_shown_as_it_was_found(crawled: Desk, outlet: Unseen) -> None:
    oldest = outlet.papers[-1]
    article = crawled.show(outlet.site + oldest.path[1:])
    assert differences(article, oldest.truth) == []


def test_what_robots_txt_forbids_is_not_asked_for(crawled: Desk, outlet: Unseen) -> None:
    assert [path for path in outlet.asked if path.startswith(("/api/", "/tim-kiem"))] == []
    assert "/robots.txt" in outlet.asked


@pytest.mark.slow
@pytest.mark.parametrize("again", [(), ("--refetch",)], ids=["later", "refetch"])
def test_a_second_crawl_adds_nothing(again: tuple[str, ...], crawled: Desk) -> None:
    def state() -> list[tuple[str, int]]:
        hits = crawled.search("", "--source", NAME, "--limit", "50")["hits"]
        return sorted((hit["article"]["id"], hit["article"]["revision"]) for hit in hits)

    before = state()
    assert len(before) == len(papers())
    crawled.crawl(NAME, *again)
    assert state() == before
    crawled.assert_exact_ledger()

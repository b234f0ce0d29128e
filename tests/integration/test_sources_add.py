"""`sources add`: from an address to a source file that a crawl works with."""

from __future__ import annotations

import json

import pytest

from hanoiwatch.sample.articles import TemplateName
from hanoiwatch.sources.loader import load_families, read_source
from tests.chain import Desk
from tests.crawling import Reply, site
from tests.integration.outlets import SECTIONS, of_no_system, of_system


@pytest.mark.slow
@pytest.mark.parametrize(("template", "family"), [("vccorp", "vccorp"), ("epi", "epi")])
def test_an_outlet_of_a_known_family_is_found_whole(
    desk: Desk, template: TemplateName, family: str
) -> None:
    with of_system(template) as outlet:
        done = desk.run("sources", "add", outlet.url, "--name", "bao-la")
        assert done.returncode == 0, done.stderr
        file = desk.folder / "sources" / "bao-la.toml"
        source = read_source(file, load_families())
        crawled = desk.crawl("bao-la")["sources"][0]
        again = desk.run("sources", "add", outlet.url, "--name", "bao-la")
    assert (source.title, source.family) == ("Báo Người Lạ", family)
    assert source.discover.feeds == (f"{outlet.url}/rss/thoi-su.rss",)
    assert source.discover.sections == tuple(f"{outlet.url}/{slug}" for slug in SECTIONS)
    assert len(source.discover.article_url) == 1
    assert "not used: " in file.read_text("utf-8")  # the empty feed, and why
    assert "(status 404)" not in file.read_text("utf-8")  # of all that was guessed: one line
    assert crawled["recorded"]["new"] == len(outlet.articles)
    assert "hanoiwatch sources check bao-la" in done.stdout
    assert again.returncode == 1
    assert "is there already" in again.stderr
    desk.assert_exact_ledger()


@pytest.mark.slow
@pytest.mark.parametrize("feed", [True, False])
def test_an_outlet_of_no_system_is_found_by_its_feed_or_by_its_links(
    desk: Desk, feed: bool
) -> None:
    with of_no_system(feed=feed) as outlet:
        done = desk.run("sources", "add", outlet.url, "--name", "bao-la", "--format", "json")
        assert done.returncode == 0, done.stderr
        crawled = desk.crawl("bao-la")["sources"][0]
    found = json.loads(done.stdout)
    assert found["family"] is None
    assert len(found["feeds"]) == feed
    assert [one["layout"] for one in found["articles"]] == ["general"] * 5
    assert crawled["recorded"]["new"] == len(outlet.articles)
    assert crawled["counts"]["failed"] == 0


@pytest.mark.slow
def test_printed_it_writes_nothing(desk: Desk) -> None:
    with of_no_system() as outlet:
        done = desk.run("sources", "add", outlet.url, "--name", "bao-la", "--print")
    assert 'name = "bao-la"' in done.stdout
    assert not (desk.folder / "sources" / "bao-la.toml").exists()
    assert not (desk.folder / "data").exists()


def test_a_site_that_refuses_programs_is_left_alone(desk: Desk) -> None:
    with of_no_system() as outlet:
        outlet.site.pages["/robots.txt"] = Reply(
            body="User-agent: *\nDisallow: /\n", type="text/plain"
        )
        done = desk.run("sources", "add", outlet.url, "--name", "bao-la")
        asked = {one.path for one in outlet.site.log}
    assert done.returncode == 1
    assert "its robots.txt refuses it" in done.stderr
    assert asked == {"/robots.txt"}


@pytest.mark.slow
def test_a_site_without_articles_is_told_in_one_sentence(desk: Desk) -> None:
    with site() as served:
        served.pages["/"] = Reply(body="<h1>Xin chào</h1><a href='/lien-he'>Liên hệ</a>")
        done = desk.run("sources", "add", served.url, "--name", "bao-la")
    assert done.returncode == 1
    assert "no articles were found" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("https://hanoimoi.vn/",), "hanoimoi is a source already"),
        (("https://mot-bao.example/", "--name", "Báo"), "is no name of a source"),
        (("mot-bao.example",), "write the whole address"),
        (("https://mot-bao.example/",), "`user_agent_contact` is not set"),
    ],
)
def test_what_cannot_be_tried_is_told_before_any_request(
    desk: Desk, words: tuple[str, ...], said: str
) -> None:
    done = desk.run("sources", "add", *words)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1

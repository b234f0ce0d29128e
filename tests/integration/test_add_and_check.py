"""`add URL` and `sources check`, as a person uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.chain import Desk
from tests.crawling import Reply
from tests.integration.outlets import Stranger, of_system

NAME = "bao-la"


@pytest.fixture
def outlet(desk: Desk) -> Iterator[Stranger]:
    with of_system("epi") as stranger:
        desk.add_source(
            NAME,
            f'name = "{NAME}"\ntitle = "Báo Lạ"\nhome = "{stranger.url}/"\nfamily = "epi"\n'
            f'[discover]\nfeeds = ["{stranger.url}/rss/thoi-su.rss"]\n'
            f"sections = [\"{stranger.url}/thoi-su\"]\narticle_url = '-post\\d+\\.html$'\n",
        )
        yield stranger


@pytest.mark.slow
def test_a_missed_article_is_added_once_and_is_found(desk: Desk, outlet: Stranger) -> None:
    url = outlet.url + outlet.articles[3]
    first, second = desk.run("add", url), desk.run("add", url, "--format", "json")
    third = desk.run("add", url, "--refetch")
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("added:  ")
    known = json.loads(second.stdout)
    assert known["outcome"] == "known"
    assert known["article"]["id"] in first.stdout
    assert third.stdout.startswith("fetched again:  ")
    assert outlet.site.times(outlet.articles[3]) == 2
    assert outlet.site.times("/rss/thoi-su.rss") == 0
    assert desk.search("--source", NAME)["total"] == 1
    desk.assert_exact_ledger()
    crawled = desk.crawl(NAME)["sources"][0]
    assert crawled["recorded"]["new"] == len(outlet.articles) - 1
    desk.assert_exact_ledger()


@pytest.mark.slow
def test_a_known_article_that_cannot_be_had_again_is_told_and_kept(
    desk: Desk, outlet: Stranger
) -> None:
    gone, front = outlet.url + outlet.articles[0], outlet.url + outlet.articles[1]
    for url in (gone, front):
        assert desk.run("add", url).returncode == 0
    outlet.site.pages[outlet.articles[0]] = Reply(status=404)
    outlet.site.pages[outlet.articles[1]] = outlet.site.pages["/"]
    for url, said in ((gone, "could not be fetched again"), (front, "is no article now (")):
        done = desk.run("add", url, "--refetch")
        assert done.returncode == 1
        assert said in done.stderr.splitlines()[-1]
        assert "the copy of it stays as it was" in done.stderr.splitlines()[-1]
    assert desk.search("--source", NAME)["total"] == 2
    desk.assert_exact_ledger()


@pytest.mark.slow
def test_what_cannot_be_added_is_told_with_its_reason(desk: Desk, outlet: Stranger) -> None:
    gate = "/cong-gac-post7777777.html"
    outlet.site.pages[gate] = Reply(body="<title>Just a moment...</title><p>Xin chờ</p>")
    outlet.site.pages["/robots.txt"] = Reply(
        body="User-agent: *\nDisallow: /noi-bo\n", type="text/plain"
    )
    refusals = {
        outlet.url + gate: "the page is no article: challenge",
        f"{outlet.url}/khong-co-post8888888.html": "it could not be fetched: status 404",
        f"{outlet.url}/noi-bo/tin-post9999999.html": "it may not be fetched: robots.txt",
        f"{outlet.url}/thoi-su": "no article's address by the rules of bao-la",
        "https://nha-khac.example/tin-1234567.html": "is the site of no source",
        "tin-1234567.html": "write the whole address",
    }
    for url, said in refusals.items():
        done = desk.run("add", url)
        assert done.returncode == 1, url
        assert said in done.stderr.splitlines()[-1], done.stderr
    other = desk.run("add", "https://nha-khac.example/a-1234567.html", "--source", NAME)
    assert "is on another site than bao-la" in other.stderr
    assert desk.run("add", outlet.url + gate, "--source", "khong-co").returncode == 2
    desk.assert_exact_ledger()


@pytest.mark.slow
def test_a_sound_source_is_checked_politely_and_its_verdict_kept(
    desk: Desk, outlet: Stranger
) -> None:
    done = desk.run("sources", "check", NAME)
    assert done.returncode == 0, done.stdout + done.stderr
    fetched = [one.path for one in outlet.site.log if one.path in outlet.articles]
    assert len(fetched) == 3
    assert done.stdout.count("✓ article") == 3
    assert "read by epi/article; title, published, lead" in done.stdout
    assert "0 pages are known, 10 are needed" in done.stdout
    assert desk.json("sources", "show", NAME)["checked"].endswith(": ok")
    desk.assert_exact_ledger()
    assert desk.crawl(NAME)["sources"][0]["recorded"]["new"] == len(outlet.articles) - 3
    known = desk.json("sources", "check", NAME)["sources"][0]
    assert [one["state"] for one in known["findings"] if one["part"] == "article"] == ["ok"] * 3
    desk.assert_exact_ledger()


@pytest.mark.slow
def test_a_broken_source_is_told_part_by_part_with_what_to_do(desk: Desk, outlet: Stranger) -> None:
    outlet.site.pages["/rss/thoi-su.rss"] = Reply(
        body=outlet.site.feed_of(), type="application/rss+xml"
    )
    outlet.site.pages["/robots.txt"] = Reply(status=403, body="")
    for path in outlet.articles:
        outlet.site.pages[path] = Reply(body="<title>Just a moment...</title><p>Xin chờ</p>")
    done = desk.run("sources", "check", NAME, "--format", "json")
    assert done.returncode == 3, done.stderr
    (checked,) = json.loads(done.stdout)["sources"]
    problems = {one["part"]: one for one in checked["findings"] if one["state"] == "problem"}
    assert problems["feed"]["said"] == "the feed has no items"
    assert "likely a firewall" in problems["robots"]["said"]
    assert "no article (challenge" in problems["article"]["said"]
    assert all(one["advice"] for one in problems.values())
    assert checked["outcome"] == "problems"


@pytest.mark.slow
def test_a_source_that_does_not_answer_could_not_be_tried(desk: Desk, outlet: Stranger) -> None:
    outlet.site.pages["/robots.txt"] = Reply(status=500, body="")
    done = desk.run("sources", "check", NAME)
    assert done.returncode == 1
    assert "nothing could be tried" in done.stdout
    assert "could not be fetched (status 500)" in done.stdout

"""An outlet that changes its addresses, or breaks them: real crawls, alarm, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hanoiwatch.cli.coverage import coverage
from hanoiwatch.cli.crawl import events_of, exit_code
from hanoiwatch.sample.articles import SampleArticle
from hanoiwatch.sample.synthetic import synthetic_articles
from tests.newsroom import Newsroom, just_published, newsroom

COUNT = 12


@pytest.fixture
def articles() -> list[SampleArticle]:
    return just_published(synthetic_articles(COUNT, None))


@pytest.fixture
def room(tmp_path: Path, articles: list[SampleArticle]) -> Iterator[Newsroom]:
    with newsroom(tmp_path, articles) as made:
        assert made.crawl(0) == {"new": COUNT}
        yield made


def identities(room: Newsroom) -> dict[str, str]:
    return {row.id: row.url for row in room.rows("SELECT id, url FROM article")}


def alarms(room: Newsroom) -> list[str]:
    return [problem for problem in room.report.problems if "vanished" in problem]


@pytest.mark.slow
def test_a_reform_with_redirects_moves_every_article_and_is_no_alarm(
    room: Newsroom, articles: list[SampleArticle]
) -> None:
    before = identities(room)
    for article in articles:
        room.outlet.readdress(article.slug, f"moi-{article.slug}")
    counts = room.crawl(2)
    assert counts["moved"] == COUNT
    assert counts.get("new", 0) == counts.get("edited", 0) == 0
    after = identities(room)
    assert after.keys() == before.keys()
    assert set(after.values()) == {room.outlet.url(f"moi-{one.slug}") for one in articles}
    assert room.report.problems == ()
    assert room.gone() == {}


@pytest.mark.slow
def test_when_the_redirects_end_the_articles_live_on_at_their_new_addresses(
    room: Newsroom, articles: list[SampleArticle]
) -> None:
    entries = [
        room.outlet.readdress(article.slug, f"moi-{article.slug}") for article in articles[:4]
    ]
    room.crawl(2)
    for entry, article in zip(entries, articles, strict=False):
        room.outlet.end_redirects(entry.path)
        assert room.article(room.outlet.url(entry.article.slug)).content.title == article.title
    counts = room.crawl(7)
    assert counts["moved"] == 4
    assert room.crawl(31.5).get("withdrawn", 0) == 0
    assert len(identities(room)) == COUNT


@pytest.mark.slow
def test_a_reform_without_redirects_makes_no_new_articles_and_withdraws_none(
    room: Newsroom, articles: list[SampleArticle]
) -> None:
    before = identities(room)
    for article in articles:
        room.outlet.readdress(article.slug, f"moi-{article.slug}", redirect=False)
    counts = room.crawl(2)
    assert counts["moved"] == COUNT
    assert identities(room).keys() == before.keys()
    assert "new" not in counts
    (alarm,) = alarms(room)
    assert f"{COUNT} known pages vanished in one wave" in alarm
    assert room.crawl(26.5).get("withdrawn", 0) == 0
    assert alarms(room) == []


@pytest.mark.slow
def test_addresses_that_break_all_at_once_are_an_alarm_until_they_answer_again(
    room: Newsroom, articles: list[SampleArticle]
) -> None:
    entries = [room.outlet.entry(article.slug) for article in articles[:5]]
    for entry in entries:
        room.outlet.delete(entry.article.slug)
    room.crawl(2)
    (alarm,) = alarms(room)
    assert "5 known pages have vanished in one wave" in alarm
    assert "nothing was withdrawn" in alarm
    assert room.report.outcome == "partly"
    assert exit_code((room.report,)) == 3
    shown = CliRunner().invoke(coverage, [], obj=room.config)
    assert "5 known pages have vanished in one wave" in shown.stderr
    room.crawl(26.5)
    assert room.counts.get("withdrawn", 0) == 0
    assert alarms(room) == [alarm]  # it goes on naming them
    for entry in entries[:4]:
        room.outlet.bring_back(entry)
    room.crawl(51)
    assert room.gone() == {"back": 4, "reform": 1}
    assert alarms(room)[0].startswith("a known page has vanished")
    room.outlet.bring_back(entries[4])
    room.crawl(75.5)
    assert alarms(room) == []
    assert room.gone() == {"back": 5}
    kinds = {row.kind for row in room.rows("SELECT kind FROM change")}
    assert kinds == {"new"}


def test_the_rarer_events_of_a_crawl_are_told_in_words() -> None:
    counts = {"new": 3, "held": 2, "withdrawn": 1, "same": 9}
    assert events_of(counts) == "1 withdrawn, 2 held back"
    assert events_of({"new": 3}) == ""

"""What a check says of what it found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hanoiwatch.model import Traits
from hanoiwatch.store.drift import Collapse, Suspect
from hanoiwatch.store.hosts import RobotsFile
from hanoiwatch.store.verdicts import Finding, TriedList, TriedPage
from scheduler.verdict import Tried, judge

READ = "read by epi/article; title, published, lead; 900 characters of text; no byline, no section"
NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
FEED = TriedList(kind="feed", url="https://b.vn/rss", outcome="ok", items=20, reason="")
PAGE = TriedPage(
    url="https://b.vn/a-1.html", outcome="fetched", reason="", layout="epi/article", suspicion="",
    traits=Traits(fields=("title", "published", "lead"), chars=900),
)  # fmt: skip
GOOD = Tried(
    source="b", host="b.vn", problem="",
    robots=RobotsFile(fetched_at=NOW, status=200, body="User-agent: *\nCrawl-delay: 5", reason=""),
    named=frozenset({FEED.url}), lists=(FEED,), pages=(PAGE,), collapses=(), suspects=(),
    known=40,
)  # fmt: skip


def found(tried: Tried, part: str) -> Finding:
    return next(one for one in judge(tried, NOW, enough=10).findings if one.part == part)


def test_a_sound_source_is_ok_in_every_part() -> None:
    verdict = judge(GOOD, NOW, enough=10)
    assert (verdict.outcome, verdict.problems) == ("ok", 0)
    assert [(one.part, one.said) for one in verdict.findings] == [
        ("robots", "read, a request each 5 s"),
        ("feed", "20 articles"),
        (
            "article",
            READ,
        ),
        ("drift", "as 40 pages before"),
    ]


@pytest.mark.parametrize(
    ("part", "changed", "said"),
    [
        ("feed", {"lists": (replace(FEED, outcome="failed", reason="status 404"),)}, "status 404"),
        ("feed", {"lists": (replace(FEED, outcome="refused", reason="robots.txt"),)},
         "refused: robots.txt"),
        ("article", {"pages": (replace(PAGE, layout="", reason="login: Đăng nhập"),)},
         "no article (login: Đăng nhập)"),
        ("article", {"pages": (replace(PAGE, outcome="failed", reason="status 500"),)},
         "no article could be tried"),
        ("article", {"pages": (replace(PAGE, traits=Traits(fields=("title",))),)},
         "read by epi/article; without published"),
        ("article", {"pages": (replace(PAGE, suspicion="no lead"),)},
         "read by epi/article; no lead"),
        ("robots", {"robots": RobotsFile(fetched_at=NOW, status=503, body="", reason="")},
         "could not be fetched (status 503), so nothing may be"),
        ("drift", {"collapses": (Collapse(field="lead", before=1.0, now=0.0, pages=3,
                                          examples=("u",)),)},
         "lead: 0% of 3 pages, 100% before; for instance u"),
    ],
)  # fmt: skip
def test_each_problem_is_said_with_what_to_do(part: str, changed: dict, said: str) -> None:
    one = found(replace(GOOD, **changed), part)
    assert (one.state, one.said) == ("problem", said)
    assert one.advice


def test_a_page_that_was_listed_and_refused_is_only_noted() -> None:
    refused = replace(PAGE, outcome="refused", reason="robots.txt")
    verdict = judge(replace(GOOD, pages=(refused, PAGE)), NOW, enough=10)
    assert verdict.outcome == "ok"
    assert verdict.findings[2].said == "listed, and refused: robots.txt"


def test_suspect_pages_of_the_last_days_are_told_as_examples() -> None:
    told = found(
        replace(GOOD, suspects=(Suspect(url="https://b.vn/x", reason="no lead"),)), "drift"
    )
    assert (told.state, told.what, told.said) == ("note", "https://b.vn/x", "suspect: no lead")


def test_nothing_tried_is_a_failure_and_a_young_source_is_told_as_such() -> None:
    nothing = replace(GOOD, lists=(replace(FEED, outcome="failed", reason="dns"),), pages=())
    assert judge(nothing, NOW, enough=10).outcome == "failed"
    young = found(replace(GOOD, known=4), "drift")
    assert (young.state, young.said) == (
        "note", "4 pages are known, 10 are needed to tell whether they change",
    )  # fmt: skip


def test_a_page_that_was_an_article_before_is_told_as_one_that_changed() -> None:
    said = "no article (empty: 99 characters of prose), and it was one before"
    page = replace(PAGE, layout="", reason="empty: 99 characters of prose", suspicion=said)
    one = found(replace(GOOD, pages=(page,)), "article")
    assert (one.state, one.said) == ("problem", said)
    assert "the site's pages have changed" in one.advice


def test_what_reads_a_page_is_said_once() -> None:
    page = replace(PAGE, layout="general", suspicion="read by general, and by epi/article before")
    one = found(replace(GOOD, pages=(page,)), "article")
    assert one.said == "read by general, and by epi/article before"


def test_a_page_that_was_suspect_twice_is_told_once_as_it_was_last() -> None:
    twice = (
        Suspect(url="https://b.vn/x", reason="no time"),
        Suspect(url="https://b.vn/y", reason="no lead"),
        Suspect(url="https://b.vn/x", reason="no lead"),
    )
    verdict = judge(replace(GOOD, suspects=twice), NOW, enough=10)
    assert [(one.what, one.said) for one in verdict.findings if one.part == "drift"] == [
        ("https://b.vn/x", "suspect: no time"), ("https://b.vn/y", "suspect: no lead"),
    ]  # fmt: skip

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.plan import (
    FAILED_AGAIN_AFTER,
    Again,
    Answer,
    Asked,
    Bounds,
    Ended,
    Moved,
    address_to_ask,
    decide_answer,
    decide_failure,
    failed,
    fetch_end,
    not_due,
    refused_by_robots,
    retry_after,
)
from hanoiwatch.model import DuePage, PageId
from hanoiwatch.revisits import REVISIT_AFTER, next_revisit
from hanoiwatch.urls import canonical_url

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
URL = "https://bao.example/tin-1.html"
BOUNDS = Bounds(
    home="https://bao.example/",
    lists=frozenset({"https://bao.example/", "https://bao.example/chinh-tri"}),
    max_redirects=3,
)
PAGE = DuePage(page_id=PageId(7), url=URL, first_visit=True, first_seen_at=NOW)
KNOWN = replace(PAGE, first_visit=False, sha256="aa", etag='"1"')


def asked(page: DuePage | None = PAGE, *hops: str, retries: int = 0) -> Asked:
    return Asked(
        addresses=(*hops, URL), retries=retries, page=page, sha256=page.sha256 if page else None
    )


def answer(status: int = 200, **more) -> Answer:
    return Answer(
        **{"status": status, "at": NOW, "content_type": "text/html", "sha256": "bb"} | more
    )


def decide(answer: Answer, what: Asked | None = None) -> Again | Moved | Ended:
    return decide_answer(what or asked(), answer, BOUNDS)


def test_a_new_page_is_fetched_and_waits_to_be_read() -> None:
    ended = decide(answer(etag='"e"', last_modified="Fri"))
    assert ended == Ended(
        outcome="fetched", unread=True, next_visit_at=NOW + timedelta(hours=1),
        etag='"e"', last_modified="Fri", sha256="bb",
    )  # fmt: skip
    end = fetch_end(PAGE, ended, NOW)
    assert end.good
    assert (end.page_id, end.etag, end.sha256) == (7, '"e"', "bb")


def test_not_modified_is_a_revisit_that_needs_no_reading() -> None:
    ended = decide(answer(304, sha256="of nothing"), asked(KNOWN))
    assert (ended.outcome, ended.reason, ended.revisit) == (
        "fetched", "not modified", "not-modified",
    )  # fmt: skip
    assert not ended.unread


def test_an_identical_body_counts_as_unchanged_whatever_the_etag_says() -> None:
    ended = decide(answer(sha256="aa", etag='"new"'), asked(KNOWN))
    assert (ended.reason, ended.revisit, ended.unread) == (
        "identical body", "identical-payload", False,
    )  # fmt: skip


def test_not_modified_without_a_body_of_ours_is_a_failure() -> None:
    assert decide(answer(304)).reason == "status 304"


@pytest.mark.parametrize("kind", ["image/jpeg", "application/pdf", "application/json"])
def test_a_page_of_another_type_is_refused(kind: str) -> None:
    ended = decide(answer(content_type=kind))
    assert (ended.outcome, ended.reason) == ("refused", f"content type {kind}")


def test_the_type_of_a_list_does_not_matter_here() -> None:
    assert decide(answer(content_type="application/rss+xml"), asked(None)).outcome == "fetched"


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_asked_for_once_more_after_a_day(status: int) -> None:
    ended = decide(answer(status))
    assert (ended.outcome, ended.reason) == ("failed", f"status {status}")
    assert ended.next_visit_at == NOW + timedelta(hours=24)
    again = decide(answer(status), asked(replace(PAGE, failures=1)))
    assert again.next_visit_at is None


PUBLISHED = NOW - timedelta(hours=2)
CARRIER = replace(KNOWN, has_article=True, published_at=PUBLISHED, failures=3)


@pytest.mark.parametrize(
    ("since", "alarm", "again"),
    [
        (None, False, timedelta(hours=24)),
        (timedelta(hours=1), False, timedelta(hours=23)),
        (timedelta(hours=24), False, timedelta(hours=4)),  # what is left of the plan
        (timedelta(hours=24), True, timedelta(hours=4)),
        (timedelta(days=8), True, timedelta(hours=4)),
    ],
)
def test_an_articles_page_that_is_gone_is_asked_for_when_that_is_confirmed(
    since: timedelta | None, alarm: bool, again: timedelta
) -> None:
    gone_since = NOW - since if since else None
    page = replace(CARRIER, gone_since=gone_since, alarm=alarm)
    ended = decide(answer(404), asked(page))
    assert ended.next_visit_at == NOW + again
    assert fetch_end(page, ended, NOW).gone


@pytest.mark.parametrize(
    ("since", "alarm", "again"),
    [
        (timedelta(days=2), False, None),
        (timedelta(days=2), True, timedelta(hours=24)),
        (timedelta(days=7), True, None),
    ],
)
def test_a_page_whose_plan_is_over_is_asked_for_daily_only_behind_an_alarm(
    since: timedelta, alarm: bool, again: timedelta | None
) -> None:
    old = replace(CARRIER, published_at=NOW - timedelta(days=40))
    ended = decide(answer(410), asked(replace(old, gone_since=NOW - since, alarm=alarm)))
    assert ended.next_visit_at == (NOW + again if again else None)


def test_a_redirect_to_a_list_is_gone_and_a_failure_is_not() -> None:
    assert decide(answer(302, location="/"), asked(CARRIER)).gone
    assert not decide(answer(500), asked(CARRIER, retries=2)).gone
    assert not decide(answer(302, location="https://khac.example/"), asked(CARRIER)).gone


def test_a_recorded_article_keeps_the_rest_of_its_plan_when_its_host_is_given_up() -> None:
    ended = failed(replace(CARRIER, failures=4), "dns", NOW)
    assert ended.next_visit_at == PUBLISHED + timedelta(hours=6)
    assert ended.reason == "dns (given up after 5 attempts)"


def test_failures_in_a_row_wait_longer_each_time_and_then_end() -> None:
    waits = []
    for failures in range(6):
        ended = failed(replace(PAGE, failures=failures), "timeout after 60 s", NOW)
        waits.append(ended.next_visit_at and ended.next_visit_at - NOW)
    assert waits == [*FAILED_AGAIN_AFTER, None, None]
    assert ended.reason == "timeout after 60 s (given up after 6 attempts)"


def test_a_server_error_is_tried_twice_more_within_the_run() -> None:
    verdicts = [decide(answer(500), asked(retries=retries)) for retries in range(3)]
    assert [type(verdict) for verdict in verdicts] == [Again, Again, Ended]
    assert verdicts[0].seconds < verdicts[1].seconds
    assert not verdicts[0].whole_host
    assert verdicts[2].reason == "status 500"


def test_a_failure_of_the_network_is_tried_twice_more() -> None:
    verdicts = [decide_failure(asked(retries=n), "connection reset", NOW) for n in range(3)]
    assert [type(verdict) for verdict in verdicts] == [Again, Again, Ended]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_host_is_left_alone_as_a_whole_for_as_long_as_it_says(status: int) -> None:
    assert decide(answer(status, retry_after="30")) == Again(
        seconds=30, whole_host=True, reason=f"status {status}"
    )
    assert decide(answer(status)).whole_host


def test_a_host_that_asks_for_more_than_ten_minutes_gets_them_and_the_run_goes_on() -> None:
    ended = decide(answer(503, retry_after="3600"))
    assert ended.reason == "host asks to wait until 2026-11-20T09:00:00+07:00"
    assert ended.next_visit_at == ended.quiet_until == NOW + timedelta(hours=1)


def test_a_busy_host_that_stays_busy_is_a_failure() -> None:
    assert decide(answer(429, retry_after="1"), asked(retries=2)).reason == "status 429"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/tin-moi-1.html", "https://bao.example/tin-moi-1.html"),
        ("https://www.bao.example/a.html#x", "https://www.bao.example/a.html"),
        ("//m.bao.example/a.html", "https://m.bao.example/a.html"),
    ],
)
def test_redirects_within_the_site_are_followed(location: str, url: str) -> None:
    assert decide(answer(301, location=location)) == Moved(url=url)


@pytest.mark.parametrize(
    ("location", "outcome", "reason"),
    [
        ("https://khac.example/", "refused", "redirect to another site (khac.example)"),
        ("https://xbao.example/", "refused", "redirect to another site (xbao.example)"),
        ("/", "failed", "redirect to a list page"),
        ("/chinh-tri/", "failed", "redirect to a list page"),
        ("/tin-1.html", "refused", "redirect loop"),
        ("ftp://bao.example/", "failed", "redirect to an address that cannot be read"),
        ("http://[", "failed", "redirect to an address that cannot be read"),
        ("http://bao.example:hai/", "failed", "redirect to an address that cannot be read"),
    ],
)
def test_redirects_elsewhere_end_the_fetch(location: str, outcome: str, reason: str) -> None:
    ended = decide(answer(302, location=location))
    assert (ended.outcome, ended.reason) == (outcome, reason)


def test_redirects_have_an_end() -> None:
    hops = [f"https://bao.example/{n}" for n in range(3)]
    ended = decide(answer(302, location="/4"), asked(PAGE, *hops))
    assert (ended.outcome, ended.reason) == ("refused", "more than 3 redirects")


def test_a_list_may_move_to_another_host() -> None:
    moved = decide(answer(301, location="https://feeds.example/bao"), asked(None))
    assert moved == Moved(url="https://feeds.example/bao")


@pytest.mark.parametrize(
    ("listed", "home", "asked"),
    [
        ("https://bao.example/tin-1", "https://bao.example/", "https://bao.example/tin-1"),
        ("https://bao.example/tin-1/", "https://bao.example/", "https://bao.example/tin-1/"),
        ("http://bao.example/tin-1/?utm_source=a", "https://bao.example/",
         "https://bao.example/tin-1/"),
        ("http://bao.example/tin-1", "http://bao.example/", "http://bao.example/tin-1"),
        ("https://m.bao.example/amp/tin-1", "https://bao.example/", "https://bao.example/tin-1"),
        ("https://khac.example/tin-1", "http://bao.example/", "https://khac.example/tin-1"),
        ("", "https://bao.example/", "https://bao.example/tin-1"),
    ],
)  # fmt: skip
def test_a_page_is_asked_for_as_its_site_spells_it(listed: str, home: str, asked: str) -> None:
    url = canonical_url(listed) or "https://bao.example/tin-1"
    page = replace(PAGE, url=url, listed_url=listed)
    assert address_to_ask(page, home) == asked


def test_what_robots_refuses_is_looked_at_daily_for_a_month() -> None:
    assert refused_by_robots(PAGE, NOW).next_visit_at == NOW + timedelta(days=1)
    assert refused_by_robots(replace(PAGE, failures=30), NOW).next_visit_at is None


def test_revisits_follow_the_time_that_the_listing_claims() -> None:
    page = replace(PAGE, published_at=NOW - timedelta(hours=2))
    assert decide(answer(), asked(page)).next_visit_at == NOW + timedelta(hours=4)


def test_a_listing_that_claims_the_future_is_not_believed() -> None:
    page = replace(PAGE, published_at=NOW + timedelta(days=120))
    assert decide(answer(), asked(page)).next_visit_at == NOW + timedelta(hours=1)


def test_an_old_page_is_not_visited_again() -> None:
    page = replace(PAGE, published_at=NOW - timedelta(days=31))
    assert decide(answer(), asked(page)).next_visit_at is None


@given(st.integers(0, 4_000_000_000))
def test_revisits_come_in_order_and_never_in_the_past(unix_time: int) -> None:
    published = datetime.fromtimestamp(unix_time, UTC)
    moments, now = [], published
    while (moment := next_revisit(published, now)) is not None:
        assert moment > now
        moments.append(moment - published)
        now = moment
    assert tuple(moments) == REVISIT_AFTER


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("120", NOW + timedelta(seconds=120)),
        (" 0 ", NOW),
        ("Fri, 20 Nov 2026 02:00:00 GMT", datetime(2026, 11, 20, 2, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 09:00:00 +0700", datetime(2026, 11, 20, 2, tzinfo=UTC)),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str | None, moment: datetime | None) -> None:
    assert retry_after(header, NOW) == moment


@given(st.text(max_size=40))
def test_no_retry_after_breaks_the_plan(header: str) -> None:
    verdict = decide(answer(503, retry_after=header))
    assert isinstance(verdict, Again | Ended)


@given(st.text(max_size=60))
def test_no_location_breaks_the_plan(location: str) -> None:
    assert isinstance(decide(answer(302, location=location)), Moved | Ended)


def test_what_is_no_page_has_no_next_visit_of_its_own() -> None:
    assert failed(None, "dns", NOW) == Ended(outcome="failed", reason="dns")


def test_a_page_left_for_later_is_no_failure() -> None:
    end = fetch_end(PAGE, not_due("limit", NOW), NOW)
    assert (end.outcome, end.reason, end.next_visit_at, end.good) == (
        "not-due",
        "limit",
        NOW,
        False,
    )

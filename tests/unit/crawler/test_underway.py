from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler import underway
from crawler.plan import Ended, fetch_end
from crawler.tally import Tally
from crawler.underway import UnderWay
from hanoiwatch.model import DuePage, PageId

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def page(number: int) -> DuePage:
    return DuePage(page_id=PageId(number), url=f"https://bao.example/{number}", first_visit=True)


def end(number: int):
    return fetch_end(page(number), Ended(outcome="fetched"), AT)


def test_a_page_is_taken_up_once_and_ends_once() -> None:
    tally = Tally()
    under_way = UnderWay(tally, limit=None)
    assert under_way.take_up([page(1), page(2)]) == [page(1), page(2)]
    assert under_way.take_up([page(2), page(3)]) == [page(3)]
    assert under_way.end(end(1))
    assert not under_way.end(end(1))
    assert under_way.left() == (page(2), page(3))
    counts = tally.counts()
    assert (counts["due"], counts["ended"], counts["fetched"]) == (3, 1, 1)


def test_the_limit_counts_pages_that_are_asked_for() -> None:
    under_way = UnderWay(Tally(), limit=2)
    assert [under_way.admit() for _ in range(3)] == [True, True, False]
    assert UnderWay(Tally(), limit=None).admit()


def test_no_run_takes_up_more_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(underway, "MOST_AT_ONCE", 2)
    under_way = UnderWay(Tally(), limit=None)
    assert under_way.take_up([page(1), page(2), page(3)]) == [page(1), page(2)]
    assert under_way.take_up([page(4)]) == []
    under_way.end(end(1))
    assert under_way.take_up([page(4), page(5)]) == [page(4)]

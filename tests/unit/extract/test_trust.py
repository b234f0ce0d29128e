"""Which of a page's dates is believed: the order of trust of decision 0016."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanoiwatch.clock import to_shown
from hanoiwatch.model import ReadArticle
from hanoiwatch.sources.schema import Discover, Source
from indexer.extract import LayoutBook, read_page
from tests.unit.extract.pages import page, prose

LOCAL = "2026-10-12T16:05:31+07:00"
SHOWN = '<span class="date">Thứ Hai, 12/10/2026 16:05</span>'


def published(
    head: str = "", shown: str = "", *, founded: int | None = None, body: str | None = None
) -> str | None:
    html = f"""<html><head><title>Phường họp không giấy</title>{head}</head><body>
        <h1>Phường họp không giấy</h1>{shown}<div>{body or prose() * 2}</div></body></html>"""
    source = Source(
        name="bao", title="Báo Sông", home="https://songnhue.example/", founded=founded,
        discover=Discover(),
    )  # fmt: skip
    read = read_page(replace(page(html), source="bao"), LayoutBook(sources={"bao": source}))
    assert isinstance(read, ReadArticle), read
    at = read.content.published_at
    return to_shown(at) if at else None


def meta(value: str, name: str = "article:published_time") -> str:
    return f'<meta property="{name}" content="{value}">'


def json_ld(value: str) -> str:
    return (
        '<script type="application/ld+json">'
        f'{{"@type":"NewsArticle","headline":"Phường họp","datePublished":"{value}"}}</script>'
    )


def test_json_ld_comes_before_metas_and_both_before_what_is_shown() -> None:
    assert published(json_ld(LOCAL) + meta("2026-10-11T09:00:00+07:00"), SHOWN) == LOCAL
    other = '<span class="date">11/10/2026 08:00</span>'
    assert published(meta(LOCAL), other) == LOCAL


def test_what_an_element_states_counts_as_a_machine_time() -> None:
    stated = f'<span itemprop="datePublished" content="{LOCAL}">12.10.2026</span>'
    assert published("", stated) == LOCAL
    rdfa = f'<span property="dc:date dc:created" content="{LOCAL}">T2, 12/10/2026</span>'
    assert published("", rdfa) == LOCAL


def test_a_shown_time_comes_before_a_machine_time_without_a_zone() -> None:
    assert published(meta("2026-10-12T09:05:31"), SHOWN) == "2026-10-12T16:05:00+07:00"


def test_the_second_of_a_machine_time_is_taken_where_the_minute_agrees() -> None:
    assert published(meta("2026-10-12T16:05:31"), SHOWN) == LOCAL


def test_a_local_time_that_calls_itself_utc_is_the_time_shown() -> None:
    assert published(meta("2026-10-12T16:05:31Z"), SHOWN) == LOCAL
    assert published(meta("2026-10-12T09:05:31Z"), SHOWN) == LOCAL


def test_a_midnight_is_a_day_and_the_time_of_day_is_the_one_shown() -> None:
    assert published(meta("2026-10-12T00:00:00+07:00"), SHOWN) == "2026-10-12T16:05:00+07:00"
    assert published(meta("2026-10-12T00:00:00+07:00")) == "2026-10-12T00:00:00+07:00"


def test_a_time_in_us_order_only_tells_the_second_of_the_minute_shown() -> None:
    shown = '<span class="date">05/09/2026 - 22:17</span>'
    assert published(meta("9/5/2026 10:17:01 PM"), shown) == "2026-09-05T22:17:01+07:00"
    assert published(meta("9/5/2026 10:18:01 PM"), shown) == "2026-09-05T22:17:00+07:00"
    assert published(meta("9/5/2026 10:17:01 PM")) == "2026-09-05T22:17:01+07:00"


def test_a_time_that_agrees_only_when_its_day_is_read_first_tells_nothing() -> None:
    shown = '<span class="date">05/09/2026 - 22:17</span>'
    assert published(meta("5/9/2026 10:17:01 PM"), shown) == "2026-09-05T22:17:00+07:00"


@pytest.mark.parametrize("future", ["2026-11-20T19:30:00+07:00", "2027-01-01T00:00:00+07:00"])
def test_a_date_of_the_future_is_never_believed(future: str) -> None:
    assert published(json_ld(future)) is None
    assert published(json_ld(future), SHOWN) == "2026-10-12T16:05:00+07:00"
    assert published("", '<span class="date">19:30 24/12/2026</span>') is None


def test_a_date_before_the_outlet_or_the_press_online_is_never_believed() -> None:
    old = meta("2003-02-01T08:00:00+07:00")
    assert published(old) == "2003-02-01T08:00:00+07:00"
    assert published(old, founded=2005) is None
    assert published(old, SHOWN, founded=2005) == "2026-10-12T16:05:00+07:00"
    assert published(meta("1970-01-01T07:00:00+07:00")) is None


def test_a_line_under_the_headline_is_a_date_though_nothing_marks_it() -> None:
    assert published("", "<div>Hà Vũ • 25/10/2026 05:40</div>") == "2026-10-25T05:40:00+07:00"
    assert published("", "<i>(Ngày đăng: 25/10/2026)</i>") == "2026-10-25T00:00:00+07:00"


def test_a_date_in_the_prose_or_of_a_change_is_no_publication() -> None:
    said = "<p>Ngày 3/2/2026 phường đã họp lần đầu, lúc 14:30, với đủ bảy mươi tổ trưởng.</p>"
    assert published("", "", body=said + prose()) is None
    changed = f'<time class="updated" datetime="{LOCAL}">12/10/2026</time>'
    assert published("", changed) is None


def test_the_day_and_the_time_of_day_may_stand_in_two_elements() -> None:
    shown = '<div><span class="gio">19:05</span> <span class="date">21/10/2026</span></div>'
    assert published("", shown) == "2026-10-21T19:05:00+07:00"

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.clock import HANOI, to_shown
from indexer.extract.dates import Moment, believable, read_machine, read_visible, refined

FIRST, LAST = datetime(1998, 1, 2), datetime(2100, 1, 1)  # noqa: DTZ001 - hypothesis wants them so
ONECMS = ("%d/%m/%Y - %H:%M", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M", "%H:%M %d/%m/%Y")


def shown(moment: Moment | None) -> str | None:
    return to_shown(moment.at) if moment else None


@pytest.mark.parametrize("formats", [ONECMS, ()])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16/07/2026 - 17:14", "2026-07-16T17:14:00+07:00"),
        ("05/09/2026 22:17", "2026-09-05T22:17:00+07:00"),
        ("15-01-2024 13:04", "2024-01-15T13:04:00+07:00"),
        ("17:22 17/08/2025", "2025-08-17T17:22:00+07:00"),
        ("Thứ Bảy, 07/03/2026 - 08:52 (GMT+7)", "2026-03-07T08:52:00+07:00"),
        ("Chủ nhật, 13/2/2022, 16:08 (GMT+7)", "2022-02-13T16:08:00+07:00"),
        ("07/03/2026 \u00a0 08:52 (GMT+07:00)", "2026-03-07T08:52:00+07:00"),
        ("07-03-2026 - 00:01 AM", "2026-03-07T00:01:00+07:00"),
        ("07-03-2026 - 07:35 PM", "2026-03-07T19:35:00+07:00"),
        ("07-03-2026 19:35 PM", "2026-03-07T19:35:00+07:00"),
        ("Thứ Hai, 14:05 | 10/04/2024", "2024-04-10T14:05:00+07:00"),
        ("10/04/2024 lúc 7h05", "2024-04-10T07:05:00+07:00"),
        ("Ngày 10 tháng 4 năm 2024, 16 giờ 30", "2024-04-10T16:30:00+07:00"),
        ("Cập nhật lúc 09:30, ngày 01.12.2025", "2025-12-01T09:30:00+07:00"),
        ("2026-03-07 08:07", "2026-03-07T08:07:00+07:00"),
        ("- 07/03/2026 08:47", "2026-03-07T08:47:00+07:00"),
        ("10/04/2024", "2024-04-10T00:00:00+07:00"),
        ("31/02/2026 10:00", None),
        ("hôm nay, lúc 9:30", None),
        ("", None),
    ],
)  # fmt: skip
def test_visible_times_are_read_day_first_in_hanois_zone(
    text: str, expected: str | None, formats: tuple[str, ...]
) -> None:
    assert shown(read_visible(text, formats)) == expected


def test_a_label_after_a_24_hour_time_changes_nothing_and_a_real_one_does() -> None:
    assert shown(read_visible("07-03-2026 - 14:05 PM")) == "2026-03-07T14:05:00+07:00"
    assert shown(read_visible("07/03/2026 02:05 PM")) == "2026-03-07T14:05:00+07:00"
    assert shown(read_visible("07/03/2026 12:05 AM")) == "2026-03-07T00:05:00+07:00"
    assert shown(read_visible("3 PM 07/03/2026 03:10 PM", ("%d/%m/%Y %I:%M %p",))) == (
        "2026-03-07T15:10:00+07:00"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-07T08:06:00+07:00", "2026-03-07T08:06:00+07:00"),
        ("2026-03-07T01:06:00Z", "2026-03-07T08:06:00+07:00"),
        ("2026-03-07T08:52:11.000 +07:00", "2026-03-07T08:52:11+07:00"),
        ("2026-03-07T08:06:00+0700", "2026-03-07T08:06:00+07:00"),
        ("2026-03-06T20:06:00-05:00", "2026-03-07T08:06:00+07:00"),
        ("2026-03-07T00:01:00", "2026-03-07T00:01:00+07:00"),
        ("2026-03-07 08:07", "2026-03-07T08:07:00+07:00"),
        ("2026-03-07", "2026-03-07T00:00:00+07:00"),
        ("9/5/2026 10:17:01 PM", "2026-09-05T22:17:01+07:00"),
        ("9/5/2026 12:00:00 AM", "2026-09-05T00:00:00+07:00"),
        ("25/12/2026 9:00:00 AM", "2026-12-25T09:00:00+07:00"),
        ("9/5/2026 22:17", None),
        ("2026-13-07T08:06:00", None),
        ("2026-03-07T08:06:00+99:00", None),
        ("mới đây", None),
    ],
)  # fmt: skip
def test_machine_times_are_iso_or_in_us_order_with_am_or_pm(
    text: str, expected: str | None
) -> None:
    assert shown(read_machine(text)) == expected


def test_what_a_machine_time_tells_of_itself() -> None:
    us, zoned, bare = (
        read_machine(text)
        for text in ("9/5/2026 10:17:01 PM", "2026-09-05T22:17:01+07:00", "2026-09-05")
    )
    assert us is not None
    assert zoned is not None
    assert bare is not None
    assert (us.us_order, us.has_zone) == (True, False)
    assert (zoned.us_order, zoned.has_zone) == (False, True)
    assert (bare.has_time, bare.has_zone) == (False, False)


def test_times_of_the_future_or_before_the_press_was_online_are_not_believed() -> None:
    captured = datetime(2026, 10, 1, 12, tzinfo=UTC)
    assert believable(Moment(captured + timedelta(minutes=50)), captured)
    assert not believable(Moment(captured + timedelta(hours=2)), captured)
    assert not believable(Moment(datetime(1997, 12, 31, tzinfo=UTC)), captured)
    assert not believable(None, captured)


def test_a_machine_time_adds_the_second_only_within_the_same_minute() -> None:
    minute = Moment(datetime(2026, 3, 7, 8, 52, tzinfo=HANOI))
    second = Moment(datetime(2026, 3, 7, 8, 52, 11, tzinfo=HANOI))
    other = Moment(datetime(2026, 3, 7, 9, 1, 30, tzinfo=HANOI))
    day = Moment(datetime(2026, 3, 7, tzinfo=HANOI), has_time=False)
    assert refined(minute, [other, second]) == second.at
    assert refined(minute, [other]) == minute.at
    assert refined(day, [other]) == other.at


@given(
    st.datetimes(FIRST, LAST),
    st.sampled_from((*ONECMS, "%A, %d/%m/%Y, %H:%M (GMT+7)")),
)
def test_every_minute_survives_being_printed_and_read(moment: datetime, form: str) -> None:
    printed = moment.strftime(form.replace("%A", "Thứ Sáu"))
    wanted = moment.replace(second=0, microsecond=0, tzinfo=HANOI)
    for formats in (ONECMS, ()):
        read = read_visible(printed, formats)
        assert read is not None
        assert read.at == wanted


@given(st.text(max_size=300))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    for moment in (read_visible(text, ONECMS), read_machine(text)):
        assert moment is None or moment.at.tzinfo is not None

"""Bulletins of a series told from copies, by where two texts differ."""

from __future__ import annotations

import pytest

from hanoiwatch.model import Block, Content
from indexer.stories.alignment import align
from indexer.stories.template import Circumstances, first_date, one_template, slots_of
from indexer.stories.wording import wording_of

BODY = (
    "Khảo sát lúc {0} giờ tại phố Trần Nhân Tông, vàng miếng mua vào {1} triệu đồng, bán ra {2} "
    "triệu đồng mỗi lượng. Vàng nhẫn mua vào {3} triệu đồng, bán ra {4} triệu đồng. Giá thế giới "
    "ở mức {5} USD. Khách đến tiệm chủ yếu đổi vàng cũ lấy vàng mới chuẩn bị mùa cưới cuối năm."
)
TODAY = BODY.format(9, 146, 148, 144, 147, 4012)
TOMORROW = BODY.format(9, 149, 151, 141, 150, 4077)
PLAIN = (
    "Buổi sáng trời lạnh, trưa hửng nắng, chiều tối có mây. Người dân ra đường sớm nên mang theo "
    "áo khoác mỏng, các hộ trồng rau ven sông cần che chắn vườn ươm trước khi sương xuống dày."
)


def bulletins(
    titles: tuple[str, str],
    texts: tuple[str, str],
    leads: tuple[str, str] = ("", ""),
    **known: bool,
) -> bool:
    one, other = (
        wording_of(
            Content(url="", title=title, lead=lead, blocks=(Block(kind="paragraph", text=text),))
        )
        for title, lead, text in zip(titles, leads, texts, strict=True)
    )
    circumstances = {"same_source": False, "same_day": True, "in_series": False} | known
    return one_template(one, other, align(one.words, other.words), Circumstances(**circumstances))


def test_other_numbers_in_the_same_words_are_another_bulletin() -> None:
    assert bulletins(("Giá vàng trong nước", "Giá vàng hôm nay"), (TODAY, TOMORROW))


def test_the_same_numbers_are_a_copy() -> None:
    assert not bulletins(("Giá vàng sáng 9-11", "Vàng miếng sáng nay"), (TODAY, TODAY))


def test_a_reprint_that_changes_words_and_some_numbers_is_a_copy() -> None:
    changed = TODAY.replace("chủ yếu", "phần lớn").replace("cuối năm", "sắp tới")
    changed = changed.replace("148", "150").replace("mỗi lượng", "một cây")
    assert not bulletins(("Giá vàng trong nước", "Giá vàng trong nước"), (TODAY, changed))


def test_titles_and_dates_that_move_on_are_another_bulletin_without_any_number() -> None:
    titles = ("Lịch công tác ngày 9-11", "Lịch công tác ngày 10-11")
    assert bulletins(titles, (PLAIN, PLAIN))


def test_a_weekday_in_the_title_is_a_date() -> None:
    assert bulletins(("Điểm báo Thứ Hai", "Điểm báo Thứ Ba"), (PLAIN, PLAIN))
    assert not bulletins(("Điểm báo Thứ Hai", "Điểm báo Thứ Hai"), (PLAIN, PLAIN))


def test_a_lead_that_names_another_day_tells_the_next_issue_of_a_paper() -> None:
    titles, leads = ("Lịch công tác", "Lịch công tác"), ("Ngày 9-11.", "Ngày 10-11.")
    assert bulletins(titles, (PLAIN, PLAIN), leads, same_source=True, same_day=False)
    assert not bulletins(titles, (PLAIN, PLAIN), leads)


def test_a_third_day_of_the_same_frame_makes_a_series() -> None:
    titles = ("Thời tiết Thủ đô", "Thời tiết Thủ đô")
    changed = PLAIN.replace("lạnh", "ấm").replace("có mây", "có mưa")
    known = {"same_source": True, "same_day": False}
    assert bulletins(titles, (PLAIN, changed), in_series=True, **known)
    assert not bulletins(titles, (PLAIN, changed), in_series=False, **known)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("sáng 12-10, trời mưa", (12, 10)),
        ("ngày 2/9/2026", (2, 9)),
        ("ngày 12 tháng 10 năm 2026", (12, 10)),
        ("(12.10)", (12, 10)),
        ("nhiệt độ 10-12 độ, ngày 15-11", (15, 11)),
        ("gió cấp 2-3", None),
        ("15-nq/tw", None),
        ("32-10 và 10-13", None),
        ("mua vào 8.500", None),
        ("tỷ số 2-1 sau hiệp một", None),
    ],
)
def test_dates_are_told_from_ranges(text: str, date: tuple[int, int] | None) -> None:
    assert first_date(text) == date


def test_numbers_count_only_where_the_words_around_them_agree() -> None:
    one = "năm nay phường đã trồng được 120 cây bóng mát dọc bờ hồ"
    other = "năm nay phường đã trồng được 95 cây bóng mát dọc bờ hồ và dựng 7 ghế đá mới"
    slots = slots_of(align(one.split(), other.split()))
    assert (slots.numbers, slots.differing) == (1, 1)
    assert slots_of(align(one.split(), one.split())).number_rate == 0.0

"""Which paragraph is which."""

from __future__ import annotations

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from hanoiwatch.diff.alignment import Group, align
from tests.thorough import examples

CAU = "Cầu vượt ở ngã tư phía nam được sơn lại trong ba đêm, xe máy vẫn qua lại bình thường."
CHO = "Chợ đầu mối mở cửa từ hai giờ sáng, tiểu thương mong có thêm chỗ đỗ cho xe tải nhỏ."
HO = "Hồ điều hòa được nạo vét tới đáy, bùn chở về bãi chôn lấp cách nội thành ba mươi cây số."
TRUONG = "Trường tiểu học mới có hai mươi phòng học, một thư viện và sân bóng lát cỏ thật."
XE = "Tuyến xe buýt đêm chạy bốn mươi phút một chuyến, khách chủ yếu là công nhân tan ca."


def kinds(old: list[str], new: list[str]) -> list[str]:
    """``=2:1``: the first of the new text is the second of the old; ``>`` where it moved."""
    return [_kind(group) for group in align(old, new)]


def _kind(group: Group) -> str:
    mine = ",".join(str(place + 1) for place in group.old)
    theirs = ",".join(str(place + 1) for place in group.new)
    if not mine or not theirs:
        return f"+{theirs}" if theirs else f"-{mine}"
    return f"{'>' if group.moved else '='}{mine}:{theirs}"


def test_an_inserted_paragraph_shifts_no_other() -> None:
    assert kinds([CAU, CHO, HO], [CAU, XE, CHO, HO]) == ["=1:1", "+2", "=2:3", "=3:4"]


def test_a_removed_paragraph_stands_where_it_was() -> None:
    assert kinds([CAU, CHO, HO], [CAU, HO]) == ["=1:1", "-2", "=3:2"]


def test_a_changed_paragraph_is_the_same_one() -> None:
    changed = CHO.replace("hai giờ", "ba giờ").replace("xe tải", "xe ba gác")
    assert kinds([CAU, CHO, HO], [CAU, changed, HO]) == ["=1:1", "=2:2", "=3:3"]


def test_a_paragraph_rewritten_throughout_is_removed_and_another_added() -> None:
    assert kinds([CAU, CHO, HO], [CAU, XE, HO]) == ["=1:1", "-2", "+2", "=3:3"]


def test_a_moved_paragraph_is_recognised_and_the_others_stay() -> None:
    assert kinds([CAU, CHO, HO, TRUONG], [CHO, HO, TRUONG, CAU]) == [
        "=2:1", "=3:2", "=4:3", ">1:4",
    ]  # fmt: skip


def test_a_paragraph_may_change_on_its_way() -> None:
    changed = CAU.replace("ba đêm", "năm đêm")
    assert kinds([CAU, CHO, HO, TRUONG], [CHO, HO, TRUONG, changed])[-1] == ">1:4"


def test_a_heading_moves_with_its_paragraph() -> None:
    old = ["Chợ", CHO, "Hồ", HO, "Trường", TRUONG, XE]
    new = ["Hồ", HO, "Trường", TRUONG, XE, "Chợ", CHO]
    assert kinds(old, new)[-2:] == [">1:6", ">2:7"]


def test_short_lines_are_not_called_moved() -> None:
    assert kinds(["Theo TTXVN", CAU, CHO], [CAU, CHO, "Theo TTXVN"]) == [
        "-1", "=2:1", "=3:2", "+3",
    ]  # fmt: skip


def test_equal_short_lines_stay_where_they_are() -> None:
    old = [CAU, "***", CHO, "***", HO, "***", TRUONG]
    new = [CAU, "***", CHO, XE, "***", HO, TRUONG]
    assert kinds(old, new) == [
        "=1:1", "=2:2", "=3:3", "+4", "=4:5", "=5:6", "-6", "=7:7",
    ]  # fmt: skip


def test_a_paragraph_split_in_two_or_three_is_one_that_was_split() -> None:
    assert kinds([XE, f"{CAU} {CHO}", HO], [XE, CAU, CHO, HO]) == ["=1:1", "=2:2,3", "=3:4"]
    assert kinds([f"{CAU} {CHO} {HO}"], [CAU, CHO, HO]) == ["=1:1,2,3"]


def test_paragraphs_joined_are_one_that_was_joined() -> None:
    changed = f"{CAU} {CHO}".replace("ba đêm", "bốn đêm")
    assert kinds([XE, CAU, CHO, HO], [XE, changed, HO]) == ["=1:1", "=2,3:2", "=4:3"]


def test_a_short_sentence_split_off_belongs_to_its_paragraph() -> None:
    assert kinds([f"{CAU} Đường vắng hẳn.", HO], [CAU, "Đường vắng hẳn.", HO]) == [
        "=1:1,2", "=2:3",
    ]  # fmt: skip


def test_lines_of_one_pattern_are_told_apart_by_what_they_name() -> None:
    old = [f"Phường {name} có {n} trường học" for n, name in enumerate(("Hàng", "Cầu", "Láng"))]
    new = [f"Phường {name} có {n} trường học" for n, name in enumerate(("Cầu", "Láng", "Mới"), 7)]
    assert kinds(old, new) == ["-1", "=2:1", "=3:2", "+3"]


paragraphs = st.lists(st.sampled_from([CAU, CHO, HO, TRUONG, XE, "***", "", "Chợ", CAU[:40]]))


@given(paragraphs, paragraphs)
@settings(max_examples=examples(200))
def test_every_block_of_both_texts_is_there_once_and_the_new_text_is_in_order(
    old: list[str], new: list[str]
) -> None:
    groups = align(old, new)
    assert sorted(place for group in groups for place in group.old) == list(range(len(old)))
    assert [place for group in groups for place in group.new] == list(range(len(new)))
    still = [place for group in groups if not group.moved for place in group.old]
    assert still == sorted(still)


@given(paragraphs)
def test_a_text_is_aligned_with_itself(texts: list[str]) -> None:
    assert all(group.old == group.new and not group.moved for group in align(texts, texts))


def test_500_paragraphs_that_became_500_others_take_less_than_a_second() -> None:
    words = sorted({word for text in (CAU, CHO, HO, TRUONG, XE) for word in text.split()})
    chance = random.Random(4)
    old, new = ([" ".join(chance.choices(words, k=100)) for _ in range(500)] for _ in range(2))
    started = time.process_time()
    align(old, new)
    assert time.process_time() - started < 1.0
    shuffled = chance.sample(old, len(old))
    started = time.process_time()
    groups = align(old, shuffled)
    assert time.process_time() - started < 1.0
    assert all(old[group.old[0]] == shuffled[group.new[0]] for group in groups)


def test_a_heading_moves_with_a_paragraph_that_was_joined_on_the_way() -> None:
    old = ["Chợ", CAU[:40], CHO, HO, TRUONG, XE]
    new = [HO, TRUONG, XE, "Chợ", f"{CAU[:40]} {CHO}"]
    assert kinds(old, new)[-2:] == [">1:4", ">2,3:5"]

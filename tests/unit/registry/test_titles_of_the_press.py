"""Titles as the press writes them: short, stacked, and taken up again later in the article."""

from __future__ import annotations

import pytest

from tests.unit.registry.linked import officials

HAI, CUONG, DUNG_VP = "ha-minh-hai", "tran-the-cuong", "truong-viet-dung"


@pytest.mark.parametrize(
    "text",
    [
        "Giám đốc doanh nghiệp xin lỗi khách hàng. Đồng chí Hà Minh Hải yêu cầu làm rõ.",
        "Viện trưởng lắng nghe rồi ghi chép. Đồng chí Hà Minh Hải nói thêm.",
        "Hiệu trưởng nhà trường đã đón đồng chí Hà Minh Hải tại cổng.",
        "Chủ tịch hợp tác xã vừa báo cáo với đồng chí Hà Minh Hải.",
    ],
)
def test_a_title_of_another_sentence_or_before_a_verb_is_not_the_names(text: str) -> None:
    assert officials(text) == {HAI: ["Hà Minh Hải"]}


def test_a_title_of_another_place_still_claims_the_name_right_after_it() -> None:
    assert officials("Giám đốc Công ty Cơ điện Lửa Việt Hà Minh Hải nói ở Hà Nội.") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sở Giáo dục và Đào tạo họp. Ông Trần Thế Cương, Giám đốc Sở, cho biết.", []),
        ("Sở Giáo dục và Đào tạo họp. Giám đốc Sở Trần Thế Cương cho biết.", []),
        ("Sở GD&ĐT họp. Ông Trần Thế Cương - giám đốc sở này - cho biết.", []),
        ("Sở GD&ĐT họp. Theo giám đốc sở này, lịch thi giữ nguyên.", ["giám đốc sở này"]),
    ],
)
def test_an_office_by_its_kind_alone_is_the_last_one_named(text: str, said: list[str]) -> None:
    assert officials(text) == {CUONG: said or ["Trần Thế Cương"]}


def test_a_head_of_a_centre_is_of_the_centre_that_the_article_named() -> None:
    text = (
        "Trung tâm Phục vụ hành chính công thành phố mở thêm quầy. Ông Cù Ngọc Trang, giám đốc "
        "trung tâm, nói sẽ làm cả thứ bảy."
    )
    assert officials(text, "2025-01-10") == {"cu-ngoc-trang": ["Cù Ngọc Trang"]}


@pytest.mark.parametrize(
    "text",
    [
        "Công ty Bánh Cốm họp báo ở Hà Nội. Ông Trần Thế Cương, Giám đốc công ty, xin lỗi.",
        "Sở GD&ĐT họp. Trung tâm Ngoại ngữ Sao Khuê đóng cửa. Giám đốc trung tâm xin lỗi.",
        "Sở GD&ĐT, Sở Nội vụ họp. Giám đốc Sở nói sẽ làm ngay.",
        "Sở GD&ĐT họp. Sở Nội vụ Nghệ An dự. Giám đốc Sở nói sẽ làm ngay.",
        "Sở GD&ĐT họp. Phó giám đốc sở này nói sẽ làm ngay.",
        "Sở GD&ĐT họp. Giám đốc sở, ngành và giám đốc sở, thủ trưởng cơ quan báo cáo.",
    ],
)
def test_an_office_by_its_kind_alone_is_nobody_where_it_may_be_anothers(text: str) -> None:
    assert officials(text) == {}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Phó Chủ tịch UBND thành phố, Trưởng Ban Chỉ đạo Tháng hành động Hà Minh Hải dự.", HAI),
        ("Phó Chủ tịch UBND thành phố, Trưởng Ban Tổ chức cuộc thi viết Hà Minh Hải dự.", HAI),
        ("Phó Chủ tịch UBND thành phố, Tổ trưởng Tổ rà soát chợ cóc Hà Minh Hải dự.", HAI),
        ("Chánh Văn phòng UBND thành phố, Giám đốc quỹ khuyến học Trương Việt Dũng dự.", DUNG_VP),
        ("Phó Chủ tịch UBND thành phố, người được giao theo dõi khối y tế Hà Minh Hải dự.", HAI),
        ("Ông Hà Minh Hải, Trưởng Ban Tổ chức cuộc thi, Phó Chủ tịch UBND thành phố, dự.", HAI),
    ],
)  # fmt: skip
def test_a_chain_goes_on_through_a_title_that_is_not_known(text: str, who: str) -> None:
    name = "Trương Việt Dũng" if who == DUNG_VP else "Hà Minh Hải"
    assert officials(text) == {who: [name]}


def test_a_title_before_an_unknown_one_is_no_strangers() -> None:
    text = "Chủ tịch UBND thành phố, Giám đốc Công ty Sao Mai Lê Văn Thử cùng dự."
    assert officials(text) == {"tran-sy-thanh": ["Chủ tịch UBND thành phố"]}


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ("Nữ Phó Chủ tịch nhắc việc học bán trú.", ["Phó Chủ tịch"]),
        ("Đồng chí Phó Chủ tịch nhắc việc học.", ["đồng chí Phó Chủ tịch"]),
        ("Phó Chủ tịch UBND TP nhắc việc học.", ["Phó Chủ tịch UBND TP"]),
        ("Một Phó Chủ tịch UBND TP nhắc việc học.", []),
        ("Một phó chủ tịch xã nhắc việc học.", []),
        ("Phó Chủ tịch UBND TP khác nhắc việc học.", []),
        ("Các Phó Chủ tịch UBND TP nhắc việc học.", []),
    ],
)
def test_a_post_of_several_seats_again_is_its_one_holder_so_far(
    later: str, said: list[str]
) -> None:
    found = officials(f"Phó Chủ tịch UBND thành phố Vũ Thu Hà dự khai giảng. {later}")
    assert [one.lower() for one in found["vu-thu-ha"]] == [
        one.lower() for one in ["Vũ Thu Hà", *said]
    ]


def test_a_post_of_several_seats_before_its_holder_or_of_two_is_nobodys() -> None:
    before = "Phó Chủ tịch UBND TP nhắc việc học. Phó Chủ tịch UBND thành phố Vũ Thu Hà cũng dự."
    assert officials(before) == {"vu-thu-ha": ["Vũ Thu Hà"]}
    two = (
        "Phó Chủ tịch UBND thành phố Vũ Thu Hà gặp Phó Chủ tịch UBND thành phố Hà Minh Hải. "
        "Đồng chí Phó Chủ tịch nói; Phó Chủ tịch UBND TP ghi nhận."
    )
    assert officials(two) == {"vu-thu-ha": ["Vũ Thu Hà"], HAI: ["Hà Minh Hải"]}


def test_a_first_deputy_by_the_head_alone_is_the_one_named_so() -> None:
    title = "Phó Bí thư Thường trực"
    text = f"{title} Thành ủy Nguyễn Thị Tuyến dự. Đồng chí {title} nói."
    said = ["Nguyễn Thị Tuyến", "Đồng chí Phó Bí thư Thường trực"]
    assert officials(text) == {"nguyen-thi-tuyen": said}


def test_a_woman_in_a_post_is_the_woman_whom_the_article_named_by_it() -> None:
    text = "Bí thư Thành ủy Bùi Thị Minh Hoài dự họp. Nữ Bí thư tặng hoa các cháu."
    found = officials(text, "2025-03-03")
    assert found == {"bui-thi-minh-hoai": ["Bùi Thị Minh Hoài", "Bí thư"]}
    man = "Bí thư Thành ủy Đinh Tiến Dũng dự họp. Nữ Bí thư đoàn xã tặng hoa."
    assert officials(man) == {"dinh-tien-dung": ["Đinh Tiến Dũng"]}


def test_the_head_of_a_board_of_projects_is_a_person_the_project_is_not() -> None:
    heading = "Giám đốc Sở Du lịch, Trưởng Ban quản lý dự án Đặng Hương Giang dự họp."
    assert officials(heading) == {"dang-huong-giang": ["Đặng Hương Giang"]}
    assert officials("Ban quản lý dự án Đặng Hương Giang chậm hai năm.") == {}


def test_who_is_in_charge_is_a_post_of_its_own() -> None:
    said = "Người được giao điều hành UBND thành phố yêu cầu làm nhanh."
    assert list(officials(said, "2022-07-01")) == ["le-hong-son"]
    assert officials(said, "2022-08-01") == {}


def test_a_department_that_ends_like_a_school_leaves_the_name_behind_it() -> None:
    text = "Giám đốc Sở Tài nguyên và Môi trường Bùi Duy Cường trả lời cử tri Hà Nội."
    assert officials(text, "2022-03-01") == {"bui-duy-cuong": ["Bùi Duy Cường"]}
    school = "Phụ huynh chờ trước cổng trường Bùi Duy Cường ở Hà Nội."
    assert officials(school, "2022-03-01") == {}

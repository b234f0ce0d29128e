"""Topics where general words, cut words and passing mentions lead astray."""

from __future__ import annotations

import pytest

from tests.unit.registry.linked import topics


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Thành phố tạm đóng cửa các điểm vui chơi để phòng dịch.", "y-te-an-sinh"),
        ("Các bác sĩ vừa ghép thận cho một bệnh nhân 30 tuổi.", "y-te-an-sinh"),
        ("Quận trồng thêm 900 cây xanh dọc bờ kênh.", "moi-truong"),
        ("Hàng loạt cây bóng mát bị chặt hạ khi làm đường.", "moi-truong"),
        ("Đồng chí Lê Văn Thử được bầu làm Chủ tịch HĐND xã Yên Bài.", "nhan-su"),
        ("Hội nghị kiện toàn chức danh Phó Giám đốc bệnh viện.", "nhan-su"),
        ("Sau khi sáp nhập, khối văn phòng giảm 12 đầu mối.", "sap-xep-bo-may"),
        ("Phương án hợp nhất ba cơ quan báo chí đã được trình.", "sap-xep-bo-may"),
        ("Xã tuyên dương 40 hộ kinh doanh giữ vỉa hè sạch.", "thi-dua-khen-thuong"),
        ("Lãnh đạo xã trao bằng khen cho đội dân phòng.", "thi-dua-khen-thuong"),
    ],
)
def test_a_topic_is_told_in_everyday_words(text: str, topic: str) -> None:
    assert topic in topics(text)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Công đoàn Thủ đô tặng vé xe cho thợ.", "doi-ngoai"),
        ("Xã lo chỗ ở cho thợ làm dự án đầu tư công trình nước.", "dau-tu-cong"),
        ("Huyện sắp xếp lại trụ sở, hợp nhất trụ sở hai thôn.", "sap-xep-bo-may"),
        ("Cơ quan thuế rà soát tài sản công ty ma.", "ngan-sach"),
    ],
)
def test_a_phrase_that_cuts_a_longer_word_says_nothing(text: str, topic: str) -> None:
    assert topic not in topics(text)


PASSING = "Bên lề, ông kể từng thăm một lễ hội."


def test_one_sentence_of_the_text_is_in_passing_beside_what_the_headline_is_about() -> None:
    title = "Lễ kết nghĩa giữa hai thành phố"
    text = "Hai thành phố ký biên bản ghi nhớ về quan hệ hữu nghị."
    assert topics(f"{text} {PASSING}", title=title) == ["doi-ngoai"]
    assert topics(PASSING) == ["van-hoa-le-ky-niem"]
    twice = f"{text} {PASSING} Di tích cũng được trùng tu, lễ hội được mở lại."
    assert set(topics(twice, title=title)) == {"doi-ngoai", "van-hoa-le-ky-niem"}


def test_inspection_is_the_partys_only_with_a_word_of_the_party() -> None:
    text = "Đoàn liên ngành kiểm tra, giám sát các quán ăn có dấu hiệu vi phạm."
    topic = "kiem-tra-giam-sat-ky-luat"
    assert topic not in topics(text)
    assert topic in topics(f"{text} Ủy ban Kiểm tra đề nghị kỷ luật ba đảng viên.")


def test_inspection_and_discipline_are_not_the_building_of_the_party() -> None:
    text = "Chín tháng, các cấp ủy thi hành kỷ luật 50 đảng viên, kiểm tra 12 tổ chức đảng."
    assert topics(text) == ["kiem-tra-giam-sat-ky-luat"]

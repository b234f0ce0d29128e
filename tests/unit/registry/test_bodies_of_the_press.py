"""Bodies as the press writes them: half abbreviated, in rows, beside another city's."""

from __future__ import annotations

import pytest

from tests.unit.registry.linked import bodies


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("Sở Nông nghiệp và PTNT", "so-nnptnt"),
        ("Sở Nông nghiệp & PTNT Hà Nội", "so-nnptnt"),
        ("Sở NN và PTNT", "so-nnptnt"),
        ("Sở NN & Phát triển nông thôn", "so-nnptnt"),
        ("Sở GD và ĐT", "so-gddt"),
        ("Sở Giáo dục & ĐT", "so-gddt"),
        ("Sở KH và ĐT thành phố", "so-khdt"),
        ("Sở Lao động, Thương binh và Xã hội", "so-ldtbxh"),
        ("Sở Lao động – Thương binh – Xã hội", "so-ldtbxh"),
        ("Sở LĐ, TB và XH", "so-ldtbxh"),
        ("Sở LĐ-TB và XH", "so-ldtbxh"),
        ("Sở Tài nguyên & Môi trường", "so-tnmt"),
        ("Sở VH và TT", "so-vhtt"),
        ("Sở LĐTB và XH", "so-ldtbxh"),
    ],
)
def test_a_department_is_known_half_abbreviated(words: str, body: str) -> None:
    assert bodies(f"Đại diện {words} cho biết.") == {body: [words]}


def test_another_citys_office_takes_the_short_name_only_where_it_stands() -> None:
    text = "Đoàn đã thăm Sở Nội vụ Đà Nẵng. Sở Nội vụ giới thiệu mô hình.\nSở Nội vụ sẽ áp dụng."
    assert bodies(text) == {"so-noi-vu": ["Sở Nội vụ"]}
    heads = bodies(text, title="Hà Nội học cách làm của Đà Nẵng")
    assert heads == {}


def test_an_office_in_a_row_with_one_of_hanoi_is_of_hanoi() -> None:
    text = "Đoàn đã thăm Sở Nội vụ Đà Nẵng. Sở Tư pháp và Sở Nội vụ sẽ báo cáo."
    assert set(bodies(text)) == {"so-tu-phap", "so-noi-vu"}


def test_a_department_after_a_comma_is_no_part_of_the_word_before_it() -> None:
    assert set(bodies("Liên hiệp hội, Sở Y tế cùng dự.")) == {"so-y-te"}
    assert bodies("Trụ sở y tế xã vừa xây.") == {}


@pytest.mark.parametrize(
    "text",
    [
        "Nói với phóng viên Báo Hànộimới, chị Lý kể lại.",
        "Trả lời Báo Kinh tế và Đô thị, chị Lý kể lại.",
        "Theo Báo Tuổi trẻ Thủ đô, mưa sẽ tạnh.",
        "Trao đổi với Báo Lao động Thủ đô, chị Lý kể lại.",
        "Chia sẻ với PV Báo Phụ nữ Thủ đô, chị Lý kể lại.",
    ],
)
def test_a_paper_that_only_asked_is_not_named(text: str) -> None:
    assert bodies(text) == {}


def test_a_paper_that_acts_is_named() -> None:
    assert list(bodies("Báo Hànộimới tổ chức giải chạy.")) == ["bao-hanoimoi"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Giao các Sở Nội vụ, Tài chính, Xây dựng rà soát.",
         ["so-noi-vu", "so-tai-chinh", "so-xay-dung"]),
        ("Giao các sở: Tư pháp, Y tế và Du lịch rà soát.", ["so-tu-phap", "so-y-te", "so-du-lich"]),
        ("Giao các sở, ngành: Tư pháp, GD&ĐT rà soát.", ["so-tu-phap", "so-gddt"]),
        ("Các Sở Kế hoạch và Đầu tư, Tài chính dự.", ["so-khdt", "so-tai-chinh"]),
        ("Sở Nội vụ, Tài chính là hai việc khác nhau.", ["so-noi-vu"]),
        ("Các sở Y tế, Du lịch Nghệ An dự.", []),
        ("Hội Liên hiệp Phụ nữ và Hội Nông dân thành phố ký kết.", ["hoi-lhpn", "hoi-nong-dan"]),
        ("Hội Phụ nữ và Hội Nông dân xã Yên Bài ký kết.", []),
        ("Ban Tổ chức, Ban Tuyên giáo Thành ủy họp.",
         ["ban-to-chuc-thanh-uy", "ban-tuyen-giao-thanh-uy"]),
        ("Ban Tổ chức, Ban Dân vận và Ban Nội chính Thành ủy họp.",
         ["ban-to-chuc-thanh-uy", "ban-dan-van-thanh-uy", "ban-noi-chinh-thanh-uy"]),
        ("Ban Tổ chức và Thành ủy họp.", ["thanh-uy"]),
        ("Các ban: Tổ chức, Tuyên giáo, Dân vận Thành ủy Hà Nội họp.",
         ["ban-to-chuc-thanh-uy", "ban-tuyen-giao-thanh-uy", "ban-dan-van-thanh-uy"]),
        ("Các ban Tổ chức, Nội chính Thành ủy Đà Nẵng họp.", []),
        ("Các ban Tổ chức, Nội chính họp.", []),
        ("Ban Tổ chức, Ban Tuyên giáo Thành ủy Đà Nẵng họp.", []),
        ("Liên đoàn Lao động, Thành đoàn Hà Nội họp.", ["ldld", "thanh-doan"]),
        ("Hội Nông dân và Thành đoàn cùng họp.", ["thanh-doan"]),
        ("Đồng chí Lê Văn Thử, Ủy viên Ban Thường vụ, Trưởng Ban Dân vận Thành ủy, dự.",
         ["ban-dan-van-thanh-uy"]),
    ],
)  # fmt: skip
def test_bodies_in_a_row_share_what_they_say_once(text: str, named: list[str]) -> None:
    assert sorted(bodies(text, "2024-04-10")) == sorted(named)

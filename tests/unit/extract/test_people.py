from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.people import (
    is_person,
    looks_like_name,
    persons_in,
    read_byline,
    read_source,
)

SITE = ("Báo Sông Nhuệ điện tử", "songnhue.example", "songnhue")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hà Vũ", ("Hà Vũ",)),
        ("Hà Vũ - Đỗ Nam", ("Hà Vũ", "Đỗ Nam")),
        ("Hà Vũ – Đỗ Nam", ("Hà Vũ", "Đỗ Nam")),
        ("Hà Vũ-Đỗ Nam", ("Hà Vũ", "Đỗ Nam")),
        ("Anh-Thư", ("Anh-Thư",)),
        ("Hà Vũ, Đỗ Nam và Lê Thảo", ("Hà Vũ", "Đỗ Nam", "Lê Thảo")),
        ("Hà Vũ & Đỗ Nam", ("Hà Vũ", "Đỗ Nam")),
        ("Hà Vũ; Đỗ Nam", ("Hà Vũ", "Đỗ Nam")),
        ("Hà Vũ/Đỗ Nam", ("Hà Vũ", "Đỗ Nam")),
        ("Hà Vũ | Đỗ Nam", ("Hà Vũ", "Đỗ Nam")),
        ("Hà Vũ/TTXVN", ("Hà Vũ",)),
        ("Hà Vũ (TTXVN)", ("Hà Vũ",)),
        ("TTXVN", ("TTXVN",)),
        ("Phóng viên Hà Vũ", ("Hà Vũ",)),
        ("PV Hà Vũ", ("Hà Vũ",)),
        ("Tác giả: Hà Vũ", ("Hà Vũ",)),
        ("Thực hiện: Hà Vũ - Đỗ Nam", ("Hà Vũ", "Đỗ Nam")),
        ("PGS.TS Nguyễn Thị Mận", ("PGS.TS Nguyễn Thị Mận",)),
        ("HÀ VŨ - ĐỖ NAM", ("HÀ VŨ", "ĐỖ NAM")),
        ("Nhóm phóng viên", ("Nhóm phóng viên",)),
        ("PV", ("PV",)),
        ("P.V", ("P.V",)),
        ("Nhóm phóng viên Thời sự", ("Nhóm phóng viên Thời sự",)),
        ("Hà Vũ - hà vũ", ("Hà Vũ",)),
        ("Ngọc Hà - Thu Trang - Xuân Trường", ("Ngọc Hà", "Thu Trang", "Xuân Trường")),
        ("Hà Vũ - Ban Mai", ("Hà Vũ", "Ban Mai")),
        ("Hà Vũ - Ban QLDA", ("Hà Vũ",)),
        ("Hà Vũ - Trường THPT Láng", ("Hà Vũ",)),
        ("Hà Vũ, CTV Đỗ Nam", ("Hà Vũ", "Đỗ Nam")),
        ("Hà Vũ ghi", ("Hà Vũ",)),
        ("Hà Vũ (t/h)", ("Hà Vũ",)),
        ("Tổng hợp", ()),
        ("Báo Sông Nhuệ", ()),
        ("SONGNHUE.EXAMPLE", ()),
        ("Báo VnExpress", ()),
        ("admin", ()),
        ("12/10/2026", ()),
        ("https://songnhue.example/tac-gia", ()),
        ("Phóng viên Báo Sông Nhuệ, thường viết về giao thông và đô thị", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_a_byline_is_parted_into_names_and_never_the_outlet(
    text: str, names: tuple[str, ...]
) -> None:
    assert read_byline(text, SITE).byline == names


def test_roles_part_writers_from_photographers_and_sources() -> None:
    made = read_byline("Bài: Hà Vũ - Ảnh: Đỗ Nam", SITE)
    assert (made.byline, made.photographers) == (("Hà Vũ",), ("Đỗ Nam",))
    made = read_byline("Bài và ảnh: Hà Vũ", SITE)
    assert (made.byline, made.photographers) == (("Hà Vũ",), ("Hà Vũ",))
    made = read_byline("Bài, ảnh: Hà Vũ, Đỗ Nam", SITE)
    assert (made.byline, made.photographers) == (("Hà Vũ", "Đỗ Nam"), ("Hà Vũ", "Đỗ Nam"))
    made = read_byline("Hà Vũ (theo Báo Bãi Giữa)", SITE)
    assert (made.byline, made.original_source) == (("Hà Vũ",), "Báo Bãi Giữa")
    made = read_byline("Nội dung: Hà Vũ | Ảnh: Đỗ Nam | Thiết kế: Lê Thảo", SITE)
    assert (made.byline, made.photographers) == (("Hà Vũ",), ("Đỗ Nam",))
    assert made.others == ("Lê Thảo",)
    assert read_byline("Theo Hà Vũ (TTXVN)", SITE).original_source == "Hà Vũ (TTXVN)"
    made = read_byline("Theo TTXVN", SITE)
    assert (made.byline, made.original_source) == ((), "TTXVN")
    made = read_byline("Nguồn: Báo Sông Nhuệ điện tử", SITE)
    assert made.original_source is None


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Theo Báo Bãi Giữa", "Báo Bãi Giữa"),
        ("(Theo TTXVN)", "TTXVN"),
        ("Nguồn: Kiến thức Đầu tư", "Kiến thức Đầu tư"),
        ("THEO NHỊP SỐNG Copy link", "NHỊP SỐNG"),
        ("Theo Hà Vũ (TTXVN)", "Hà Vũ (TTXVN)"),
        ("Theo Sở Y tế, dịch đã hết.", None),
        ("Theo ông Nam, việc này còn lâu", None),
        ("Theo dõi chúng tôi", None),
        ("Theo", None),
        ("Nguồn gốc của tên phố", None),
    ],
)
def test_a_reprint_line_names_the_outlet_it_was_taken_from(text: str, source: str | None) -> None:
    assert read_source(text) == source


@pytest.mark.parametrize(
    ("credit", "names"),
    [
        ("Viết Thành", ("Viết Thành",)),
        ("Văn Điệp/TTXVN", ("Văn Điệp",)),
        ("VGP/Nhật Bắc", ("Nhật Bắc",)),
        ("Phạm Hùng - Công Hùng", ("Phạm Hùng", "Công Hùng")),
        ("Bệnh viện cung cấp", ()),
        ("Cục Thuế", ()),
        ("Thu Trang", ("Thu Trang",)),
        ("Công an phường Láng", ()),
        ("TTXVN", ()),
        ("Reuters", ()),
        ("NVCC", ()),
        ("Tư liệu", ()),
        ("Sông Nhuệ", ()),
    ],
)
def test_photographers_are_the_persons_of_a_credit(credit: str, names: tuple[str, ...]) -> None:
    assert persons_in(credit, SITE) == names


def test_names_are_told_from_prose() -> None:
    assert looks_like_name("Nguyễn Thị Minh Hạnh")
    assert looks_like_name("Hoàng Phủ và Lê Cát")
    assert not looks_like_name("Cầu mới thông xe")
    assert not looks_like_name("Số 5 Hàng Bài")
    assert not looks_like_name("")
    assert is_person("Đức Anh")
    assert not is_person("Đức")


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_no_text_makes_the_readers_fail(text: str, sites: list[str]) -> None:
    made = read_byline(text, sites)
    assert all(made.byline)
    assert all(made.photographers)
    assert read_source(text) != ""
    assert all(persons_in(text, sites))

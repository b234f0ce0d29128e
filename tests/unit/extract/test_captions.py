from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.page.tree import tidy
from indexer.extract.captions import Caption, split_caption

SENTENCE = "Ảnh: Người dân xếp hàng từ năm giờ sáng để lấy số, có người mang theo cả ghế và chăn"


@pytest.mark.parametrize(
    ("printed", "text", "credit"),
    [
        ("Cầu mới thông xe. Ảnh: Hà Vũ", "Cầu mới thông xe.", "Hà Vũ"),
        ("Cầu mới thông xe. Ảnh: Hà Vũ.", "Cầu mới thông xe.", "Hà Vũ"),
        ("Cầu mới thông xe (Ảnh: Hà Vũ)", "Cầu mới thông xe", "Hà Vũ"),
        ("Cầu mới thông xe (Ảnh: Hà Vũ).", "Cầu mới thông xe", "Hà Vũ"),
        ("Cầu mới thông xe - Ảnh: Hà Vũ", "Cầu mới thông xe", "Hà Vũ"),
        ("Cầu mới thông xe – Ảnh: HÀ VŨ", "Cầu mới thông xe", "HÀ VŨ"),
        ("Cầu mới thông xe | Ảnh: Hà Vũ", "Cầu mới thông xe", "Hà Vũ"),
        ("Cầu mới thông xe. / Ảnh : Hà Vũ", "Cầu mới thông xe.", "Hà Vũ"),
        ("Cầu mới thông xe ẢNH: Hà Vũ", "Cầu mới thông xe", "Hà Vũ"),
        ("Cầu mới thông xe. Ảnh Hà Vũ", "Cầu mới thông xe.", "Hà Vũ"),
        ("Cầu mới thông xe. (Ảnh TTXVN)", "Cầu mới thông xe.", "TTXVN"),
        ("Cầu mới thông xe. Nguồn: Sở Xây dựng", "Cầu mới thông xe.", "Sở Xây dựng"),
        ("Cầu mới thông xe. Nguồn ảnh: Internet", "Cầu mới thông xe.", "Internet"),
        ("Cầu mới thông xe. Ảnh: Văn Điệp/TTXVN", "Cầu mới thông xe.", "Văn Điệp/TTXVN"),
        ("Cầu mới. Ảnh: Bệnh viện cung cấp", "Cầu mới.", "Bệnh viện cung cấp"),
        ("Cầu mới. Ảnh: V.T.", "Cầu mới.", "V.T."),
        ("Cầu mới. Ảnh: Lan Chi (SNO)", "Cầu mới.", "Lan Chi (SNO)"),
        ("Cầu mới (Ảnh: Lan Chi (SNO))", "Cầu mới", "Lan Chi (SNO)"),
        ("Sơ đồ tuyến. Đồ họa: Minh Trí", "Sơ đồ tuyến.", "Minh Trí"),
        ("Cầu mới thông xe - Ảnh Hà Vũ", "Cầu mới thông xe", "Hà Vũ"),
        ("Cầu mới thông xe (Ảnh Hà Vũ)", "Cầu mới thông xe", "Hà Vũ"),
        ("Cầu mới thông xe (Ảnh - Hà Vũ)", "Cầu mới thông xe", "Hà Vũ"),
        ("Cầu mới thông xe. Ảnh/Hà Vũ", "Cầu mới thông xe.", "Hà Vũ"),
        ("Cầu mới thông xe. Ảnh: N.KH.", "Cầu mới thông xe.", "N.KH."),
        ("Cầu mới thông xe, ảnh: Hà Vũ", "Cầu mới thông xe", "Hà Vũ"),
        ("Cháy nhà (Ảnh cắt từ clip: Hà Vũ).", "Cháy nhà (Ảnh cắt từ clip)", "Hà Vũ"),
        ("Trang giả. Ảnh chụp màn hình: Hà Vũ", "Trang giả. Ảnh chụp màn hình", "Hà Vũ"),
        ("Trang giả. Ảnh chụp màn hình", "Trang giả. Ảnh chụp màn hình", ""),
        ("Cầu mới thông xe/ Ảnh Hà Vũ", "Cầu mới thông xe", "Hà Vũ"),
        ("Hai nhóm ảnh: trước và sau", "Hai nhóm ảnh: trước và sau", ""),
        ("Ga Hà Nội - Ảnh chụp chiều 7/3", "Ga Hà Nội - Ảnh chụp chiều 7/3", ""),
        ("Hiện vật (ảnh Bảo tàng)", "Hiện vật (ảnh Bảo tàng)", ""),
        ("Ảnh: Hà Vũ", "", "Hà Vũ"),
        ("(Ảnh: Hà Vũ)", "", "Hà Vũ"),
        ("Ảnh minh họa: Hà Vũ", "Ảnh minh họa", "Hà Vũ"),
        ("Cầu mới (Ảnh minh hoạ: Hà Vũ)", "Cầu mới (Ảnh minh hoạ)", "Hà Vũ"),
        ("Ảnh minh họa. Nguồn: TTXVN", "Ảnh minh họa.", "TTXVN"),
        ("Ảnh minh họa", "Ảnh minh họa", ""),
        ("Cầu mới (Ảnh minh hoạ)", "Cầu mới (Ảnh minh hoạ)", ""),
        ("Cầu mới. Ảnh: minh họa", "Cầu mới. Ảnh: minh họa", ""),
        ("Ảnh hồ Gươm lúc bình minh", "Ảnh hồ Gươm lúc bình minh", ""),
        ("Cầu cũ. Ảnh chụp hôm qua", "Cầu cũ. Ảnh chụp hôm qua", ""),
        ("Từ trái sang: Hà Vũ, Đỗ Nam", "Từ trái sang: Hà Vũ, Đỗ Nam", ""),
        (SENTENCE, SENTENCE, ""),
        ("Cảnh đường phố.", "Cảnh đường phố.", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_caption_is_parted_from_its_credit(printed: str, text: str, credit: str) -> None:
    assert split_caption(printed) == Caption(text, credit)


@given(st.text(max_size=300))
def test_parting_a_caption_invents_nothing(printed: str) -> None:
    said = split_caption(tidy(printed))
    assert set(said.text + said.credit) <= set(tidy(printed)) | {")"}


def test_a_caption_of_nothing_but_markers_takes_no_time() -> None:
    started = time.process_time()
    split_caption("(Ảnh: " * 20_000)
    split_caption(". Ảnh " * 20_000)
    assert time.process_time() - started < 5

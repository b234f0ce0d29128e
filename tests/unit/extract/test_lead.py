from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.lead import split_lead

SITE = ("Báo Sông Nhuệ", "Kinhtedothi")


@pytest.mark.parametrize(
    ("printed", "prefix", "lead"),
    [
        ("(Chinhphu.vn) - Chiều 10-4, họp.", "(Chinhphu.vn) -", "Chiều 10-4, họp."),
        ("(NLĐO)- Không ít hộ kinh doanh lo.", "(NLĐO)-", "Không ít hộ kinh doanh lo."),
        ("(Dân trí) - Chiều nay, mưa.", "(Dân trí) -", "Chiều nay, mưa."),
        ("(VTC News) – Chiều nay, mưa.", "(VTC News) –", "Chiều nay, mưa."),
        ("(ĐTCK) Trong khi các ngành khác giảm.", "(ĐTCK)", "Trong khi các ngành khác giảm."),
        ("(Sông Nhuệ): Chiều nay, mưa.", "(Sông Nhuệ):", "Chiều nay, mưa."),
        ("Kinhtedothi - Chiều nay, mưa.", "Kinhtedothi -", "Chiều nay, mưa."),
        ("HNM - Chiều nay, mưa.", "HNM -", "Chiều nay, mưa."),
        ("TTO - Chiều nay, mưa.", "TTO -", "Chiều nay, mưa."),
        ("VOV.VN - Chiều nay, mưa.", "VOV.VN -", "Chiều nay, mưa."),
        ("BSN – Chiều nay, mưa.", "BSN –", "Chiều nay, mưa."),
        ("Báo Sông Nhuệ - Chiều nay, mưa.", "Báo Sông Nhuệ -", "Chiều nay, mưa."),
        ("TPO -Chiều nay, mưa.", "TPO -", "Chiều nay, mưa."),
        ("Kinhtedothi-Chiều nay, mưa.", "Kinhtedothi-", "Chiều nay, mưa."),
        ("(SGGPO).- Chiều nay, mưa.", "(SGGPO).-", "Chiều nay, mưa."),
        ("SGGPO Chiều nay, mưa.", "SGGPO", "Chiều nay, mưa."),
        ("[VOV2] - Chiều nay, mưa.", "[VOV2] -", "Chiều nay, mưa."),
        ("CAND Online - Chiều nay, mưa.", "CAND Online -", "Chiều nay, mưa."),
        ("Báo Nhân Dân - Chiều nay, mưa.", "Báo Nhân Dân -", "Chiều nay, mưa."),
        ("Hà Nội (TTXVN 5/3) - Chiều nay, mưa.", "Hà Nội (TTXVN 5/3) -", "Chiều nay, mưa."),
        ("songnhue.vn - Chiều nay, mưa.", "songnhue.vn -", "Chiều nay, mưa."),
        ("TTXVN - hãng tin của nhà nước.", None, "TTXVN - hãng tin của nhà nước."),
        ("Covid-19 lại tăng.", None, "Covid-19 lại tăng."),
        ("Hà Nội - Chiều nay, mưa.", None, "Hà Nội - Chiều nay, mưa."),
        ("UBND - HĐND thành phố họp chung.", None, "UBND - HĐND thành phố họp chung."),
        ("EVN - đơn vị cấp điện - xin lỗi dân.", None, "EVN - đơn vị cấp điện - xin lỗi dân."),
        ("(2026) là năm của đường sắt.", None, "(2026) là năm của đường sắt."),
        ("Chiều 10-4, thành phố họp.", None, "Chiều 10-4, thành phố họp."),
        ("Bà Lê (62 tuổi) - người bán hoa - kể.", None, "Bà Lê (62 tuổi) - người bán hoa - kể."),
        ("", None, ""),
    ],
)  # fmt: skip
def test_an_agency_prefix_is_no_part_of_the_lead(
    printed: str, prefix: str | None, lead: str
) -> None:
    assert split_lead(printed, SITE) == (prefix, lead)


@given(st.text(max_size=100))
def test_prefix_and_lead_are_the_printed_text(printed: str) -> None:
    prefix, lead = split_lead(printed, SITE)
    assert "".join(((prefix or "") + lead).split()) == "".join(printed.split())

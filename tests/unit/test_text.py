"""The normaliser on text as the press writes it."""

from __future__ import annotations

import unicodedata

import pytest

from hanoiwatch.text import Token, canon, fold, has_marks, nfc, tokens, words

NFD_NAME = unicodedata.normalize("NFD", "Nguyễn Thị Đường")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Hà Nội", "hà nội"),
        ("ĐƯỜNG", "đường"),
        ("Ðường ðê Ɖống", "đường đê đống"),
        ("hoà giải", "hòa giải"),
        ("thuỷ lợi", "thủy lợi"),
        ("UỶ BAN", "ủy ban"),
        ("khoẻ", "khỏe"),
        ("loà xoà", "lòa xòa"),
        ("toạ đàm", "tọa đàm"),
        ("quý quỷ quà", "quý quỷ quà"),
        ("QUÝ", "quý"),
        ("hoàn toàn ngoáy", "hoàn toàn ngoáy"),
        ("huỳnh", "huỳnh"),
        ("hoà2", "hòa2"),
        ("İstanbul ΟΔΟΣ", "istanbul οδοσ"),
        ("Hà\u200b Nội\ufeff", "hà nội"),
        ("Hà\u00a0Nội", "hà nội"),
        ("phát\u00adtriển", "pháttriển"),
        (NFD_NAME, "nguyễn thị đường"),
        ("", ""),
    ],
)
def test_canon_keeps_marks_and_makes_spellings_one(given: str, expected: str) -> None:
    assert canon(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Đường Đặng Thuỳ Trâm", "duong dang thuy tram"),
        ("Nguyễn Ái Quốc", "nguyen ai quoc"),
        ("ẵẫẽễỡữỹỵ", "aaeeouyy"),
        ("Müller, Ñuñoa, façade", "muller, nunoa, facade"),
        ("café Sài Gòn", "cafe sai gon"),
        ("Москва 東京", "москва 東京"),
        ("95,5% – “tiến độ”", "95,5% – “tien do”"),
        (NFD_NAME, "nguyen thi duong"),  # codespell:ignore thi
    ],
)
def test_fold_drops_marks_and_the_bar_of_d(given: str, expected: str) -> None:
    assert fold(given) == expected


def test_combining_marks_of_windows_1258_pages_become_whole_letters() -> None:
    both_orders = ("o\u0323\u0302", "o\u0302\u0323", "ô\u0323")
    assert {nfc(letter) for letter in both_orders} == {"ộ"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("TP.Hà Nội", ["TP", "Hà", "Nội"]),
        ("15-NQ/TW", ["15", "NQ", "TW"]),
        ("10.000", ["10", "000"]),
        ("U.B.N.D", ["U", "B", "N", "D"]),
        ("ten_file", ["ten", "file"]),
        ("H5N1, G20", ["H5N1", "G20"]),
        ("“Đổi mới” – sáng tạo…", ["Đổi", "mới", "sáng", "tạo"]),
        ("...", []),
    ],
)
def test_tokens_are_runs_of_letters_and_digits(given: str, expected: list[str]) -> None:
    assert words(given) == expected


def test_tokens_know_their_place() -> None:
    assert tokens("Sở Y tế") == [Token("Sở", 0, 2), Token("Y", 3, 4), Token("tế", 5, 7)]


@pytest.mark.parametrize("text", ["đ", "Đ", "Hà", "Ư", "ngoẵng", "e\u0301", "ð"])
def test_vietnamese_marks_are_seen(text: str) -> None:
    assert has_marks(text)


@pytest.mark.parametrize("text", ["Ha Noi", "Müller", "15-NQ/TW", "", "ç", "Ж"])
def test_other_letters_carry_no_vietnamese_mark(text: str) -> None:
    assert not has_marks(text)

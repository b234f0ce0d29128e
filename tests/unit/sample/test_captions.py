"""A caption line and the answer key cannot part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.sample.articles import Picture
from hanoiwatch.sample.captions import caption_line


def test_the_credit_is_written_in_six_usual_ways() -> None:
    picture = Picture(file="a.jpg", caption="Hồ nước buổi sáng.", credit="Minh Khôi")
    assert [caption_line(picture, style).text for style in range(6)] == [
        "Hồ nước buổi sáng. Ảnh: Minh Khôi",
        "Hồ nước buổi sáng (Ảnh: Minh Khôi)",
        "Hồ nước buổi sáng. Ảnh: Minh Khôi.",
        "Hồ nước buổi sáng (Ảnh: Minh Khôi).",
        "Hồ nước buổi sáng - Ảnh: Minh Khôi",
        "Hồ nước buổi sáng. ẢNH: Minh Khôi",
    ]


def test_a_picture_without_credit_has_its_caption_alone() -> None:
    picture = Picture(file="a.jpg", caption="Hồ nước buổi sáng.")
    assert caption_line(picture, 3).text == "Hồ nước buổi sáng."


def test_a_picture_without_caption_still_names_who_took_it() -> None:
    line = caption_line(Picture(file="a.jpg", caption="", credit="Minh Khôi"), 1)
    assert (line.text, line.caption, line.credit) == ("Ảnh: Minh Khôi", "", "Minh Khôi")


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=20), st.integers(0, 99))
def test_caption_and_credit_stand_in_the_line_as_the_key_has_them(
    caption: str, credit: str, style: int
) -> None:
    line = caption_line(Picture(file="a.jpg", caption=caption, credit=credit), style)
    assert line.text.startswith(line.caption)
    assert line.text.removeprefix(line.caption).startswith(line.between + line.credit)

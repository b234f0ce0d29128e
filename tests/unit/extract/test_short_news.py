"""A picture and a sentence are news; a picture and an emptied text are not."""

from __future__ import annotations

import pytest

from hanoiwatch.model import ReadArticle
from tests.unit.extract.pages import new_onecms, nothing, reading

FERRY = "Bến đò Thọ Xuân chạy lại từ sáng nay."
PICTURE = '<figure><img src="/do.jpg"><figcaption>Con đò đầu tiên.</figcaption></figure>'
GONE = "<p></p>"


def test_a_sentence_beside_a_picture_is_a_text() -> None:
    found = reading(new_onecms(f"<p>{FERRY}</p>{PICTURE}{GONE}"))
    assert isinstance(found, ReadArticle)
    assert found.content.text == FERRY
    assert [image.caption for image in found.content.images] == ["Con đò đầu tiên."]


def test_a_sentence_among_emptied_paragraphs_is_what_is_left_of_a_text() -> None:
    assert nothing(new_onecms(f"{GONE}{GONE}<p>{FERRY}</p>{PICTURE}{GONE}{GONE}")) == "empty"


@pytest.mark.parametrize("left", ["Nguồn: Phòng Kinh tế phường.", "Vì sao bến đò phải dừng chạy?"])
def test_a_source_or_a_question_beside_a_picture_is_no_text(left: str) -> None:
    assert nothing(new_onecms(f"<p>{left}</p>{PICTURE}")) == "empty"

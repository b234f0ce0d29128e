"""Whether a page is worse than the good copy, and whether two speak of one article."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.model import Block, Content, Image
from indexer.worse import is_known_by_words, is_same_article, shows_otherwise, why_worse

NOW = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
LINES = (
    "Chợ đầu mối mở cửa từ nửa đêm, xe rau nối đuôi nhau dọc bờ đê.",
    "Người bốc vác xếp từng sọt cải lên chiếc xe ba gác cũ.",
    "Ban quản lý nói sẽ lắp thêm đèn ở cổng sau trước mùa mưa.",
    "Gần sáng, mấy hàng cháo bắt đầu nổi lửa.",
)


def paragraphs(*lines: str) -> tuple[Block, ...]:
    return tuple(Block(kind="paragraph", text=line) for line in lines)


def content(**more) -> Content:
    fields = {
        "url": "https://bao.vn/cho-dem-1200001.html",
        "title": "Chợ đêm chuyển mình",
        "lead": "Một đêm ở chợ.",
        "blocks": paragraphs(*LINES),
    }
    return Content(**{**fields, **more})


def worse(new: Content, *, good: Content | None = None, layout="bao/new", good_layout="bao/new"):
    return why_worse(new, layout, good or content(), good_layout)


def test_a_page_that_says_as_much_is_not_worse() -> None:
    assert worse(content(title="Chợ đêm vắng khách", blocks=paragraphs(*LINES[:3]))) == ""


def test_a_page_without_its_title_is_worse() -> None:
    assert worse(content(title=" ")) == "the title is gone"


def test_a_page_without_its_text_is_worse() -> None:
    assert worse(content(blocks=())) == "the text is gone"


def test_a_page_that_its_layout_reads_no_longer_is_our_failure_and_no_edit() -> None:
    assert worse(content(title="Khác"), layout="general") == "bao/new reads it no longer"
    assert worse(content(title="Khác"), layout="general", good_layout="general") == ""
    assert worse(content(title="Khác"), layout="bao/old") == ""


def test_less_than_half_of_the_words_is_worse_and_says_so() -> None:
    reason = worse(content(blocks=paragraphs(LINES[0])))
    assert reason == "the text has 16 words instead of 52"


def test_exactly_half_of_the_words_is_an_edit() -> None:
    good = content(blocks=paragraphs("một hai ba bốn", "năm sáu bảy tám"))
    half = content(blocks=paragraphs("năm sáu", "bảy tám"))
    less = content(blocks=paragraphs("năm sáu", "bảy"))
    assert worse(half, good=good) == ""
    assert worse(less, good=good) == "the text has 3 words instead of 8"


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_one_paragraph_taken_out_is_an_edit_however_long_it_was(taken: int) -> None:
    lines = [LINES[0], "Cháo nóng.", "Trời sáng."]
    lines[taken] = " ".join(LINES * 3)
    left = [line for place, line in enumerate(lines) if place != taken]
    assert worse(content(blocks=paragraphs(*left)), good=content(blocks=paragraphs(*lines))) == ""


@pytest.mark.parametrize("change", [{"title": "Khác"}, {"lead": ""}])
def test_a_long_paragraph_taken_out_with_more_changed_is_worse(change) -> None:
    good = content(blocks=paragraphs(" ".join(LINES * 3), "Cháo nóng."))
    new = content(blocks=paragraphs("Cháo nóng."), **change)
    assert worse(new, good=good) == "the text has 2 words instead of 158"


def test_a_story_in_pictures_is_measured_by_its_captions() -> None:
    def story(*captions: str) -> Content:
        images = tuple(Image(url=f"/{caption}.jpg", caption=caption) for caption in captions)
        blocks = tuple(Block(kind="image", text="", image=at) for at in range(len(captions)))
        return content(blocks=blocks, images=images)

    good = story("Bốc hàng lúc nửa đêm", "Xe rau qua cầu", "Bữa sáng sớm")
    assert worse(story("Bốc hàng lúc nửa đêm", "Xe rau qua cầu"), good=good) == ""
    assert worse(story("Bữa sáng sớm"), good=good) == "the text has 3 words instead of 12"
    assert worse(content(blocks=()), good=good) == "the text is gone"


def test_the_order_of_tags_and_the_papers_own_stamp_are_not_shown_otherwise() -> None:
    old = content(tags=("chợ", "đêm"), modified_at=NOW)
    assert not shows_otherwise(content(tags=("đêm", "chợ"), modified_at=None), old)
    assert shows_otherwise(content(tags=("đêm",)), old)


def test_an_article_is_known_by_its_minute_its_title_or_half_of_its_words() -> None:
    other = content(title="Mưa lớn", published_at=NOW, blocks=paragraphs("Đường ngập nửa bánh xe."))
    later = other.published_at + timedelta(seconds=40)
    assert is_same_article(content(published_at=later), other)
    assert not is_same_article(content(published_at=NOW + timedelta(minutes=1)), other)
    assert is_same_article(content(title="MƯA LỚN"), other)
    assert is_same_article(content(title="Khác", blocks=paragraphs(*LINES[:2])), content())
    assert not is_same_article(content(title=""), content(title="", blocks=()))


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=6))
def test_an_article_is_the_same_as_itself_and_never_worse_than_itself(lines: list[str]) -> None:
    said = content(title="", blocks=paragraphs(*lines))
    assert is_same_article(said, said)
    assert worse(said, good=said) == ""


def test_undated_words_are_known_again_from_fifty_words_on() -> None:
    assert is_known_by_words(content())
    assert not is_known_by_words(content(blocks=paragraphs(*LINES[:3])))
    assert not is_known_by_words(content(title=""))
    assert is_known_by_words(content(published_at=NOW, blocks=()))

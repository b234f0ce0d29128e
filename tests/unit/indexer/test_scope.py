"""What is in scope: by section, by words as a query reads them, by any body named."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.model import Block, Content, Image
from hanoiwatch.query import AnyOf, matches, parse
from hanoiwatch.registry.names import bodies_version, body_names
from hanoiwatch.sources.schema import Scope
from hanoiwatch.text import canon, words
from indexer.scope import out_of_scope, scope_json

BODIES = Scope(any=("@bodies",))


def article(text: str = "", **said) -> Content:
    blocks = tuple(Block(kind="paragraph", text=line) for line in text.splitlines())
    values = {"url": "https://bao.vn/tin-1001.html", "title": "Tin trong ngày", **said}
    return Content(blocks=blocks, **values)


def kept(content: Content, *words_: str) -> bool:
    return out_of_scope(content, Scope(any=words_)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "UBND thành phố Hà Nội vừa họp.",
        "UBND TP.Hà Nội vừa họp.",
        "UBND TP. Hà Nội vừa họp.",
        "Lãnh đạo UBND Hà Nội cho biết.",
        "Uỷ ban nhân dân thành phố Hà Nội.",
        "THÀNH UỶ HÀ NỘI",
        unicodedata.normalize("NFD", "Thành ủy Hà Nội"),
        "Sở Giáo dục và Đào tạo Hà Nội công bố.",
        "Sở GD-ĐT TP Hà Nội công bố.",
        "Sở Quy hoạch - Kiến trúc Hà Nội",
        "Sở Lao động – Thương binh và Xã hội thành phố Hà Nội",
        "Toà án nhân dân TP Hà Nội tuyên án.",
        "Bộ Tư lệnh Thủ đô diễn tập.",
        "Xe của Transerco dừng ở bến.",
        "Người dân phường Ô Chợ Dừa (Hà Nội) góp ý.",
        "Đại diện UBND quận Cầu Giấy nói.",
    ],
)
def test_a_body_of_hanoi_is_known_however_it_is_written(text: str) -> None:
    assert out_of_scope(article(text), BODIES) == ""


@pytest.mark.parametrize(
    "text",
    [
        "UBND thành phố Đà Nẵng vừa họp.",
        "Sở Giáo dục và Đào tạo công bố.",
        "Thành ủy Cần Thơ họp.",
        "Đường phố Hà Nội sáng nay vắng.",
        "Người dân xã Trần Phú góp ý.",
        "Quận ủy viên phường nọ.",
        "Thanh tra giao thông. Hà Nội mưa.\nCông an\nHà Nội",
        "UBND thanh pho Ha Noi",
    ],
)
def test_what_may_be_of_another_city_or_is_no_body_is_out(text: str) -> None:
    assert out_of_scope(article(text), BODIES) == "none of the scope's sections or words"


@pytest.mark.parametrize("field", ["title", "lead", "caption", "text"])
def test_title_lead_text_and_captions_are_looked_at(field: str) -> None:
    said = "Công an TP Hà Nội vào cuộc"
    contents = {
        "title": article(title=said),
        "lead": article(lead=said),
        "text": article(said),
        "caption": article(images=(Image(url="https://bao.vn/a.jpg", caption=said),)),
    }
    assert out_of_scope(contents[field], BODIES) == ""


def test_tags_bylines_and_credits_are_not_looked_at() -> None:
    credited = (Image(url="https://bao.vn/a.jpg", credit="Công an Hà Nội"),)
    content = article(tags=("Hà Nội",), byline=("Hà Nội",), images=credited)
    assert not kept(content, "Hà Nội", "@bodies")


def test_words_mean_what_they_mean_in_a_query() -> None:
    assert kept(article("Nghị quyết số 15-NQ/TW nêu rõ."), "15-NQ/TW")
    assert kept(article("Nghị quyết số 15 - NQ TW nêu rõ."), "15-NQ/TW")
    assert not kept(article("Thành phố hà tiện. Nội thành."), "Hà Nội")
    assert kept(article("Hội nghị ở Thủ Đô."), "Huế", "thủ đô")
    assert kept(article("Chuyến tàu Hanoi Express."), "Hanoi")
    assert kept(article("Kĩ sư Hà Nội."), "kỹ sư")
    assert not kept(article("hồ sơ C++"), "Hà Nội (mới)")


def test_a_section_alone_or_a_word_alone_is_enough() -> None:
    scope = Scope(sections=("Chính trị",), any=("Hà Nội",))
    assert out_of_scope(article(section="CHÍNH TRỊ "), scope) == ""
    assert out_of_scope(article("Ở Hà Nội.", section="Thể thao"), scope) == ""
    assert out_of_scope(article("Ở Huế.", section="Thể thao"), scope)
    assert out_of_scope(article("Ở Huế."), Scope()) == ""


_NAMES = st.sampled_from(body_names())
_OTHER = st.sampled_from(
    ["Hà", "Nội", "Hà Nội", "thành phố", "TP", "Sở", "họp", ".", "\n", "Ha Noi", "HANOI", "kĩ sư"]
)
_WORDS = st.sampled_from(["Ha Noi", "Hanoi", "kỹ sư", "Kĩ", "15-NQ/TW", "TP.Hà Nội", "quí"])


@given(
    st.lists(_NAMES | _WORDS, min_size=1, max_size=8),
    st.lists(_NAMES | _OTHER | _WORDS, max_size=30),
)
def test_it_finds_what_the_query_finds(scope: list[str], said: list[str]) -> None:
    content = article(" ".join(said))
    tree = AnyOf(tuple(parse(f'"{name}"') for name in scope))
    assert kept(content, *scope) == matches(tree, content)


def test_every_name_of_the_list_is_found_and_says_hanoi_or_what_is_only_there() -> None:
    assert len(body_names()) == len(set(body_names())) > 300
    for name in body_names():
        assert out_of_scope(article(f"Theo {name}, việc này đã xong."), BODIES) == "", name
        assert len(words(canon(name))) > 1 or name == "Transerco"


def test_every_line_of_the_list_is_needed() -> None:
    """A name that holds another one would never be what decides."""
    spelled = [f" {' '.join(words(canon(name)))} " for name in body_names()]
    assert len(spelled) == len(set(spelled))
    for name in spelled:
        assert [other for other in spelled if other in name] == [name]


def test_the_record_can_tell_scopes_that_decide_otherwise() -> None:
    assert scope_json(Scope()) == ""
    said = [scope_json(Scope(any=("Hà Nội",))), scope_json(Scope(sections=("Hà Nội",))),
            scope_json(BODIES), scope_json(Scope(any=("@bodies", "Hà Nội")))]  # fmt: skip
    assert len({*said, ""}) == 5
    assert bodies_version() in scope_json(BODIES)
    assert re.fullmatch(r"[0-9a-f]{12}", bodies_version())

"""The pieces of text that show where a query matched."""

from __future__ import annotations

import re

from hanoiwatch.model import Block, Content, Image
from hanoiwatch.query import highlights, parse

LONG = (
    "Sáng nay, đoàn kiểm tra của phường đi dọc bờ kè từ cầu cũ tới trạm bơm, ghi lại mười hai điểm "
    "nứt và ba chỗ lún. Theo trạm trưởng, đoạn kè trước chợ được vá tạm từ mùa mưa năm ngoái, nay "
    "đã bong. Tổ dân phố xin làm trước đoạn gần trường học, nơi trẻ con qua lại mỗi ngày."
)


def _content(*paragraphs: str, **fields: object) -> Content:
    blocks = tuple(Block(kind="paragraph", text=text) for text in paragraphs)
    return Content(url="https://bao.example/1", title="Bờ kè", blocks=blocks, **fields)  # type: ignore[arg-type]  # named fields of Content


def _shown(query: str, *paragraphs: str) -> list[str]:
    return highlights(parse(query), _content(*paragraphs)).get("text", [])


def test_a_short_paragraph_is_shown_whole() -> None:
    assert _shown("kè", "Bờ kè bị nứt.") == ["Bờ <em>kè</em> bị nứt."]


def test_a_phrase_is_one_emphasis_with_its_punctuation() -> None:
    assert _shown('"bờ kè nứt"', "Bờ kè: nứt.") == ["<em>Bờ kè: nứt</em>."]


def test_words_near_each_other_are_emphasised_apart() -> None:
    assert _shown('"bờ kè nứt"~2', "Bờ kè bị nứt.") == ["<em>Bờ kè</em> bị <em>nứt</em>."]


def test_offsets_hold_where_spelling_differs() -> None:
    assert _shown("hòa thủy", "Uỷ ban HOÀ Thuỷ.") == ["Uỷ ban <em>HOÀ</em> <em>Thuỷ</em>."]
    assert _shown("duong do", "Đường đó") == ["<em>Đường</em> <em>đó</em>"]


def test_text_is_escaped_but_for_the_emphasis() -> None:
    assert _shown("kè", 'Bờ kè <b>"A & B"</b>') == ['Bờ <em>kè</em> &lt;b&gt;"A &amp; B"&lt;/b&gt;']


def test_each_field_is_named_as_in_a_query() -> None:
    content = _content(
        "kè 1",
        lead="kè 2",
        byline=("Kè Văn Ba",),
        tags=("bờ kè",),
        images=(Image(url="", caption="kè 3", credit="kè 4"),),
    )
    assert highlights(parse("kè"), content) == {
        "title": ["Bờ <em>kè</em>"],
        "lead": ["<em>kè</em> 2"],
        "text": ["<em>kè</em> 1"],
        "caption": ["<em>kè</em> 3"],
        "byline": ["<em>Kè</em> Văn Ba"],
        "tag": ["bờ <em>kè</em>"],
    }


def test_only_the_field_asked_for_is_shown() -> None:
    assert highlights(parse("title:kè"), _content("kè")) == {"title": ["Bờ <em>kè</em>"]}


def test_a_negated_word_is_not_shown() -> None:
    assert _shown("nứt -lún", "Kè nứt, lún.") == ["Kè <em>nứt</em>, lún."]
    assert highlights(parse("-lún"), _content("Kè lún.")) == {}


def test_a_long_paragraph_is_cut_between_words_and_says_so() -> None:
    (start,) = _shown("đoàn", LONG)
    (middle,) = _shown("vá", LONG)
    (end,) = _shown("ngày", LONG)
    assert start.startswith("Sáng nay, <em>đoàn</em> kiểm tra")
    assert start.endswith(" …")
    assert middle.startswith("… ")
    assert middle.endswith(" …")
    assert end.startswith("… ")
    assert end.endswith("mỗi <em>ngày</em>.")
    for snippet in (start, middle, end):
        plain = re.sub(r"</?em>|^… | …$", "", snippet)
        assert 130 <= len(plain) <= 160
        assert f" {plain} " in f" {LONG} "


def test_neighbouring_matches_share_a_snippet() -> None:
    (snippet,) = _shown("cầu nứt", LONG)
    assert snippet.count("<em>") == 2


def test_distant_matches_of_a_paragraph_have_snippets_of_their_own() -> None:
    first, second = _shown("sáng trẻ", LONG)
    assert first.startswith("<em>Sáng</em>")
    assert "nơi <em>trẻ</em> con" in second


def test_at_most_three_snippets_and_each_word_once_before_any_twice() -> None:
    paragraphs = [f"Điểm nứt thứ {number}." for number in range(1, 8)]
    shown = _shown("nứt lún", *paragraphs, "Chỗ lún cuối.")
    assert shown == [
        "Điểm <em>nứt</em> thứ 1.",
        "Điểm <em>nứt</em> thứ 2.",
        "Chỗ <em>lún</em> cuối.",
    ]


def test_a_word_in_another_field_does_not_stop_the_search_for_the_rest() -> None:
    assert len(_shown("bờ kè", *["Kè nứt."] * 9)) == 3


def test_a_snippet_never_crosses_a_paragraph() -> None:
    assert _shown("nứt lún", "Điểm nứt.", "Chỗ lún.") == ["Điểm <em>nứt</em>.", "Chỗ <em>lún</em>."]


def test_a_word_longer_than_a_snippet_is_shown_whole() -> None:
    word = "x" * 400
    assert _shown(word, f"trước {word} sau") == [f"… <em>{word}</em> …"]


def test_text_without_spaces_is_cut_at_the_match() -> None:
    text = "a-" * 200 + "kè" + "-b" * 200
    assert _shown("kè", text) == ["… <em>kè</em> …"]


def test_a_phrase_longer_than_a_snippet_keeps_its_words() -> None:
    phrase = LONG[: LONG.rindex(". Tổ")]
    (snippet,) = _shown(f'"{phrase}"', LONG)
    assert re.sub(r"</?em>|^… | …$", "", snippet) == phrase

"""How much of two texts is the same words in the same order."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from hanoiwatch.model import Block, Content
from hanoiwatch.sample.articles import load_articles
from hanoiwatch.text import canon, words
from indexer.stories.alignment import Gap, align, similarity
from tests.thorough import examples

TEXT = tuple(f"từ{place}" for place in range(100))


def content(title: str = "", lead: str = "", *paragraphs: str) -> Content:
    blocks = tuple(Block(kind="paragraph", text=text) for text in paragraphs)
    return Content(url="https://bao.vn/a", title=title, lead=lead, blocks=blocks)


def sample_words(place: int) -> list[str]:
    article = load_articles()[place]
    return words(canon(" ".join(piece.text for piece in article.pieces)))


def test_a_text_is_wholly_like_itself_and_nothing_like_another() -> None:
    assert align(TEXT, TEXT).similarity == 1.0
    assert align(TEXT, tuple(f"khác{place}" for place in range(100))).similarity == 0.0
    assert align((), ()).similarity == 0.0


def test_one_word_in_five_replaced_leaves_four_fifths() -> None:
    changed = tuple(f"mới{place}" if place % 5 == 2 else word for place, word in enumerate(TEXT))
    found = align(TEXT, changed)
    assert found.similarity == 0.8
    assert found.gaps[2] == Gap(("từ7",), ("mới7",))
    assert found.apart == 0.0


def test_words_left_out_or_put_in_count_by_their_share_of_both_texts() -> None:
    assert align(TEXT, TEXT[:50]).similarity == 100 / 150
    assert align(TEXT[50:], TEXT).similarity == 100 / 150


def test_a_cut_text_says_nothing_else_but_a_rewritten_half_does() -> None:
    assert align(TEXT, TEXT[:60]).apart == 0.0
    other = tuple(f"khác{place}" for place in range(50))
    assert align(TEXT, TEXT[:50] + other).apart == 0.5


def test_moved_paragraphs_are_found_again() -> None:
    parts = [TEXT[start : start + 20] for start in range(0, 100, 20)]
    for order in ((1, 0, 2, 3, 4), (4, 0, 1, 2, 3), (0, 3, 2, 1, 4)):
        moved = tuple(word for place in order for word in parts[place])
        assert align(TEXT, moved).similarity == 1.0, order


def test_words_shared_by_chance_do_not_count() -> None:
    one, other = sample_words(3), sample_words(40)
    assert align(one, other).similarity < 0.03


def test_articles_are_compared_by_title_lead_and_body_only() -> None:
    one = content("Cầu mới thông xe", "Sáng nay, cầu mới thông xe.", "Người dân rất vui mừng.")
    other = content("Cầu mới thông xe", "Sáng nay cầu mới thông xe", "NGƯỜI DÂN rất vui mừng!")
    assert similarity(one, other) == 1.0
    assert similarity(one, content()) == 0.0


def test_old_tone_marks_and_separators_of_thousands_are_no_difference() -> None:
    one = content("Uỷ ban chi 8.500 tỷ", "", "Hoà bình ngày 07/10")
    assert similarity(one, content("Ủy ban chi 8500 tỷ", "", "Hòa bình ngày 7/10")) == 1.0


WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=60)


@given(WORDS, WORDS)
@settings(max_examples=examples(200))
def test_similarity_is_a_share_and_counts_no_word_twice(one: list[str], other: list[str]) -> None:
    found = align(one, other)
    assert 0.0 <= found.similarity <= 1.0
    assert len(found.kept) + found.moved <= min(len(one), len(other))
    assert 0.0 <= found.apart <= 1.0


def test_a_changed_text_measures_what_was_changed() -> None:
    chance = random.Random(7)
    for place in (0, 20, 60):
        text = sample_words(place)
        changed = [word if chance.random() > 0.1 else "khác" for word in text]
        kept = sum(one == other for one, other in zip(text, changed, strict=True)) / len(text)
        assert abs(align(text, changed).similarity - kept) < 0.01

"""Words within a text: what reads well, and that no letter is lost."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.diff.records import Piece, new_text, old_text
from hanoiwatch.diff.sentences import sentences
from hanoiwatch.diff.tokens import tokens
from hanoiwatch.diff.words import word_pieces

SYLLABLES = ["cầu", "Hà", "Nội", "đường", "10.000", "TP", "ông", "và", "3", "COVID19", "y\u0309"]
MARKS = [" ", "  ", "\n", "\t", "\u00a0", ".", ", ", "…", "“", "”", "(", ")", "-", "/", "🚌", ""]
vietnamese = st.lists(st.sampled_from(SYLLABLES + MARKS), max_size=30).map("".join)
texts = vietnamese | st.text(max_size=40)


def shown(old: str, new: str) -> str:
    forms = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(forms[piece.mark].format(piece.text) for piece in word_pieces(old, new))


@given(texts, texts)
def test_the_pieces_joined_are_both_texts_to_the_letter(old: str, new: str) -> None:
    pieces = word_pieces(old, new)
    assert (old_text(pieces), new_text(pieces)) == (old, new)
    assert all(piece.text for piece in pieces)


@given(texts, texts)
def test_pieces_alternate_and_what_went_stands_before_what_came(old: str, new: str) -> None:
    marks = [piece.mark for piece in word_pieces(old, new)]
    pairs = set(pairwise(marks))
    assert pairs <= {
        ("same", "removed"), ("same", "added"), ("removed", "added"),
        ("removed", "same"), ("added", "same"),
    }  # fmt: skip


@given(texts)
def test_a_text_is_no_other_than_itself(text: str) -> None:
    assert all(piece.mark == "same" for piece in word_pieces(text, text))


@given(texts, texts)
def test_sentences_joined_are_the_pieces(old: str, new: str) -> None:
    parts = [piece for part in sentences(word_pieces(old, new)) for piece in part]
    assert (old_text(parts), new_text(parts)) == (old, new)


@given(texts)
def test_tokens_joined_are_the_text(text: str) -> None:
    split = tokens(text)
    assert split.text(0, len(split.words)) + split.tail == text


def test_one_word_that_changed_is_shown_alone() -> None:
    assert shown("Xe buýt số 9 dừng ở hồ Gươm.", "Xe buýt số 9 dừng ở hồ Tây.") == (
        "Xe buýt số 9 dừng ở hồ [-Gươm-]{+Tây+}."
    )


def test_a_number_is_one_word() -> None:
    assert shown("Vé 10.000 đồng", "Vé 12.000 đồng") == "Vé [-10.000-]{+12.000+} đồng"
    assert shown("lúc 7:05", "lúc 7:15") == "lúc [-7:05-]{+7:15+}"


def test_an_added_sentence_is_shown_from_its_beginning_to_its_end() -> None:
    old = "Cầu A đã xong. Cầu C đang làm."
    new = "Cầu A đã xong. Cầu B vừa thông xe. Cầu C đang làm."
    assert shown(old, new) == "Cầu A đã xong.{+ Cầu B vừa thông xe.+} Cầu C đang làm."
    assert shown(new, old) == "Cầu A đã xong.[- Cầu B vừa thông xe.-] Cầu C đang làm."


def test_a_sentence_added_in_front_or_behind_is_shown_whole() -> None:
    assert shown("Mưa tạnh.", "Mưa to. Mưa tạnh.") == "{+Mưa to. +}Mưa tạnh."
    assert shown("Mưa to.", "Mưa to. Mưa tạnh.") == "Mưa to.{+ Mưa tạnh.+}"


def test_a_rewritten_passage_is_not_cut_by_stray_words_in_common() -> None:
    old = "Ban tổ chức của hội chợ đã mời các nghệ nhân"
    new = "Nhiều đơn vị của quận cùng đưa những thợ giỏi"
    assert shown(old, new) == f"[-{old}-]{{+{new}+}}"


def test_words_in_common_stay_where_little_changed_around_them() -> None:
    assert shown("ngày 3 và 4 tháng 10", "ngày 5 và 6 tháng 10") == (
        "ngày [-3-]{+5+} và [-4-]{+6+} tháng 10"
    )


def test_a_paragraph_of_100_kilobytes_takes_less_than_a_second() -> None:
    old = " ".join(f"từ{number * 7 % 9973}" for number in range(14_000))
    new = " ".join(f"từ{number * 11 % 9973}" for number in range(14_000))
    assert len(old.encode()) > 100_000
    started = time.process_time()
    pieces = word_pieces(old, new)
    assert time.process_time() - started < 1.0
    assert old_text(pieces) == old


def test_text_too_long_to_compare_is_compared_at_its_ends_and_keeps_every_letter() -> None:
    old, new = "Đầu. " + "a " * 25_000 + "Cuối.", "Đầu. " + "b " * 25_000 + "Cuối."
    started = time.process_time()
    pieces = word_pieces(old, new)
    assert time.process_time() - started < 1.0
    assert (old_text(pieces), new_text(pieces)) == (old, new)
    assert (pieces[0].text, pieces[-1].text) == ("Đầu. ", " Cuối.")


def test_digits_and_spaces_without_end_cost_no_more_than_their_length() -> None:
    for text in ("1." * 50_000 + "x", " " * 100_000, "1" * 100_000 + "\u0309"):
        started = time.process_time()
        assert old_text(word_pieces(text, text + ".")) == text
        assert time.process_time() - started < 1.0


def test_cutting_sentences_costs_no_more_than_their_length() -> None:
    points = (Piece(mark="same", text="." * 100_000 + "x"), Piece(mark="added", text=" a"))
    many = tuple(Piece(mark=("same", "added")[n % 2], text=" ab") for n in range(20_000))
    for pieces in (points, many):
        started = time.process_time()
        assert "".join(p.text for part in sentences(pieces) for p in part) == new_text(pieces)
        assert time.process_time() - started < 1.0

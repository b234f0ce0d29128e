"""Words over whole arrays: what the ordinary way gives, on any text."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanoiwatch.text import canon, nfc, words
from indexer.search import wordnumbers
from indexer.search.wordnumbers import WordNumbers
from tests.thorough import examples


class Numbers:
    """Gives each new word the next number."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.asked = 0

    def __call__(self, asked: set[str]) -> Mapping[str, int]:
        self.asked += 1
        for word in sorted(asked):
            self.known.setdefault(word, len(self.known) + 1)
        return self.known

    def spelled(self, terms: np.ndarray) -> list[str]:
        by_number = {number: word for word, number in self.known.items()}
        return [by_number[number] for number in terms.tolist()]


_NUMBERS = Numbers()
_WORDS = WordNumbers(_NUMBERS)
_TRICKY = "hoàáuýqQÝÒoiđĐðÐİΣςKÅ 15-/._\u00ad\u0301\u0323\u200b\u00a0ǅ²½ⅠЖ中𝐀😀"
_lines = st.lists(
    st.text(
        st.one_of(
            st.sampled_from(_TRICKY),
            st.characters(exclude_characters="\n", exclude_categories=["Cs"]),
        ),
        min_size=1,
        max_size=30,
    ),
    max_size=6,
)


def _assert_same(numbers: Numbers, of: WordNumbers, lines: list[str]) -> None:
    found = of.of(lines)
    expected = [words(canon(line)) for line in lines]
    assert numbers.spelled(found.terms) == [word for line in expected for word in line]
    counts = [len(here) if nfc(line) else -1 for line, here in zip(lines, expected, strict=True)]
    assert found.counts.tolist() == counts


@given(_lines)
@settings(max_examples=examples(500))
def test_any_text_gives_the_words_of_the_normaliser(lines: list[str]) -> None:
    _assert_same(_NUMBERS, _WORDS, lines)


@pytest.mark.parametrize(
    "line",
    [
        "Uỷ ban TP.Hà Nội hoà giải, QUÝ ba; loà xoà thuỷ điện",
        "nghiêng nghiêng khuyếchđại Nguyễnnn 123456789 12345678",
        "H\u00f4\u0323 to\u0323i (NFD) và ho\u0300a",
        "So\u00ada\u200bn tha\u0309o\u200d",
        "\u200b",
        "…",
        "Владимир và 北京 và Ðà Nẵng",
    ],
)
def test_lines_that_go_other_ways(line: str) -> None:
    numbers = Numbers()
    _assert_same(numbers, WordNumbers(numbers), [line, "Hà Nội", line])


def test_a_word_that_was_met_is_not_asked_for_again() -> None:
    numbers = Numbers()
    of = WordNumbers(numbers)
    of.of(["chợ đêm"])
    asked = numbers.asked
    of.of(["Đêm CHỢ chợ"])
    assert numbers.asked == asked + 1  # for spelled words, of which there are none
    assert numbers.known == {"chợ": 1, "đêm": 2}


def test_words_that_share_a_place_in_the_table_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wordnumbers, "_TABLE_BITS", 1)
    monkeypatch.setattr(wordnumbers, "_SHIFT", np.uint64(63))
    monkeypatch.setattr(wordnumbers, "_MOST_KEPT", 5)
    numbers = Numbers()
    of = WordNumbers(numbers)
    for _ in range(3):
        _assert_same(numbers, of, ["một hai ba bốn năm sáu bảy", "bảy sáu năm một"])


def test_no_line_has_no_word() -> None:
    found = _WORDS.of([])
    assert (len(found.terms), len(found.counts)) == (0, 0)

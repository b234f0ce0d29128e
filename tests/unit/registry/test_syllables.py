"""A text as syllables: abbreviations as words, places of the original, sentences apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.registry.syllables import phrase_words, syllables
from hanoiwatch.text import nfc


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("UBND TP.Hà Nội", "ủy ban nhân dân thành phố hà nội"),
        ("T.P Hà Nội, tp Hà Nội", "thành phố hà nội thành phố hà nội"),
        ("Uỷ ban T.Ư và TW, TƯ", "ủy ban trung ương và trung ương trung ương"),
        ("đ/c Dũng", "đồng chí dũng"),
        ("Q.Ba Đình, P. Ngọc Hà", "quận ba đình phường ngọc hà"),
        ("điểm P. và q.3", "điểm p và q 3"),
        ("Ủy ban nhân dân (UBND) TP", "ủy ban nhân dân thành phố"),
        ("ĐẦU TƯ CÔNG VÀ BÍ THƯ", "đầu tư công và bí thư"),
        ("ubnd viết thường", "ubnd viết thường"),
        ("", ""),
    ],
)
def test_abbreviations_are_read_as_their_words(text: str, words: str) -> None:
    assert " ".join(syllables(text).words) == words


def test_nothing_begins_or_ends_within_an_abbreviation() -> None:
    read = syllables("PCT UBND TP")
    assert read.words[:3] == ["phó", "chủ", "tịch"]
    assert read.inner == {1, 2, 4, 5, 6, 8}
    assert read.said(0, 3) == "PCT"


def test_sentences_end_at_stops_but_not_within_abbreviations() -> None:
    read = syllables("Họ ở TP. Hà Nội. Ông nói! “Vâng.” Hết… rồi\nDòng mới")
    ends = [at for at in range(1, len(read)) if read.sentence[at] != read.sentence[at - 1]]
    assert [read.words[at] for at in ends] == ["ông", "vâng", "hết", "dòng"]
    assert read.sentence_text(0) == "Họ ở TP. Hà Nội."


def test_a_phrase_of_the_registry_is_read_like_the_text() -> None:
    assert phrase_words("Chủ tịch UBND") == tuple(syllables("Chủ tịch UBND").words)
    assert phrase_words("đầu tư công") == ("đầu", "tư", "công")


@given(
    st.lists(
        st.sampled_from(
            ["UBND", "(UBND)", "ủy ban nhân dân", "TP.", "T.Ư", "đ/c", "Q.", "Ba", ".", "\n", "a"]
        )
    )
)
def test_every_syllable_is_at_its_place(parts: list[str]) -> None:
    text = " ".join(parts)
    read = syllables(text)
    lists = (read.words, read.starts, read.ends, read.sentence)
    assert len({len(one) for one in lists}) == 1
    assert all(at < len(read) for at in read.inner)
    assert all(0 <= a < b <= len(nfc(text)) for a, b in zip(read.starts, read.ends, strict=True))
    assert read.starts == sorted(read.starts)
    assert read.sentence == sorted(read.sentence)

"""What the normaliser promises for any text at all."""

from __future__ import annotations

import sys

from hypothesis import example, given
from hypothesis import strategies as st

from hanoiwatch.text import canon, fold, fold_canon, has_marks, nfc, tokens, words
from tests.thorough import some

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạếềểễệộỷỹýỳỵQUOAÀĐ \u0301\u0302\u031b\u0323.-/0"
)
ANY = st.one_of(st.text(), VIETNAMESE)


@given(ANY)
@example("İ" * 3)
@example("ΑΣ Σ")
@example("uỷ\u200b hoà\u0323")
def test_canon_and_fold_are_as_long_as_nfc(text: str) -> None:
    assert len(nfc(text)) == len(canon(text)) == len(fold(text))


def test_every_character_keeps_its_length_and_its_kind() -> None:
    written = range(0x2E80)  # every script of letters, and all that Vietnamese is written with
    for code in (*written, *some(range(0x2E80, sys.maxunicode + 1), 50)):
        stored = nfc(chr(code))
        assert len(canon(stored)) == len(fold(stored)) == len(stored), hex(code)
        kinds = {tuple(map(str.isalnum, form)) for form in (stored, canon(stored), fold(stored))}
        assert len(kinds) == 1, hex(code)


@given(ANY)
@example("OA\u0300\u0300")
@example("uy\u0309\u0323")
def test_each_form_is_its_own_form(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text)
    assert canon(nfc(text)) == canon(text)
    assert fold(canon(text)) == fold(text) == fold_canon(canon(text))


@given(VIETNAMESE)
def test_case_does_not_matter(text: str) -> None:
    assert canon(text.upper()) == canon(text)


@given(ANY)
def test_tokens_lie_at_the_same_places_in_every_form(text: str) -> None:
    places = [[(token.start, token.end) for token in tokens(form(text))]
              for form in (nfc, canon, fold)]  # fmt: skip
    assert places[0] == places[1] == places[2]


@given(ANY)
def test_a_token_alone_has_the_form_it_has_in_its_text(text: str) -> None:
    stored = nfc(text)
    assert [canon(word) for word in words(stored)] == words(canon(text))
    assert [fold(word) for word in words(stored)] == words(fold(text))


@given(ANY)
def test_words_and_tokens_agree(text: str) -> None:
    assert words(text) == [token.text for token in tokens(text)]


@given(VIETNAMESE)
def test_a_folded_token_has_no_marks(text: str) -> None:
    assert not any(has_marks(word) for word in words(fold(text)))

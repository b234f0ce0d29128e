from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoiwatch.page.charset import decode_html
from hanoiwatch.page.tree import tidy

SENTENCE = "Phường Hoàng Liên thử họp không giấy tờ, tiết kiệm được khoảng bốn mươi triệu đồng."


def page(charset: str) -> str:
    return f'<html><head><meta charset="{charset}"></head><body><p>{SENTENCE}</p></body></html>'


@pytest.mark.parametrize(
    "content_type", ["", "text/html; charset=iso-8859-1", "text/html; charset=x"]
)
@pytest.mark.parametrize("declared", ["utf-8", "windows-1252", "nonsense"])
def test_utf8_is_utf8_whatever_is_declared(content_type: str, declared: str) -> None:
    assert SENTENCE in decode_html(page(declared).encode(), content_type)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_a_byte_order_mark_decides(encoding: str) -> None:
    body = ("\ufeff" + page("windows-1252")).encode(encoding)
    assert SENTENCE in decode_html(body, "text/html; charset=windows-1252")


def test_declared_utf16_without_a_mark_is_believed_where_the_bytes_look_so() -> None:
    body = page("").encode("utf-16-le")
    assert SENTENCE in decode_html(body, "text/html; charset=utf-16le")


@pytest.mark.parametrize("declared", ["windows-1258", "windows-1252", ""])
def test_windows_1258_is_read_and_normalised(declared: str) -> None:
    # the encoding has base letters with some marks, and the tones apart
    spelled = "".join(_as_1258(char) for char in SENTENCE)
    body = f'<meta charset="{declared}"><p>'.encode() + spelled.encode("cp1258") + b"</p>"
    assert SENTENCE in tidy(decode_html(body))


def _as_1258(char: str) -> str:
    for kept in (char, *(unicodedata.normalize("NFC", base + mark) + tone
                         for base, mark, tone in [_parts(char)])):  # fmt: skip
        try:
            kept.encode("cp1258")
        except UnicodeEncodeError:
            continue
        return kept
    return char


def _parts(char: str) -> tuple[str, str, str]:
    base, *marks = unicodedata.normalize("NFD", char)
    tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
    return base, "".join(mark for mark in marks if mark not in tones), "".join(tones)


def test_western_text_in_an_unknown_encoding_is_windows_1252() -> None:
    body = "<p>Le café – «déjà vu» – naïve façade, Ça va.</p>".encode("cp1252")
    assert "«déjà vu» – naïve façade" in decode_html(body)


def test_some_broken_bytes_do_not_make_utf8_something_else() -> None:
    body = page("utf-8").encode() * 5
    text = decode_html(body[:300] + b"\xff" + body[300:])
    assert SENTENCE in text
    assert text.count("\ufffd") <= 3


def test_another_declared_encoding_is_used_where_the_bytes_fit_it() -> None:
    assert "новости столицы" in decode_html(
        "<p>новости столицы</p>".encode("koi8-r"), "charset=koi8-r"
    )


@given(st.binary(max_size=300), st.text(max_size=30))
def test_no_bytes_and_no_header_make_decoding_fail(body: bytes, header: str) -> None:
    text = decode_html(body, f"text/html; charset={header}")
    assert text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass") == text

"""The canonical form of any text is none, or a form that stays as it is."""

from __future__ import annotations

import string

from hypothesis import example, given
from hypothesis import strategies as st

from hanoiwatch.urls import MAX_LENGTH, canonical_url, host_of, same_site

pieces = st.sampled_from([
    "http://", "https://", "HTTP://", "//", "m.", "amp.", "www.", "bao.vn", "báo.vn", "com.vn",
    "127.0.0.1", "[::1]", "localhost", ":80", ":443", ":8000", "/", "/amp", "/amp/", ".amp",
    ".html", "/..", "/.", "%2e", "%2F", "%41", "%", "%zz", "?", "&", "amp=1", "utm_source=x",
    "id=7", "#", "@", " ", "\t", "ố", "o\u0302", "\ufffd", "\udc80", ";", "=", "+", "tin-1",
])  # fmt: skip
addresses = st.lists(pieces, max_size=12).map("".join)
texts = st.one_of(addresses, addresses.map("https://bao.vn/".__add__), st.text(max_size=60))


@given(texts, st.one_of(st.none(), texts))
@example("https://m.amp.m.bao.vn/amp/amp/x.amp.amp/amp//?amp", None)
@example("https://bao.vn/x/.amp/amp", None)
@example("https://bao.vn/a.amp.amp.html", None)
@example("https://bao.vn//..//amp/", None)
@example("https://bao.vn///...amp", None)
def test_the_canonical_form_is_its_own(text: str, base: str | None) -> None:
    canonical = canonical_url(text, base)
    if canonical is not None:
        assert canonical_url(canonical) == canonical
        assert canonical.isascii()
        assert not set(canonical) & set(string.whitespace)
        assert len(canonical) <= MAX_LENGTH
        assert host_of(canonical)


@given(
    addresses.map("https://bao.vn/".__add__), st.sampled_from(["#x", "&utm_source=a", "&fbclid=b"])
)
def test_tracking_and_fragments_never_tell_articles_apart(url: str, added: str) -> None:
    url = url.partition("#")[0]
    url = url if "?" in url else url + "?"
    assert canonical_url(url + added) == canonical_url(url)


@given(texts, texts)
def test_being_of_one_site_goes_both_ways(one: str, other: str) -> None:
    assert same_site(one, other) is same_site(other, one)

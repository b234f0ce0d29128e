"""Titles become one line of text."""

from __future__ import annotations

import pytest

from crawler.discover.titles import plain_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  Hà Nội:\n khởi công\tmetro ", "Hà Nội: khởi công metro"),
        ("Ha\u0300 No\u0323\u0302i", "Hà Nội"),
        ("&lt;b&gt;Mới&lt;/b&gt;", "Mới"),
        ("5 < 6 và 7 > 6", "5 < 6 và 7 > 6"),
        ("Q&amp;amp;A", "Q&A"),
        ("<img src=x>", None),
        ("", None),
        (None, None),
        ("a" * 1001, None),
        ("<" * 20_000, None),
    ],
)
def test_titles_are_plain(text: str | None, title: str | None) -> None:
    assert plain_title(text) == title

"""Queries and articles of few words that meet, for whatever holds of any of them."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from hanoiwatch.model import Article, Block, Content, Filters, Image
from hanoiwatch.query import FIELDS
from tests.search_feed import NOON, make_article

# Few words, so that they meet; each with others that are the same to one rule and not to another.
WORDS = [
    "hà", "Ha", "HÀ", "ha\u0300", "h\u200bà", "nội", "Noi", "đa", "da", "Ða", "Đà",
    "kỉ", "kỷ", "ki", "Kỳ", "quí", "quý", "qui", "tai", "tay", "hoà", "hòa", "Hoa", "uỷ", "ủy",
    "TP.Hà", "TP. Ha", "15-NQ", "15-NQ/TW", "10.000", "10", "U.B.N.D", "T.Ư", "h5n1", "or", "title",
]  # fmt: skip
SIGNS = [
    " ", " ", " ", '"', "(", ")", "-", "--", "~", "~2", "~1001", "OR", " OR ", "AND", "title:",
    "tag:", "Lead:", "\n", ".", "…", "–", "“", "”", "\u200b", "\u0301", "*",
]  # fmt: skip
any_query = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(WORDS + SIGNS), max_size=25).map("".join)
)

words = st.sampled_from(WORDS)
quoted = st.builds(
    lambda parts, marks, slop: f"{marks[0]}{' '.join(parts)}{marks[1]}{slop}",
    st.lists(words, min_size=1, max_size=4),
    st.sampled_from(['""', "“”"]),
    st.sampled_from(["", "", "~0", "~1", "~2", "~3", "~7", "~1000"]),
)
fields = st.sampled_from([f"{field}:" for field in FIELDS])
atoms = st.builds("{}{}".format, st.sampled_from(["", "", "~"]), st.one_of(words, quoted))
fielded = st.builds("{}{}".format, st.one_of(st.just(""), st.just(""), fields), atoms)
nested_query = st.recursive(
    fielded,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join),
        inner.map("({})".format),
        inner.map("-({})".format),
        st.builds("{}({})".format, fields, inner),
        st.builds("({} OR -({} {}))".format, inner, inner, inner),
    ),
    max_leaves=9,
)
good_query = st.one_of(fielded, st.builds("{} {}".format, fielded, fielded), nested_query)

line = st.builds(
    lambda parts, between: between.join(parts),
    st.lists(words, max_size=14),
    st.sampled_from([" ", " ", ", ", " – ", "-"]),
)
lines = st.lists(line, min_size=1, max_size=3).map("\n".join)
composed_or_not = st.sampled_from(["NFC", "NFD"])
contents = st.builds(
    lambda form, title, lead, texts, captions, byline, tags: Content(
        url="https://bao.example/1",
        title=unicodedata.normalize(form, title),
        lead=unicodedata.normalize(form, lead),
        byline=tuple(byline),
        blocks=tuple(
            Block(kind="paragraph", text=unicodedata.normalize(form, text)) for text in texts
        ),
        images=tuple(Image(url="", caption=text, credit="hà nội") for text in captions),
        tags=tuple(tags),
    ),
    composed_or_not,
    line,
    line,
    st.lists(lines, max_size=3),
    st.lists(lines, max_size=2),
    st.lists(words, max_size=2),
    st.lists(line, max_size=2),
)


def article_of(rowid: int, content: Content, day: int | None, section: str | None) -> Article:
    published = None if day is None else NOON - timedelta(days=day * 20)
    told = replace(content, published_at=published, section=section)
    return make_article(rowid, told, source="bao-pho" if rowid % 2 else "tin-song")


batches = st.lists(
    st.lists(
        st.tuples(
            st.integers(1, 7),
            st.one_of(st.none(), contents, contents),
            st.one_of(st.none(), st.integers(0, 3)),
            st.sampled_from([None, "Xã hội", "Đô thị"]),
        ),
        max_size=5,
    ),
    max_size=4,
)
filters = st.builds(
    Filters,
    sources=st.sampled_from([(), (), ("bao-pho",), ("tin-song", "bao-pho")]),
    sections=st.sampled_from([(), (), ("Xã hội",)]),
    since=st.sampled_from([None, None, NOON - timedelta(days=30)]),
    until=st.sampled_from([None, None, NOON - timedelta(days=10)]),
)

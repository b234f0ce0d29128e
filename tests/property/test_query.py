"""What holds for any query and any article."""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanoiwatch.errors import QueryError
from hanoiwatch.model import Block, Content, Filters, Image
from hanoiwatch.query import FIELDS, Node, highlights, matches, parse, spans, without_marks
from hanoiwatch.text import nfc
from indexer.search.embedded import EmbeddedIndex
from tests.search_feed import Feed, make_article

WORDS = ["hà", "Ha", "nội", "đa", "da", "kỉ", "kỷ", "ki", "hoà", "hòa", "TP.Hà", "15-NQ", "quí"]
SIGNS = [
    " ",
    " ",
    " ",
    '"',
    "(",
    ")",
    "-",
    "~",
    "~2",
    "OR",
    " OR ",
    "title:",
    "tag:",
    "\n",
    ".",
    "“",
    "”",
]
any_query = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(WORDS + SIGNS), max_size=25).map("".join)
)


words = st.sampled_from(WORDS)
quoted = st.builds(
    lambda parts, slop: f'"{" ".join(parts)}"{slop}',
    st.lists(words, min_size=1, max_size=4),
    st.sampled_from(["", "", "~0", "~1", "~3"]),
)
atoms = st.builds("{}{}".format, st.sampled_from(["", "", "~"]), st.one_of(words, quoted))
fielded = st.builds(
    "{}{}".format,
    st.sampled_from(["", "", "", "title:", "lead:", "text:", "caption:", "byline:", "tag:"]),
    atoms,
)
good_query = st.recursive(
    fielded,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join),
        inner.map("({})".format),
        inner.map("-({})".format),
        inner.map("title:({})".format),
    ),
    max_leaves=5,
)

line = st.lists(words, max_size=5).map(" ".join)
contents = st.builds(
    lambda title, lead, texts, captions, byline, tags: Content(
        url="https://bao.example/1",
        title=title,
        lead=lead,
        byline=tuple(byline),
        blocks=tuple(Block(kind="paragraph", text=text) for text in texts),
        images=tuple(Image(url="", caption=text, credit="hà nội") for text in captions),
        tags=tuple(tags),
    ),
    line,
    line,
    st.lists(st.one_of(line, st.tuples(line, line).map("\n".join)), max_size=3),
    st.lists(line, max_size=2),
    st.lists(words, max_size=2),
    st.lists(line, max_size=2),
)


@given(any_query)
@settings(max_examples=500)
def test_a_query_is_understood_or_refused_at_a_place_in_it(query: str) -> None:
    refused_at = 0
    try:
        parse(query)
    except QueryError as error:
        refused_at = error.position
    assert 0 <= refused_at <= len(query)


@given(good_query)
def test_what_the_language_allows_is_understood(query: str) -> None:
    assert isinstance(parse(query), Node)


@given(good_query, contents)
def test_without_marks_finds_no_less_where_nothing_is_negated(query: str, content: Content) -> None:
    tree = parse(query.replace("-(", "("))
    folded = without_marks(tree)
    if folded and matches(tree, content):
        assert matches(folded, content)


@given(good_query, contents)
def test_spans_and_highlights_show_words_of_the_article(query: str, content: Content) -> None:
    tree = parse(query)
    texts = {
        "title": [content.title],
        "lead": [content.lead],
        "text": [content.text],
        "caption": [image.caption for image in content.images],
        "byline": list(content.byline),
        "tag": list(content.tags),
    }
    for span in spans(tree, content):
        shown = texts[span.field][span.item][span.start : span.end]
        assert shown == shown.strip() != ""
        assert "\n" not in shown
    for field, snippets in highlights(tree, content).items():
        assert 1 <= len(snippets) <= 3
        for snippet in snippets:
            assert "<em>" in snippet
            plain = html.unescape(re.sub(r"</?em>|^… | …$", "", snippet))
            assert any(plain in text for text in texts[field])


@given(st.text(), st.text(max_size=20))
def test_any_text_can_be_highlighted(text: str, word: str) -> None:
    try:
        tree = parse(word)
    except QueryError:
        return
    content = Content(url="", title=nfc(text), tags=(nfc(word),))
    if matches(tree, content):  # a mark is where a span is, and nowhere else
        assert bool(highlights(tree, content)) == bool(spans(tree, content))
    for field, snippets in highlights(tree, content).items():
        assert field in FIELDS
        assert all("<em>" in snippet for snippet in snippets)


@pytest.fixture(scope="module")
def index() -> Iterator[EmbeddedIndex]:
    with tempfile.TemporaryDirectory() as folder:
        opened = EmbeddedIndex(Path(folder, "index.sqlite3"))
        yield opened
        opened.close()


batches = st.lists(
    st.lists(st.tuples(st.integers(1, 6), st.one_of(st.none(), contents)), max_size=4), max_size=4
)


@given(batches, st.lists(good_query, min_size=1, max_size=4))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_index_finds_what_the_matcher_matches(
    index: EmbeddedIndex, batches: list[list[tuple[int, Content | None]]], queries: list[str]
) -> None:
    now: dict[int, Content] = {}
    index.clear()
    feed = Feed(index)
    for batch in batches:
        index.apply(
            [feed.note(rowid, content and make_article(rowid, content)) for rowid, content in batch]
        )
        for rowid, content in batch:
            now.pop(rowid, None)
            if content:
                now[rowid] = content
    for query in queries:
        tree = parse(query)
        found = index.search(tree, Filters())
        expected = {rowid for rowid, content in now.items() if matches(tree, content)}
        assert {match.article_rowid for match in found.matches} == expected
        assert found.total == len(expected)

"""What holds for any query and any article."""

from __future__ import annotations

import html
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from hanoiwatch.errors import QueryError
from hanoiwatch.model import Block, Content, Filters, Image
from hanoiwatch.query import FIELDS, Node, highlights, matches, parse, spans, without_marks
from hanoiwatch.text import fold, has_marks, nfc
from hanoiwatch.text import words as words_of
from indexer.search.embedded import EmbeddedIndex
from tests.matcher_index import MatcherIndex
from tests.query_strategies import (
    any_query,
    article_of,
    batches,
    composed_or_not,
    contents,
    filters,
    good_query,
    words,
)
from tests.query_table import hinted
from tests.search_feed import Feed
from tests.thorough import examples


@given(any_query)
@settings(max_examples=examples(500))
def test_a_query_is_understood_or_refused_at_a_place_in_it(query: str) -> None:
    refused = QueryError(query, 0, "")
    try:
        parse(query)
    except QueryError as error:
        refused = error
    assert refused.query == query
    assert 0 <= refused.position < max(len(query), 1)


@given(good_query)
def test_what_the_language_allows_is_understood(query: str) -> None:
    assert isinstance(parse(query), Node)


@given(good_query)
def test_spaces_brackets_and_composition_around_a_query_change_nothing(query: str) -> None:
    tree = parse(query)
    assert parse(f"  {query}\n") == tree
    assert parse(f"({query})") == tree
    assert parse(unicodedata.normalize("NFD", query)) == tree
    assert parse(f"\ufeff{query}\u200b") == tree


@given(good_query, good_query, contents)
def test_operators_mean_what_they_say(first: str, second: str, content: Content) -> None:
    assume(has_marks(first) == has_marks(second))  # else the one makes the other exact
    one, other = (matches(parse(query), content) for query in (first, second))
    assert matches(parse(f"({first}) ({second})"), content) == (one and other)
    assert matches(parse(f"({first}) OR ({second})"), content) == (one or other)
    assert matches(parse(f"-({first})"), content) == (not one)


@given(good_query, contents)
def test_without_marks_finds_no_less_where_nothing_is_negated(query: str, content: Content) -> None:
    tree = parse(query.replace("-(", "("))
    folded = without_marks(tree)
    if folded and matches(tree, content):
        assert matches(folded, content)


@given(st.lists(words, min_size=1, max_size=4), st.integers(0, 6), contents)
@example(["TP.Hà"], 1, Content(url="", title="", lead="TP. Ha hà"))
def test_more_words_between_find_no_less(parts: list[str], slop: int, content: Content) -> None:
    phrase = " ".join(parts)
    if matches(parse(f'"{phrase}"~{slop}'), content):
        assert matches(parse(f'"{phrase}"~{slop + 1}'), content)
        # word by word: one that holds several is a phrase of its own, with nothing in between
        assert matches(parse(" ".join(words_of(nfc(phrase)))), content)


# --- highlights ----------------------------------------------------------------------------------

between = st.sampled_from([" ", " ", " ", ", ", "-", "", "/", ".", "\u00a0", " … ", "<b>", "\n"])
long_text = st.lists(st.tuples(words, between), max_size=150).map(
    lambda pairs: "".join(word + sign for word, sign in pairs)
)
long_contents = st.builds(
    lambda form, title, text, captions: Content(
        url="",
        title=unicodedata.normalize(form, title),
        blocks=(Block(kind="paragraph", text=unicodedata.normalize(form, text)),),
        images=tuple(Image(url="", caption=caption, credit="") for caption in captions),
    ),
    composed_or_not,
    long_text,
    long_text,
    st.lists(long_text, max_size=3),
)


def _texts(content: Content) -> dict[str, list[str]]:
    """The NFC text of each item of each field."""
    told = {
        "title": [content.title],
        "lead": [content.lead],
        "text": [content.text],
        "caption": [image.caption for image in content.images],
        "byline": list(content.byline),
        "tag": list(content.tags),
    }
    return {field: list(map(nfc, texts)) for field, texts in told.items()}


def _inside_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and all(map(words_of, text[place - 1 : place + 1]))


def _stands_between_words(shown: str, text: str) -> bool:
    places = [found.start() for found in re.finditer(f"(?={re.escape(shown)})", text)]
    return any(
        not _inside_word(text, place) and not _inside_word(text, place + len(shown))
        for place in places
    )


def _readings(snippet: str) -> list[str]:
    """What the snippet may show: a text can itself begin or end with an ellipsis."""
    plain = html.unescape(re.sub(r"</?em>", "", snippet))
    starts = [plain, plain[2:]] if plain.startswith("… ") else [plain]
    return [
        shown for start in starts for shown in {start, start.removesuffix(" …")} if shown.strip()
    ]


@given(good_query, st.one_of(contents, long_contents))
def test_snippets_are_few_and_never_cut_inside_a_word(query: str, content: Content) -> None:
    texts = _texts(content)
    for field, snippets in highlights(parse(query), content).items():
        assert 1 <= len(snippets) <= 3
        for snippet in snippets:
            assert "\n" not in snippet
            assert any(
                _stands_between_words(shown, text)
                for shown in _readings(snippet)
                for text in texts[field]
            )


@given(good_query, st.one_of(contents, long_contents))
def test_what_a_snippet_marks_are_whole_words_of_the_query(query: str, content: Content) -> None:
    asked = set(words_of(fold(query).translate({ord("y"): "i"})))
    for snippets in highlights(parse(query), content).values():
        for snippet in snippets:
            for before, marked, behind in re.findall(r"(?<=(.))?<em>(.*?)</em>(?=(.))?", snippet):
                assert set(words_of(fold(marked).translate({ord("y"): "i"}))) <= asked
                assert not _inside_word(before + marked, len(before))
                assert not _inside_word(marked + behind, len(marked))


@given(good_query, contents)
def test_spans_are_of_words_of_the_article(query: str, content: Content) -> None:
    texts = _texts(content)
    for span in spans(parse(query), content):
        text = texts[span.field][span.item]
        assert words_of(text[span.start : span.end])
        assert "\n" not in text[span.start : span.end]
        assert not _inside_word(text, span.start)
        assert not _inside_word(text, span.end)


@given(st.text(), st.text(max_size=20))
def test_any_text_can_be_highlighted(text: str, word: str) -> None:
    try:
        tree = parse(word)
    except QueryError:
        return
    content = Content(url="", title=text, tags=(word,))
    if matches(tree, content):  # a mark is where a span is, and nowhere else
        assert bool(highlights(tree, content)) == bool(spans(tree, content))
    for field, snippets in highlights(tree, content).items():
        assert field in FIELDS
        assert all("<em>" in snippet for snippet in snippets)


# --- the index and the matcher -------------------------------------------------------------------


@pytest.fixture(scope="module")
def index() -> Iterator[EmbeddedIndex]:
    with tempfile.TemporaryDirectory() as folder:
        opened = EmbeddedIndex(Path(folder, "index.sqlite3"))
        yield opened
        opened.close()


@given(batches, st.lists(st.tuples(good_query, filters), min_size=1, max_size=5))
@settings(
    max_examples=examples(200),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_index_answers_what_the_matcher_answers(
    index: EmbeddedIndex,
    batches: list[list[tuple[int, Content | None, int | None, str | None]]],
    questions: list[tuple[str, Filters]],
) -> None:
    oracle = MatcherIndex()
    index.successor(position=0).take_over()  # an empty one
    feed = Feed(index)
    for batch in batches:
        changes = [
            feed.note(rowid, content and article_of(rowid, content, day, section))
            for rowid, content, day, section in batch
        ]
        index.apply(changes)
        oracle.apply(changes)
    for query, narrowed in questions:
        tree = parse(query)
        found, expected = index.search(tree, narrowed), oracle.search(tree, narrowed)
        assert found.matches == expected.matches
        assert found.total == expected.total
        assert found.facets == expected.facets
        assert hinted(found.hint) == hinted(expected.hint)

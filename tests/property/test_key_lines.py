"""The lines of keys are those of the tree that tomllib reads from the same text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from hanoiwatch.sources.lines import KeyPath, line_of_each_key

BARE = st.text("abcxyz019_-", min_size=1, max_size=4)
TEXT = st.text("abộ# []{}=,.\"'", max_size=6)


def _basic(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


KEYS = st.one_of(BARE, TEXT.map(_basic), st.text("ab. #[]=", max_size=3).map(lambda k: f"'{k}'"))
BLANK = st.sampled_from(["", "", " ", "\t"])
PLAIN = st.one_of(
    st.integers(-(10**12), 10**12).map(str),
    st.sampled_from(
        [
            "true", "false", "1.5", "-0.25e3", "inf", "nan", "0xBEEF", "1_000",
            "1979-05-27T07:32:00Z", "1979-05-27 07:32:00.999", "1979-05-27", "07:32:00.5",
        ]
    ),
    TEXT.map(_basic),
    st.text("ab #=[]{},.\"", max_size=6).map(lambda text: f"'{text}'"),
    st.lists(st.text("ab #=[]{},'", max_size=4), max_size=3).map(
        lambda lines: '"""' + "\n".join(lines) + '"""'
    ),
    st.lists(st.text("ab #=[]{},\\", max_size=4), max_size=3).map(
        lambda lines: "'''" + "\n".join(lines) + "'''"
    ),
    st.sampled_from(['"""a\\"""\\\n  b"""', '"""a"b""c"""""', "'''it''s''''"]),
)  # fmt: skip
BREAK = st.sampled_from(["", " ", "\n", "  # a ], comment\n", "\n\n"])


@st.composite
def array(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    items = [
        draw(BREAK) + value + draw(BREAK) + "," for value in draw(st.lists(values, max_size=3))
    ]
    return "[" + "".join(items) + draw(BREAK) + "]"


@st.composite
def inline_table(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    pairs = draw(st.dictionaries(KEYS, values, max_size=3))
    return "{" + ", ".join(f"{key} = {value}" for key, value in pairs.items()) + "}"


VALUES = st.recursive(PLAIN, lambda inner: st.one_of(array(inner), inline_table(inner)))


@st.composite
def statement(draw: st.DrawFn) -> str:
    dot = draw(BLANK) + "." + draw(BLANK)
    key = dot.join(draw(st.lists(KEYS, min_size=1, max_size=3)))
    head = dot.join(draw(st.lists(st.sampled_from(["a", "b", "'a'"]), min_size=1, max_size=3)))
    form = draw(st.sampled_from(["pair", "pair", "pair", "table", "tables", "comment"]))
    end = draw(st.sampled_from(["", "  # said", "\r"])) + "\n"
    return {
        "pair": f"{key} = {draw(VALUES)}",
        "table": f"[{head}]",
        "tables": f"[[ {head} ]]",
        "comment": "# [not] = a 'key'",
    }[form] + end


def _well_formed(statements: list[str]) -> str:
    """The longest text of these statements that tomllib accepts, statement by statement."""
    text = ""
    for one in statements:
        try:
            tomllib.loads(text + one)
        except tomllib.TOMLDecodeError:
            continue
        text += one
    return text


DOCUMENTS = st.lists(statement(), max_size=8).map(_well_formed)


def _paths(value: Any, at: KeyPath = ()) -> Iterator[KeyPath]:
    if at:
        yield at
    items = (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list)
        else ()
    )  # fmt: skip
    for key, inner in items:
        yield from _paths(inner, (*at, key))


@example("[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\n[a.b]\n[[a.c]]\nz = [\n{q.r = 1},\n]\n[d]\n")
@given(DOCUMENTS)
def test_every_key_of_the_tree_has_a_line_and_nothing_else_has(text: str) -> None:
    assert set(line_of_each_key(text)) == set(_paths(tomllib.loads(text)))


@example("[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\n[a.b]\n[[a.c]]\nz = [\n{q.r = 1},\n]\n[d]\n")
@given(DOCUMENTS)
def test_the_line_of_a_key_is_the_first_that_tomllib_needs_to_see_it(text: str) -> None:
    lines = text.split("\n")
    for path, line in line_of_each_key(text).items():
        assert 1 <= line <= len(lines)
        before = _tree_of("\n".join(lines[: line - 1]) + "\n")
        assert before is None or path not in set(_paths(before))


def _tree_of(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # cut inside a value
        return None


@given(st.lists(st.tuples(BARE, VALUES), min_size=1, max_size=6, unique_by=lambda pair: pair[0]))
def test_a_top_key_stands_on_the_line_where_it_was_written(pairs: list[tuple[str, str]]) -> None:
    text, expected = "", {}
    for key, value in pairs:
        expected[(key,)] = text.count("\n") + 1
        text += f"{key} = {value}\n"
    found = line_of_each_key(text)
    assert {path: line for path, line in found.items() if len(path) == 1} == expected

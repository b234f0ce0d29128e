"""Segments large enough for words that are in few, in many and in all of their documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanoiwatch.model import Block, Content, Filters
from hanoiwatch.query import matches, parse
from indexer.search import windows
from indexer.search.embedded import EmbeddedIndex
from indexer.search.indexfile import IndexFile
from indexer.search.merging import FANOUT
from tests.search_feed import Feed, make_article

BATCH = 150
COUNT = BATCH * (FANOUT + 2)


def _content(number: int) -> Content:
    """Words by what their numbers divide: from every article to one in a thousand."""
    by = [f"chia{divisor}" for divisor in (2, 7, 60, 400, 999) if number % divisor == 0]
    order = by if number % 3 else by[::-1]
    return Content(
        url="",
        title=f"Tin số {number}",
        lead=" ".join(order),
        blocks=(
            Block(kind="paragraph", text=" ".join(["mọi", *order, "tin", *by])),
            Block(kind="paragraph", text="khắp " * (number % 5)),
        ),
    )


CONTENTS = {number: _content(number) for number in range(1, COUNT + 1)}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedIndex]:
    opened = EmbeddedIndex(tmp_path_factory.mktemp("large") / "index.sqlite3")
    feed = Feed(opened)
    for first in range(1, COUNT + 1, BATCH):
        feed.put(*(make_article(n, CONTENTS[n]) for n in range(first, first + BATCH)))
    yield opened
    opened.close()


@pytest.mark.parametrize("numpy_from", [0, 10**9], ids=["numpy", "plain"])
@pytest.mark.parametrize(
    "query",
    [
        "mọi",
        "chia999",
        "chia400 OR chia999",
        "chia60 -chia7",
        "lead:chia400",
        "title:chia2",
        '"mọi chia2"',
        '"chia2 chia7"',
        '"chia7 chia2"',
        '"mọi chia60 tin"~3',
        '"chia2 chia400 tin"~1',
        '"mọi khắp"~999',
        'lead:"chia60 chia2"~2',
        '"khắp khắp khắp"',
        '"tin chia999"',
        "so 77 tin",
    ],
)
def test_every_way_finds_what_the_matcher_matches(
    index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch, query: str, numpy_from: int
) -> None:
    monkeypatch.setattr(windows, "NUMPY_FROM", numpy_from)
    monkeypatch.setattr(windows, "NUMPY_LOADED_FROM", numpy_from)
    tree = parse(query)
    expected = {number for number, content in CONTENTS.items() if matches(tree, content)}
    found = index.search(tree, Filters(), limit=COUNT)
    assert {match.article_rowid for match in found.matches} == expected
    assert found.total == len(expected)


def test_a_file_that_another_process_has_just_made_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "index.sqlite3"
    first = EmbeddedIndex(path)
    Feed(first).put(make_article(1, CONTENTS[1]))
    really = IndexFile._version
    said = iter([""])
    monkeypatch.setattr(IndexFile, "_version", lambda file: next(said, None) or really(file))
    second = EmbeddedIndex(path)
    assert second.search(parse("mọi"), Filters()).total == 1
    second.close()
    first.close()

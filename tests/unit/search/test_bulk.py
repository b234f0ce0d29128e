"""A segment made at once is the segment that batches and merges make."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from hanoiwatch.errors import StoreError
from hanoiwatch.model import Article, Block, Content, Image
from indexer.search import bulk
from indexer.search.bulk import BulkSegment
from indexer.search.embedded import EmbeddedIndex
from indexer.search.indexfile import MAX_PLACE
from tests.search_feed import NOON, Feed, make_article

_SYLLABLES = ["chợ", "Cho", "phố", "hoà", "hòa", "TP.Hà", "15-NQ/TW", "Владимир", "đêm"]


def _article(number: int, chance: random.Random) -> Article:
    def some(most: int) -> str:
        return " ".join(chance.choices(_SYLLABLES, k=chance.randrange(most)))

    content = Content(
        url="",
        title=some(5),
        lead="" if number % 7 else "\u200b",
        section=chance.choice([None, "Đô thị"]),
        published_at=NOON if number % 3 else None,
        byline=("Hà Vy",) if number % 2 else (),
        tags=(some(3), f"hiếm {number}"),
        blocks=tuple(Block(kind="paragraph", text=some(40)) for _ in range(number % 4)),
        images=(Image(url="", caption="Ảnh\n\nhai dòng"),) if number % 5 == 0 else (),
    )
    return make_article(number, content, chance.choice(["a", "b"]))


def _everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Postings by their words, and all that does not depend on numbers of segments and terms."""
    with sqlite3.connect(path) as connection:
        return {
            "postings": connection.execute(
                "SELECT kind, text, key & 15, docs, places FROM posting"
                " JOIN term ON term.id = (key >> 4) & ((1 << 36) - 1) ORDER BY 1, 2, 3"
            ).fetchall(),
            "segments": connection.execute(
                "SELECT first_doc, docs, end_place, stale, dead, starts, breaks FROM segment"
            ).fetchall(),
            "documents": connection.execute("SELECT * FROM document ORDER BY doc").fetchall(),
            "terms": connection.execute(
                "SELECT kind, text, folded FROM term ORDER BY 1, 2"
            ).fetchall(),
        }


@pytest.mark.parametrize("count", [1, 9, 300])
def test_it_holds_what_one_batch_would_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(bulk, "_SETS_AT_ONCE", 3)
    chance = random.Random(count)
    articles = [_article(number, chance) for number in range(1, count + 1)]
    fed, made = EmbeddedIndex(tmp_path / "fed"), EmbeddedIndex(tmp_path / "made")
    Feed(fed).put(*articles)
    successor = made.successor(position=count)
    assert successor.fill(articles, upto=count) == count
    successor.take_over()
    fed.close()
    made.close()
    assert _everything(tmp_path / "made.1") == _everything(tmp_path / "fed")


def test_articles_fill_several_segments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BulkSegment, "MAX_DOCS", 64)
    chance = random.Random(2)
    index = EmbeddedIndex(tmp_path / "index")
    successor = index.successor(position=150)
    successor.fill([_article(number, chance) for number in range(1, 151)], upto=150)
    successor.take_over()
    documents = index._here().connection.execute("SELECT first_doc, docs FROM segment").fetchall()
    assert documents == [(0, 64), (64, 64), (128, 22)]
    index.close()


def test_term_numbers_beyond_sixteen_bits_are_sorted(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    text = " ".join(f"từ{number}" for number in range(70_000))
    successor = index.successor(position=1)
    title = make_article(1, Content(url="", title=f"{text} từ5 từ69999"))
    successor.fill([title, make_article(2, Content(url="", title="từ69999"))], upto=2)
    successor.take_over()
    connection = index._here().connection
    (both,) = connection.execute(
        "SELECT places FROM posting JOIN term ON term.id = (key >> 4) & ((1 << 36) - 1)"
        " WHERE text = 'từ69999'"
    ).fetchone()
    assert list(memoryview(both).cast("I")) == [69_999, 70_001, 70_003]
    assert connection.execute("SELECT count(*) FROM posting").fetchone()[0] >= 70_000
    index.close()


def test_a_full_index_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MAX_PLACE", 3)
    assert MAX_PLACE == 2**32 - 1
    successor = EmbeddedIndex(tmp_path / "index").successor(position=1)
    with pytest.raises(StoreError, match="four billion words"):
        successor.fill([make_article(1, Content(url="", title="một hai ba bốn"))], upto=1)
    assert successor.filled_to() == 0
    successor.close()

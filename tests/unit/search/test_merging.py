"""When segments become one, and what is left of the dead."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest

from hanoiwatch.model import Content, Filters
from hanoiwatch.query import parse
from indexer.search.embedded import EmbeddedIndex
from indexer.search.merging import (
    FANOUT,
    MAX_DOCS,
    SegmentHead,
    merge,
    next_merge,
    segment_heads,
)
from tests.search_feed import Feed, make_article

EVERYTHING = Filters()


def _heads(*sizes: int, stale: int = 0) -> list[SegmentHead]:
    heads, first = [], 0
    for number, docs in enumerate(sizes, 1):
        heads.append(SegmentHead(number, first, docs, first * 100, stale, 0))
        first += docs
    return heads


def _merged(*sizes: int) -> list[int]:
    return [head.docs for head in next_merge(_heads(*sizes))]


def test_few_segments_are_left_alone() -> None:
    assert _merged() == []
    assert _merged(*[1] * (FANOUT - 1)) == []
    assert _merged(8192, 1024, 128, 16, 1) == []


def test_so_many_of_a_size_become_one() -> None:
    assert _merged(*[1] * FANOUT) == [1] * FANOUT
    assert _merged(4096, *[64] * FANOUT) == [64] * FANOUT


def test_smaller_ones_behind_count_with_them() -> None:
    assert _merged(*[64] * (FANOUT - 1), 1) == [*[64] * (FANOUT - 1), 1]


def test_small_ones_before_a_larger_one_go_with_it() -> None:
    assert _merged(1, 1, 1, 1, 64, 1, 1, 1) == [1, 1, 1, 1, 64, 1, 1, 1]
    assert _merged(1, 1, 1, 1, 64, 1, 1) == []


def test_the_largest_are_never_merged_again() -> None:
    assert _merged(*[MAX_DOCS // 2] * 20) == []


def test_a_merge_stays_below_the_largest_size() -> None:
    chosen = _merged(*[4095] * FANOUT)
    assert sum(chosen) <= MAX_DOCS
    assert len(chosen) > 1


def test_a_segment_with_much_dead_weight_is_cleaned_alone() -> None:
    heads = [dataclasses.replace(head, stale=25) for head in _heads(100, 101)]
    assert next_merge(heads) == [heads[0]]
    assert next_merge(heads[1:]) == []


def test_the_number_of_segments_grows_with_the_logarithm(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.sqlite3")
    feed = Feed(index)
    for rowid in range(1, 301):
        feed.put(make_article(rowid, Content(url="", title=f"Tin {rowid}")))
    sizes = [head.docs for head in _stored_heads(index)]
    assert sum(sizes) == 300
    assert len(sizes) <= 4 * (FANOUT - 1)
    index.close()


def _stored_heads(index: EmbeddedIndex) -> list[SegmentHead]:
    return segment_heads(index._file.connection)


def test_answers_are_the_same_before_and_after_a_merge(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.sqlite3")
    feed, chance = Feed(index), random.Random(3)
    words = ["chợ", "cho", "phố", "pho", "đêm", "mưa", "hiếm"]
    for batch in range(6):
        feed.put(
            *(
                make_article(
                    rowid,
                    Content(
                        url="",
                        title=" ".join(chance.choices(words[:-1], k=3)),
                        lead=" ".join(chance.choices(words, k=5)),
                        section=chance.choice(["Đô thị", None]),
                    ),
                )
                for rowid in chance.sample(range(1, 200), 40 + batch)
            )
        )
    for rowid in range(1, 30):
        feed.remove(rowid)
    queries = ["chợ", "cho", '"chợ đêm"', '"pho mua"~2', "title:đêm -phố", "hiếm", "~hiem OR chợ"]

    def answers() -> list[object]:
        return [
            index.search(parse(query), EVERYTHING, sort=sort, limit=300)
            for query in queries
            for sort in ("newest", "relevance")
        ]

    before = answers()
    heads = _stored_heads(index)
    assert len(heads) > 1
    with index._file.write() as connection:
        merge(connection, heads)
    index._view = None
    assert answers() == before
    (left,) = _stored_heads(index)
    assert left.stale == 0
    index.close()


def _all_postings(index: EmbeddedIndex, word: str) -> list[tuple[object, ...]]:
    return index._file.connection.execute(
        "SELECT docs, places FROM posting JOIN term ON term.id = (key >> 4) & ((1 << 36) - 1)"
        " WHERE text = ?",
        (word,),
    ).fetchall()


def test_a_removed_article_leaves_no_posting(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.sqlite3")
    feed = Feed(index)
    articles = [make_article(n, Content(url="", title=f"Chợ số {n} quấtlâm")) for n in range(1, 21)]
    secret = make_article(21, Content(url="", title="Chợ bímật", lead="bímật"))
    feed.put(*articles, secret)
    assert len(_all_postings(index, "bímật")) == 2
    feed.remove(21)
    assert _all_postings(index, "bímật") == []
    terms = index._file.connection.execute("SELECT text FROM term").fetchall()
    assert ("bímật",) not in terms
    assert {("chợ",), ("quấtlâm",)} <= set(terms)
    assert index.search(parse('"chợ số"'), EVERYTHING).total == 20
    feed.put(secret)
    assert index.search(parse('"chợ bímật"'), EVERYTHING).total == 1
    index.close()


def test_a_removed_article_leaves_no_bytes_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite3"
    index = EmbeddedIndex(path)
    feed = Feed(index)
    feed.put(*(make_article(n, Content(url="", title=f"Chợ {n}")) for n in range(1, 21)))
    feed.put(make_article(21, Content(url="", title="tuyệtmậtxyz", section="mụcmậtxyz")))
    index._file.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "tuyệtmậtxyz".encode() in path.read_bytes()
    feed.remove(21)
    index._file.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for secret in ("tuyệtmậtxyz", "tuyetmatxyz", "mụcmậtxyz"):
        assert secret.encode() not in path.read_bytes()
    index.close()


@pytest.mark.parametrize("edits", [1, 9])
def test_an_edited_article_leaves_its_postings_until_they_weigh(tmp_path: Path, edits: int) -> None:
    index = EmbeddedIndex(tmp_path / "index.sqlite3")
    feed = Feed(index)
    feed.put(*(make_article(n, Content(url="", title="chợ cũ")) for n in range(1, 21)))
    feed.put(*(make_article(n, Content(url="", title="chợ mới")) for n in range(1, edits + 1)))
    stale = [head.stale for head in _stored_heads(index)]
    assert stale == ([1, 0] if edits == 1 else [0, 0])
    assert index.search(parse("cũ"), EVERYTHING).total == 20 - edits
    assert index.search(parse("mới"), EVERYTHING).total == edits
    assert index.search(None, EVERYTHING).total == 20
    index.close()

"""The embedded index as a file: versions, damage, crashes, other processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hanoiwatch.errors import StoreBusyError, StoreError
from hanoiwatch.model import Content, Filters
from hanoiwatch.query import parse
from hanoiwatch.text import NORMALISER_VERSION
from indexer.search import indexfile
from indexer.search.embedded import EmbeddedIndex
from indexer.search.writing import Segment, Vocabulary
from tests.search_feed import Feed, make_article

EVERYTHING = Filters()
ROOT = Path(__file__).parents[3]


def _total(index: EmbeddedIndex, query: str) -> int:
    return index.search(parse(query), EVERYTHING).total


@pytest.fixture
def fed(tmp_path: Path) -> Path:
    """The file of an index with one article, closed."""
    path = tmp_path / "deep" / "index.sqlite3"
    index = EmbeddedIndex(path)
    Feed(index).put(make_article(1, Content(url="", title="Chợ đêm")))
    index.close()
    return path


def test_an_index_of_another_version_is_fed_anew(
    fed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexfile, "VERSION", "1.99")
    index = EmbeddedIndex(fed)
    assert (index.position(), _total(index, "chợ")) == (0, 0)
    Feed(index).put(make_article(1, Content(url="", title="Chợ đêm")))
    index.close()
    again = EmbeddedIndex(fed)
    assert (again.position(), _total(again, "chợ")) == (1, 1)
    again.close()


def test_the_version_tells_layout_and_normaliser() -> None:
    layout, normaliser = indexfile.VERSION.split(".")
    assert (int(layout), int(normaliser)) == (indexfile.LAYOUT_VERSION, NORMALISER_VERSION)


@pytest.mark.parametrize("kept", [0, 8192])
def test_damage_is_told_with_what_to_do_and_clear_repairs_it(fed: Path, kept: int) -> None:
    content = fed.read_bytes()
    fed.write_bytes(content[:kept] + b"\xff" * (len(content) - kept))
    index = EmbeddedIndex(fed)
    with pytest.raises(StoreError, match="index rebuild"):
        index.position()
    with pytest.raises(StoreError, match="index rebuild"):
        _total(index, "chợ")
    with pytest.raises(StoreError, match="index rebuild"):
        Feed(index).put(make_article(2, Content(url="", title="Chợ hoa")))
    index.clear()
    Feed(index).put(make_article(2, Content(url="", title="Chợ hoa")))
    assert (index.position(), _total(index, "chợ")) == (1, 1)
    index.close()


def test_a_locked_index_is_no_damaged_one(fed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexfile, "BUSY_TIMEOUT_SECONDS", 0.05)
    index = EmbeddedIndex(fed)
    other = sqlite3.connect(fed, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusyError):
        Feed(index).put(make_article(2, Content(url="", title="Chợ hoa")))
    with pytest.raises(StoreBusyError):
        index.clear()
    other.execute("ROLLBACK")
    assert (index.position(), _total(index, "chợ")) == (1, 1)
    other.close()
    index.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        EmbeddedIndex(tmp_path / "file" / "index.sqlite3")


def test_a_failed_batch_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = EmbeddedIndex(tmp_path / "index.sqlite3")
    feed = Feed(index)
    feed.put(make_article(1, Content(url="", title="Chợ đêm")))
    good = make_article(2, Content(url="", title="Chợ hoa"))
    broken = make_article(1, Content(url="", title="Chợ hoa", section="\ud800"))
    with pytest.raises(UnicodeEncodeError):
        feed.put(good, broken)
    assert (index.position(), _total(index, "chợ"), _total(index, "hoa")) == (1, 1, 0)
    feed.put(good)
    assert (index.position(), _total(index, "chợ"), _total(index, "hoa")) == (4, 2, 1)
    index.close()


def test_a_full_index_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = EmbeddedIndex(tmp_path / "index.sqlite3")
    feed = Feed(index)
    feed.put(make_article(1, Content(url="", title="Chợ đêm")))
    index._file.connection.execute("UPDATE segment SET end_place = ?", (indexfile.MAX_PLACE,))
    with pytest.raises(StoreError, match="four billion words"):
        feed.put(make_article(2, Content(url="", title="Chợ đêm")))
    assert _total(index, "chợ") == 1
    index.close()


def test_the_vocabulary_forgets_when_it_grows_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Vocabulary, "MAX_KEPT", 3)
    index = EmbeddedIndex(tmp_path / "index.sqlite3")
    feed = Feed(index)
    for rowid in range(1, 9):
        feed.put(make_article(rowid, Content(url="", title=f"một hai ba bốn {rowid}")))
    assert _total(index, '"hai ba bốn"') == 8
    index.close()


def test_a_search_goes_on_while_another_process_writes(fed: Path) -> None:
    reader = EmbeddedIndex(fed)
    writer = sqlite3.connect(fed, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM document")
    started = time.perf_counter()
    assert _total(reader, "chợ") == 1
    assert reader.search(None, EVERYTHING).matches[0].article_rowid == 1
    assert time.perf_counter() - started < 5
    writer.execute("ROLLBACK")
    writer.close()
    reader.close()


def test_a_segment_counts_a_place_for_each_end_of_a_passage() -> None:
    segment = Segment(0, 100)
    segment.add(make_article(1, Content(url="", title="Chợ đêm", lead="Một\nhai ba")))
    assert list(segment.starts) == [100]
    assert list(segment.breaks) == [102, 104, 107]
    assert list(segment.places[1]["hai"]) == [105]
    assert segment.place == 108


_ENDLESS = """
import sys
from pathlib import Path
from hanoiwatch.model import Content
from indexer.search.embedded import EmbeddedIndex
from tests.search_feed import Feed, make_article

index = EmbeddedIndex(Path(sys.argv[1]))
feed = Feed(index)
number = 0
while True:
    batch = range(number * 5, number * 5 + 5)
    title = "chẵn" if number % 2 == 0 else "lẻ"
    content = Content(url="", title=f"{title} lần {number}", lead="mưa " * 50)
    feed.put(*(make_article(n % 300 + 1, content) for n in batch))
    number += 1
    print(number * 5, flush=True)
"""


@pytest.mark.parametrize("batches", [1, 9, 70, 140])
def test_a_killed_writer_leaves_whole_batches(tmp_path: Path, batches: int) -> None:
    path = tmp_path / "index.sqlite3"
    writer = subprocess.Popen(
        [sys.executable, "-c", _ENDLESS, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    with writer.stdout:
        told = [int(writer.stdout.readline()) for _ in range(batches)]
        os.kill(writer.pid, signal.SIGKILL)
        told += map(int, writer.stdout.read().split())
    writer.wait()
    index = EmbeddedIndex(path)
    position = index.position()
    assert position in (told[-1], told[-1] + 5)
    there = min(position, 300)
    assert index.search(None, EVERYTHING).total == _total(index, "mưa") == there
    assert _total(index, "chẵn") + _total(index, "lẻ") == there
    assert _total(index, f'"lần {position // 5 - 1}"') == 5
    checked = index._file.connection.execute("PRAGMA quick_check").fetchone()
    assert checked == ("ok",)
    index.close()

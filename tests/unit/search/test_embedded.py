"""The embedded index as a file: versions, damage, crashes, other processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hanoiwatch.errors import StoreBusyError, StoreError
from hanoiwatch.model import Content, Filters
from hanoiwatch.query import parse
from hanoiwatch.text import NORMALISER_VERSION
from indexer.search import indexfile, succession
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


@pytest.fixture
def renewed(fed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Since `fed` was made, this program's normaliser is another one."""
    assert fed.exists()
    for module in (indexfile, succession):
        monkeypatch.setattr(module, "VERSION", f"{indexfile.LAYOUT_VERSION}.99")


@pytest.mark.usefixtures("renewed")
def test_an_index_of_another_normaliser_answers_with_a_caveat_and_takes_no_changes(
    fed: Path,
) -> None:
    index = EmbeddedIndex(fed)
    assert index.outdated()
    assert "index rebuild" in index.caveat()
    assert (index.position(), _total(index, "chợ")) == (1, 1)
    with pytest.raises(StoreError, match="takes no changes"):
        Feed(index).put(make_article(2, Content(url="", title="Chợ hoa")))
    successor = index.successor(position=1)
    successor.fill([make_article(1, Content(url="", title="Chợ đêm"))], upto=1)
    successor.take_over()
    assert (index.outdated(), index.caveat(), _total(index, "chợ")) == (False, "", 1)
    index.close()


def test_an_index_whose_layout_cannot_be_read_says_so(
    fed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexfile, "READABLE_LAYOUTS", frozenset({99}))
    monkeypatch.setattr(indexfile, "VERSION", "99.1")
    index = EmbeddedIndex(fed)
    assert (index.outdated(), index.caveat(), index.position()) == (True, "", 0)
    for ask in (lambda: _total(index, "chợ"), lambda: list(index.versions())):
        with pytest.raises(StoreError, match="cannot read it: run `hanoiwatch index rebuild`"):
            ask()
    index.close()


_LAYOUT_1 = """
    DROP INDEX document_in_order;
    ALTER TABLE document DROP COLUMN sequence;
    CREATE INDEX document_in_order ON document (month, published DESC, id, doc, article);
    UPDATE meta SET value = '1.1' WHERE name = 'version';
    DELETE FROM meta WHERE name = 'filled';
"""


def test_a_file_of_the_first_layout_answers_until_it_is_made_anew(fed: Path) -> None:
    with closing(sqlite3.connect(fed)) as connection:
        connection.executescript(_LAYOUT_1)
    index = EmbeddedIndex(fed)
    assert (index.outdated(), index.position(), _total(index, "chợ")) == (True, 1, 1)
    index.successor(position=1).take_over()
    assert not fed.exists()
    assert (index.outdated(), index.position(), _total(index, "chợ")) == (False, 1, 0)
    index.close()


def test_a_successor_of_another_version_is_begun_anew(
    fed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = EmbeddedIndex(fed)
    left = index.successor(position=1)
    left.fill([make_article(1, Content(url="", title="Chợ đêm"))], upto=1)
    left.close()
    for module in (indexfile, succession):
        monkeypatch.setattr(module, "VERSION", f"{indexfile.LAYOUT_VERSION}.99")
    again = index.successor(position=7)
    assert (again.position(), again.filled_to()) == (7, 0)
    again.close()
    index.close()


def test_a_successor_that_a_power_cut_spoilt_is_begun_anew(fed: Path) -> None:
    index = EmbeddedIndex(fed)
    left = index.successor(position=1)
    left.fill([make_article(1, Content(url="", title="Chợ đêm"))], upto=1)
    left.close()
    file = fed.with_name("index.sqlite3.1")
    content = file.read_bytes()
    file.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    again = index.successor(position=7)
    assert (again.position(), again.filled_to()) == (7, 0)
    again.take_over()
    assert _total(index, "chợ") == 0
    index.close()


def test_a_whole_index_without_its_pointer_is_not_filled_further(fed: Path) -> None:
    index = EmbeddedIndex(fed)
    successor = index.successor(position=1)
    successor.fill([make_article(1, Content(url="", title="Chợ đêm"))], upto=1)
    successor.take_over()
    fed.with_name("index.sqlite3.current").unlink()
    again = index.successor(position=7)
    assert (again.position(), again.filled_to()) == (7, 0)
    again.close()
    index.close()


def test_former_generations_go_and_their_readers_see_the_new_one(fed: Path) -> None:
    reader, index = EmbeddedIndex(fed), EmbeddedIndex(fed)
    assert _total(reader, "chợ") == 1
    for number in (1, 2):
        successor = index.successor(position=number)
        title = "Chợ " * number
        successor.fill([make_article(1, Content(url="", title=title))], upto=1)
        assert reader.position() == max(number - 1, 1)
        successor.take_over()
        assert (reader.position(), _total(reader, "chợ")) == (number, 1)
    assert _total(reader, '"chợ chợ"') == 1
    reader.close()
    index.close()
    left = sorted(path.name for path in fed.parent.iterdir())
    assert left == ["index.sqlite3.2", "index.sqlite3.current"]


def test_what_a_killed_switch_left_is_removed_by_the_next_rebuild(fed: Path) -> None:
    index = EmbeddedIndex(fed)
    before = fed.read_bytes()
    index.successor(position=1).take_over()
    fed.write_bytes(before)
    fed.with_name("index.sqlite3-wal").write_bytes(b"")
    index.successor(position=2).take_over()
    index.close()
    left = sorted(path.name for path in fed.parent.iterdir())
    assert left == ["index.sqlite3.2", "index.sqlite3.current"]


_FILL_FOREVER = """
import sys
from pathlib import Path
from hanoiwatch.model import Content
from indexer.search.embedded import EmbeddedIndex
from tests.search_feed import make_article

successor = EmbeddedIndex(Path(sys.argv[1])).successor(position=1)
after = successor.filled_to()
while True:
    content = Content(url="", title="Chợ mưa", lead="mưa " * 50)
    successor.fill([make_article(n, content) for n in range(after + 1, after + 6)], upto=after + 5)
    after += 5
    print(after, flush=True)
"""


def test_a_killed_rebuild_leaves_the_old_index_and_goes_on(fed: Path) -> None:
    index = EmbeddedIndex(fed)
    come_to = 0
    for _ in range(2):
        builder = subprocess.Popen(
            [sys.executable, "-c", _FILL_FOREVER, str(fed)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert builder.stdout is not None
        with builder.stdout:
            told = [int(builder.stdout.readline()) for _ in range(7)]
            assert (_total(index, "chợ"), _total(index, "mưa")) == (1, 0)
            os.kill(builder.pid, signal.SIGKILL)
            told += map(int, builder.stdout.read().split())
        builder.wait()
        assert told[0] >= come_to + 5
        come_to = told[-1]
    successor = index.successor(position=99)
    filled = successor.filled_to()
    assert filled in (come_to, come_to + 5)
    assert successor.position() == 1
    successor.take_over()
    assert index.search(None, EVERYTHING).total == _total(index, '"chợ mưa"') == filled
    index.close()


def test_the_version_tells_layout_and_normaliser() -> None:
    layout, normaliser = indexfile.VERSION.split(".")
    assert (int(layout), int(normaliser)) == (indexfile.LAYOUT_VERSION, NORMALISER_VERSION)


@pytest.mark.parametrize("kept", [0, 8192])
def test_damage_is_told_with_what_to_do_and_a_successor_repairs_it(fed: Path, kept: int) -> None:
    content = fed.read_bytes()
    fed.write_bytes(content[:kept] + b"\xff" * (len(content) - kept))
    index = EmbeddedIndex(fed)
    with pytest.raises(StoreError, match="index rebuild"):
        index.position()
    with pytest.raises(StoreError, match="index rebuild"):
        _total(index, "chợ")
    with pytest.raises(StoreError, match="index rebuild"):
        Feed(index).put(make_article(2, Content(url="", title="Chợ hoa")))
    index.successor(position=0).take_over()
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
    assert _total(reader, "chợ") == 1  # waiting for the writer would end in an error
    assert reader.search(None, EVERYTHING).matches[0].article_rowid == 1
    assert writer.in_transaction
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

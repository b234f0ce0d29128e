"""Making the index anew from a real record: the same answers, whatever happens meanwhile."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from bench.rows import make_room, record_rows
from hanoiwatch.clock import to_stored
from hanoiwatch.errors import HanoiwatchError
from hanoiwatch.model import Article, Content, Filters, PageId
from hanoiwatch.query import parse
from hanoiwatch.store import Record, schema
from hanoiwatch.store.captures import keep_outcome
from hanoiwatch.store.engine import read, write
from indexer.indexing import index_changes
from indexer.rebuild import rebuild_index
from indexer.search import indexfile, succession
from indexer.search.bulk import BulkSegment
from indexer.search.embedded import EmbeddedIndex
from tests.query_table import Answer, answers, table_articles
from tests.search_feed import NOON, make_article

NOTHING = Filters()


class Desk:
    """A record of made-up articles, its change log, and an index that may follow it."""

    def __init__(self, folder: Path) -> None:
        self.record = Record.open(folder / "record.sqlite3")
        self.index = EmbeddedIndex(folder / "index.sqlite3")
        self._sequence = 0
        make_room(self.record)

    def put(self, *articles: Article) -> None:
        """New articles, or other contents of known ones."""
        for article in articles:
            url = f"https://bao.example/{article.rowid}"
            told = dataclasses.replace(
                article,
                content=dataclasses.replace(article.content, url=url),
                capture_record_id=f"urn:uuid:{article.rowid}",
            )
            with write(self.record.engine) as connection:
                rows_of = record_rows([told])
                del rows_of[schema.change]  # `_log` writes it
                for table, rows in rows_of.items():
                    connection.execute(insert(table).prefix_with("OR REPLACE"), rows)
                keep_outcome(connection, PageId(told.rowid), "record", "recorded", "", NOON)
            self._log(article.rowid, "new")

    def set(self, rowid: int, kind: str, **values: object) -> None:
        with write(self.record.engine) as connection:
            article = schema.article
            connection.execute(update(article).where(article.c.rowid_ == rowid).values(**values))
        self._log(rowid, kind)

    def _log(self, rowid: int, kind: str) -> None:
        self._sequence += 1
        line = {
            "sequence": self._sequence, "article": rowid, "kind": kind, "revision": 1,
            "at": to_stored(NOON),
        }  # fmt: skip
        with write(self.record.engine) as connection:
            connection.execute(insert(schema.change), line)
            article = schema.article
            connection.execute(
                update(article)
                .where(article.c.rowid_ == rowid)
                .values(sequence=self._sequence, indexed_at=None)
            )

    def outcomes_of_indexing(self) -> dict[int, str]:
        query = select(schema.outcome.c.page_id, schema.outcome.c.outcome).where(
            schema.outcome.c.stage == "index"
        )
        with read(self.record.engine) as connection:
            return {row.page_id: row.outcome for row in connection.execute(query)}

    def follow(self) -> int:
        return sum(index_changes(self.record, self.index, lambda: NOON))

    def rebuild(self) -> int:
        return sum(rebuild_index(self.record, self.index, lambda: NOON))

    def total(self, query: str) -> int:
        return self.index.search(parse(query), NOTHING).total

    def close(self) -> None:
        self.index.close()
        self.record.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    yield opened
    opened.close()


def _article(rowid: int, title: str) -> Article:
    return make_article(rowid, Content(url="", title=title))


def _live_through_a_lot(desk: Desk) -> None:
    """The table's articles, each edited on the way, some out of scope, gone and back."""
    chance = random.Random(4)
    articles = table_articles()
    desk.put(*(_article(one.rowid, f"Bản nháp {one.rowid}") for one in articles))
    desk.follow()
    for article in chance.sample(articles, len(articles)):
        if chance.random() < 0.3:
            desk.set(article.rowid, "removed", out_of_scope="section")
            desk.follow()
            desk.set(article.rowid, "restored", out_of_scope="")
        desk.put(article)
        if chance.random() < 0.3:
            desk.set(article.rowid, "withdrawn", withdrawn_at=to_stored(NOON))
    desk.put(_article(900, "Ngoài phạm vi"))
    desk.set(900, "removed", out_of_scope="section")
    desk.follow()


def _all_answers(desk: Desk) -> tuple[dict[str, Answer], object]:
    everything = [
        desk.index.search(parse(query), NOTHING, sort=sort, limit=100)
        for query in ("hà nội", "~ha", '"bộ máy"~6 OR cầu', "-mưa")
        for sort in ("newest", "oldest", "relevance")
    ]
    return answers(desk.index), everything


def test_an_index_made_anew_gives_the_table_the_same_answers(desk: Desk) -> None:
    _live_through_a_lot(desk)
    followed = _all_answers(desk)
    assert desk.rebuild() == len(table_articles())
    assert _all_answers(desk) == followed
    assert desk.index.position() == desk.record.articles.last_sequence()


def test_articles_out_of_scope_are_not_in_the_index(desk: Desk) -> None:
    desk.put(_article(1, "Chợ đêm"), _article(2, "Chợ hoa"))
    desk.set(2, "removed", out_of_scope="section")
    assert desk.rebuild() == 1
    assert desk.total("chợ") == 1


def test_what_changes_while_the_index_is_made_anew_is_in_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(succession.EmbeddedSuccessor, "at_once", 2)
    desk.put(*(_article(number, "Chợ đêm") for number in range(1, 6)))
    desk.follow()
    going = rebuild_index(desk.record, desk.index, lambda: NOON)
    assert next(going) == 2
    desk.put(_article(1, "Phố đêm"), _article(6, "Phố mưa"))
    desk.set(5, "removed", out_of_scope="section")
    assert desk.total("chợ") == 5
    for _ in going:
        pass
    assert (desk.total("chợ"), desk.total("phố")) == (3, 2)
    assert desk.record.articles.unmarked(upto=99) == []


def test_a_rebuild_that_was_left_goes_on_where_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(succession.EmbeddedSuccessor, "at_once", 2)
    desk.put(*(_article(number, "Chợ đêm") for number in range(1, 6)))
    desk.follow()
    left = rebuild_index(desk.record, desk.index, lambda: NOON)
    next(left)
    left.close()
    desk.put(_article(1, "Phố đêm"))
    assert desk.total("chợ") == 5
    assert desk.rebuild() == 2 + 3 + 1, "what was there, what was lacking, what has changed"
    assert (desk.total("chợ"), desk.total("phố")) == (4, 1)


def test_an_article_that_cannot_be_indexed_is_quarantined_and_the_rest_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(*(_article(number, f"Chợ số {number}") for number in range(1, 12)))
    really = BulkSegment.add

    def choosy(segment: BulkSegment, article: Article) -> None:
        if article.rowid == 7:
            raise ValueError("no room for it")
        really(segment, article)

    monkeypatch.setattr(BulkSegment, "add", choosy)
    assert desk.rebuild() == 10
    assert desk.total("chợ") == 10
    outcomes = desk.outcomes_of_indexing()
    assert outcomes == dict.fromkeys(range(1, 12), "indexed") | {7: "quarantined"}


def test_an_error_of_ours_ends_the_rebuild_and_the_old_index_answers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(_article(1, "Chợ đêm"))
    desk.follow()

    def broken(*_: object) -> None:
        raise HanoiwatchError("no space is left.")

    monkeypatch.setattr(BulkSegment, "add", broken)
    with pytest.raises(HanoiwatchError, match="no space"):
        desk.rebuild()
    assert desk.total("chợ") == 1


def test_whoever_feeds_an_index_of_another_normaliser_makes_it_anew_first(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(_article(1, "Chợ đêm"), _article(2, "Chợ hoa"))
    desk.follow()
    reader = EmbeddedIndex(tmp_path / "index.sqlite3")
    for module in (indexfile, succession):
        monkeypatch.setattr(module, "VERSION", f"{indexfile.LAYOUT_VERSION}.99")
    desk.put(_article(3, "Chợ mưa"))
    assert reader.search(parse("chợ"), NOTHING).total == 2
    assert "another version" in reader.caveat()
    desk.follow()
    assert reader.search(parse("chợ"), NOTHING).total == 3
    assert reader.caveat() == ""
    reader.close()


def test_an_empty_record_gives_an_empty_index(desk: Desk) -> None:
    assert desk.rebuild() == 0
    assert desk.index.search(None, NOTHING).total == 0

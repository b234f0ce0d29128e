"""Recording readings and bringing the index along, on a real record and a real index."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hanoiwatch.clock import to_stored
from hanoiwatch.model import (
    Block,
    Content,
    Discovered,
    Filters,
    ReadArticle,
    ReadNothing,
    WarcPlace,
)
from hanoiwatch.query import parse
from hanoiwatch.store import Record, schema
from hanoiwatch.store.captures import FetchEnd, NewCapture
from indexer import enacting
from indexer.decide import Decision
from indexer.indexing import index_changes
from indexer.recording import Quarantined, ReadCapture, RecordCounts, record_readings
from indexer.search.embedded import EmbeddedIndex

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Chain:
    """A record with captured pages that wait to be read, and an index."""

    def __init__(self, folder: Path) -> None:
        self.record = Record.open(folder / "record.sqlite3")
        self.index = EmbeddedIndex(folder / "index.sqlite3")
        self.run_id = self.record.runs.begin("bao", "crawl", NOW)
        self.counts = RecordCounts()
        self.captured = 0

    def capture(self, *urls: str) -> None:
        origin = self.record.frontier.origin("bao", "feed", "https://bao.vn/rss")
        items = {url: Discovered(url=url) for url in urls}
        listed = self.record.frontier.list_items(origin, self.run_id, items, NOW)
        self.record.captures.commit(
            [self._new(url, listed.pages[url]) for url in urls], lengths={"a.warc.gz": 9}
        )

    def _new(self, url: str, page_id) -> NewCapture:
        self.captured += 1
        place = WarcPlace(
            file="a.warc.gz", offset=self.captured, length=9, record_id=f"urn:{self.captured}"
        )
        end = FetchEnd(
            page_id=page_id, outcome="fetched", reason="", at=NOW, next_visit_at=None, good=True
        )
        return NewCapture(
            source="bao", run_id=self.run_id, url=url, fetched_at=NOW, status=200, sha256="ab",
            content_type="text/html", place=place, state="unread", page_id=page_id, end=end,
        )  # fmt: skip

    def read(self, *results) -> None:
        unread = self.record.readings.unread()
        batch = [
            ReadCapture(capture=capture, result=result)
            for capture, result in zip(unread, results, strict=True)
        ]
        record_readings(self.record, batch, {}, NOW, self.counts)

    def index_all(self) -> None:
        for _ in index_changes(self.record, self.index, lambda: NOW):
            pass

    def found(self, query: str) -> int:
        return self.index.search(parse(query), Filters()).total

    def outcomes(self) -> list[dict[str, int]]:
        (day,) = self.record.ledger.coverage()
        return [stage.outcomes for stage in day.stages]

    def close(self) -> None:
        self.index.close()
        self.record.close()


@pytest.fixture
def chain(tmp_path: Path):
    made = Chain(tmp_path)
    yield made
    assert made.record.ledger.discrepancies() == []
    made.close()


def article(number: int, text: str = "Phường bàn giao trụ sở.") -> ReadArticle:
    return ReadArticle(
        content=Content(
            url=f"https://bao.vn/tin-{number}.html",
            title=f"Tin số {number}",
            blocks=(Block(kind="paragraph", text=text),),
        ),
        layout="general",
        extractor="1",
    )


def test_every_page_ends_each_stage_in_one_outcome(chain: Chain) -> None:
    chain.capture(*(f"https://bao.vn/tin-{number}.html" for number in (1001, 1002, 1003)))
    chain.read(
        article(1001),
        ReadNothing(reason="challenge", extractor="1"),
        Quarantined(reason="timeout after 30 s"),
    )
    chain.index_all()
    assert chain.outcomes() == [
        {"fetched": 3},
        {"extracted": 1, "not-article": 1, "quarantined": 1},
        {"recorded": 1},
        {"indexed": 1},
    ]
    assert chain.found("bàn giao") == 1


def test_a_changed_text_is_a_second_revision_and_the_index_forgets_the_first(chain: Chain) -> None:
    chain.capture("https://bao.vn/tin-1001.html")
    chain.read(article(1001))
    chain.capture("https://bao.vn/tin-1001.html")
    chain.read(article(1001, "Phường nhận trụ sở."))
    chain.index_all()
    assert chain.record.articles.find("https://bao.vn/tin-1001.html").revision == 2
    assert (chain.found("bàn giao"), chain.found("nhận")) == (0, 1)
    assert chain.counts.by_source == {"bao": {"new": 1, "edited": 1}}


def test_a_page_that_holds_no_article_today_replaces_nothing(chain: Chain) -> None:
    chain.capture("https://bao.vn/tin-1001.html")
    chain.read(article(1001))
    chain.capture("https://bao.vn/tin-1001.html")
    chain.read(ReadNothing(reason="challenge", extractor="1"))
    chain.index_all()
    assert chain.record.articles.find("https://bao.vn/tin-1001.html").revision == 1
    assert chain.outcomes() == [{"fetched": 1}, {"extracted": 1}, {"recorded": 1}, {"indexed": 1}]


@pytest.mark.parametrize(
    ("planned", "asked"),
    [(timedelta(hours=2), timedelta(hours=2)), (timedelta(days=5), timedelta(days=1)),
     (None, timedelta(days=1))],
)  # fmt: skip
def test_a_page_that_wants_a_password_is_asked_for_again_no_later_than_planned(
    chain: Chain, planned: timedelta | None, asked: timedelta
) -> None:
    chain.capture("https://bao.vn/tin-1001.html")
    with chain.record.engine.begin() as connection:
        moment = to_stored(NOW + planned) if planned else None
        connection.execute(schema.page.update().values(next_visit_at=moment))
    chain.read(ReadNothing(reason="login", extractor="1"))
    (due,) = chain.record.frontier.due("bao", NOW + asked)
    assert due.url == "https://bao.vn/tin-1001.html"
    assert chain.record.frontier.due("bao", NOW + asked - timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    ("published", "again"),
    [
        (NOW - timedelta(hours=2), NOW + timedelta(hours=4)),
        (NOW - timedelta(days=8), NOW + timedelta(days=22)),
        (NOW - timedelta(days=31), None),
        (NOW + timedelta(days=90), NOW + timedelta(minutes=10)),  # not believed
        (None, NOW + timedelta(minutes=10)),
    ],
)
def test_the_next_visit_follows_the_articles_own_date(chain: Chain, published, again) -> None:
    chain.capture("https://bao.vn/tin-1001.html")
    with chain.record.engine.begin() as connection:  # what the crawl planned
        moment = to_stored(NOW + timedelta(minutes=10))
        connection.execute(schema.page.update().values(next_visit_at=moment))
    read = article(1001)
    chain.read(replace(read, content=replace(read.content, published_at=published)))
    with chain.record.engine.connect() as connection:
        (planned,) = connection.execute(schema.page.select()).all()
    assert planned.next_visit_at == (to_stored(again) if again else None)


def test_a_page_that_breaks_recording_is_quarantined_and_the_rest_goes_on(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.capture("https://bao.vn/tin-1001.html", "https://bao.vn/tin-1002.html")

    def broken(arrival, *_):
        if arrival.content.url.endswith("1001.html"):
            raise ValueError("cannot decide")
        return Decision(kind="new")

    monkeypatch.setattr(enacting, "decide", broken)
    chain.read(article(1001), article(1002))
    chain.index_all()
    assert chain.outcomes()[1] == {"extracted": 1, "quarantined": 1}
    assert chain.record.articles.count() == 1


def test_a_crash_between_index_and_record_is_made_good(chain: Chain) -> None:
    chain.capture("https://bao.vn/tin-1001.html")
    chain.read(article(1001))
    marks = chain.record.articles.mark_indexed
    chain.record.articles.mark_indexed = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        chain.index_all()
    chain.record.articles.mark_indexed = marks
    assert chain.outcomes()[3] == {}
    chain.index_all()
    assert chain.outcomes()[3] == {"indexed": 1}


class Choosy(EmbeddedIndex):
    """An index that breaks on one article."""

    def apply(self, changes) -> None:
        if any(one.article and one.article.content.title == "Tin số 1001" for one in changes):
            raise ValueError("no room for it")
        super().apply(changes)


def test_an_article_that_the_index_cannot_take_is_quarantined(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    chain.index.close()
    chain.index = Choosy(tmp_path / "choosy.sqlite3")
    chain.capture("https://bao.vn/tin-1001.html", "https://bao.vn/tin-1002.html")
    chain.read(article(1001), article(1002))
    chain.index_all()
    assert chain.outcomes()[3] == {"indexed": 1, "quarantined": 1}
    assert [loss.reason for loss in chain.record.ledger.losses()] == ["ValueError: no room for it"]
    assert chain.found("bàn giao") == 1
    chain.close()

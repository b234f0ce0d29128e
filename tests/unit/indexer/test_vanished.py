"""What vanished: waited for, withdrawn, restored, moved, or held by the alarm; on a real record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from crawler.plan import (
    RETRIES_IN_A_RUN,
    Answer,
    Asked,
    Bounds,
    Ended,
    decide_answer,
    fetch_end,
)
from hanoiwatch.clock import from_stored, to_stored
from hanoiwatch.model import (
    Block,
    Content,
    Discovered,
    DuePage,
    ReadArticle,
    Reading,
    ReadNothing,
    WarcPlace,
)
from hanoiwatch.store import Record
from hanoiwatch.store.captures import NewCapture
from hanoiwatch.store.engine import read, write
from indexer.recording import ReadCapture, RecordCounts, record_readings
from indexer.vanished import WAVE_LEAST, is_confirmed, is_wave, judge_vanished, last_wave

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOME = "https://bao.vn/"


def url_of(number: int) -> str:
    return f"{HOME}tin-{100000 + number}.html"


def article(number: int, words: str = "", at: str = "") -> ReadArticle:
    line = f"Phường số {number} bàn giao trụ sở cũ cho trường học bên cạnh. {words}"
    return ReadArticle(
        content=Content(
            url=at or url_of(number),
            title=f"Tin số {number}",
            published_at=START - HOUR / 2,
            blocks=(Block(kind="paragraph", text=line),),
        ),
        layout="bao/new",
        extractor="1",
    )


class Paper:
    """One source: pages are listed, visited in runs, read, and judged as the program does it."""

    def __init__(self, folder: Path) -> None:
        self.record = Record.open(folder / "record.sqlite3")
        self.counts = RecordCounts()
        self._offset = 0
        self._run = self.record.runs.begin("bao", "crawl", START)
        self.at = START

    # --- a run -------------------------------------------------------------------------------

    def begin(self, hours: float) -> None:
        self.at = START + hours * HOUR
        self._run = self.record.runs.begin("bao", "crawl", self.at)

    def end(self) -> dict[str, int]:
        """Ends the run and judges; returns what came of it."""
        self.record.runs.end(self._run, "done", self.at, counts={})
        return self.judge()

    def judge(self) -> dict[str, int]:
        counts = RecordCounts()
        judge_vanished(self.record, self.at, counts)
        return counts.by_source.get("bao", {})

    def list(self, *urls: str) -> None:
        origin = self.record.frontier.origin("bao", "feed", f"{HOME}rss")
        items = {url: Discovered(url=url) for url in urls}
        self.record.frontier.list_items(origin, self._run, items, self.at)

    def visit(self, url: str, result: Reading | int, *, location: str | None = None) -> None:
        """The page at ``url`` answers with this reading, or with this status."""
        status = result if isinstance(result, int) else 200
        self._answer((url,), status, location)
        if not isinstance(result, int):
            self._read(result)

    def redirect(self, url: str, to: str, result: Reading) -> None:
        """The page at ``url`` leads to ``to``, which answers with this reading."""
        self._answer((url, to), 200, None)
        self._read(result)

    def _answer(self, addresses: tuple[str, ...], status: int, location: str | None) -> None:
        page = self.page(addresses[0])
        self._offset += 1
        body = f"{self._offset:064}"
        answer = Answer(
            status=status, at=self.at, content_type="text/html", location=location, sha256=body
        )
        asked = Asked(addresses=addresses, retries=RETRIES_IN_A_RUN, page=page, sha256=page.sha256)
        ended = decide_answer(asked, answer, Bounds(home=HOME, lists=frozenset({HOME})))
        assert isinstance(ended, Ended)
        place = WarcPlace(
            file="a.warc.gz", offset=self._offset, length=9, record_id=f"urn:{self._offset}"
        )
        capture = NewCapture(
            source="bao", run_id=self._run, url=addresses[-1], fetched_at=self.at, status=status,
            content_type="text/html", sha256=body, place=place,
            state="unread" if ended.unread else "kept", page_id=page.page_id,
            end=fetch_end(page, ended, self.at),
        )  # fmt: skip
        self.record.captures.commit([capture], lengths={"a.warc.gz": self._offset})

    def _read(self, result: Reading) -> None:
        (unread,) = self.record.readings.unread()
        batch = [ReadCapture(capture=unread, result=result)]
        record_readings(self.record, batch, {}, self.at, self.counts)

    # --- what is in the record ---------------------------------------------------------------

    def page(self, url: str) -> DuePage:
        """As a crawl would take it up, were it due."""
        (known,) = self.rows("SELECT id, next_visit_at FROM page WHERE url = :url", url=url)
        self._set_next(known.id, to_stored(self.at))
        pages = self.record.frontier.due("bao", self.at)
        self._set_next(known.id, known.next_visit_at)
        (page,) = (page for page in pages if page.page_id == known.id)
        return page

    def _set_next(self, page_id: int, moment: str | None) -> None:
        with write(self.record.engine) as connection:
            connection.execute(
                text("UPDATE page SET next_visit_at = :next WHERE id = :id"),
                {"id": page_id, "next": moment},
            )

    def next_visit(self, url: str) -> timedelta | None:
        """How long after the start the page is asked for again."""
        (row,) = self.rows("SELECT next_visit_at FROM page WHERE url = :url", url=url)
        at = row.next_visit_at
        return from_stored(at) - START if at else None

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with read(self.record.engine) as connection:
            return list(connection.execute(text(sql), values))

    def states(self) -> list[str]:
        return [row.state for row in self.rows("SELECT state FROM vanished ORDER BY id")]

    def withdrawn(self, url: str) -> bool:
        found = self.record.articles.find(url)
        assert found is not None
        return found.withdrawn_at is not None

    def kinds(self, number: int) -> list[str]:
        return [
            row.kind for row in self.rows(
                "SELECT kind FROM change WHERE article = (SELECT rowid_ FROM article WHERE id = "
                ":id) ORDER BY sequence", id=self.id_of(number),
            )
        ]  # fmt: skip

    def id_of(self, number: int) -> str:
        found = self.record.articles.find(url_of(number))
        assert found is not None
        return found.id

    def close(self) -> None:
        assert self.record.ledger.discrepancies() == []
        self.record.close()


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path)
    yield made
    made.close()


def publish(paper: Paper, count: int) -> None:
    """A first run in which so many articles are listed and recorded."""
    paper.list(*map(url_of, range(count)))
    for number in range(count):
        paper.visit(url_of(number), article(number))
    assert paper.end() == {}


def crawl(paper: Paper, hours: float, answers: dict[int, Reading | int]) -> dict[str, int]:
    paper.begin(hours)
    for number, answer in answers.items():
        paper.visit(url_of(number), answer)
    return paper.end()


# --- the rules --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revisited", "vanished", "wave"),
    [
        (10, 2, False),
        (3, 3, True),
        (59, 3, True),
        (60, 3, False),
        (1000, 50, False),
        (1000, 51, True),
        (0, 0, False),
    ],
)
def test_a_wave_is_three_pages_and_more_than_a_twentieth(revisited, vanished, wave) -> None:
    assert is_wave(revisited, vanished) is wave


def test_a_page_is_gone_for_good_a_day_after_it_was_first_gone() -> None:
    assert not is_confirmed(START, START + timedelta(hours=24) - timedelta(microseconds=1))
    assert is_confirmed(START, START + timedelta(hours=24))


# --- withdrawal -------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [404, 410, ReadNothing(reason="not-found", extractor="1")])
def test_an_article_is_withdrawn_when_its_page_is_still_gone_after_a_day(paper: Paper, how) -> None:
    publish(paper, 2)
    assert crawl(paper, 1, {0: how, 1: article(1)}) == {}
    assert (paper.states(), paper.next_visit(url_of(0))) == (["waiting"], 25 * HOUR)
    assert crawl(paper, 25, {0: how}) == {"withdrawn": 1}
    assert (paper.states(), paper.withdrawn(url_of(0))) == (["withdrawn"], True)
    assert paper.kinds(0) == ["new", "withdrawn"]
    kept = paper.record.articles.find(url_of(0))
    assert kept.content.text == article(0).content.text
    assert kept.withdrawn_at == paper.at
    # what is left of its plan: three days after publication
    assert paper.next_visit(url_of(0)) == timedelta(hours=72) - HOUR / 2


def test_a_visit_before_the_day_is_over_confirms_nothing_and_puts_nothing_off(
    paper: Paper,
) -> None:
    publish(paper, 1)
    crawl(paper, 1, {0: 404})
    assert crawl(paper, 2, {0: 404}) == {}
    assert paper.next_visit(url_of(0)) == 25 * HOUR
    assert crawl(paper, 24.9, {0: ReadNothing(reason="not-found", extractor="1")}) == {}
    assert paper.next_visit(url_of(0)) == 25 * HOUR
    assert crawl(paper, 25, {0: 410}) == {"withdrawn": 1}


@pytest.mark.parametrize("between", [500, 503, ReadNothing(reason="challenge", extractor="1")])
def test_what_says_nothing_of_the_page_neither_confirms_nor_clears(paper: Paper, between) -> None:
    publish(paper, 1)
    crawl(paper, 1, {0: 404})
    assert crawl(paper, 25, {0: between}) == {}
    assert (paper.states(), paper.withdrawn(url_of(0))) == (["waiting"], False)
    assert crawl(paper, 26, {0: 404}) == {"withdrawn": 1}


def test_a_page_that_answers_again_is_back_and_nothing_happened(paper: Paper) -> None:
    publish(paper, 1)
    crawl(paper, 1, {0: 404})
    crawl(paper, 25, {0: article(0)})
    assert (paper.states(), paper.kinds(0)) == (["back"], ["new"])
    crawl(paper, 73, {0: 404})  # a new line, with a day of its own
    assert paper.states() == ["back", "waiting"]
    assert paper.next_visit(url_of(0)) == 97 * HOUR


def test_a_page_that_is_gone_is_asked_for_without_validators(paper: Paper) -> None:
    publish(paper, 1)
    assert paper.page(url_of(0)).sha256
    crawl(paper, 1, {0: 404})
    page = paper.page(url_of(0))
    assert (page.sha256, page.gone_since) == (None, START + HOUR)


@pytest.mark.parametrize(
    ("words", "kinds", "revision"),
    [("", ["restored"], 1), ("Có thêm lớp học.", ["restored", "edited"], 2)],
)
def test_a_withdrawn_article_that_is_back_is_restored(paper: Paper, words, kinds, revision) -> None:
    publish(paper, 1)
    crawl(paper, 1, {0: 404})
    crawl(paper, 25, {0: 404})
    crawl(paper, 30, {0: 404})  # it is known to be: no second line, no second withdrawal
    assert (paper.states(), paper.kinds(0)) == (["withdrawn"], ["new", "withdrawn"])
    crawl(paper, 72, {0: article(0, words)})
    assert paper.kinds(0) == ["new", "withdrawn", *kinds]
    assert not paper.withdrawn(url_of(0))
    assert paper.record.articles.find(url_of(0)).revision == revision
    crawl(paper, 73, {0: 404})
    assert paper.states() == ["withdrawn", "waiting"]


def test_a_redirect_to_the_front_page_is_gone_and_one_to_a_list_as_well(paper: Paper) -> None:
    publish(paper, 2)
    paper.begin(1)
    paper.visit(url_of(0), 302, location="/")
    a_list = ReadNothing(reason="list", extractor="1")
    paper.redirect(url_of(1), f"{HOME}chu-de/khac", a_list)
    paper.end()
    hows = [row.how for row in paper.rows("SELECT how FROM vanished")]
    assert hows == ["redirect to a list page", "reads as list"]


def test_a_page_that_reads_as_a_list_at_its_own_address_is_held_back(paper: Paper) -> None:
    publish(paper, 1)
    crawl(paper, 1, {0: ReadNothing(reason="list", extractor="1")})
    assert paper.states() == []
    assert [row.reason for row in paper.rows("SELECT reason FROM held")] == ["list"]


def test_a_page_without_an_article_is_no_withdrawal(paper: Paper) -> None:
    paper.list(url_of(0))
    paper.visit(url_of(0), ReadNothing(reason="list", extractor="1"))
    paper.end()
    crawl(paper, 1, {0: 404})
    assert paper.states() == []


def test_a_run_that_was_killed_is_judged_with_the_next(paper: Paper) -> None:
    publish(paper, 1)
    paper.begin(1)
    paper.visit(url_of(0), 404)  # and nobody ends the run
    assert (paper.judge(), paper.states()) == ({}, ["fresh"])
    assert crawl(paper, 25, {0: 404}) == {"withdrawn": 1}


def test_while_a_run_goes_on_nothing_of_its_source_is_judged(paper: Paper) -> None:
    publish(paper, 1)
    crawl(paper, 1, {0: 404})
    paper.begin(25)
    paper.visit(url_of(0), 404)
    assert paper.judge() == {}
    assert paper.end() == {"withdrawn": 1}


# --- address reform ---------------------------------------------------------------------------


def test_when_too_much_vanishes_at_once_nothing_is_withdrawn_and_the_alarm_says_so(
    paper: Paper,
) -> None:
    publish(paper, 10)
    answers = {number: 404 if number < 3 else article(number) for number in range(10)}
    assert crawl(paper, 1, answers) == {}
    assert paper.states() == ["reform"] * 3
    (alarm,) = paper.record.vanished.alarms()
    assert (alarm.source, alarm.pages, alarm.since) == ("bao", 3, START + HOUR)
    assert url_of(0) in alarm.sentence
    assert "nothing was withdrawn" in alarm.sentence
    assert "hanoiwatch crawl bao --refetch" in alarm.sentence
    assert crawl(paper, 25, dict.fromkeys(range(3), 404)) == {}
    assert not any(paper.withdrawn(url_of(number)) for number in range(3))


def test_pages_of_a_wave_are_looked_at_daily_for_a_week(paper: Paper) -> None:
    publish(paper, 3)
    crawl(paper, 1, dict.fromkeys(range(3), 404))
    crawl(paper, 25, dict.fromkeys(range(3), 404))
    assert paper.next_visit(url_of(0)) == 49 * HOUR
    crawl(paper, 7 * 24 + 2, {0: 404})
    assert paper.next_visit(url_of(0)) == timedelta(days=30) - HOUR / 2


def test_the_alarm_ends_when_the_pages_answer_again(paper: Paper) -> None:
    publish(paper, 3)
    crawl(paper, 1, dict.fromkeys(range(3), 404))
    crawl(paper, 25, {number: article(number) for number in range(3)})
    assert paper.states() == ["back"] * 3
    assert paper.record.vanished.alarms() == []
    assert [paper.kinds(number) for number in range(3)] == [["new"]] * 3


def test_a_wave_that_shows_only_over_a_day_holds_its_first_pages_too(paper: Paper) -> None:
    publish(paper, 12)
    assert crawl(paper, 1, {0: 404, 1: article(1), 2: article(2)}) == {}
    assert crawl(paper, 7, {3: 404, 4: article(4)}) == {}
    assert paper.states() == ["waiting", "waiting"]
    assert crawl(paper, 24.5, {5: 410, 6: article(6)}) == {}
    assert paper.states() == ["reform"] * 3


def test_pages_that_vanished_days_apart_are_no_wave(paper: Paper) -> None:
    publish(paper, 6)
    for hours, number in ((1, 0), (26, 1), (51, 2)):
        crawl(paper, hours, {number: 404, 5: article(5)})
    assert paper.states() == ["waiting"] * WAVE_LEAST


def test_each_page_of_the_day_counts_once_by_its_newest_answer(paper: Paper) -> None:
    publish(paper, 70)
    everything = {number: article(number) for number in range(70)}
    assert crawl(paper, 1, {**everything, 0: 404, 1: 404}) == {}
    assert crawl(paper, 2, {0: article(0), 2: 404}) == {}  # 2 of 70 are gone, not 3 of 73
    assert crawl(paper, 3, {3: 404}) == {}  # 3 of 70: less than a twentieth
    assert paper.states() == ["back", "waiting", "waiting", "waiting"]
    assert crawl(paper, 4, {4: 404}) == {}  # 4 of 70
    assert paper.states() == ["back", *["reform"] * 4]


def test_failures_of_the_host_do_not_hide_a_wave(paper: Paper) -> None:
    publish(paper, 70)
    answers: dict[int, Reading | int] = dict.fromkeys(range(3, 70), 500)
    assert crawl(paper, 1, {**answers, **dict.fromkeys(range(3), 404)}) == {}
    assert paper.states() == ["reform"] * 3


def test_in_a_run_that_meets_a_wave_nothing_is_withdrawn_until_the_next(paper: Paper) -> None:
    publish(paper, 20)
    crawl(paper, 1, {0: 404, 19: article(19)})
    answers: dict[int, Reading | int] = dict.fromkeys(range(1, 8), 404)
    assert crawl(paper, 30, {0: 404, **answers}) == {}
    assert paper.states() == ["waiting", *["reform"] * 7]
    assert crawl(paper, 60, {8: article(8)}) == {"withdrawn": 1}


# --- moves ------------------------------------------------------------------------------------

NEW = f"{HOME}moi/tin-900001.html"


def test_a_page_that_leads_to_a_new_address_stays_the_same_article(paper: Paper) -> None:
    publish(paper, 1)
    identity = paper.id_of(0)
    paper.begin(1)
    paper.redirect(url_of(0), NEW, article(0, at=NEW))
    assert paper.end() == {}
    assert paper.counts.by_source["bao"]["moved"] == 1
    found = paper.record.articles.find(NEW)
    assert (found.id, found.content.url, found.revision) == (identity, NEW, 1)
    assert paper.id_of(0) == identity  # by its old address too
    assert paper.kinds(0) == ["new", "reread"]
    paper.list(NEW)
    paper.visit(NEW, article(0, at=NEW))
    assert paper.record.articles.count() == 1


def test_an_article_lives_on_where_it_is_listed_when_its_old_page_ends(paper: Paper) -> None:
    publish(paper, 1)
    paper.begin(1)
    paper.list(NEW)
    paper.visit(NEW, article(0, at=NEW))
    paper.visit(url_of(0), 404)
    assert paper.end() == {"moved": 1}
    found = paper.record.articles.find(NEW)
    assert (found.id, found.content.url) == (paper.id_of(0), NEW)
    assert paper.states() == ["moved"]
    crawl(paper, 2, {})
    paper.begin(3)
    paper.visit(NEW, article(0, "Có thêm lớp học.", at=NEW))
    paper.end()
    assert paper.record.articles.find(NEW).revision == 2  # it is revisited where it lives
    for hours in (4, 28):
        paper.begin(hours)
        paper.visit(NEW, 404)
        came_to = paper.end()
    assert came_to == {"withdrawn": 1}


@pytest.mark.parametrize(("hours", "kinds"), [(2, ["reread"]), (30, ["withdrawn", "restored"])])
def test_an_article_that_was_gone_lives_on_where_it_is_found(paper: Paper, hours, kinds) -> None:
    publish(paper, 1)
    crawl(paper, 1, {0: 404})
    if hours > 25:
        assert crawl(paper, 25, {0: 404}) == {"withdrawn": 1}
    paper.begin(hours)
    paper.list(NEW)
    paper.visit(NEW, article(0, at=NEW))
    paper.end()
    found = paper.record.articles.find(NEW)
    assert (found.id, found.withdrawn_at, found.revision) == (paper.id_of(0), None, 1)
    assert paper.kinds(0)[: 1 + len(kinds)] == ["new", *kinds]
    assert paper.record.articles.count() == 1


def dated(read: ReadArticle, published: datetime | None) -> ReadArticle:
    return replace(read, content=replace(read.content, published_at=published))


@pytest.mark.parametrize(
    "other",
    [dated(article(0, at=NEW), START), article(0, "Và hơn thế.", at=NEW), article(1, at=NEW)],
)
def test_another_minute_or_other_words_are_another_article(paper: Paper, other) -> None:
    publish(paper, 1)
    paper.begin(1)
    paper.list(NEW)
    paper.visit(NEW, other)
    paper.end()
    assert paper.record.articles.count() == 2


def test_edits_that_a_duplicate_showed_are_read_once_it_is_the_articles_page(paper: Paper) -> None:
    publish(paper, 1)
    paper.begin(1)
    paper.list(NEW)
    paper.visit(NEW, article(0, at=NEW))
    paper.end()
    paper.begin(2)
    paper.visit(NEW, article(0, "Có thêm lớp học.", at=NEW))
    paper.visit(url_of(0), 404)
    assert paper.end() == {"moved": 1}
    assert paper.record.articles.find(NEW).revision == 1
    assert paper.next_visit(NEW) == 2 * HOUR  # at once, and whatever its validators say
    assert paper.page(NEW).sha256 is None
    paper.begin(3)
    paper.visit(NEW, article(0, "Có thêm lớp học.", at=NEW))
    paper.end()
    assert paper.kinds(0) == ["new", "reread", "edited"]


def test_a_reform_whose_articles_are_all_found_leaves_no_alarm_open_but_is_told(
    paper: Paper,
) -> None:
    publish(paper, 6)
    paper.begin(1)
    news = [f"{HOME}moi/tin-{900000 + number}.html" for number in range(6)]
    paper.list(*news)
    for number, url in enumerate(news):
        paper.visit(url, article(number, at=url))
        paper.visit(url_of(number), 404)
    assert paper.end() == {"moved": 6}
    assert paper.record.vanished.alarms() == []
    assert last_wave(paper.record, "bao") == 6
    assert paper.record.articles.count() == 6
    crawl(paper, 2, {})
    assert last_wave(paper.record, "bao") == 0


def test_those_that_a_reform_left_behind_are_held_although_the_others_were_found(
    paper: Paper,
) -> None:
    publish(paper, 20)
    paper.begin(1)
    for number in range(4):
        url = f"{HOME}moi/tin-{900000 + number}.html"
        paper.list(url)
        paper.visit(url, article(number, at=url))
    for number in range(5):
        paper.visit(url_of(number), 404)
    assert paper.end() == {"moved": 4}
    assert sorted(paper.states()) == ["moved"] * 4 + ["reform"]


def test_an_old_address_given_to_another_article_is_that_articles(paper: Paper) -> None:
    publish(paper, 1)
    paper.begin(1)
    paper.list(NEW)
    paper.visit(NEW, article(0, at=NEW))
    paper.end()
    paper.begin(2)
    other = dated(article(7, at=NEW), START)
    line = Block(kind="paragraph", text="Đèn đường trên đê sáng lại sau một tuần sửa chữa.")
    paper.visit(NEW, replace(other, content=replace(other.content, blocks=(line,))))
    paper.end()
    assert paper.record.articles.count() == 2
    assert paper.record.articles.find(NEW).content.title == "Tin số 7"
    assert crawl(paper, 3, {0: 404}) == {}  # nowhere else is it to be had
    assert paper.states() == ["waiting"]

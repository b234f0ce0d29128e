"""What an article used to say and what befell it, as `show` tells: real crawls of two papers
over two days."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from hanoiwatch.cli.crawl import crawl_now
from hanoiwatch.cli.main import run
from hanoiwatch.clock import ahead, run_ahead
from hanoiwatch.sample.addresses import ARTICLE_URL
from hanoiwatch.sample.articles import SampleArticle, load_articles
from hanoiwatch.sample.outlet import Outlet, copy_of
from hanoiwatch.sample.server import SampleServer
from hanoiwatch.store import Record
from scheduler.crawls import CrawlOptions
from tests.chain import Desk
from tests.outlet import running, small_article

pytestmark = pytest.mark.slow

TABLE = ("--format", "table")
"""What a terminal gets without saying so."""
EDITED, GONE, ALONE = load_articles()[:3]
MOVED = small_article()
COPY = replace(
    copy_of(EDITED, original_source="Báo Sông", published=EDITED.published + timedelta(hours=3)),
    slug="ban-in-lai",
    title="Chuyện được kể lại",
    template="epi",
)


def source_file(name: str, server: SampleServer) -> str:
    """Sitemaps alone: a paper of two articles has empty feeds."""
    return (
        f'name = "{name}"\ntitle = "{name}"\nhome = "{server.url}/"\n'
        f"[discover]\nsitemaps = ['{server.url}/sitemap.xml']\narticle_url = '{ARTICLE_URL}'\n"
        "[fetch]\ndelay_seconds = 0.0\n"
    )


def rewrite(outlet: Outlet, slug: str, **changes: object) -> None:
    def rewritten(entry, now: datetime):
        article = replace(entry.article, **changes)
        return replace(entry, article=article, changed_at=now, edited_at=now)

    outlet._change_entry(slug, rewritten)


def rearranged(article: SampleArticle) -> dict[str, object]:
    """The second paragraph moved to the end, the fourth split, the last but one taken out."""
    first, second, heading, fourth, *others, last_but_one, last = article.pieces
    assert {fourth.kind, second.kind, last_but_one.kind} == {"paragraph"}
    start, _, rest = fourth.text.partition(". ")
    split = (replace(fourth, text=f"{start}."), replace(fourth, text=rest))
    return {"pieces": (first, heading, *split, *others, last, second), "byline": ("Ngọc Lam",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """The desk after it all, and where the articles of its papers are."""

    desk: Desk
    edited: str
    gone: str
    moved_from: str
    moved_to: str
    alone: str
    copy: str


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    desk = Desk(tmp_path_factory.mktemp("history") / "desk")
    song, bai = Outlet([EDITED, GONE, MOVED, ALONE]), Outlet([COPY])
    with ExitStack() as stack:
        stack.callback(run_ahead, ahead())
        for name, outlet in (("bao-song", song), ("bao-bai", bai)):
            desk.add_source(name, source_file(name, stack.enter_context(running(outlet))))
        desk.write_settings(
            'data_dir = "data"\n[sources]\nenabled = ["bao-song", "bao-bai"]\n'
            "[crawl]\nextract_workers = 1\n"
        )
        crawl(desk, hours=0)
        places = {"edited": song.url(EDITED.slug), "gone": song.url(GONE.slug)}
        places |= {"moved_from": song.url(MOVED.slug), "copy": bai.url(COPY.slug)}
        song.edit(
            EDITED.slug,
            title=f"{EDITED.title} hôm nay",
            pieces={0: f"{EDITED.pieces[0].text} Ai cũng đồng tình."},
        )
        song.delete(GONE.slug)
        song.move(MOVED.slug)
        crawl(desk, hours=2)
        rewrite(song, EDITED.slug, **rearranged(song.entry(EDITED.slug).article))
        crawl(desk, hours=25)
        rewrite(song, EDITED.slug, pieces=song.entry(EDITED.slug).article.pieces[:2])
        crawl(desk, hours=3)
        yield Lived(desk=desk, moved_to=song.url(MOVED.slug), alone=song.url(ALONE.slug), **places)


def crawl(desk: Desk, *, hours: float) -> None:
    run_ahead(ahead() + timedelta(hours=hours))
    crawl_now(desk.config, (), CrawlOptions(refetch=True))


Command = Callable[..., str]


@pytest.fixture
def command(lived: Lived, capfd: pytest.CaptureFixture[str]) -> Command:
    def give(*words: str, code: int = 0) -> str:
        capfd.readouterr()
        assert run(["--config", str(lived.desk.settings), *words]) == code
        give.said = capfd.readouterr()
        return give.said.out

    return give


def given(command: Command, *words: str):
    return json.loads(command("show", *words, "--format", "json"))


# --- revisions ---------------------------------------------------------------------------------


def test_the_events_of_an_article_are_told_in_order_of_time(command, lived: Lived) -> None:
    told = given(command, lived.edited, "--revisions")
    assert [(one["event"], one["revision"]) for one in told] == [
        ("revision", 1), ("revision", 2), ("revision", 3), ("held", None),
    ]  # fmt: skip
    assert [one["at"] for one in told] == sorted(one["at"] for one in told)
    assert told[0]["what"].startswith("first seen, ")
    assert told[1]["what"] == "title; 1 paragraph changed; +6 words"
    assert told[2]["what"].startswith("1 paragraph split, 1 moved, 1 removed; byline; −")
    assert told[3]["what"].startswith("kept aside, replaced nothing: the text has ")
    assert len({one["record_id"] for one in told}) == 4


def test_the_events_are_a_table_and_a_csv_as_well(command, lived: Lived) -> None:
    head, *lines = command("show", lived.edited, "--revisions").splitlines()
    assert head.split() == ["at", "event", "revision", "what"]
    assert len(lines) == 4
    rows = list(
        csv.DictReader(io.StringIO(command("show", lived.edited, "--revisions", "--format", "csv")))
    )
    assert [row["event"] for row in rows] == ["revision", "revision", "revision", "held"]
    assert rows[0]["extractor"]


def test_a_withdrawal_says_since_when_and_how_its_page_is_gone(command, lived: Lived) -> None:
    first, last = given(command, lived.gone, "--revisions")
    assert (first["event"], last["event"]) == ("revision", "withdrawn")
    assert last["what"].startswith("its page is gone since ")
    assert "404" in last["what"]


def test_a_move_says_from_where_to_where(command, lived: Lived) -> None:
    told = given(command, lived.moved_to, "--revisions")
    assert [one["event"] for one in told] == ["revision", "moved"]
    moved = told[-1]
    assert moved["what"] == f"from {lived.moved_from} to {lived.moved_to}"
    assert moved["url"] == lived.moved_to


def test_an_old_revision_is_shown_as_it_was(command, lived: Lived) -> None:
    first = given(command, lived.edited, "--revision", "1")
    now = given(command, lived.edited)
    assert (first["revision"], now["revision"]) == (1, 3)
    assert (first["title"], now["title"]) == (EDITED.title, f"{EDITED.title} hôm nay")
    assert first["capture"] != now["capture"]
    assert first.keys() == now.keys()
    assert "revision: 1 of 3" in command("show", lived.edited, "--revision", "1")


def test_the_response_of_an_old_revision_is_still_there(command, lived: Lived) -> None:
    first = command("show", lived.edited, "--revision", "1", "--raw")
    now = command("show", lived.edited, "--raw")
    assert first.startswith("HTTP 200")
    assert now.startswith("HTTP 200")
    assert first != now


# --- differences -------------------------------------------------------------------------------


def test_a_difference_shows_the_words_and_folds_what_stayed(command, lived: Lived) -> None:
    said = command("show", lived.edited, "--diff", "1", "2", *TABLE)
    assert f"title: {EDITED.title} {{+hôm nay+}}" in said
    assert f"~  1  {EDITED.pieces[0].text} {{+Ai cũng đồng tình.+}}" in said
    assert "… 11 paragraphs unchanged" in said
    assert "\x1b" not in said
    assert EDITED.pieces[1].text not in said


def test_a_difference_says_what_moved_was_split_or_went(command, lived: Lived) -> None:
    said = command("show", lived.edited, "--diff", "2", "3", *TABLE)
    assert "(moved down from 2)" in said
    assert "(paragraph 4 split in 2)" in said
    assert f"[-{EDITED.pieces[-2].text}-]" in said
    assert "byline: " in said


def test_one_number_compares_with_the_current_revision(command, lived: Lived) -> None:
    both = command("show", lived.edited, "--diff", "1", "3", *TABLE)
    assert command("show", lived.edited, "--diff", "1", *TABLE) == both
    assert command("show", "--diff", "1", lived.edited, *TABLE) == both


def test_a_difference_is_json_where_no_terminal_reads_it(command, lived: Lived) -> None:
    said = json.loads(command("show", lived.edited, "--diff", "1", "3"))
    assert said == given(command, lived.edited, "--diff", "1", "3")


def test_a_difference_as_json_holds_both_texts(command, lived: Lived) -> None:
    said = given(command, lived.edited, "--diff", "1", "3")
    assert (said["from"]["revision"], said["to"]["revision"]) == (1, 3)
    assert said["same_extractor"] is True
    difference = said["difference"]
    assert difference["summary"].startswith("title; ")
    (title,) = [field for field in difference["fields"] if field["name"] == "title"]
    assert title["old"] == [EDITED.title]
    assert "".join(p["text"] for p in title["pieces"] if p["mark"] != "added") == EDITED.title
    assert {"field": "text", "old": "", "new": "Ai cũng đồng tình."} in difference["sentences"]
    assert {block["kind"] for block in difference["blocks"]} == {
        "changed", "split", "moved", "removed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--diff", "1", "7"], "has revisions 1 to 3, and no 7."),
        (["--revision", "4"], "has revisions 1 to 3, and no 4."),
        (["--diff", "1", "--copies"], "cannot be given together"),
        (["--revisions", "--raw"], "cannot be given together"),
        (["--format", "csv"], "--format csv is for --revisions and --links only"),
        (["--diff"], "--diff"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(command, lived, words, sentence) -> None:
    assert command("show", lived.edited, *words, code=2) == ""
    assert sentence in command.said.err
    assert "Traceback" not in command.said.err


# --- where it stands ---------------------------------------------------------------------------


def test_show_says_what_a_reader_must_know_first(command, lived: Lived) -> None:
    gone = command("show", lived.gone).splitlines()
    assert gone[0] == GONE.title
    assert gone[1].startswith("withdrawn: its page is gone since ")
    assert gone[1].endswith("this is the last good copy")
    held = command("show", lived.edited).splitlines()[1]
    assert held.startswith("held back: the page of ")
    assert "this is the good copy before it" in held
    moved = command("show", lived.moved_from)
    assert f", from: {lived.moved_from}" in moved
    assert f"url: {lived.moved_to}" in moved
    assert "also at" not in moved


def test_show_warns_of_nothing_where_nothing_happened(command, lived: Lived) -> None:
    lines = command("show", lived.alone).splitlines()
    assert lines[1].startswith("published_at: ")
    assert "revision: 1" in lines


# --- copies ------------------------------------------------------------------------------------


def test_show_lists_the_copies_and_who_was_first(command, lived: Lived) -> None:
    said = command("show", lived.edited)
    assert "1 copy of this story; this article was first" in said
    assert COPY.title in said
    other = command("show", lived.copy)
    assert "1 copy of this story; bao-song was first" in other
    assert "bao-song, first  " in other


def test_copies_are_compared_word_by_word(command, lived: Lived) -> None:
    said = command("show", lived.edited, "--copies")
    assert "(moved up from" in said
    assert "[-Ai cũng đồng tình.-]" in said
    assert "Removed: only in this article." in said
    assert "tells the same story" in command("show", lived.alone, "--copies")


def test_copies_are_in_the_json_only_when_asked_for(command, lived: Lived) -> None:
    assert "copies" not in given(command, lived.edited)
    (copy,) = given(command, lived.edited, "--copies")["copies"]
    assert (copy["source"], copy["title"], copy["first"]) == ("bao-bai", COPY.title, False)
    assert 0.6 < copy["difference"]["similarity"] < 1.0
    assert copy["difference"]["summary"].startswith("title; ")
    (first,) = given(command, lived.copy, "--copies")["copies"]
    assert first["first"] is True


# --- the record --------------------------------------------------------------------------------


def test_the_record_tells_the_same_to_python(lived: Lived) -> None:
    record = Record.open(lived.desk.config.record_path)
    try:
        edited = record.articles.find(lived.edited)
        gone = record.articles.find(lived.gone)
        assert edited is not None
        assert gone is not None
        history = record.history.of(edited.rowid)
        assert [one.number for one in history.revisions] == [1, 2, 3]
        assert history.revisions[-1].content == edited.content
        assert history.revisions[-1].capture.record_id == edited.capture_record_id
        assert (len(history.held), history.open_absence) == (1, None)
        (absence,) = record.history.of(gone.rowid).absences
        assert (absence.state, absence.is_open) == ("withdrawn", False)
        assert [copy.source for copy in record.history.copies_of(edited)] == ["bao-bai"]
        assert record.history.copies_of(gone) == ()
    finally:
        record.close()

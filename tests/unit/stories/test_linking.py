"""The stage that finds stories, on a real record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.recorded import Recorded, fill, story_ids
from hanoiwatch.clock import HANOI
from hanoiwatch.model import Block, Content
from hanoiwatch.sample.articles import load_articles
from hanoiwatch.store import Record
from hanoiwatch.store.engine import read, write
from indexer.stories import linking
from indexer.stories.linking import StoryLinker, link_stories

MORNING = datetime(2026, 11, 9, 8, 0, tzinfo=HANOI)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    record = Record.open(tmp_path / "record.sqlite3")
    yield record
    record.close()


def article(
    matter: int, paper: str, *, hours: float = 0, drop: int = 0, name: str = ""
) -> Recorded:
    """A paper's version of one of the sample's articles, some paragraphs shorter."""
    told = load_articles()[matter]
    texts = [piece.text for piece in told.pieces if piece.text]
    at = MORNING + timedelta(hours=hours)
    content = Content(
        url=f"https://{paper}.vn/{name or matter}.html",
        title=told.title,
        lead=told.lead,
        published_at=at,
        blocks=tuple(Block(kind="paragraph", text=each) for each in texts[drop:]),
    )
    return Recorded(source=paper, content=content, seen_at=at)


def stories(record: Record) -> list[str | None]:
    return [story for _, story in sorted(story_ids(record).items())]


def id_of(record: Record, rowid: int) -> str:
    return record.stories.texts([rowid])[rowid].id


def test_copies_share_the_story_of_the_first_and_others_are_alone(record: Record) -> None:
    fill(record, [article(1, "b", hours=2, drop=1), article(2, "c"), article(1, "a")])
    counts = link_stories(record)
    assert stories(record) == [id_of(record, 3), None, id_of(record, 3)]
    assert (counts.signed, counts.joined, counts.broken) == (3, 2, 0)
    first = record.articles.find("https://a.vn/1.html")
    assert first is not None
    assert first.story is not None
    assert (first.story.first_source, first.story.copies) == ("a", 1)
    alone = record.articles.find("https://c.vn/2.html")
    assert alone is not None
    assert alone.story is None


def test_what_is_signed_is_done(record: Record) -> None:
    fill(record, [article(1, "a"), article(1, "b")])
    linker = StoryLinker(record)
    assert linker.link_changed().signed == 2
    assert linker.link_changed().signed == 0
    assert linker.link_all().signed == 0
    assert link_stories(record).signed == 0


def test_copies_are_found_whether_they_come_at_once_or_one_by_one_or_after_a_restart(
    record: Record,
) -> None:
    linker = StoryLinker(record)
    fill(record, [article(1, "a")])
    linker.link_changed()
    fill(record, [article(1, "b", hours=1)])
    linker.link_changed()
    fill(record, [article(1, "c", hours=2)])
    StoryLinker(record).link_changed()
    assert stories(record) == [id_of(record, 1)] * 3


def test_a_backfill_of_an_old_year_finds_its_copies_too(record: Record) -> None:
    years = 24 * 365
    fill(record, [article(1, "a"), article(1, "b", hours=-years), article(1, "c", hours=3 - years)])
    link_stories(record)
    assert stories(record) == [None, id_of(record, 2), id_of(record, 2)]


def test_a_text_that_comes_again_after_more_than_three_days_is_another_story(
    record: Record,
) -> None:
    fill(record, [article(1, "a"), article(1, "b", hours=71), article(1, "c", hours=144)])
    link_stories(record)
    assert stories(record) == [id_of(record, 1), id_of(record, 1), None]


def test_the_id_stays_when_an_earlier_copy_or_an_edit_comes(record: Record) -> None:
    fill(record, [article(1, "b", hours=5), article(1, "c", hours=6)])
    link_stories(record)
    story = id_of(record, 1)
    fill(record, [article(1, "a")])
    link_stories(record)
    founder = article(3, "b", hours=5)
    edited = replace(founder.content, url="https://b.vn/1.html")
    fill(record, [replace(founder, content=edited)])
    assert link_stories(record).signed == 1
    assert stories(record) == [story] * 3
    found = record.articles.find("https://c.vn/1.html")
    assert found is not None
    assert found.story is not None
    assert (found.story.id, found.story.first_source, found.story.copies) == (story, "a", 2)


def test_an_edit_that_makes_an_article_a_copy_joins_it(record: Record) -> None:
    fill(record, [article(1, "a"), article(2, "b", name="x")])
    link_stories(record)
    assert stories(record) == [None, None]
    fill(record, [article(1, "b", hours=1, name="x")])
    link_stories(record)
    assert stories(record) == [id_of(record, 1)] * 2


def test_a_batch_that_is_not_kept_is_taken_up_again_with_the_same_end(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(record, [article(1, "a"), article(1, "b"), article(2, "a"), article(2, "b")])
    monkeypatch.setattr(linking, "BATCH", 1)
    linker, keep = StoryLinker(record), record.stories.keep
    kept = []

    def interrupted(*args) -> None:
        if len(kept) == 3:
            raise KeyboardInterrupt
        keep(*args)
        kept.append(args)

    monkeypatch.setattr(record.stories, "keep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        linker.link_changed()
    assert stories(record).count(None) == 2
    monkeypatch.undo()
    assert linker.link_changed().signed == 1
    assert stories(record) == [id_of(record, 1)] * 2 + [id_of(record, 3)] * 2


def test_articles_out_of_scope_do_not_count_and_come_back(record: Record) -> None:
    fill(record, [article(1, "a")])
    link_stories(record)
    _scope(record, "another section")
    fill(record, [article(1, "b")])
    link_stories(record)
    assert stories(record) == [None, None]
    _scope(record, "")
    assert link_stories(record).signed == 1
    assert stories(record) == [id_of(record, 1)] * 2


def _scope(record: Record, reason: str) -> None:
    with write(record.engine) as connection:
        connection.execute(
            text("UPDATE article SET out_of_scope = :reason WHERE rowid_ = 1"), {"reason": reason}
        )


def test_withdrawn_articles_stay_in_their_story(record: Record) -> None:
    fill(record, [article(1, "a"), article(1, "b", hours=1)])
    link_stories(record)
    with write(record.engine) as connection:
        connection.execute(text("UPDATE article SET withdrawn_at = '2026-11-20' WHERE rowid_ = 1"))
    fill(record, [article(1, "c", hours=2)])
    link_stories(record)
    assert stories(record) == [id_of(record, 1)] * 3


def test_another_recipe_makes_all_signatures_anew(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(record, [article(1, "a"), article(1, "b"), article(2, "c")])
    link_stories(record)
    before = stories(record)
    monkeypatch.setattr(linking, "RECIPE", "another")
    fill(record, [article(2, "d")])
    assert link_stories(record).signed == 4
    assert stories(record) == [*before[:2], id_of(record, 3), id_of(record, 3)]
    with read(record.engine) as connection:
        recipes = connection.execute(text("SELECT DISTINCT recipe FROM signature")).scalars().all()
    assert recipes == ["another"]


def test_an_article_that_breaks_the_stage_is_quarantined_and_the_rest_goes_on(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = linking.sign

    def breaks(words: tuple[str, ...]) -> bytes:
        if "giảng" in words:
            raise ValueError("no signature")
        return sign(words)

    broken = next(
        place for place, each in enumerate(load_articles()) if "Giảng" in each.title + each.lead
    )
    others = [place for place in range(3) if place != broken][:1]
    monkeypatch.setattr(linking, "sign", breaks)
    fill(record, [article(broken, "a"), article(others[0], "a"), article(others[0], "b")])
    assert link_stories(record).broken == 1
    assert stories(record) == [None, id_of(record, 2), id_of(record, 2)]
    with read(record.engine) as connection:
        (row,) = connection.execute(text("SELECT stage, reason, detail FROM quarantine")).all()
    assert tuple(row) == ("stories", "finding stories broke: ValueError", "no signature")
    assert link_stories(record).signed == 0


def test_texts_of_a_few_words_are_never_copies(record: Record) -> None:
    content = Content(url="", title="Video: Hồ Gươm sáng nay", published_at=MORNING)
    fill(
        record,
        [
            Recorded(
                source=paper,
                content=replace(content, url=f"https://{paper}.vn/v.html"),
                seen_at=MORNING,
            )
            for paper in "ab"
        ],
    )
    assert link_stories(record).signed == 2
    assert stories(record) == [None, None]
